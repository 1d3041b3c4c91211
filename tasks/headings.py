"""Which column of a sheet is which column of the form: by heading, never by position."""

from dataclasses import dataclass

from schemas.form import Form
from schemas.values import folded
from tasks.grid import Grid

SEARCHED_ROWS = 20
SEARCHED_COLUMNS = 200

Line = tuple[int, int, dict[int, str]]


@dataclass(frozen=True)
class Headings:
    """Where the columns stand (column id to position), what is unknown, and where the data begins."""

    columns: dict[str, int]
    unknown: dict[int, str]
    row: int
    first_row: int


def locate(grid: Grid, form: Form) -> Headings:
    """The heading line (of one or two lines) with the most known headings."""
    return located(grid, form, heading_lines(grid))


def located(grid: Grid, form: Form, lines: list[Line]) -> Headings:
    """`locate` where the grid's `heading_lines` are at hand, as for many forms on one grid."""
    if grid.derived:
        first = grid.derived.first_row
        return Headings(grid.derived.columns, {}, first - 1, first)
    if grid.kind == "object":
        return _keyed(grid, form)
    if grid.kind == "lines":
        return _named(dict(enumerate(grid.headings)), form, 0, 1)
    best = Headings({}, {}, grid.top, grid.bottom)
    for row, first_row, names in lines:
        found = _named(names, form, row, first_row)
        if len(found.columns) > len(best.columns):
            best = found
    return best


def heading_lines(grid: Grid) -> list[Line]:
    """What may be a sheet's heading line: its upper row, the row after it, and the texts by position."""
    if grid.kind != "sheet":
        return []
    width = min(grid.width, grid.left + SEARCHED_COLUMNS)
    last = min(grid.bottom, grid.top + SEARCHED_ROWS)
    texts = {row: [grid.text(row, column) for column in range(width)] for row in range(grid.top, last + 1)}
    return [
        (row, row + lines, dict(enumerate(_names(texts[row], texts[row + 1], lines))))
        for row in range(grid.top, last)
        if any(texts[row])
        for lines in (1, 2)
    ]


def _names(upper: list[str], lower: list[str], lines: int) -> list[str]:
    if lines == 1:
        return upper
    return [above if above == below else above + below for above, below in zip(upper, lower, strict=True)]


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
