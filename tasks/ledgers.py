"""ledgers: the journal of an accounting package as lines of our ledger, by the package's layout.

Each column of ours stands behind the package's own, with the address of the cell that it was taken from. What
only the first line of a slip says is said of all its lines; a side that a line leaves blank moves 0 yen.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schemas.form import Form
from schemas.forms.ledger import LEDGER
from schemas.layout import Layout, Slip, layouts
from schemas.values import Unreadable, folded, read_number
from tasks.grid import Cell, Derived, ErrorCell, Grid, shown

LOOKED_AT = 20
# Letters that CP932 has under another name: the same memo, however the file was saved.
TWINS = str.maketrans("〜−‖¢£¬—", "～－∥￠￡￢―")
RATE = re.compile(r"(\d+(?:\.\d)?)%")
SIDES = ("debit", "credit")
# 「伺K04-017　4月分　電気料」: the number under which a center asked to spend. A digit is in it.
REFERENCE = re.compile(r"伺\s*[:：]?\s*([0-9A-Za-z\-]*[0-9][0-9A-Za-z\-]*)")


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
        if column_id == "reference":
            return self.place("memo")
        names = self.layout.reads.get(column_id, ())
        if column_id.endswith("_tax_rate") and not names:
            return self.place(column_id.removesuffix("_rate"))
        return next((self.places[folded(name)] for name in names if folded(name) in self.places), None)

    def cells(self, place: int | None) -> list[Cell]:
        """The cells of all lines at a place; blanks where there is none."""
        return [None if place is None else self.grid.cell(row, place) for row in self.lines]

    def texts(self, name: str) -> list[str]:
        """The texts of all lines under a heading of the package."""
        return [shown(cell) for cell in self.cells(self.places.get(folded(name)))]


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
    widths = [len(row) for row in grid.rows[:LOOKED_AT] if row]
    fitting = [one for one in widths if one == width or (layout.unquoted and one > width)]
    if len(fitting) * 2 <= len(widths):
        return None
    found = _Journal(_joined(grid, layout), layout, _places(dict(enumerate(layout.columns))), 0)
    by = layout.known_by
    texts = found.texts(by.column)[:LOOKED_AT]
    known = [text in by.values or bool(by.pattern and re.fullmatch(by.pattern, text)) for text in texts]
    # A line of headings, which another export has, is none that the package writes.
    is_known = sum(known) * 2 > len(known) and (known[0] or not texts[0])
    return replace(found, grid=replace(found.grid, headings=layout.columns)) if is_known else None


def _by_headings(grid: Grid, layout: Layout) -> _Journal | None:
    wanted = set(map(folded, layout.known_by.headings))
    if grid.kind == "lines":
        first = tuple(map(shown, grid.rows[0])) if grid.rows else ()
        lines = [(0, 1, dict(enumerate(first)))]
        grid = replace(grid, headings=first)
    elif not wanted <= grid.names:
        return None
    else:
        lines = [*grid.heading_lines()]
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
    ragged = next((n for n, row in enumerate(rows, start=1) if len(row) not in (0, width)), 0)
    return replace(grid, rows=rows, beside=replace(grid.beside, ragged=ragged))


def _derived(found: _Journal) -> Grid:
    """The grid with a column behind the others for each of the ledger's."""
    grid, width = found.grid, found.grid.width
    starts = _starts(found)
    columns = {column.id: _column(found, column.id, starts) for column in LEDGER.columns}
    places = {column.id: found.place(column.id) for column in LEDGER.columns}
    places["slip"] = found.places.get(folded(_mark(found.layout)), grid.left)
    ours = [*zip(*columns.values(), strict=True)]
    rows = []
    for row, own in enumerate(grid.rows, start=grid.top):
        cells: list[Cell] = [*own, *[None] * (width - grid.left - len(own))]
        if row >= found.first_row and any(cell is not None for cell in own):
            cells += ours[row - found.first_row]
        rows.append(cells)
    stand = {name: width + n for n, name in enumerate(columns) if places[name] is not None}
    sources = {stand[name]: place for name, place in places.items() if place is not None}
    return replace(grid, rows=rows, derived=Derived(stand, sources, found.first_row))


