"""tables: a CSV of another body as one of our forms, by a layout of the catalog.

Each column of ours stands behind theirs, with the address of the first cell that it was taken from.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.form import Column, Form
from schemas.forms import form_by_id
from schemas.table_layout import TableLayout
from schemas.values import Unreadable, folded, read_number
from schemas.wareki import read_fiscal_year
from tasks.grid import Cell, Derived, Grid, shown

JOINT = "／"
_CODE = re.compile(r"^[0-9０-９]+")
# 令和6年度, R06, 2024年度, FY2024 in a file's name.
_YEAR = re.compile(r"(?<![0-9A-Za-z])(令和(?:元|\d{1,2})年度?|R\d{1,2}|FY\d{4}|\d{4}年度)(?!\d)")


def table(grid: Grid, layouts: Sequence[TableLayout], file_name: str) -> Iterator[tuple[Grid, Form]]:
    """The grid with our columns, if one of the layouts knows it."""
    first = tuple(map(shown, grid.rows[0])) if grid.rows and grid.kind == "lines" else ()
    places = {folded(name): place for place, name in reversed([*enumerate(first)])}
    for layout in layouts:
        if {*map(folded, layout.headings)} <= places.keys():
            form = form_by_id(layout.form)
            yield _derived(grid, first, layout, form, places, file_name), form
            return


def _derived(
    grid: Grid,
    headings: tuple[str, ...],
    layout: TableLayout,
    form: Form,
    places: dict[str, int],
    file_name: str,
) -> Grid:
    ours = [c for c in form.columns if c.id in (*layout.reads, *layout.constants)]
    width = grid.width
    rows = []
    for number, row in enumerate(grid.rows):
        cells: list[Cell] = [*row, *[None] * (width - len(row))]
        if number and any(cell is not None for cell in row):
            cells += [_cell(grid, number, column, layout, places) for column in ours]
        rows.append(cells)
    stand = {column.id: width + n for n, column in enumerate(ours)}
    sources = {stand[c.id]: _place(c, layout, places) for c in ours}
    year = _fiscal_year(grid, layout, places, file_name)
    return replace(grid, rows=rows, headings=headings, derived=Derived(stand, sources, 1, year))


def _place(column: Column, layout: TableLayout, places: dict[str, int]) -> int:
    """Where a column is read; of one that is always the same, the first column."""
    names = layout.reads.get(column.id, ())
    return places[folded(names[-1])] if names else 0


def _cell(grid: Grid, row: int, column: Column, layout: TableLayout, places: dict[str, int]) -> Cell:
    if column.id in layout.constants:
        return layout.constants[column.id]
    cells = [grid.cell(row, places[folded(name)]) for name in layout.reads[column.id]]
    if column.type == "yen":
        return _in_yen(cells[0], layout.unit_yen)
    texts = [shown(cell).strip() for cell in cells]
    if column.id in layout.uncoded:
        texts = [_CODE.sub("", text).strip() for text in texts]
    text = JOINT.join(texts)
    return layout.words.get(column.id, {}).get(text, text) or None


def _in_yen(cell: Cell, unit_yen: int) -> Cell:
    """What cannot be read is handed on as it is, for its rule."""
    try:
        amount, _ = read_number(cell) if cell is not None else (None, "")
    except Unreadable:
        return cell
    return cell if amount is None else round(amount * unit_yen, 3)


def _fiscal_year(grid: Grid, layout: TableLayout, places: dict[str, int], file_name: str) -> int | None:
    """The one year that their column says of all lines, or else the file's name; None for several."""
    if layout.fiscal_year:
        place = places[folded(layout.fiscal_year)]
        lines = (n for n, row in enumerate(grid.rows) if n and any(cell is not None for cell in row))
        said = {shown(grid.cell(number, place)) for number in lines}
        words = [*said] if len(said) == 1 else []
    else:
        name = unicodedata.normalize("NFKC", file_name)
        words = [found[1].removeprefix("FY") for found in _YEAR.finditer(name)]
    for word in words:
        try:
            return read_fiscal_year(word)
        except Unreadable:
            continue
    return None
