"""Footing: whether the totals of a printed table are what its rows and columns come to.

A heading may say how its column is made, by letters (`A+B`, `D−A−B`) or by words (計, 差異, 増減); a label
says that a row is a total. What words mean is taken from the table itself: the reading that most of its
numbers agree with. What agrees with none is told as not understood, and never passed over.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.rounding import Mode, bounds
from schemas.values import folded
from tasks.printed import Number, PrintedTable, Row

_TOTAL = re.compile(r"(?<![統会設時家推累集])計$")
_GRAND = re.compile(r"(合計|総計)$")
_RATE = re.compile(r"率|割合|比$|%")
_DIFFERENCE = re.compile(r"(差異|差引|差額|増減|増減額|比較)$")
_OF_WHICH = re.compile(r"^[(「]?うち")
_FORMULA = re.compile(r"(?:([A-Z])=)?([A-Z](?:[+-][A-Z])+)(?:=([A-Z]))?")
_NAME = re.compile(r"(?<![A-Z+=-])\(?([A-Z])\)?(?![A-Z+=-])")
_DASHES = str.maketrans(dict.fromkeys("−–—ー－‐", "-"))
# A total that is so near to a sum is meant to be it.
NEAR = Decimal("0.5")

Term = tuple[int, Number]
"""The sign of an addend, and the addend."""


@dataclass(frozen=True)
class Deviation:
    """A total that is not what it is made of: both as printed, and the units that rounding allows."""

    address: str
    label: str
    heading: str
    printed: Decimal
    computed: Decimal
    least: int
    greatest: int

    @property
    def difference(self) -> Decimal:
        """Printed - computed."""
        return self.printed - self.computed


@dataclass(frozen=True)
class Footing:
    """What was found of a table: totals checked, wrong ones, those not understood, what is no number."""

    checked: int
    deviations: tuple[Deviation, ...]
    unclear: tuple[str, ...]
    unreadable: tuple[str, ...]


@dataclass(frozen=True)
class _Sum:
    """A total and what it may be made of."""

    row: Row
    column: int
    terms: tuple[Term, ...]


def footing(table: PrintedTable, mode: Mode | None = None) -> Footing:
    """Foot and cross-foot a table; without a mode, either rounding where the unit is above one, else none."""
    judge = _Judge(table, mode or ("any" if table.is_rounded else "exact"))
    judge.rows()
    judge.formulas()
    judge.words()
    wrong = tuple(
        f"{table.address(row, column)} {row.label}「{text}」"
        for row in table.rows
        for column, text in row.unreadable.items()
    )
    return Footing(judge.checked, tuple(judge.deviations), tuple(judge.unclear), wrong)


class _Judge:
    def __init__(self, table: PrintedTable, mode: Mode) -> None:
        self.table, self.mode = table, mode
        self.checked = 0
        self.deviations: list[Deviation] = []
        self.unclear: list[str] = []

    def rows(self) -> None:
        """Each row that is a total, against the rows above it."""
        seen: list[Row] = []
        for row in self.table.rows:
            if _is_total(row) and row.numbers:
                readings = _above(seen, _is_grand(row))
                self._choose([list(self._footed(row, rows)) for rows in readings])
            seen.append(row)

    def _footed(self, total: Row, rows: Sequence[Row]) -> Iterator[_Sum]:
        for column in total.numbers:
            if not _RATE.search(folded(self.table.headings[column])):
                terms = tuple((1, row.numbers[column]) for row in rows if column in row.numbers)
                is_sure = not any(column in row.unreadable for row in rows)
                if terms and is_sure:
                    yield _Sum(total, column, terms)

    def formulas(self) -> None:
        """Columns whose headings say by letters what they are made of."""
        named, made = _letters(self.table.headings)
        for column, formula in made.items():
            parts = re.findall(r"([+-]?)([A-Z])", formula)
            unknown = [letter for _, letter in parts if letter not in named]
            if unknown:
                self.unclear.append(f"{self.table.headings[column]}: 列「{unknown[0]}」がありません")
                continue
            columns = [(-1 if sign == "-" else 1, named[letter]) for sign, letter in parts]
            for one in self._crossed(column, columns):
                self._judge(one)

    def words(self) -> None:
        """Columns whose headings say 計 or 差異: of the columns to their left."""
        _, made = _letters(self.table.headings)
        columns = sorted(self.table.headings)
        for at, column in enumerate(columns):
            name = folded(self.table.headings[column])
            before = columns[:at]
            if column in made or len(before) < 2 or _RATE.search(name):
                continue
            readings: list[list[tuple[int, int]]] = []
            if _TOTAL.search(name):
                readings = [[(1, one) for one in before[start:]] for start in range(len(before) - 1)]
            elif _DIFFERENCE.search(name):
                first, second = before[-2:]
                readings = [[(1, first), (-1, second)], [(1, second), (-1, first)]]
            if readings:
                self._choose([list(self._crossed(column, reading)) for reading in readings])

    def _crossed(self, column: int, parts: Sequence[tuple[int, int]]) -> Iterator[_Sum]:
        for row in self.table.rows:
            is_sure = not any(one in row.unreadable for _, one in parts)
            terms = tuple((sign, row.numbers[one]) for sign, one in parts if one in row.numbers)
            if column in row.numbers and terms and is_sure:
                yield _Sum(row, column, terms)

    def _choose(self, readings: Sequence[Sequence[_Sum]]) -> None:
        """Judge by the reading that most numbers agree with, and those numbers that agree or are near."""
        readings = [reading for reading in readings if reading]
        if not readings:
            return
        best = max(readings, key=lambda sums: (self._agreeing(sums), sum(map(_is_near, sums))))
        meant = [one for one in best if self._holds(one) or _is_near(one)]
        for one in meant:
            self._judge(one)
        # Stocks and codes stand beside what is added up; so may a total that is far off.
        for one in best:
            if one not in meant:
                address = self.table.address(one.row, one.column)
                self.unclear.append(f"{address} {one.row.label}: 何の計か分かりません")

    def _agreeing(self, sums: Sequence[_Sum]) -> int:
        return sum(map(self._holds, sums))

    def _holds(self, one: _Sum) -> bool:
        return self._deviation(one) is None

    def _judge(self, one: _Sum) -> None:
        self.checked += 1
        if deviation := self._deviation(one):
            self.deviations.append(deviation)

    def _deviation(self, one: _Sum) -> Deviation | None:
        total = one.row.numbers[one.column]
        decimals = max(total.decimals, *(number.decimals for _, number in one.terms))
        parts = [(sign * number.value).scaleb(decimals) for sign, number in one.terms]
        least, greatest = bounds(parts, total.value.scaleb(decimals), self.mode)
        off = total.value.scaleb(decimals) - sum(parts)
        if least <= off <= greatest:
            return None
        return Deviation(
            self.table.address(one.row, one.column),
            one.row.label,
            self.table.headings[one.column],
            total.value,
            sum(parts, Decimal()).scaleb(-decimals),
            least,
            greatest,
        )


def _is_near(one: _Sum) -> bool:
    total = one.row.numbers[one.column].value
    computed = sum((sign * number.value for sign, number in one.terms), Decimal())
    return abs(total - computed) <= max(NEAR * max(abs(total), abs(computed)), Decimal(len(one.terms) + 1))


def _is_total(row: Row) -> bool:
    return bool(_TOTAL.search(folded(row.label)))


def _is_grand(row: Row) -> bool:
    return bool(_GRAND.search(folded(row.label)))


def _above(rows: Sequence[Row], is_grand: bool) -> list[list[Row]]:
    """The rows that a total below them may be of, the likeliest reading first."""
    counted = [row for row in rows if row.numbers and not _OF_WHICH.match(folded(row.label))]
    details = [row for row in counted if not _is_total(row)]
    last = max((n for n, row in enumerate(counted) if _is_total(row)), default=-1)
    block = [*counted[last + 1 :]]
    lesser = [row for row in counted if _is_total(row) and not _is_grand(row)]
    grand = [row for row in counted if _is_grand(row)]
    whole = [*lesser, *block]
    readings = [whole, [*grand, *block], details, block] if is_grand else [block, whole, details]
    return [rows for n, rows in enumerate(readings) if rows and rows not in readings[:n]]


def _letters(headings: dict[int, str]) -> tuple[dict[str, int], dict[int, str]]:
    """Which column a letter names; which columns are made by a formula of letters."""
    named: dict[str, int] = {}
    made: dict[int, str] = {}
    for column, heading in headings.items():
        text = _as_letters(heading)
        formula = _FORMULA.search(text)
        if formula:
            made[column] = formula[2]
            text = text[: formula.start()] + text[formula.end() :]
        letter = (formula and (formula[1] or formula[3])) or next(iter(_NAME.findall(text)), "")
        if letter:
            named.setdefault(letter, column)
    return named, made


def _as_letters(heading: str) -> str:
    """A heading with its letters as A to Z, its dashes as minus, and no space."""
    return folded(heading.translate(_DASHES)).upper().translate(_DASHES)
