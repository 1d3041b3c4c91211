"""CSV files in wrong encodings, cut, joined, ragged, and full of quotes."""

import csv
import io
from collections.abc import Iterator

from schemas.forms.event import EVENT
from tests.hostile.case import Hostile, let_in, refused, stays_out

Rows = list[list[str]]


def lines(exported: bytes) -> Iterator[Hostile]:
    """All of them, made from a sound export of events (CP932)."""
    text = exported.decode("cp932")
    rows = list(csv.reader(io.StringIO(text)))
    yield from _encodings(text)
    yield from _mangled(text)
    yield from _shapes(text, rows)
    yield from _separators(text)
    yield from _letters(rows)
    yield from _sound(text, rows)


def _written(rows: Rows) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _named(name: str, content: bytes | str, *rules: str) -> Hostile:
    data = content.encode() if isinstance(content, str) else content
    return refused(f"lines {name}.csv", data, *rules)


def _encodings(text: str) -> Iterator[Hostile]:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"):
        yield _named(encoding, text.encode(encoding), "file.ENCODING")
    for encoding in ("iso-2022-jp", "euc_jp"):
        yield _named(encoding, text.encode(encoding, "replace"), "file.ENCODING")
    yield _named("utf-7", text.encode("utf-7"), "file.NO_FORM", "file.RAGGED", "file.SEPARATOR")
    yield _named("euc without kana", "区分,項目,備考\r\n札幌,大会,開催\r\n".encode("euc_jp"), "file.ENCODING")
    half = len(text) // 2
    at = text.index("\n", half) + 1
    yield _named("half and half", text[:at].encode() + text[at:].encode("cp932"), "file.MIXED_ENCODINGS")
    yield _named("other half", text[:at].encode("cp932") + text[at:].encode(), "file.MIXED_ENCODINGS")
    bom = b"\xef\xbb\xbf"
    yield _named("mark before CP932", bom + text.encode("cp932"), "file.MIXED_ENCODINGS")
    data = (text.rstrip("\r\n") + "終").encode()
    for cut in (1, 2):
        yield _named(f"cut by {cut}", data[:-cut], "file.CUT")
    for number, junk in enumerate((b"\xff", b"\xfd\xfe", b"\x85", b"\x80abc")):
        yield _named(f"bytes {number}", text.encode("cp932") + junk, "file.ENCODING", "file.MIXED_ENCODINGS")
    yield _named("random", bytes(range(128, 256)) * 20, "file.ENCODING", "file.MIXED_ENCODINGS")
    yield _named("surrogates", text.encode() + b"\xed\xa0\x80\r\n", "file.ENCODING", "file.MIXED_ENCODINGS")
    yield _named("overlong", text.encode() + b"\xc0\xaf\r\n", "file.ENCODING", "file.MIXED_ENCODINGS")


def _mangled(text: str) -> Iterator[Hostile]:
    twice = text.encode().decode("cp932", "replace")
    yield _named("UTF-8 as CP932", twice, "file.MOJIBAKE")
    yield _named("UTF-8 as CP932 without marks", text.encode().decode("cp932", "ignore"), "file.MOJIBAKE")
    yield _named(
        "UTF-8 as Latin-1", text.encode().decode("latin-1"), "file.MOJIBAKE", "file.CONTROL_CHARACTERS"
    )
    yield _named("UTF-8 as Windows", text.encode().decode("cp1252", "ignore"), "file.MOJIBAKE")
    yield _named(
        "CP932 as Latin-1", text.encode("cp932").decode("latin-1"), "file.MOJIBAKE", "file.CONTROL_CHARACTERS"
    )
    yield _named("replaced", text.replace(",", ",\ufffd", 1), "file.MOJIBAKE")
    yield _named("joined", text.encode() + b"\xef\xbb\xbf" + text.encode(), "file.JOINED")
    yield _named("joined twice", (b"\xef\xbb\xbf" + text.encode()) * 2, "file.JOINED")
    yield _named("two marks", b"\xef\xbb\xbf" * 2 + text.encode(), "file.JOINED")


