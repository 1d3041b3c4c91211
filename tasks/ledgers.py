"""ledgers: the journal of an accounting package as lines of our ledger, by the package's layout.

Each column of ours stands behind the package's own, with the address of the cell that it was taken from. What
only the first line of a slip says is said of all its lines; a side that a line leaves blank moves 0 yen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.form import Form
from schemas.forms.ledger import LEDGER
from schemas.layout import Layout, layouts
from schemas.values import Unreadable, folded, read_number
from tasks.grid import Cell, Derived, ErrorCell, Grid, shown
from tasks.headings import heading_lines

LOOKED_AT = 20
# Letters that CP932 has under another name: the same memo, however the file was saved.
TWINS = str.maketrans("〜−‖¢£¬—", "～－∥￠￡￢―")
RATE = re.compile(r"(\d+(?:\.\d)?)%")
SIDES = ("debit", "credit")


@dataclass(frozen=True)
class _Journal:
    """A grid with what its layout says of it: where the package's columns stand, and the first line."""

    grid: Grid
    layout: Layout
    places: dict[str, int]
    first_row: int

    @property
    def lines(self) -> range:
        return range(self.first_row, self.grid.bottom)

    def place(self, column_id: str) -> int | None:
        """Where a column of ours is read; a rate of tax that has no column in the name of its kind."""
        names = self.layout.reads.get(column_id, ())
        if column_id.endswith("_tax_rate") and not names:
            return self.place(column_id.removesuffix("_rate"))
        return next((self.places[folded(name)] for name in names if folded(name) in self.places), None)

    def cell(self, row: int, column_id: str) -> Cell:
        place = self.place(column_id)
        return None if place is None else self.grid.cell(row, place)

    def named(self, row: int, name: str) -> str:
        """The text under a heading of the package."""
        place = self.places.get(folded(name))
        return "" if place is None else self.grid.text(row, place)


def journal(grid: Grid) -> Iterator[tuple[Grid, Form]]:
    """The grid with our columns, if it is the journal of a package that we know."""
    for layout in layouts():
        if found := _known(grid, layout):
            yield _derived(found), LEDGER
            return


def _known(grid: Grid, layout: Layout) -> _Journal | None:
    if grid.kind != layout.kind:
        return None
    if layout.has_headings:
        return _by_headings(grid, layout)
    width = len(layout.columns)
    widths = {len(row) for row in grid.rows[:LOOKED_AT] if row}
    if not widths or min(widths) != width or (not layout.unquoted and max(widths) != width):
        return None
    found = _Journal(_joined(grid, layout), layout, _places(dict(enumerate(layout.columns))), 0)
    by = layout.known_by
    texts = [found.named(row, by.column) for row in found.lines[:LOOKED_AT]]
    is_known = any(text in by.values or (by.pattern and re.fullmatch(by.pattern, text)) for text in texts)
    return replace(found, grid=replace(found.grid, headings=layout.columns)) if is_known else None


def _by_headings(grid: Grid, layout: Layout) -> _Journal | None:
    wanted = set(map(folded, layout.known_by.headings))
    if grid.kind == "lines":
        first = tuple(map(shown, grid.rows[0])) if grid.rows else ()
        lines = [(0, 1, dict(enumerate(first)))]
        grid = replace(grid, headings=first)
    else:
        lines = heading_lines(grid)
    for _, first_row, names in lines:
        if wanted <= (places := _places(names)).keys():
            return _Journal(grid, layout, places, first_row)
    return None


def _places(names: dict[int, str]) -> dict[str, int]:
    """Folded headings to positions; of two that are alike the left one."""
    return {folded(name): place for place, name in sorted(names.items(), reverse=True) if name}


