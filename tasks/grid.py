"""A sheet, a CSV file or a posted object as cells with addresses; rows and columns count from 0."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from schemas.values import folded
from tasks.guard.reference import letters_of

# A form service's heading may be a question of many lines.
LONGEST_HEADING = 60

# Where a title stands, and where headings do.
HEAD_ROWS = 5
SEARCHED_ROWS = 20
SEARCHED_COLUMNS = 200

Cell = str | float | bool | date | None
Position = tuple[int, int]
Merge = tuple[int, int, int, int]
"""First row and column, last row and column."""
Line = tuple[int, int, dict[int, str]]


class ErrorCell(str):
    """The error word that a cell shows instead of a value, such as #REF!; nothing is typed there."""

    __slots__ = ()


@dataclass(frozen=True)
class Beside:
    """What a sheet's or file's cells do not say themselves.

    `uncomputed` are the cells whose formula came without a value, `hidden_row` and `hidden_column` the
    first ones with a value that are hidden so, `ragged` the number of the first line that is not as wide
    as the first one (0: none).
    """

    errors: tuple[Position, ...] = ()
    uncomputed: frozenset[Position] = frozenset()
    gaiji: tuple[Position, ...] = ()
    hidden_row: Position | None = None
    hidden_column: Position | None = None
    ragged: int = 0
    is_unended: bool = False


@dataclass(frozen=True)
class Derived:
    """Columns of ours behind those of the file: where each stands, what it stands for, the first row.

    `fiscal_year`: what the lines are of, where they have no days that would tell.
    """

    columns: dict[str, int]
    sources: dict[int, int]
    first_row: int
    fiscal_year: int | None = None


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet, file of lines or object.

    `headings` names the columns where the addresses do: of lines and objects. `fields` are what an
    object says beside its rows, `totals` what it says that they come to. `derived`: an accounting package's
    lines have our columns, too.
    """

    name: str
    is_visible: bool
    top: int
    left: int
    rows: list[list[Cell]]
    merges: tuple[Merge, ...] = ()
    kind: Literal["sheet", "lines", "object"] = "sheet"
    headings: tuple[str, ...] = ()
    fields: dict[str, Cell] = field(default_factory=dict)
    totals: dict[str, Cell] = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)
    derived: Derived | None = None

    @cached_property
    def bottom(self) -> int:
        return self.top + len(self.rows)

    @cached_property
    def width(self) -> int:
        return self.left + max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The value of a cell; below a merge, the value of the whole merge."""
        return self.at(*self.origin(row, column))

    def at(self, row: int, column: int) -> Cell:
        """The value of a cell itself, be it under a merge."""
        if self.top <= row < self.bottom and self.left <= column:
            cells = self.rows[row - self.top]
            return cells[column - self.left] if column - self.left < len(cells) else None
        return None

    def column(self, column: int, first_row: int) -> list[Cell]:
        """The values of a column from a row down, as `cell` gives them."""
        place, rows = column - self.left, self.rows[max(first_row - self.top, 0) :]
        if place < 0:
            return [None] * len(rows)
        cells = [row[place] if place < len(row) else None for row in rows]
        start = max(first_row, self.top)
        for first, last, origin in self._spans.get(column, ()):
            upper, lower = max(first, start) - start, min(last, self.bottom - 1) + 1 - start
            if upper < lower:
                cells[upper:lower] = [self.at(*origin)] * (lower - upper)
        return cells

    def origin(self, row: int, column: int) -> Position:
        """The first cell of the merge that a cell is in; else the cell itself."""
        if spans := self._spans.get(column):
            at = bisect_right(spans, row, key=lambda span: span[0]) - 1
            if at >= 0 and spans[at][0] <= row <= spans[at][1]:
                return spans[at][2]
        return row, column

    def is_merged(self, column: int, first_row: int = 0) -> bool:
        """Whether a column has a merge that reaches to a row or beyond."""
        return any(last >= first_row for _, last, _ in self._spans.get(column, ())[-1:])

    def under_merges(self) -> Iterator[tuple[Position, Position]]:
        """The cells that hold something under a merge, each with the merge's first cell."""
        for first_row, first_column, last_row, last_column in self.merges:
            upper = max(first_row, self.top)
            rows = self.rows[upper - self.top : max(last_row + 1 - self.top, 0)]
            for column in range(max(first_column, self.left), last_column + 1):
                place = column - self.left
                cells = [row[place] if place < len(row) else None for row in rows]
                held = [n for n, cell in enumerate(cells, start=upper) if cell is not None]
                for row in held:
                    if (row, column) != (first_row, first_column):
                        yield (row, column), (first_row, first_column)

    @cached_property
    def _spans(self) -> dict[int, list[tuple[int, int, Position]]]:
        """Of each column the merges that it is in, from above: first row, last row, first cell."""
        spans: dict[int, list[tuple[int, int, Position]]] = {}
        for first_row, first_column, last_row, last_column in sorted(self.merges):
            for column in range(first_column, last_column + 1):
                spans.setdefault(column, []).append((first_row, last_row, (first_row, first_column)))
        return spans

    def text(self, row: int, column: int) -> str:
        return shown(self.cell(row, column))

    def address(self, row: int, column: int) -> str:
        """`sheet!F14`, `line 12:column heading` in a CSV file, `/rows/11/heading` in a posted object."""
        return self.own_address(*self.origin(row, column))

    def addresses(self, rows: Sequence[int], column: int) -> list[str]:
        """The addresses of the cells of a column in some rows, as `address` gives them."""
        if self.kind == "sheet" and not self.is_merged(column, min(rows, default=0)):
            place = f"{self.name}!{letters_of(self.source(column))}"
            return [f"{place}{row + 1}" for row in rows]
        return [self.address(row, column) for row in rows]

    def own_address(self, row: int, column: int) -> str:
        """The address of a cell itself, be it under a merge; of a derived one, that of its source."""
        column = self.source(column)
        if self.kind != "sheet":
            heading = self.headings[column] if column < len(self.headings) else ""
            heading = heading[:LONGEST_HEADING] or str(column + 1)
            return f"line {row + 1}:{heading}" if self.kind == "lines" else f"/rows/{row}/{heading}"
        return f"{self.name}!{letters_of(column)}{row + 1}"

    def source(self, column: int) -> int:
        """The column of the file that a column is, or stands for."""
        return self.derived.sources.get(column, column) if self.derived else column

    @cached_property
    def head(self) -> list[tuple[Position, str]]:
        """The texts of the first rows, where a title stands, and where; in reading order."""
        places = self.cells_above(self.top + HEAD_ROWS)
        return [(at, text) for at in places if (text := self.text(*at))]

    def heading_lines(self) -> Iterator[Line]:
        """What may be a sheet's heading line: its upper row, the row after it, and the texts by position."""
        if self.kind != "sheet":
            return
        width = min(self.width, self.left + SEARCHED_COLUMNS)
        upper = self._texts(self.top, width)
        for row in range(self.top, min(self.bottom, self.top + SEARCHED_ROWS)):
            lower = self._texts(row + 1, width)
            if any(upper):
                yield row, row + 1, dict(enumerate(upper))
                yield row, row + 2, dict(enumerate(_of_two(upper, lower)))
            upper = lower

    def _texts(self, row: int, width: int) -> list[str]:
        """What a row shows from the sheet's first column on."""
        cells = self.rows[row - self.top] if row < self.bottom else []
        texts = [""] * self.left + [shown(cell) for cell in cells]
        texts = (texts + [""] * (width - len(texts)))[:width]
        for column, spans in self._spans.items():
            if column < width and spans[0][0] <= row <= spans[-1][1]:
                texts[column] = self.text(row, column)
        return texts

    @cached_property
    def names(self) -> set[str]:
        """Every folded text that stands in a heading line: what may be known by headings has its own here."""
        names = {name for _, _, names in self.heading_lines() for name in names.values()}
        return {folded(name) for name in names if name and not name.isdecimal()}

    def cells_above(self, row: int) -> Iterator[tuple[int, int]]:
        """The positions of the cells above a row that hold something, in reading order."""
        for r in range(self.top, min(row, self.bottom)):
            for c, cell in enumerate(self.rows[r - self.top], start=self.left):
                if cell is not None:
                    yield r, c


