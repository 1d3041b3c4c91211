"""The totals of lines, above them on a sheet, beside them in an object: as stated, and as they come to.

A sheet's are its own formulas over whatever stands below: only numbers typed as such, as Excel adds them.
"""

from typing import Any

from schemas.control import LAST_ROW, control_number
from schemas.form import Column, Form
from schemas.values import folded
from tasks.grid import Grid, shown
from tasks.guard.refused import Refused
from tasks.headings import Headings

WORD = "合計"
OF_TOTALS = 0
"""The row of an object's totals; its rows count from 1."""


def total_record(grid: Grid, form: Form, headings: Headings) -> dict[str, Any] | None:
    """`row`, and for each column with a total "<column>__stated" and "__counted".

    None without totals, or where the list is longer than those of a sheet reach. Raises Refused (BROKEN) for
    totals of an object that are of no column, or no numbers.
    """
    columns = [column for column in form.columns if column.is_totaled]
    if not columns or not _has_totals(grid, headings):
        return None
    is_object = grid.kind == "object"
    stated = _of_object(grid, {column.id for column in columns}) if is_object else _above(grid, headings)
    record: dict[str, Any] = {"row": OF_TOTALS if is_object else headings.row, "is_total": True}
    for column in form.columns:
        record |= {column.id: None, f"{column.id}__unread": None}
        if column.is_measure:
            record[f"{column.id}_status"] = None
    for column in columns:
        position = headings.columns.get(column.id)
        record[f"{column.id}__stated"] = stated.get(column.id)
        record[f"{column.id}__counted"] = _counted(grid, column, headings.first_row, position)
    return record


def _has_totals(grid: Grid, headings: Headings) -> bool:
    """Whether an object has totals, or a sheet the row 合計 above its headings, which reaches all of it."""
    if grid.kind != "sheet":
        return bool(grid.totals)
    texts = (grid.text(headings.row - 1, column) for column in range(grid.left, grid.width))
    return grid.bottom <= LAST_ROW and any(folded(text) == WORD for text in texts)


def _of_object(grid: Grid, totaled: set[str]) -> dict[str, float]:
    for name, value in grid.totals.items():
        if name not in totaled or not isinstance(value, float | None):
            raise Refused("BROKEN", f"totals の「{name[:50]}」が合計の項目でないか、数ではありません")
    return {name: value for name, value in grid.totals.items() if isinstance(value, float)}


def _above(grid: Grid, headings: Headings) -> dict[str, float]:
    """What stands above the columns; what is no number there says nothing."""
    cells = {name: grid.cell(headings.row - 1, position) for name, position in headings.columns.items()}
    return {name: cell for name, cell in cells.items() if isinstance(cell, float)}


def _counted(grid: Grid, column: Column, first_row: int, position: int | None) -> float | None:
    cells = [] if position is None else [grid.at(row, position) for row in range(first_row, grid.bottom)]
    if column.is_measure:
        return sum(cell for cell in cells if type(cell) is float)
    return control_number(
        cell if isinstance(cell, str) else shown(cell) for cell in cells if cell is not None
    )
