"""One cell to the value that its column's type declares, or to what could not be read in it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple, Self

from schemas.catalog import Catalog
from schemas.form import Column
from schemas.forms.ledger import LEDGER
from schemas.values import REPORTED, Unreadable, folded, read_number
from schemas.wareki import read_date, read_fiscal_year, read_month
from tasks.grid import Cell, ErrorCell, shown

# Whole numbers are exact up to here in every place that they pass.
LARGEST_NUMBER = 10**15
LARGEST_INTEGER_DIGITS = 4


class Converted(NamedTuple):
    """A value, its status (報告, 該当なし, ...; measures only), and the text that could not be read."""

    value: Any = None
    status: str | None = None
    unread: str | None = None


BLANK = Converted()


class ConvertedColumn(NamedTuple):
    """What became of the cells of a column, in three lists: see `Converted`."""

    values: list[Any]
    statuses: list[str | None]
    unread: list[str | None]

    @classmethod
    def alike(cls, found: Converted, count: int) -> Self:
        """So many cells of which the same became."""
        return cls(*([part] * count for part in found))

    def put(self, number: int, found: Converted) -> None:
        """Replace what became of one cell."""
        for column, part in zip(self, found, strict=True):
            column[number] = part


# What the reading of a cell depends on beside the cell: the values of columns to its left. Of an indicator
# that is its unit and kind: there are few of these, and what they make is remembered.
MEASURED = "measured"
_CONTEXTS: dict[str, tuple[str, ...]] = {
    "series": ("program",),
    "indicator": ("program",),
    "unit": (MEASURED,),
    "number": (MEASURED, "unit"),
    "yen": (MEASURED, "unit"),
}
# There are few of these, and the same ones in every file: what was read once is remembered.
_NAMES = ("center", "program", "account", "indicator", "unit", "series", "choice")


# Of these an equal one is the same; 1.0 and True are not, nor an error and its word typed.
_COMPARABLE = {str, float, date, type(None)}


class _Memory(dict[Any, Any]):
    """What was made of each key, made when it is first asked for."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        made = self[key] = self._make(key)
        return made


@dataclass(frozen=True, eq=False)
class _Scale:
    """How the numbers of a row are read.

    `factor`: how many of the indicator's unit one of the row's is; `units`: what may stand behind the digits.
    """

    factor: int
    units: frozenset[str]
    is_percent: bool = False

    @cached_property
    def is_plain(self) -> bool:
        """Whether a whole number is its own value."""
        return self.factor == 1 and not self.is_percent

    def converted(self, cell: Cell) -> Converted:
        """The value in the indicator's unit, and its status; or what cannot be read."""
        if _is_blank(cell):
            return BLANK
        if isinstance(cell, ErrorCell):
            return Converted(unread=cell)
        try:
            return self.read(cell)
        except Unreadable:
            return Converted(unread=shown(cell))

    def read(self, cell: Cell) -> Converted:
        """As `converted`, of what is no error; raises Unreadable."""
        value, status = read_number(cell, self.units)
        if value is None:
            return Converted(None, status or None)
        if self.is_percent and 0 < value <= 1:
            value *= 100  # a cell in percent format holds the fraction
        if abs(value * self.factor) > LARGEST_NUMBER:
            raise Unreadable(shown(cell))
        return Converted(round(value * self.factor, 6), status)


@cache
def _scale(factor: int, units: frozenset[str], is_percent: bool = False) -> _Scale:
    """There are few scales: one object each."""
    return _Scale(factor, units, is_percent)


