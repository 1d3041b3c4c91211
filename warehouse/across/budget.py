"""The budget against its own earlier revisions, as a decision does not change; and against what was spent."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, func, literal, select, union_all

from schemas.catalog import Catalog
from schemas.forms.budget import BUDGET
from warehouse.across.scope import Years, within
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.marts.expenditure import by_program
from warehouse.postings import postings
from warehouse.tables import DIM_PROGRAM, DIM_SUBMISSION


def changed(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A movement of which an earlier revision stated another amount."""
    now, s = FACTS[BUDGET.id].c, DIM_SUBMISSION.c
    earlier, before = FACTS[BUDGET.id].alias("earlier").c, DIM_SUBMISSION.alias("before").c
    same = [earlier[name] == now[name] for name in ("decision_code", "movement", "program_key")]
    return [
        select(
            literal("budget.amount_yen.changed").label("rule_id"),
            now.submission_key,
            now.amount_yen_at.label("address"),
            cast(now.amount_yen, Float).label("seen"),
            cast(func.max(earlier.amount_yen), Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            of_current(FACTS[BUDGET.id], current)
            .join(earlier.submission_key.table, and_(*same, earlier.amount_yen != now.amount_yen))
            .join(before.submission_key.table, before.submission_key == earlier.submission_key)
        )
        .where(
            within(years),
            before.state == "accepted",
            before.withdrawn_at.is_(None),
            before.revision < s.revision,
        )
        .group_by(now.submission_key, now.amount_yen_at, now.amount_yen)
    ]


def exceeded(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A program that spent more than its 予算現額: at its last movement, or else its last posting."""
    spent, last = by_program(current), _last(current, years)
    y, p, t = spent.c, DIM_PROGRAM.c, last.c
    return [
        select(
            literal("budget.amount_yen.exceeded").label("rule_id"),
            t.submission_key,
            t.address,
            cast(y.ledger_yen, Float).label("seen"),
            cast(y.budget_yen, Float).label("expected"),
            (p.printed_number + literal(" ") + p.program_name).label("whole"),
        )
        .select_from(
            spent.join(
                DIM_PROGRAM, and_(p.program_key == y.program_key, p.fiscal_year == y.fiscal_year)
            ).join(last, and_(t.top_program_key == y.program_key, t.place == 1))
        )
        .where(y.fiscal_year.in_(sorted(years)), y.ledger_yen > y.budget_yen)
    ]


def _last(current: CTE, years: Years) -> CTE:
    """The cells of each program's movements and, behind those, of its postings; the last one has place 1."""
    f, p = FACTS[BUDGET.id].c, DIM_PROGRAM.c
    movements = (
        select(
            p.top_program_key,
            f.submission_key,
            f.amount_yen_at.label("address"),
            f.line_no,
            literal(1).label("kind"),
        )
        .select_from(
            FACTS[BUDGET.id]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_PROGRAM, p.program_key == f.program_key)
        )
        .where(p.fiscal_year.in_(sorted(years)))
    )
    cells = union_all(movements, *(_spendings(current, year) for year in sorted(years))).cte(
        "cells_of_budget"
    )
    c = cells.c
    place = func.row_number().over(
        partition_by=c.top_program_key, order_by=(c.kind, c.line_no.desc(), c.address.desc())
    )
    return select(*c, place.label("place")).cte("last_of_budget")


def _spendings(current: CTE, fiscal_year: int) -> Select[Any]:
    g, p = postings(current, f"postings_of_{fiscal_year}", fiscal_year).c, DIM_PROGRAM.c
    return select(
        p.top_program_key, g.submission_key, g.amount_at, g.line_no, literal(2).label("kind")
    ).select_from(g.submission_key.table.join(DIM_PROGRAM, p.program_key == g.program_key))
