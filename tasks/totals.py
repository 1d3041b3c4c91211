"""The row of 合計 above the lines of a sheet: what it states, and what its formulas should give.

They are the sheet's own formulas over whatever stands below: only numbers typed as such, as Excel adds them.
"""

from typing import Any

from schemas.control import LAST_ROW, control_number
from schemas.form import Column, Form
from schemas.values import folded
from tasks.grid import Grid, shown
from tasks.headings import Headings

WORD = "合計"


def total_record(grid: Grid, form: Form, headings: Headings) -> dict[str, Any] | None:
    """`row`, and for each column with a total "<column>__stated" and "__counted".

    None without the row, or where the list is longer than it reaches.
    """
    above = headings.row - 1
    columns = [column for column in form.columns if column.is_totaled and column.id in headings.columns]
    if grid.kind != "sheet" or grid.bottom > LAST_ROW or not columns or not _is_total(grid, above):
        return None
    record: dict[str, Any] = {"row": above + 1, "is_total": True}
    for column in form.columns:
        record |= {column.id: None, f"{column.id}__unread": None}
        if column.is_measure:
            record[f"{column.id}_status"] = None
    for column in columns:
        position = headings.columns[column.id]
        stated = grid.cell(above, position)
        record[f"{column.id}__stated"] = stated if isinstance(stated, float) else None
        record[f"{column.id}__counted"] = _counted(grid, column, headings.first_row, position)
    return record


def _is_total(grid: Grid, row: int) -> bool:
    return any(folded(grid.text(row, column)) == WORD for column in range(grid.left, grid.width))


def _counted(grid: Grid, column: Column, first_row: int, position: int) -> float | None:
    cells = [grid.at(row, position) for row in range(first_row, grid.bottom)]
    if column.is_measure:
        return sum(cell for cell in cells if type(cell) is float)
    return control_number(
        cell if isinstance(cell, str) else shown(cell) for cell in cells if cell is not None
    )