def _mark(layout: Layout) -> str:
    """The column by which slips are told."""
    return layout.slip.column or next(iter(layout.slip.same), "")


def _starts(found: _Journal) -> list[int]:
    """For each line, which line is the first one of its slip; -1 where its mark is none of the package's."""
    slip = found.layout.slip
    if slip.same:
        first: dict[tuple[str, ...], int] = {}
        keys = zip(*(found.texts(name) for name in slip.same), strict=True)
        return [first.setdefault(key, n) if all(key) else -1 for n, key in enumerate(keys)]
    if not slip.column:
        return [*range(len(found.lines))]
    return _marked(slip, found.texts(slip.column))


def _marked(slip: Slip, marks: Sequence[str]) -> list[int]:
    """Slips by their marks; lines of a slip that is never ended, or of none, have no first line."""
    starts: list[int] = []
    start, is_open = -1, False
    for n, mark in enumerate([*marks, None]):
        begins = mark is None or mark in (*slip.single, *slip.first)
        if begins and is_open and slip.last:
            starts[start:] = [-1] * (n - start)
        if mark is None:
            break
        if begins:
            start, is_open = n, mark in slip.first
            starts.append(n)
            continue
        starts.append(start if is_open and mark in (*slip.more, *slip.last) else -1)
        is_open = is_open and mark not in slip.last
    return starts


def _column(found: _Journal, name: str, starts: Sequence[int]) -> list[Cell]:
    """A column of ours over all lines."""
    if name == "slip":
        number = {start: str(n) for n, start in enumerate(sorted({*starts} - {-1}), start=1)}
        return [number.get(start) for start in starts]
    cells = found.cells(found.place(name))
    if name in found.layout.slip.held:
        cells = [
            cells[start] if cell is None and start >= 0 else cell
            for cell, start in zip(cells, starts, strict=True)
        ]
    side, _, what = name.partition("_")
    if name == "reference":
        return [_reference(shown(cell)) for cell in cells]
    if name == "closing":
        return [_closing(found.layout, cell) for cell in cells]
    if side in SIDES and what == "yen":
        return _yen(found, side, cells)
    if side in SIDES and what == "tax_rate":
        return [_rate(shown(cell), is_of_its_own=name in found.layout.reads) for cell in cells]
    return [
        cell.translate(TWINS) if isinstance(cell, str) and not isinstance(cell, ErrorCell) else cell
        for cell in cells
    ]


def _reference(memo: str) -> Cell:
    found = REFERENCE.search(unicodedata.normalize("NFKC", memo))
    return found[1] if found else None


def _closing(layout: Layout, cell: Cell) -> Cell:
    text = shown(cell)
    known = {folded(word): closing for word, closing in layout.closing.items()}
    return known.get(folded(text), text) or None


def _yen(found: _Journal, side: str, cells: Sequence[Cell]) -> list[Cell]:
    """The amounts with their tax; a side without account and amount moves nothing."""
    accounts = found.cells(found.place(f"{side}_account"))
    taxes: list[Cell] = [None] * len(cells)
    if found.layout.tax_is_beside:
        taxes = found.cells(found.place(f"{side}_tax_yen"))
    return [
        0.0 if cell is None and account is None and tax is None else _with_tax(cell, tax)
        for cell, account, tax in zip(cells, accounts, taxes, strict=True)
    ]


def _with_tax(cell: Cell, tax: Cell) -> Cell:
    """What cannot be read is handed on as it is, for its rule: the amount, or the tax that would be in it."""
    if cell is None or tax is None:
        return cell
    try:
        amount, _ = read_number(cell)
    except Unreadable:
        return cell
    try:
        return cell if amount is None else amount + (read_number(tax)[0] or 0)
    except Unreadable:
        return f"{shown(cell)}（税 {shown(tax)}）"


def _rate(text: str, is_of_its_own: bool) -> Cell:
    """The rate of tax in percent, from a column of its own or the name of a kind of tax (課対仕入10%)."""
    if found := RATE.search(folded(text)):
        return found[1]
    return text if is_of_its_own and text else None
