"""The budget against its own earlier revision, and against what was spent once the books are closed."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, func, literal, or_, select

from schemas.catalog import Catalog
from schemas.forms.budget import BUDGET
from warehouse.across.scope import Years, within
from warehouse.facts import FACTS
from warehouse.marts.expenditure import by_program
from warehouse.tables import DIM_PROGRAM, DIM_SUBMISSION

# Of a closed year, a program spends at most its budget, and more than this part of it.
SPENT = 0.5


def changed(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A movement of which an earlier revision stated another amount: a decision does not change."""
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
            FACTS[BUDGET.id]
            .join(current, current.c.submission_key == now.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == now.submission_key)
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


def far_from_spent(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A program whose budget was exceeded, or used by half at most; blamed is its first movement."""
    sides = by_program(current)
    f, s, p, y = FACTS[BUDGET.id].c, DIM_SUBMISSION.c, DIM_PROGRAM.c, sides.c
    movements = (
        select(
            f.submission_key,
            f.amount_yen_at,
            p.top_program_key,
            func.row_number().over(partition_by=p.top_program_key, order_by=f.line_no).label("nth"),
        )
        .select_from(
            FACTS[BUDGET.id]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
            .join(DIM_PROGRAM, p.program_key == f.program_key)
        )
        .where(within(years), p.level != "reserve")
        .cte("movements")
    )
    m = movements.c
    is_far = or_(y.ledger_yen > y.budget_yen, y.ledger_yen < y.budget_yen * SPENT)
    return [
        select(
            literal("budget.amount_yen.far").label("rule_id"),
            m.submission_key,
            m.amount_yen_at.label("address"),
            cast(y.budget_yen, Float).label("seen"),
            cast(y.ledger_yen, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(movements.join(sides, y.program_key == m.top_program_key))
        .where(m.nth == 1, y.is_settled == 1, is_far)
    ]
