"""Characters that no office types: they hide, reverse or break text wherever it is stored or shown.

A file with one is refused as a whole, at the cell named in the sentence, rather than let in with a
finding: so no name of a sheet, heading, sentence, log line or database ever has to survive them.
Line breaks and tabs are text.
"""

import re
from collections.abc import Iterator
from typing import Any

from tasks.guard.reference import letters_of
from tasks.guard.refused import Refused

_HOSTILE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Characters that everyone draws for himself.
_GAIJI = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
# Any of them in JSON, where all of the lowest ones begin with a backslash.
_UNUSUAL = re.compile(
    "[\\\\\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\uf8ff\U000f0000-\U0010fffd]"
)


def is_unusual(answer: str) -> bool:
    """Whether a JSON text may hold such a character, or gaiji; False is certain, True wants a closer look."""
    return bool(_UNUSUAL.search(answer))


def gaiji_in(sheet: dict[str, Any]) -> list[tuple[int, int]]:
    """The cells of a sheet with such a character; rows and columns count from 0."""
    return [
        (row, column)
        for row, cells in enumerate(sheet["rows"], start=sheet["top"])
        for column, value in enumerate(cells, start=sheet["left"])
        if isinstance(value, str) and _GAIJI.search(value)
    ]


def check_texts(sheets: list[dict[str, Any]]) -> None:
    """Refuse (CONTROL_CHARACTERS) the first text with such a character, named by its place."""
    for place, text in _texts(sheets):
        if found := _HOSTILE.search(text):
            raise Refused("CONTROL_CHARACTERS", f"{place}のU+{ord(found[0]):04X}")


def _texts(sheets: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for sheet in sheets:
        yield "シート名", sheet["name"]
        yield from _texts_of(sheet)


def _texts_of(sheet: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in (*sheet.get("fields", {}).items(), *sheet.get("totals", {}).items()):
        yield "項目名", key
        yield f"「{key}」", str(value)
    for name in sheet.get("headings", ()):
        yield "項目名", name
    for number, row in enumerate(sheet["rows"], start=sheet["top"]):
        for column, value in enumerate(row, start=sheet["left"]):
            if isinstance(value, str):
                yield _place(sheet["name"], number, column), value


def _place(sheet: str, row: int, column: int) -> str:
    return f"{sheet}!{letters_of(column)}{row + 1}" if sheet else f"{row + 1}行目"
