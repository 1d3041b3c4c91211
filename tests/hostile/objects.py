"""Posted objects (JSON) that say things twice, say no numbers, or are bombs."""

import json
from collections.abc import Iterator

from tests.hostile.case import Hostile, let_in, refused, stays_out


def objects(posted: bytes) -> Iterator[Hostile]:
    """All of them, made from a sound object."""
    text = posted.decode()
    yield from _twice(text)
    yield from _numbers(text)
    yield from _bombs(text)
    yield from _shapes(text)
    yield from _cells(text)


def _named(name: str, content: bytes | str, *rules: str) -> Hostile:
    data = content.encode() if isinstance(content, str) else content
    return refused(f"object {name}.json", data, *rules)


def _twice(text: str) -> Iterator[Hostile]:
    for name in ("form", "month", "rows", "center_id", "fiscal_year"):
        yield _named(
            f"{name} twice", text.replace(f'"{name}"', f'"{name}": 1, "{name}"', 1), "file.REPEATED_KEY"
        )
    yield _named("online twice", text.replace('"online"', '"online": 9, "online"', 1), "file.REPEATED_KEY")
    yield _named("twins", text.replace('"form"', '"ガ": 1, "ガ": 2, "form"', 1), "file.REPEATED_KEY")
    yield _named("escaped twin", text.replace('"form"', '"f\\u006frm": 1, "form"', 1), "file.REPEATED_KEY")


def _numbers(text: str) -> Iterator[Hostile]:
    for number, value in enumerate(
        ("NaN", "Infinity", "-Infinity", "1e999", "-1e400", "9" * 500, "1" * 5_000)
    ):
        yield _named(f"number {number}", _with_online(text, value), "file.NO_NUMBER")
    for number, value in enumerate(
        ("01", "+1", "1.", ".5", "0x10", "1_000", "１", "nan", "'1'", "undefined")
    ):
        yield _named(f"syntax {number}", _with_online(text, value), "file.BROKEN")


def _with_online(text: str, value: str) -> str:
    before, found, after = text.partition('"online": ')
    assert found
    return before + found + value + after.lstrip("0123456789.")


def _bombs(text: str) -> Iterator[Hostile]:
    for depth in (2_000, 100_000, 1_000_000):
        yield _named(f"depth {depth}", '{"form": ' + "[" * depth + "]" * depth + "}", "file.BROKEN")
        yield _named(f"unclosed {depth}", '{"form": ' + "[" * depth, "file.BROKEN")
        yield _named(f"objects {depth}", '{"a": ' * depth + "1" + "}" * depth, "file.BROKEN")
    keys = ", ".join(f'"k{n}": 1' for n in range(100_000))
    yield _named("many fields", "{" + keys + "}", "file.TOO_LARGE")
    yield _named("many keys", '{"form": "event", "rows": [{' + keys + "}]}", "file.TOO_LARGE")
    spread = ", ".join(f'{{"k{n}": 1}}' for n in range(20_000))
    yield _named("a key a row", '{"form": "event", "rows": [' + spread + "]}", "file.TOO_LARGE")
    long = json.dumps("x" * 40_000)
    yield _named("long text", text.replace('"form"', f'"note": {long}, "form"', 1), "file.TOO_LARGE")
    yield _named(
        "10 MiB",
        text.replace('"form"', f'"note": {json.dumps("x" * 10 * 2**20)}, "form"', 1),
        "file.TOO_LARGE",
    )
    nested = json.dumps([["x" * 1_000] * 40])
    yield _named("long list", text.replace('"form"', f'"note": {nested}, "form"', 1), "file.TOO_LARGE")


def _shapes(text: str) -> Iterator[Hostile]:
    for number, rows in enumerate(("1", '"x"', "[1]", '["x"]', "[[]]", "[null]", "{}")):
        before, found, _ = text.partition('"rows": ')
        yield _named(f"rows {number}", before + found + rows + "}", "file.BROKEN")
        before, found, _ = text.partition('"totals": ')
        yield _named(f"totals {number}", before + found + rows.replace("{}", "[{}]") + "}", "file.BROKEN")
    yield _named("cut", text[: len(text) // 2], "file.BROKEN")
    yield _named("cut by one", text.rstrip()[:-1], "file.BROKEN")
    yield _named("more", text + "x", "file.BROKEN")
    yield _named("two", text + text, "file.BROKEN")
    yield _named("comment", "{ // x\n" + text[1:], "file.BROKEN")
    yield _named("comma", text.rstrip()[:-1] + ",}", "file.BROKEN")
    yield _named("quotes", "{'form': 'event'}", "file.BROKEN")
    yield _named("CP932", text.encode("cp932"), "file.ENCODING")
    yield _named("raw control", text.replace('"form"', '"a": "\x01", "form"', 1), "file.BROKEN")
    yield _named("no form", '{"rows": []}', "file.NO_FORM")
    yield _named("unknown form", '{"form": "nothing", "rows": []}', "file.NO_FORM")
    yield _named("form is a list", '{"form": ["event"], "rows": []}', "file.NO_FORM")
    yield _named("nothing", "{}", "file.NO_FORM")
    for number, escape in enumerate(
        ("\\u0000", "\\ud800", "\\udc00x", "\\u202e", "\\u0007", "\\u007f", "\\u2066")
    ):
        yield _named(
            f"letter {number}",
            text.replace('"form"', f'"a": "{escape}", "form"', 1),
            "file.CONTROL_CHARACTERS",
        )
        yield _named(
            f"key {number}", text.replace('"form"', f'"{escape}": 1, "form"', 1), "file.CONTROL_CHARACTERS"
        )
    in_totals = text.replace('"totals": {', '"totals": {"\\u202e": "\\u0007", ', 1)
    yield _named("totals", in_totals, "file.CONTROL_CHARACTERS")
    in_row = text.replace('"online"', '"note": "\\u0000", "online"', 1)
    yield _named("NUL in a row", in_row, "file.CONTROL_CHARACTERS", "file.REPEATED_KEY")


def _cells(text: str) -> Iterator[Hostile]:
    for number, value in enumerate(
        ("true", "false", "[1]", '{"a": 1}', '"三十"', "-1", "0.5", "1e300", "9007199254740993")
    ):
        wrong = _with_online(text, value)
        yield stays_out(
            f"object online {number}.json", wrong.encode(), "event.online.readable", "event.online.count"
        )
    for name, value in (("month", "true"), ("fiscal_year", "true"), ("month", "13"), ("fiscal_year", "1e15")):
        head, found, tail = text.partition(f'"{name}": ')
        wrong = head + found + value + tail.lstrip("0123456789")
        rules = (f"cover.{name}.readable", f"cover.{name}.required", f"cover.{name}.not_begun")
        yield stays_out(f"object {name} is {value}.json", wrong.encode(), *rules)
    yield let_in("object sound.json", text.encode())
    yield let_in("object with a mark.json", b"\xef\xbb\xbf" + text.encode())
    yield let_in("object escaped.json", json.dumps(json.loads(text)).encode())
    yield let_in("object without a suffix", (text + "\n\n").encode())
