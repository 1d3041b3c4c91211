"""A sheet, a CSV file or a posted object as cells with addresses; rows and columns count from 0."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

# A form service's heading may be a question of many lines.
LONGEST_HEADING = 60

Cell = str | float | bool | date | None


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet, file of lines or object.

    `headings` names the columns where the addresses do: of lines and objects. `fields` are what an
    object says beside its rows.
    """

    name: str
    is_visible: bool
    top: int
    left: int
    rows: list[list[Cell]]
    origins: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    kind: Literal["sheet", "lines", "object"] = "sheet"
    headings: tuple[str, ...] = ()
    fields: dict[str, Cell] = field(default_factory=dict)

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
        """`sheet!F14`, `line 12:column heading` in a CSV file, `/rows/11/heading` in a posted object."""
        row, column = self.origins.get((row, column), (row, column))
        if self.kind != "sheet":
            heading = self.headings[column] if column < len(self.headings) else ""
            heading = heading[:LONGEST_HEADING] or str(column + 1)
            return f"line {row + 1}:{heading}" if self.kind == "lines" else f"/rows/{row}/{heading}"
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
    return Grid(
        sheet["name"],
        sheet["is_visible"],
        sheet["top"],
        sheet["left"],
        rows,
        origins,
        sheet["kind"],
        tuple(sheet.get("headings", ())),
        sheet.get("fields", {}),
    )


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
