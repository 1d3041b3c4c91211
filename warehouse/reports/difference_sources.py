"""The cells behind what differences make of each program; and behind the two sides of a difference."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from schemas.forms.spending import SPENDING
from warehouse.current import current
from warehouse.facts import FACTS
from warehouse.postings import postings
from warehouse.reconciliation.differences import Difference
from warehouse.reconciliation.elements import BOOKED, LINE, REPORTED, SHEET
from warehouse.reconciliation.loose import Element
from warehouse.reconciliation.statement import heading_of
from warehouse.reports.figure import Cell
from warehouse.reports.rules import MINUS, PLUS
from warehouse.tables import DIM_SUBMISSION

Post = tuple[int, int, int]


def cells_of(
    connection: Connection, fiscal_year: int, as_of: datetime | None, elements: Iterable[Element]
) -> dict[int, tuple[Cell, ...]]:
    """By id(): the cells whose yen, by their role, make what an element adds to its own side."""
    elements = list(elements)
    sums = {_post(e) for e in elements if e.side == BOOKED and e.grain != LINE}
    sheets = {_post(e) for e in elements if e.grain == SHEET}
    booked = _postings(connection, fiscal_year, as_of, sums) if sums else {}
    lines = _lines(connection, as_of, sheets) if sheets else {}
    found: dict[int, tuple[Cell, ...]] = {}
    for e in elements:
        own = Cell(
            e.sha256, e.file_name, e.address, e.cell_yen, PLUS if e.amount_yen == e.cell_yen else MINUS
        )
        if e.grain == SHEET:
            cell = (Cell(e.sha256, e.file_name, e.address, e.cell_yen, PLUS),) if _has_cell(e, lines) else ()
            found[id(e)] = (*cell, *lines.get(_post(e), ()))
        elif e.side == BOOKED and e.grain != LINE:
            found[id(e)] = booked[_post(e)]
        else:
            found[id(e)] = (own,)
    return found


def _post(element: Element) -> Post:
    return element.program_key, element.account_key, element.period_key


def _has_cell(element: Element, lines: dict[Post, tuple[Cell, ...]]) -> bool:
    """Whether it is a cell of 支出 that lines miss, and not lines that no cell has."""
    return element.address not in {cell.address for cell in lines.get(_post(element), ())}


def _postings(
    connection: Connection, fiscal_year: int, as_of: datetime | None, wanted: set[Post]
) -> dict[Post, tuple[Cell, ...]]:
    lines, s = postings(current(as_of, fiscal_year), fiscal_year=fiscal_year), DIM_SUBMISSION.c
    g = lines.c
    key = (g.program_key, g.account_key, g.period_key)
    rows = connection.execute(
        select(*key, s.sha256, s.file_name, g.amount_at, g.cell_yen, g.amount_yen)
        .select_from(lines.join(DIM_SUBMISSION, s.submission_key == g.submission_key))
        .where(g.amount_yen != 0)
        .order_by(g.submission_key, g.line_no)
    )
    return _by_post(rows, wanted)


def _lines(connection: Connection, as_of: datetime | None, wanted: set[Post]) -> dict[Post, tuple[Cell, ...]]:
    """Lines of 支出明細, which take from what their cell is more than they."""
    known, f, s = current(as_of), FACTS[SPENDING.id].c, DIM_SUBMISSION.c
    months = sorted({month for *_, month in wanted})
    rows = connection.execute(
        select(
            *(f.program_key, f.account_key, f.period_key),
            *(s.sha256, s.file_name, f.amount_yen_at, f.amount_yen, -f.amount_yen),
        )
        .select_from(
            FACTS[SPENDING.id]
            .join(known, known.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
        )
        .where(and_(f.period_key.in_(months), f.amount_yen != 0))
        .order_by(f.submission_key, f.line_no)
    )
    return _by_post(rows, wanted)


def _by_post(rows: Iterable[Any], wanted: set[Post]) -> dict[Post, tuple[Cell, ...]]:
    found: dict[Post, list[Cell]] = {}
    for program, account, month, sha256, file_name, address, cell_yen, amount_yen in rows:
        post = (program, account, month)
        if post in wanted:
            role = PLUS if cell_yen == amount_yen else MINUS
            found.setdefault(post, []).append(Cell(sha256, file_name, address, cell_yen, role))
    return {post: tuple(cells) for post, cells in found.items()}


def difference_sources(
    differences: Sequence[Difference], cells: dict[int, tuple[Cell, ...]]
) -> dict[str, dict[str, tuple[Cell, ...]]]:
    """Column of the statement to the id of each printed program to its cells."""
    found: dict[str, dict[str, tuple[Cell, ...]]] = {}
    for one in differences:
        column = found.setdefault(heading_of(one.category.heading, one.status), {})
        for element in one.elements:
            program_id = element.top_program_id
            signed = cells[id(element)]
            if element.side != REPORTED:
                signed = tuple(_turned(cell) for cell in signed)
            column[program_id] = (*column.get(program_id, ()), *signed)
    return found


def _turned(cell: Cell) -> Cell:
    role = MINUS if cell.role == PLUS else PLUS
    return Cell(cell.sha256, cell.file_name, cell.address, cell.value, role)
