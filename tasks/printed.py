"""A printed table, whoever made it: its headings, the labels of its rows, its numbers as they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from schemas.values import Unreadable, folded, read_number
from tasks.grid import Cell, Grid, shown

_NOT_OF_A_NUMBER = re.compile(r"[^\d.]")
_LIKE_A_NUMBER = re.compile(r"^(?=\D*\d)[\d,.△▲()-]+$", re.ASCII)
_YEAR = re.compile(r"^(19|20)\d\d(\.0)?$")
_UNIT = re.compile(r"[(（]?単位[:：]?\s*([^)）\s]+)|[(（]\s*(円|千円|百万円|億円|%|％)\s*[)）]")
UNITS = frozenset(("円", "千円", "百万円", "億円", "人", "名", "件", "回", "社", "室", "%"))
_ROUNDED = ("千", "万", "億", "%")


@dataclass(frozen=True)
class Number:
    """A printed number: its exact value and the decimals it is printed with."""

    value: Decimal
    decimals: int


@dataclass(frozen=True)
class Row:
    """A row of a table: `line` counts from 0 on its sheet."""

    line: int
    label: str
    numbers: dict[int, Number]
    unreadable: dict[int, str]


@dataclass(frozen=True)
class PrintedTable:
    """`headings` by position, for the columns of numbers; `is_rounded`: a unit above one says so."""

    grid: Grid
    headings: dict[int, str]
    rows: tuple[Row, ...]
    is_rounded: bool

    def address(self, row: Row, column: int) -> str:
        """Where a number stands: `表!C8`, or `line 8:heading` in a CSV file."""
        if self.grid.kind == "lines":
            return f"{row.line + 1}行目"
        return self.grid.own_address(row.line, column)


def tables_of(grid: Grid) -> Iterator[PrintedTable]:
    """The tables of a sheet or CSV file, one below the other, parted by blank lines."""
    heading: list[int] = []
    for block in _blocks(grid):
        first = next((line for line in block if _is_of_numbers(grid, line)), None)
        if first is None:
            heading = block
            continue
        above = [*heading, *(line for line in block if line < first)]
        yield _table(grid, above, [line for line in block if line >= first])
        heading = []


def _blocks(grid: Grid) -> Iterator[list[int]]:
    """Runs of lines that are not blank; one that begins with numbers goes on with the table above it."""
    run: list[int] = []
    was_blank = False
    columns = range(grid.left, grid.width)
    for line in range(grid.top, grid.bottom):
        texts = [grid.text(line, column) for column in columns]
        if not any(texts):
            was_blank = True
            continue
        if was_blank and run and not _is_of_numbers(grid, line):
            yield run
            run = []
        run.append(line)
        was_blank = False
    if run:
        yield run


def _is_of_numbers(grid: Grid, line: int) -> bool:
    """Whether a line holds numbers other than the years of a heading."""
    cells = grid.rows[line - grid.top]
    return any(
        (_number(cell) or _is_mistyped(cell)) and not _YEAR.match(shown(cell))
        for cell in cells
        if cell is not None
    )


def _table(grid: Grid, above: list[int], lines: list[int]) -> PrintedTable:
    columns = [column for column in range(grid.left, grid.width) if _is_of_figures(grid, lines, column)]
    first = min(columns, default=grid.width)
    rows = tuple(_row(grid, line, first, columns) for line in lines)
    headings = {column: _heading(grid, above, column) for column in columns}
    texts = [grid.text(line, column) for line in above for column in range(grid.left, grid.width)]
    units = [folded(found[1] or found[2]) for text in texts for found in _UNIT.finditer(text)]
    return PrintedTable(grid, headings, rows, any(unit.startswith(_ROUNDED) for unit in units))


def _is_of_figures(grid: Grid, lines: list[int], column: int) -> bool:
    """Whether a column's cells are numbers for the most part, and not years or codes alone."""
    cells = [cell for line in lines if (cell := grid.at(line, column)) is not None]
    numbers = [cell for cell in cells if _number(cell)]
    years = [cell for cell in numbers if _YEAR.match(shown(cell))]
    return len(numbers) * 2 > len(cells) and len(years) < len(numbers)


def _row(grid: Grid, line: int, first: int, columns: list[int]) -> Row:
    numbers, unreadable = {}, {}
    for column in columns:
        cell = grid.at(line, column)
        if number := _number(cell):
            numbers[column] = number
        elif isinstance(cell, str) and _is_mistyped(cell):
            unreadable[column] = cell
    texts = [grid.text(line, column) for column in range(grid.left, first)]
    return Row(line, " ".join(dict.fromkeys(filter(None, texts))), numbers, unreadable)


def _heading(grid: Grid, above: list[int], column: int) -> str:
    return " ".join(dict.fromkeys(filter(None, (grid.text(line, column) for line in above))))


def _is_mistyped(cell: Cell) -> bool:
    """Whether a cell is made of what numbers are made of, and is none."""
    return isinstance(cell, str) and bool(_LIKE_A_NUMBER.match(folded(cell))) and _number(cell) is None


def _number(cell: Cell) -> Number | None:
    if isinstance(cell, bool) or cell is None:
        return None
    try:
        value, _ = read_number(cell, UNITS)
    except Unreadable:
        return None
    if value is None:
        return None
    # A float has some fifteen digits that were meant.
    text = format(Decimal(f"{abs(cell):.15g}"), "f") if isinstance(cell, float) else folded(str(cell))
    size = Decimal(_NOT_OF_A_NUMBER.sub("", text).removesuffix("."))
    return Number(-size if value < 0 else size, max(-int(size.as_tuple().exponent), 0))
