"""What a printed table is made of: figures with their sources, rows, and the tables themselves."""

from dataclasses import dataclass, field
from typing import Literal

Number = float | int
NOT_SAID = "－"


@dataclass(frozen=True)
class Cell:
    """A cell of a received file that a figure came from; `value` in the cell's own unit."""

    sha256: str
    file_name: str
    address: str
    value: Number | None
    role: str


@dataclass(frozen=True)
class Part:
    """Another figure that a figure is made of, by its exact value."""

    figure: "Figure"
    role: str


Source = Cell | Part


@dataclass(frozen=True)
class Figure:
    """A printed number: `value` in the printed unit (None where `text` says why there is none).

    `figure_id` is built from natural ids and is the same in every edition; `rule` says in a word how
    the sources give the value (see `warehouse/reports/rules.py`).
    """

    figure_id: str
    label: str
    value: Number | None
    text: str
    unit: str
    decimals: int = 0
    rule: str = ""
    rounding: str = "half_up"
    sources: tuple[Source, ...] = ()

    @property
    def is_text(self) -> bool:
        """Words rather than a number, or the want of one."""
        return self.rule in ("text", "months")


Kind = Literal["heading", "program", "row", "detail", "text", "subtotal", "total"]


@dataclass(frozen=True)
class Line:
    """A row of a printed table: texts and figures, in the order of the columns.

    Of a `text` line, the first cell that is not empty reaches over all that follow.
    """

    cells: tuple[str | Figure, ...]
    kind: Kind = "row"


@dataclass(frozen=True)
class Table:
    """A printed table, ready to be placed: writers only format. `signers`: who signs under it."""

    table_id: str
    title: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    unit_note: str = ""
    notes: tuple[str, ...] = field(default=())
    signers: tuple[str, ...] = ()

    def figures(self) -> list[Figure]:
        return [cell for line in self.lines for cell in line.cells if isinstance(cell, Figure)]


def number_text(value: Number, decimals: int) -> str:
    """A number as the report prints it: thousands separated, △ for negatives."""
    return ("△" if value < 0 else "") + f"{abs(value):,.{decimals}f}"
