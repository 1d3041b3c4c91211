"""A sheet as spreadsheet programs ordinarily write it, known from its bytes at half the cost of parsing it.

One pattern says what is ordinary: rows and cells that name themselves, in their row, with a value of
their type, and formulas with what they came to. What does not match goes to `sheet`, which looks closely.
"""

import re

from tasks.guard.extent import is_within
from tasks.guard.marks import Marks
from tasks.guard.markup import SPREADSHEET
from tasks.guard.merges import merges_of
from tasks.guard.reference import column_of
from tasks.guard.strings import Strings

_FORMULA = rb"(?:<f(?: [a-z]+=\"[^\"<>&]*+\")*+(?:/>|>[^<]*+</f>))?+"
_NUMBER = rb"-?\d{1,20}(?:\.\d{1,20})?+(?:E[+-]?\d{1,2})?+"
_ATTRIBUTES = rb"(?: [\w:]+=\"[^\"<>&]*+\")*+"
_CONTENT = (
    rb"(?: s=\"\d{1,6}\")?+"
    rb"(?:/>|></c>"
    rb"| t=\"s\"(?: ph=\"1\")?+><v>\d{1,7}</v></c>"
    rb"|(?: t=\"n\")?+>" + _FORMULA + rb"<v>" + _NUMBER + rb"</v></c>"
    rb"| t=\"str\">" + _FORMULA + rb"<v>[^<]{0,30000}+</v></c>"
    rb"| t=\"b\">" + _FORMULA + rb"<v>[01]</v></c>"
    rb"| t=\"inlineStr\"><is><t(?: xml:space=\"preserve\")?+>[^<]{0,30000}+</t></is></c>)"
)


def _rows(letters: bytes) -> re.Pattern[bytes]:
    """Rows whose cells stand in columns of such letters."""
    cell = rb"<c r=\"" + letters + rb"\1\"" + _CONTENT
    row = rb"\s*+<row r=\"(\d{1,7})\"" + _ATTRIBUTES + rb"(?:/>|>(?:" + cell + rb")*+</row>)"
    return re.compile(rb"(?:" + row + rb")*+\s*+")


# Most sheets are no wider than Z, which spares looking for their widest column.
_NARROW, _WIDE, _LAST_NARROW = _rows(rb"[A-Z]"), _rows(rb"[A-Z]{1,3}"), 26
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<worksheet[\s>]")
_HIDDEN = re.compile(rb"hidden=\"(?:1|true|on)\"")
_ROW_NUMBER = re.compile(rb"<row r=\"(\d+)\"")
_COLUMN = re.compile(rb"<c r=\"([A-Z]+)")
_STRING = re.compile(rb" t=\"s\"(?: ph=\"1\")?+><v>(\d+)<")
_NAMESPACE = f' xmlns="{SPREADSHEET}"'.encode()
_TABLE = (b"<sheetData>", b"</sheetData>")


def ordinary_marks(part: bytes, strings: Strings) -> Marks | None:
    """The marks of a sheet in which nothing is unusual; None for one that needs a closer look.

    Whether a cell stands there twice is not asked: the parser then finds fewer values than there are.
    """
    opening, end = (part.find(tag) for tag in _TABLE)
    start = opening + len(_TABLE[0])
    if opening < 0 or end < 0 or not _is_plain(part[:opening], part[end + len(_TABLE[1]) :]):
        return None
    width = _width(part, start, end)
    rows = list(map(int, _ROW_NUMBER.findall(part, start, end)))
    if width < 0 or rows != sorted(set(rows)) or _HIDDEN.search(part, 0, end):
        return None
    values = part.count(b"<v>", start, end)
    if not is_within(values, max(rows, default=0), width):
        return None
    strings.check(list(map(int, _STRING.findall(part, start, end))))
    values += part.count(b"<is>", start, end) - part.count(b"<v></v>", start, end)
    return Marks(has_values=values > 0, values=values, merged=merges_of(part[end:]))


def _width(part: bytes, start: int, end: int) -> int:
    """How many columns the rows have at most; -1 where they are not as they ordinarily are."""
    if _NARROW.fullmatch(part, start, end):
        return _LAST_NARROW
    if not _WIDE.fullmatch(part, start, end):
        return -1
    letters = set(_COLUMN.findall(part, start, end))
    return max((column_of(name.decode()) for name in letters), default=-1) + 1


def _is_plain(head: bytes, tail: bytes) -> bool:
    """Whether what stands before and behind the rows leaves no doubt that they are all of the sheet."""
    begins = _BEGINS.match(head)
    if not begins or _NAMESPACE not in head or any(mark in head for mark in (b"&", b"'")):
        return False
    parts = head[begins.end() :], tail
    return not any(mark in part for part in parts for mark in (b"<!", b"<?", b"sheetData"))
