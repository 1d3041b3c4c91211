"""Expressions that several marts share: the 令和 label of a year, rounding as printed."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, String, and_, case, cast, func, literal, null

# Values that should lie on a rounding boundary may miss it by the error of a division; no quotient of
# counts below 5e8 comes this close to a boundary without lying on it.
_NUDGE = 1e-9
PROVISIONAL = "暫定"


def year_label(fiscal_year: ColumnElement[Any]) -> ColumnElement[Any]:
    """令和3年度 for 2021, 平成30年度 for 2018."""
    reiwa = literal("令和") + cast(fiscal_year - 2018, String) + literal("年度")
    heisei = literal("平成") + cast(fiscal_year - 1988, String) + literal("年度")
    return case((fiscal_year == 2019, literal("令和元年度")), (fiscal_year < 2019, heisei), else_=reiwa)


def as_printed(
    value: ColumnElement[Any], scale: ColumnElement[Any], rounding: ColumnElement[Any]
) -> ColumnElement[Any]:
    """A value rounded to 1/scale: half away from zero (四捨五入), or cut toward zero (floor, 切捨て).

    PostgreSQL rounds a float's half to even and SQLite away from zero: the nudge leaves no half.
    """
    size = func.abs(value) * scale
    kept = case((rounding == "floor", size - 0.5 + _NUDGE), else_=size + _NUDGE)
    sign = case((value < 0, -1.0), else_=1.0)
    return sign * func.round(cast(kept, Float)) / scale


def thousands(yen: ColumnElement[Any]) -> ColumnElement[Any]:
    """Yen to 千円, rounded half away from zero, once from the yen sum."""
    whole = (func.abs(yen) + 500) // 1000
    return case((yen < 0, -whole), else_=whole)


def ratio(part: ColumnElement[Any], whole: ColumnElement[Any]) -> ColumnElement[Any]:
    """part / whole as a float; NULL where the whole is 0 or unknown."""
    return case((and_(whole.is_not(None), whole != 0), cast(part, Float) / whole), else_=null())


def yen(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """A sum of yen as a whole number (PostgreSQL would make it a decimal)."""
    return cast(func.sum(amount), BigInteger)


def provisional(periods_in: ColumnElement[Any], expected: ColumnElement[Any]) -> ColumnElement[Any]:
    """暫定 (11/12): not all periods are in."""
    return literal(f"{PROVISIONAL} (") + cast(periods_in, String) + "/" + cast(expected, String) + ")"