def _joined(grid: Grid, layout: Layout) -> Grid:
    """The grid with the commas of its unquoted column put back."""
    if not layout.unquoted:
        return grid
    at, width = layout.columns.index(layout.unquoted), len(layout.columns)

    def joined(row: list[Cell]) -> list[Cell]:
        end = len(row) - (width - at - 1)
        return [*row[:at], ",".join(map(shown, row[at:end])), *row[end:]] if len(row) > width else row

    rows = [joined(row) for row in grid.rows]
    is_whole = all(len(row) in (0, width) for row in rows)
    return replace(grid, rows=rows, beside=replace(grid.beside, ragged=0 if is_whole else grid.beside.ragged))


def _derived(found: _Journal) -> Grid:
    """The grid with a column behind the others for each of the ledger's."""
    grid, width = found.grid, found.grid.width
    ids = [column.id for column in LEDGER.columns]
    starts = _starts(found)
    slips = {start: str(n) for n, start in enumerate(sorted({*starts.values()} - {-1}), start=1)}
    rows = []
    for row in range(grid.top, grid.bottom):
        own = grid.rows[row - grid.top]
        cells: list[Cell] = [*own, *[None] * (width - grid.left - len(own))]
        if row >= found.first_row and any(cell is not None for cell in own):
            start = starts[row]
            cells += [_value(found, row, start, slips.get(start), name) for name in ids]
        rows.append(cells)
    marks = found.places.get(folded((*found.layout.slip.same, found.layout.slip.column, "")[0]), grid.left)
    places = [marks if name == "slip" else found.place(name) for name in ids]
    derived = Derived(
        {name: width + n for n, name in enumerate(ids) if places[n] is not None},
        {width + n: place for n, place in enumerate(places) if place is not None},
        found.first_row,
    )
    return replace(grid, rows=rows, derived=derived)


def _starts(found: _Journal) -> dict[int, int]:
    """Each line's first line of its slip; -1 where its mark is none that the package writes."""
    slip = found.layout.slip
    starts: dict[int, int] = {}
    seen: dict[tuple[str, ...], int] = {}
    start = -1
    for row in found.lines:
        if slip.same:
            starts[row] = seen.setdefault(tuple(found.named(row, name) for name in slip.same), row)
            continue
        mark = found.named(row, slip.column) if slip.column else ""
        if not slip.column or mark in slip.first:
            start = row
        starts[row] = start if not slip.column or mark in (*slip.first, *slip.more) else -1
    return starts


def _value(found: _Journal, row: int, start: int, slip: str | None, name: str) -> Cell:
    if name == "slip":
        return slip
    cell = found.cell(row, name)
    if cell is None and name in found.layout.slip.held and start >= 0:
        cell = found.cell(start, name)
    if isinstance(cell, str) and not isinstance(cell, ErrorCell):
        cell = cell.translate(TWINS)
    side, _, what = name.partition("_")
    if side not in SIDES:
        return _closing(found.layout, cell) if name == "closing" else cell
    if what == "yen":
        return _yen(found, row, side, cell)
    if what == "tax_rate":
        return _rate(shown(cell), is_of_its_own=name in found.layout.reads)
    return cell


def _closing(layout: Layout, cell: Cell) -> Cell:
    text = shown(cell)
    return layout.closing.get(text, text) or None


def _yen(found: _Journal, row: int, side: str, cell: Cell) -> Cell:
    """The amount with its tax; a side without account and amount moves nothing."""
    if cell is None:
        return 0.0 if found.cell(row, f"{side}_account") is None else None
    if not found.layout.tax_is_beside:
        return cell
    try:
        amount, _ = read_number(cell)
        tax, _ = read_number(found.cell(row, f"{side}_tax_yen"))
    except Unreadable:
        return cell
    return cell if amount is None else amount + (tax or 0)


def _rate(text: str, is_of_its_own: bool) -> Cell:
    """The rate of tax in percent, from a column of its own or the name of a kind of tax (課対仕入10%)."""
    if found := RATE.search(folded(text)):
        return found[1]
    return text if is_of_its_own and text else None