def _shapes(text: str, rows: Rows) -> Iterator[Hostile]:
    for at in (1, 2, len(rows) - 1):
        short, long = [*rows], [*rows]
        short[at], long[at] = rows[at][:-1], [*rows[at], "x"]
        yield _named(f"short row {at}", _written(short), "file.RAGGED")
        yield _named(f"long row {at}", _written(long), "file.RAGGED")
    yield _named("row of one", text + "合計\r\n", "file.RAGGED")
    yield _named("a comma in a number", text.replace(",", ",1,234,", 30), "file.RAGGED", "file.NO_FORM")
    yield _named("open quote", text + '"' + ",".join(rows[1]), "file.QUOTES")
    yield _named("quote behind a quote", text.replace(rows[1][0], f'"{rows[1][0]}"x', 1), "file.QUOTES")
    yield _named("quotes", '"' * 100_001 + "\r\n", "file.QUOTES", "file.TOO_LARGE", "file.NO_FORM")
    yield _named("more quotes", '"' * 400_001 + "\r\n", "file.QUOTES", "file.TOO_LARGE")
    yield _named("a quote at the head", '"' + text, "file.QUOTES", "file.TOO_LARGE")
    yield _named("long field", text + "x" * 40_000 + "," * (len(rows[0]) - 1) + "\r\n", "file.TOO_LARGE")
    yield _named("longer field", text + "x" * 10 * 2**20 + "\r\n", "file.TOO_LARGE")
    yield _named("many columns", "," * 100_000 + "\r\n", "file.TOO_LARGE")
    yield _named("many headings", ",".join(rows[0]) + ",x" * 600 + "\r\n", "file.TOO_LARGE")
    yield _named("many lines", "a\r\n" * 600_000, "file.TOO_LARGE")
    yield _named("blank lines", "\r\n" * 100_000 + "a\r\n", "file.NO_LINES")
    yield _named("headings alone", ",".join(rows[0]) + "\r\n", "file.NO_LINES")
    yield _named("headings of nobody", "a,b,c\r\n1,2,3\r\n", "file.NO_FORM")
    yield _named("a text", "これは報告書ではありません。\r\n", "file.NO_LINES")
    for at, heading in ((0, rows[0][0]), (3, "イベント名"), (-1, "備 考")):
        twins = [[*row, row[at]] for row in rows]
        twins[0][-1] = heading
        yield _named(f"heading twice {at}", _written(twins), "file.REPEATED_HEADING")
    days = [[cell if "/" not in cell else "未定" for cell in row] for row in rows]
    yield _named("no day", _written(days), "file.NO_DAY")


def _separators(text: str) -> Iterator[Hostile]:
    for name, separator in (("tab", "\t"), ("semicolon", ";"), ("bar", "|")):
        yield _named(name, text.replace(",", separator), "file.SEPARATOR")
    yield _named("sep line", "sep=;\r\n" + text.replace(",", ";"), "file.SEPARATOR")
    yield _named("sep line of commas", "sep=,\r\n" + text, "file.RAGGED", "file.NO_FORM")
    yield refused("lines tab.txt", (text.replace(",", "\t") + "\r\n").encode(), "file.SEPARATOR")


def _letters(rows: Rows) -> Iterator[Hostile]:
    for code in (*range(1, 9), 11, 12, *range(14, 26), *range(28, 32), 127, 0x200F, 0x202E, 0x2066):
        row = [*rows[1][:-1], f"備{chr(code)}考"]
        yield _named(f"letter {code:x}", _written([rows[0], row]), "file.CONTROL_CHARACTERS")
    for at in (0, 5, 200):
        data = _written(rows).encode()
        yield _named(f"NUL at {at}", data[:at] + b"\0" + data[at:], "file.CONTROL_CHARACTERS")


def _sound(text: str, rows: Rows) -> Iterator[Hostile]:
    yield let_in("lines sound.csv", text.encode("cp932"))
    yield let_in("lines in UTF-8.csv", text.encode())
    yield let_in("lines with a mark.csv", b"\xef\xbb\xbf" + text.encode())
    yield let_in("lines with an end of file.csv", text.encode("cp932") + b"\x1a")
    yield let_in("lines.txt", (text + "\r\n").encode("cp932"))
    yield let_in("lines of Unix.csv", text.replace("\r\n", "\n").encode())
    last = len(rows)
    unended = text.rstrip("\r\n").encode()
    yield let_in("lines unended.csv", unended, ("lines.unended", f"line {last}:{EVENT.columns[0].heading}"))
    wide = [[*rows[0]], *([*row[:-1], "会場\r\n変更"] for row in rows[1:])]
    yield let_in("lines with breaks.csv", _written(wide).encode())
    for number, note in enumerate(
        ("=1+1", "'; drop table x", "<b>", "-5", "+81", "@a", "1,234", '"', "01E05")
    ):
        yield let_in(
            f"lines note {number}.csv", _written([rows[0], *([*row[:-1], note] for row in rows[1:])]).encode()
        )
    gaiji = [rows[0], [*rows[1][:-1], "\ue000"], *rows[2:]]
    yield let_in(
        "lines gaiji.csv",
        _written(gaiji).encode("cp932"),
        ("cell.gaiji", f"line 2:{EVENT.columns[-1].heading}"),
    )
    at = [column.id for column in EVENT.columns].index("online")
    for number, count in enumerate(
        ("01E05", "1e3", "NaN", "inf", "0x1F", "１２名様", "٣", "--5", "1,23", "１e2")
    ):
        wrong = [rows[0], [*rows[1][:at], count, *rows[1][at + 1 :]], *rows[2:]]
        yield stays_out(
            f"lines count {number}.csv",
            _written(wrong).encode(),
            "event.online.readable",
            "event.online.count",
        )
