"""What a sheet holds that the parser does not tell: errors, formulas without values, what is hidden."""

from dataclasses import dataclass, field

Position = tuple[int, int]


@dataclass(slots=True)
class Marks:
    """The marks of one sheet; rows and columns count from 0.

    `errors` are cells with the error word that they show; `uncomputed` those whose formula came
    without a value; `hidden_row` and `hidden_column` the first cell with a value that is hidden so.
    `values` is how many values the parser must find, where that was counted without looking at each cell.
    `merged` are first row, first column, last row, last column.
    """

    has_values: bool = False
    values: int | None = None
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    uncomputed: list[Position] = field(default_factory=list)
    hidden_row: Position | None = None
    hidden_column: Position | None = None
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
