"""Dates and fiscal years as Japanese offices write them, read exactly or refused, never guessed.

The eras' bounds are those of the law on era names (元号法) and its cabinet orders.
"""

import re
import unicodedata
from datetime import date, datetime

from schemas.values import Unreadable

# No foundation reports outside these; a year beyond is a slip of the hand.
FIRST_YEAR, LAST_YEAR = 1950, 2100
FIRST_DAY = date(1900, 1, 1)

_ERAS = {
    "令和": ("R", date(2019, 5, 1), date.max),
    "平成": ("H", date(1989, 1, 8), date(2019, 4, 30)),
    "昭和": ("S", date(1926, 12, 25), date(1989, 1, 7)),
}
_BY_LETTER = {"R": "令和", "H": "平成", "S": "昭和", "令": "令和", "平": "平成", "昭": "昭和"}
_ERA = r"(令和|平成|昭和|[RHS令平昭])\.?(元|\d{1,2})"
_ERA_DATE = re.compile(rf"^{_ERA}[年./-](\d{{1,2}})[月./-](\d{{1,2}})日?$")
_WESTERN_DATE = re.compile(r"^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?$")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_TIME = re.compile(
    r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(午前|午後|[AP]M)?\s*(GMT|UTC)?(Z|[+-]\d{1,2}(:?\d{2})?)?$"
)
_FISCAL_YEAR = re.compile(rf"^(?:{_ERA}|(\d{{4}}))年?度?$")
_MONTH = re.compile(rf"^(?:(?:{_ERA}|(\d{{4}}))年)?(\d{{1,2}})月?分?$")


def _text(cell: object) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cell)).upper())


def _western(era: str, year: str) -> int:
    name = _BY_LETTER.get(era, era)
    return _ERAS[name][1].year + (1 if year == "元" else int(year)) - 1


def read_date(cell: object) -> date:
    """The day in a cell: a date of the sheet, 令和3年5月10日, R3.5.10, 2021/5/10, 20210510 or 2021/5/10 9:30.

    Raises Unreadable for a day that does not exist, lies outside its era (平成31年5月1日) or in a year
    that nobody reports on.
    """
    day = _read_day(cell)
    if not (day >= FIRST_DAY and day.year <= LAST_YEAR):
        raise Unreadable(str(cell))
    return day


def _read_day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = _text(_TIME.sub("", str(cell)))
    try:
        if found := _ERA_DATE.match(text):
            era = _BY_LETTER.get(found[1], found[1])
            day = date(_western(found[1], found[2]), int(found[3]), int(found[4]))
            if not _ERAS[era][1] <= day <= _ERAS[era][2]:
                raise Unreadable(text)
            return day
        if found := _WESTERN_DATE.match(text) or _COMPACT_DATE.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Unreadable(text) from error
    raise Unreadable(text)


def read_fiscal_year(cell: object) -> int:
    """2021 from 令和3年度, R3, 2021年度 or 2021; Unreadable otherwise."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    found = _FISCAL_YEAR.match(_text(cell))
    if not found:
        raise Unreadable(str(cell))
    year = int(found[3]) if found[3] else _western(found[1], found[2])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(str(cell))
    return year


def read_month(cell: object) -> int:
    """The month, 1..12, from 5月, 令和3年5月, 5 or 5月分; Unreadable otherwise."""
    if isinstance(cell, datetime | date):
        return cell.month
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    found = _MONTH.match(_text(cell))
    if not found or not 1 <= int(found[4]) <= 12:
        raise Unreadable(str(cell))
    return int(found[4])
