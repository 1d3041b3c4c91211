"""A sheet as cells with addresses, or a CSV file as lines with columns; rows and columns count from 0."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Cell = str | float | bool | date | None


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet. `headings` names the columns of an export that has no heading line."""

    name: str
    is_visible: bool
    top: int
    left: int
    rows: list[list[Cell]]
    origins: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    headings: tuple[str, ...] = ()

    @property
    def bottom(self) -> int:
        return self.top + len(self.rows)

    @property
    def width(self) -> int:
        return self.left + max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The value of a cell; below a merge, the value of the whole merge."""
        row, column = self.origins.get((row, column), (row, column))
        if self.top <= row < self.bottom and self.left <= column:
            cells = self.rows[row - self.top]
            return cells[column - self.left] if column - self.left < len(cells) else None
        return None

    def text(self, row: int, column: int) -> str:
        return shown(self.cell(row, column))

    def address(self, row: int, column: int) -> str:
        """`sheet!F14`, or `line 12:column heading` for a CSV file."""
        row, column = self.origins.get((row, column), (row, column))
        if not self.name:
            heading = self.headings[column] if column < len(self.headings) else str(column + 1)
            return f"line {row + 1}:{heading}"
        return f"{self.name}!{column_letters(column)}{row + 1}"

    def cells_above(self, row: int) -> Iterator[tuple[int, int]]:
        """The positions of all cells above a row, in reading order."""
        for r in range(self.top, min(row, self.bottom)):
            for c in range(self.left, self.left + len(self.rows[r - self.top])):
                yield r, c


def grid_of(sheet: dict[str, Any]) -> Grid:
    """The grid of one sheet as the reader sends it."""
    origins = {
        (row, column): (first_row, first_column)
        for first_row, first_column, last_row, last_column in sheet["merged"]
        for row in range(first_row, last_row + 1)
        for column in range(first_column, last_column + 1)
    }
    rows = [[_cell(value) for value in row] for row in sheet["rows"]]
    return Grid(sheet["name"], sheet["is_visible"], sheet["top"], sheet["left"], rows, origins)


def shown(cell: Cell) -> str:
    """A cell as its author sees it; "" for a blank."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def column_letters(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if value != "" else None
