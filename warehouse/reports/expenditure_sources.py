"""The cells behind each program's yen: the center's reports, the ledger's lines, the budget's movements."""

from datetime import datetime
from typing import Any

from sqlalchemy import CTE, Connection, Select, select, true

from warehouse.current import current
from warehouse.facts import FACTS
from warehouse.marts.reconciliation import PHASES
from warehouse.postings import EARNED, SPENT, postings
from warehouse.reports.figure import Cell
from warehouse.reports.rules import MINUS, PLUS
from warehouse.tables import DIM_PROGRAM, DIM_SUBMISSION

Sources = dict[str, tuple[Cell, ...]]


def expenditure_sources(
    connection: Connection, fiscal_year: int, as_of: datetime | None
) -> dict[str, Sources]:
    """Side (reported, ledger, budget and its phases) to the id of each printed program to its cells."""
    known = current(as_of, fiscal_year)
    queries = {
        "reported": _form_cells("expenditure", known),
        "budget": _form_cells("budget", known),
        "ledger": _ledger_cells(known, SPENT),
        "income": _ledger_cells(known, EARNED),
        "income_budget": _form_cells("revenue", known),
        **{name: _form_cells("budget", known, movements) for name, movements in PHASES.items()},
    }
    return {side: _gather(connection, query, fiscal_year) for side, query in queries.items()}


def _form_cells(form_id: str, known: CTE, movements: tuple[str, ...] = ()) -> Select[Any]:
    """The cells of a form; of the budget, those of some kinds of movement."""
    f, s, p = FACTS[form_id].c, DIM_SUBMISSION.c, DIM_PROGRAM.c
    return (
        select(
            p.top_program_key,
            p.fiscal_year,
            s.period_key,
            s.submission_key,
            f.line_no,
            s.sha256,
            s.file_name,
            f.amount_yen_at.label("address"),
            f.amount_yen,
            f.amount_yen.label("cell_yen"),
        )
        .select_from(
            FACTS[form_id]
            .join(known, known.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
            .join(DIM_PROGRAM, p.program_key == f.program_key)
        )
        .where(f.amount_yen != 0, f.movement.in_(movements) if movements else true())
    )


def _ledger_cells(known: CTE, side: str) -> Select[Any]:
    lines = postings(known, side=side)
    s, p, g = DIM_SUBMISSION.c, DIM_PROGRAM.c, lines.c
    return (
        select(
            p.top_program_key,
            p.fiscal_year,
            s.period_key,
            s.submission_key,
            g.line_no,
            s.sha256,
            s.file_name,
            g.amount_at.label("address"),
            g.amount_yen,
            g.cell_yen,
        )
        .select_from(
            lines.join(DIM_SUBMISSION, s.submission_key == g.submission_key).join(
                DIM_PROGRAM, p.program_key == g.program_key
            )
        )
        .where(g.amount_yen != 0)
    )


def _gather(connection: Connection, query: Select[Any], fiscal_year: int) -> Sources:
    """Of the year, in the order of month, file and line."""
    rows = query.subquery()
    top = DIM_PROGRAM.alias("top")
    found = connection.execute(
        select(top.c.program_id, *rows.c)
        .select_from(rows.join(top, top.c.program_key == rows.c.top_program_key))
        .where(rows.c.fiscal_year == fiscal_year)
        .order_by(rows.c.period_key, rows.c.submission_key, rows.c.line_no)
    )
    sources: dict[str, list[Cell]] = {}
    for row in found:
        role = PLUS if row.amount_yen == row.cell_yen else MINUS
        cell = Cell(row.sha256, row.file_name, row.address, row.cell_yen, role)
        sources.setdefault(row.program_id, []).append(cell)
    return {program_id: tuple(cells) for program_id, cells in sources.items()}