@dataclass(frozen=True)
class Converter:
    """Converts the cells of one submission: the catalog of its year, the names of its center and form."""

    catalog: Catalog
    center_id: str
    form_id: str = ""

    def convert(self, column: Column, cell: Cell, row: dict[str, Any]) -> Converted:
        """`row` holds what was converted to the left of this cell (see `_CONTEXTS`)."""
        if _is_blank(cell):
            return BLANK
        if isinstance(cell, ErrorCell):
            return Converted(unread=cell)
        try:
            return self._convert(column, cell, row)
        except Unreadable:
            return Converted(unread=shown(cell))

    def convert_all(
        self, column: Column, cells: Sequence[Cell], columns: Mapping[str, Sequence[Any]]
    ) -> ConvertedColumn:
        """`convert` for the cells of many rows, whose `columns` to the left were converted before.

        Equal cells of equal rows are read once; whole numbers are their own values where their rows say so.
        """
        if cells.count(None) == len(cells):
            return ConvertedColumn.alike(BLANK, len(cells))
        context = self._context(column, columns)
        if column.is_measure:
            return self._measures(column, cells, context)

        # Whoever remembers keeps this, and need not keep the rows.
        names = tuple(context)

        def read(key: tuple[Any, ...]) -> Converted:
            return self.convert(column, key[0], dict(zip(names, key[1:], strict=True)))

        keys = zip(cells, *context.values(), strict=True)
        if _COMPARABLE.issuperset(map(type, cells)):
            memory = self._known((column.id, *names), read) if column.type in _NAMES else _Memory(read)
            found = [*map(memory.__getitem__, keys)]
        else:
            found = [*map(read, keys)]
        values, unread = [value for value, _, _ in found], [text for _, _, text in found]
        return ConvertedColumn(values, [None] * len(cells), unread)

    def _context(self, column: Column, columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
        """What is known of the context of a column's cells, row by row."""
        beside = {name: columns[name] for name in _CONTEXTS.get(column.type, ()) if name in columns}
        if MEASURED in _CONTEXTS.get(column.type, ()) and "indicator" in columns:
            beside[MEASURED] = [*map(self.catalog.measured_in.get, columns["indicator"])]
        return beside

    def _known(self, of: tuple[str, ...], make: Callable[[Any], Any]) -> _Memory:
        """What is remembered for as long as the catalog's rows hold."""
        known: _Memory = self.catalog.known.setdefault((self.center_id, self.form_id, *of), _Memory(make))
        return known

    def _measures(
        self, column: Column, cells: Sequence[Cell], context: Mapping[str, Sequence[Any]]
    ) -> ConvertedColumn:
        names = tuple(context)
        known = self._known(
            ("scale", column.id, *names), lambda row: self._scale(column, dict(zip(names, row, strict=True)))
        )
        scales = [*map(known.__getitem__, zip(*context.values(), strict=True))]
        scales = scales or [self._scale(column, {})] * len(cells)
        if _are_whole(cells) and all(scale.is_plain for scale in {*scales}):
            return ConvertedColumn([*cells], [REPORTED] * len(cells), [None] * len(cells))
        found = [
            (cell, REPORTED, None)
            if cell.__class__ is float and scale.is_plain and _is_whole(cell)
            else scale.converted(cell)
            for cell, scale in zip(cells, scales, strict=True)
        ]
        return ConvertedColumn(*map(list, zip(*found, strict=True)))

    def _convert(self, column: Column, cell: Cell, row: dict[str, Any]) -> Converted:
        match column.type:
            case "number" | "yen":
                return self._scale(column, row).read(cell)
            case "date":
                return Converted(read_date(cell))
            case "fiscal_year":
                return Converted(read_fiscal_year(cell))
            case "month":
                return Converted(read_month(cell))
            case "integer":
                return self._integer(cell)
            case "text":
                return Converted(shown(cell))
            case "code":
                return Converted(unicodedata.normalize("NFKC", shown(cell)))
            case "client":
                return Converted(_number_of_client(cell))
            case "unit":
                return self._unit(cell, row)
            case _:
                found = self._named(column, shown(cell), row)
                return Converted(found) if found else _unread(cell)

    def _named(self, column: Column, text: str, row: dict[str, Any]) -> str | None:
        """The choice, or the id, of what a list names; None for what it does not."""
        match column.type:
            case "choice":
                return next((choice for choice in column.choices if folded(choice) == folded(text)), None)
            case "center":
                return self.catalog.center_by_name.get(folded(text))
            case "program":
                return self._program(text)
            case "account":
                return self.catalog.account_by_name.get(folded(text)) or self._coded("account", text)
            case "series":
                return self._series(text, row)
            case _:
                return self.catalog.indicator_by_label.get((row.get("program") or "", folded(text)))

    def _coded(self, kind: str, text: str) -> str | None:
        """What a code of the accounting package stands for; people's forms know no codes."""
        return self.catalog.id_by_code.get((kind, folded(text))) if self.form_id == LEDGER.id else None

    def _program(self, text: str) -> str | None:
        program_id = self.catalog.program_by_name.get(folded(text)) or self._coded("program", text)
        if program_id is None:
            return None
        is_ours = self.catalog.program[program_id].center_id == self.center_id
        is_head_office = self.catalog.center[self.center_id].role == "head_office"
        return program_id if is_ours or is_head_office else None

    def _series(self, text: str, row: dict[str, Any]) -> str | None:
        """The series of a name; where a row names its program too, of that program."""
        named = self.catalog.series_named(self.center_id, self.form_id, text)
        ours = [s.series_id for s in named if row.get("program", s.program_id) == s.program_id]
        return ours[0] if len(ours) == 1 else None

    def _unit(self, cell: Cell, row: dict[str, Any]) -> Converted:
        measured, written = row.get(MEASURED), folded(shown(cell))
        if measured and written not in self.catalog.unit_factors[measured[0]]:
            return _unread(cell)
        return Converted(written)

    def _scale(self, column: Column, row: Mapping[str, Any]) -> _Scale:
        if column.units:
            return _scale(1, frozenset(map(folded, column.units)))
        unit, kind = row.get(MEASURED) or ("円", "")
        factors = self.catalog.unit_factors.get(unit, {})
        factor = factors.get(row.get("unit") or "", 1)
        same_size = frozenset(unit for unit, size in factors.items() if size == factor)
        return _scale(factor, same_size, kind == "ratio" and unit == "%")

    @staticmethod
    def _integer(cell: Cell) -> Converted:
        text = folded(shown(cell)).removeprefix("第").removesuffix("版")
        is_sound = text.isdecimal() and len(text) <= LARGEST_INTEGER_DIGITS
        return Converted(int(text)) if is_sound else _unread(cell)


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_whole(cell: float) -> bool:
    """Whether a number is whole and exact."""
    return cell.is_integer() and -LARGEST_NUMBER <= cell <= LARGEST_NUMBER


def _are_whole(cells: Sequence[Any]) -> bool:
    """Whether all cells of a column are whole numbers that are exact; most columns of money are."""
    if {*map(type, cells)} != {float}:
        return False
    return all(map(float.is_integer, cells)) and _is_whole(min(cells)) and _is_whole(max(cells))


def _unread(cell: Cell) -> Converted:
    return Converted(unread=shown(cell))


def _number_of_client(cell: Cell) -> str:
    """A client's number however it was typed: full width and small letters are the same number."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", shown(cell))).upper()
