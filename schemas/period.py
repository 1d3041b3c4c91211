"""Months, halves and fiscal years (April to March) and their readable ids and keys.

A period's id is text ("2021-05", "FY2021H1", "FY2021"); its key is the readable integer of it
(202105, 20211, 2021).
"""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Literal

Frequency = Literal["month", "half", "year"]

FISCAL_MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
PERIODS_A_YEAR: dict[Frequency, int] = {"month": 12, "half": 2, "year": 1}


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a half or a fiscal year; `number`: the calendar month (4..12, 1..3), the half (1, 2), or 0."""

    frequency: Frequency
    fiscal_year: int
    number: int = 0

    @property
    def id(self) -> str:
        if self.frequency == "month":
            return f"{self.calendar_year}-{self.number:02d}"
        return f"FY{self.fiscal_year}" + (f"H{self.number}" if self.frequency == "half" else "")

    @property
    def key(self) -> int:
        if self.frequency == "month":
            return self.calendar_year * 100 + self.number
        return self.fiscal_year * 10 + self.number if self.frequency == "half" else self.fiscal_year

    @property
    def calendar_year(self) -> int:
        return self.fiscal_year + (1 if self.frequency == "month" and self.number < 4 else 0)

    @property
    def first_day(self) -> date:
        if self.frequency == "month":
            return date(self.calendar_year, self.number, 1)
        return date(self.fiscal_year, 10 if self.number == 2 else 4, 1)

    @property
    def last_day(self) -> date:
        if self.frequency == "month":
            return date(
                self.calendar_year, self.number, calendar.monthrange(self.calendar_year, self.number)[1]
            )
        if self.frequency == "half" and self.number == 1:
            return date(self.fiscal_year, 9, 30)
        return date(self.fiscal_year + 1, 3, 31)

    @property
    def label(self) -> str:
        """As people write it: 令和3年5月, 令和3年度上期, 令和3年度."""
        if self.frequency == "month":
            return f"{wareki_year(self.first_day)}{self.number}月"
        return fiscal_year_label(self.fiscal_year) + ("", "上期", "下期")[self.number]

    @property
    def half(self) -> "Period":
        """The half that this month lies in, or is."""
        if self.frequency == "half":
            return self
        return Period("half", self.fiscal_year, 1 if 4 <= self.number <= 9 else 2)

    @property
    def ends_half(self) -> bool:
        return self.frequency == "month" and self.number in (9, 3)

    @property
    def ends_year(self) -> bool:
        return self.frequency == "month" and self.number == 3

    def closes(self, frequency: Frequency) -> bool:
        """Whether the form of this month asks for what is counted with that frequency."""
        return {"month": True, "half": self.ends_half, "year": self.ends_year}[frequency]

    def contains(self, other: "Period") -> bool:
        """Whether another period is this one or lies in it."""
        if other.fiscal_year != self.fiscal_year:
            return False
        if self.frequency == "half":
            return other.frequency != "year" and other.half == self
        return self.frequency == "year" or other == self

    @property
    def year(self) -> "Period":
        """The fiscal year that this period lies in."""
        return Period("year", self.fiscal_year)


def month_of(day: date) -> Period:
    """The month that a day lies in, with its fiscal year."""
    return Period("month", day.year - (1 if day.month < 4 else 0), day.month)


def period_of(day: date, frequency: Frequency) -> Period:
    """The month, half or fiscal year that a day lies in."""
    month = month_of(day)
    return {"month": month, "half": month.half, "year": month.year}[frequency]


def parse_id(period_id: str) -> Period:
    """The period of an id; ValueError for anything that `Period.id` does not give."""
    if period_id.startswith("FY"):
        year, mark, half = period_id[2:].partition("H")
        if mark and half not in ("1", "2"):
            raise ValueError(period_id)
        return Period("half", int(year), int(half)) if half else Period("year", int(year))
    year, month = period_id.split("-")
    return month_of(date(int(year), int(month), 1))


def periods_of(fiscal_year: int) -> list[Period]:
    """The twelve months, two halves and the year of a fiscal year."""
    months = [Period("month", fiscal_year, month) for month in FISCAL_MONTHS]
    halves = [Period("half", fiscal_year, number) for number in (1, 2)]
    return [*months, *halves, Period("year", fiscal_year)]


def fiscal_year_label(fiscal_year: int) -> str:
    """令和3年度 for 2021; 平成 before 2019 (the year in which 令和 began counts as 令和元年度)."""
    era, year = ("令和", fiscal_year - 2018) if fiscal_year >= 2019 else ("平成", fiscal_year - 1988)
    return f"{era}{'元' if year == 1 else year}年度"


def wareki_year(day: date) -> str:
    """令和3年 for a day of 2021; the era changes on 1 May 2019."""
    era, year = ("令和", day.year - 2018) if day >= date(2019, 5, 1) else ("平成", day.year - 1988)
    return f"{era}{'元' if year == 1 else year}年"
