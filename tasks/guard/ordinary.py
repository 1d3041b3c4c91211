"""A sheet as spreadsheet programs ordinarily write it, known from its bytes at half the cost of parsing it.

One pattern says what is ordinary: rows and cells that name themselves, in their row, with a value of
their type, and formulas with what they came to. What does not match goes to `sheet`, which looks closely.
"""

import re

from tasks.guard.extent import is_within
from tasks.guard.marks import Marks
from tasks.guard.merges import merges_of
from tasks.guard.reference import column_of
from tasks.guard.strings import Strings

_FORMULA = rb"(?:<f(?: [a-z]+=\"[^\"<>&]*+\")*+(?:/>|>[^<]*+</f>))?+"
_NUMBER = rb"-?\d{1,20}(?:\.\d{1,20})?+(?:E[+-]?\d{1,2})?+"
_ATTRIBUTES = rb"(?: [\w:]+=\"[^\"<>&]*+\")*+"
_CELL = (
    rb"<c r=\"[A-Z]{1,3}\1\"(?: s=\"\d{1,6}\")?+"
    rb"(?:/>|></c>"
    rb"| t=\"s\"><v>\d{1,7}</v></c>"
    rb"|(?: t=\"n\")?+>" + _FORMULA + rb"<v>" + _NUMBER + rb"</v></c>"
    rb"| t=\"str\">" + _FORMULA + rb"<v>[^<]{0,30000}+</v></c>"
    rb"| t=\"b\">" + _FORMULA + rb"<v>[01]</v></c>"
    rb"| t=\"inlineStr\"><is><t(?: xml:space=\"preserve\")?+>[^<]{0,30000}+</t></is></c>)"
)
_ROW = rb"\s*+<row r=\"(\d{1,7})\"" + _ATTRIBUTES + rb"(?:/>|>(?:" + _CELL + rb")*+</row>)"
_ROWS = re.compile(rb"(?:" + _ROW + rb")*+\s*+")
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<worksheet[\s>]")
_HIDDEN = re.compile(rb"hidden=\"(?:1|true|on)\"")
_ROW_NUMBER = re.compile(rb"<row r=\"(\d+)\"")
_REFERENCE = re.compile(rb"<c r=\"([A-Z]+\d+)\"")
_STRING = re.compile(rb" t=\"s\"><v>(\d+)<")
_TABLE = (b"<sheetData>", b"</sheetData>")


def ordinary_marks(part: bytes, strings: Strings) -> Marks | None:
    """The marks of a sheet in which nothing is unusual; None for one that needs a closer look."""
    opening, end = (part.find(tag) for tag in _TABLE)
    start = opening + len(_TABLE[0])
    if opening < 0 or end < 0 or not _is_plain(part[:opening], part[end + len(_TABLE[1]) :]):
        return None
    if not _ROWS.fullmatch(part, start, end) or _HIDDEN.search(part, 0, end):
        return None
    rows = list(map(int, _ROW_NUMBER.findall(part, start, end)))
    cells = _REFERENCE.findall(part, start, end)
    if rows != sorted(set(rows)) or len(set(cells)) < len(cells):
        return None
    if not is_within(len(cells), max(rows, default=0), _last_column(cells)):
        return None
    strings.check(list(map(int, _STRING.findall(part, start, end))))
    return Marks(has_values=part.find(b"<v>", start, end) >= 0, merged=merges_of(part[end:]))


def _is_plain(head: bytes, tail: bytes) -> bool:
    """Whether what stands before and behind the rows leaves no doubt that they are all of the sheet."""
    begins = _BEGINS.match(head)
    if not begins or any(mark in head for mark in (b"<!", b"&", b"'", b"sheetData")):
        return False
    return b"<?" not in head[begins.end() :] and not any(
        mark in tail for mark in (b"<!", b"<?", b"sheetData")
    )


def _last_column(cells: list[bytes]) -> int:
    """The number of the widest column, from 1."""
    columns = set(b" ".join(cells).translate(None, b"0123456789").split())
    return max((column_of(letters.decode()) for letters in columns), default=-1) + 1
