"""The cover block of a sheet: labels anywhere above the table, each with its value to the right."""

import re
from dataclasses import dataclass

from schemas.form import Form
from schemas.forms.cover import COVER, HALVES
from schemas.period import Period
from schemas.values import Unreadable, folded
from schemas.wareki import read_fiscal_year, read_month
from tasks.convert import BLANK, Converted, Converter
from tasks.grid import Cell, Grid

_TITLE_PERIOD = re.compile(r"^(.*?年)(?:度)?(?:(\d{1,2}|元)月分?|(上期|下期)分?)?$")


@dataclass(frozen=True)
class Field:
    """A field of the cover: what it says, and the address to blame."""

    converted: Converted
    address: str

    @property
    def seen(self) -> str:
        return self.converted.unread or str(self.converted.value or "")


def read_cover(grid: Grid, table_row: int, converter: Converter) -> dict[str, Field]:
    """The fields by column id; one whose label is not there is blank, at the sheet's first cell."""
    labels = COVER.by_heading
    fields = {column.id: Field(BLANK, grid.address(grid.top, grid.left)) for column in COVER.columns}
    for row, column in grid.cells_above(table_row):
        if (row, column) != grid.origin(row, column):
            continue
        label, _, inline = grid.text(row, column).replace("：", ":").partition(":")
        known = labels.get(folded(label))
        if known and not fields[known.id].seen:
            cell, at = (inline, (row, column)) if inline else _right_of(grid, row, column)
            fields[known.id] = Field(converter.convert(known, cell, {}), grid.address(*at))
    return fields


def _right_of(grid: Grid, row: int, column: int) -> tuple[Cell, tuple[int, int]]:
    """The cell to the right of a label, which may be merged."""
    label = grid.origin(row, column)
    while grid.origin(row, column) == label:
        column += 1
    return grid.cell(row, column), (row, column)


def title_of(grid: Grid, form: Form) -> tuple[str, tuple[int, int]] | None:
    """What stands before the form's title, such as 令和3年4月分, and where; None without the title."""
    for at, text in grid.head:
        if form.title in text:
            return text.partition(form.title)[0].strip(), at
    return None


def title_period(before: str) -> Period | None:
    """The month, half or year that a title names; None when it names none."""
    found = _TITLE_PERIOD.match(folded(before).upper())
    if not found:
        return None
    try:
        year = read_fiscal_year(found[1].removesuffix("年"))
        month = read_month(found[2]) if found[2] else 0
    except Unreadable:
        return None
    if found[3]:
        return Period("half", year, HALVES.index(found[3]) + 1)
    if not month:
        return Period("year", year)
    return Period("month", year - (1 if month < 4 else 0), month)