def _of_two(upper: list[str], lower: list[str]) -> list[str]:
    """The headings of two lines; one that stands in both, merged, is one."""
    return [above if above == below else above + below for above, below in zip(upper, lower, strict=True)]


def grid_of(sheet: dict[str, Any]) -> Grid:
    """The grid of one sheet as the reader sends it."""
    texts: dict[str, str | None] = {"": None}
    rows = [_cells(row, texts) for row in sheet["rows"]]
    top, left = sheet["top"], sheet["left"]
    for row, column, word in sheet.get("errors", ()):
        rows[row - top][column - left] = ErrorCell(word)
    return Grid(
        sheet["name"],
        sheet["is_visible"],
        top,
        left,
        rows,
        tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
        sheet["kind"],
        tuple(sheet.get("headings", ())),
        sheet.get("fields", {}),
        sheet.get("totals", {}),
        _beside(sheet),
    )


def _beside(sheet: dict[str, Any]) -> Beside:
    hidden_row, hidden_column = sheet.get("hidden_row"), sheet.get("hidden_column")
    return Beside(
        tuple((row, column) for row, column, _ in sheet.get("errors", ())),
        frozenset((row, column) for row, column in sheet.get("uncomputed", ())),
        tuple((row, column) for row, column in sheet.get("gaiji", ())),
        (hidden_row[0], hidden_row[1]) if hidden_row else None,
        (hidden_column[0], hidden_column[1]) if hidden_column else None,
        sheet.get("ragged", 0),
        sheet.get("is_unended", False),
    )


def shown(cell: Cell) -> str:
    """A cell as its author sees it; "" for a blank."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _cells(row: list[Any], texts: dict[str, str | None]) -> list[Cell]:
    """A row as the reader sends it; nearly all cells are numbers or texts, and stay as they are.

    Of equal texts one is kept, for a sheet repeats itself; of the empty one, nothing.
    """
    return [
        value
        if value.__class__ is float
        else texts.setdefault(value, value)
        if value.__class__ is str
        else _cell(value)
        for value in row
    ]


def _cell(value: Any) -> Cell:
    """A cell that is neither a number nor a text."""
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    kept: Cell = value
    return kept
