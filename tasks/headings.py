"""Which column of a sheet is which column of the form: by heading, never by position."""

from dataclasses import dataclass

from schemas.form import Form
from schemas.values import folded
from tasks.grid import Grid


@dataclass(frozen=True)
class Headings:
    """Where the columns stand (column id to position), what is unknown, and where the data begins."""

    columns: dict[str, int]
    unknown: dict[int, str]
    row: int
    first_row: int


def locate(grid: Grid, form: Form) -> Headings:
    """The heading line (of one or two lines) with the most known headings."""
    if grid.derived:
        first = grid.derived.first_row
        return Headings(grid.derived.columns, {}, first - 1, first)
    if grid.kind == "object":
        return _keyed(grid, form)
    if grid.kind == "lines":
        return _named(dict(enumerate(grid.headings)), form, 0, 1)
    best = Headings({}, {}, grid.top, grid.bottom)
    for row, first_row, names in grid.heading_lines():
        found = _named(names, form, row, first_row)
        if len(found.columns) > len(best.columns):
            best = found
        if len(best.columns) == len(form.columns):
            break
    return best


def _keyed(grid: Grid, form: Form) -> Headings:
    """A posted object names columns by our ids; one that no row has is blank in all."""
    ids = {column.id for column in form.columns}
    columns = {name: position for position, name in enumerate(grid.headings) if name in ids}
    unknown = {position: name for position, name in enumerate(grid.headings) if name not in ids}
    return Headings(columns, unknown, -1, 0)


def _named(names: dict[int, str], form: Form, row: int, first_row: int) -> Headings:
    known = form.by_heading
    columns: dict[str, int] = {}
    unknown: dict[int, str] = {}
    for position, name in names.items():
        column = known.get(folded(name))
        if column and column.id not in columns:
            columns[column.id] = position
        elif name:
            unknown[position] = name
    return Headings(columns, unknown, row, first_row)
