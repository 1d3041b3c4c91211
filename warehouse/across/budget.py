"""The budget against its own earlier revisions: a decision does not change."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, func, literal, select

from schemas.catalog import Catalog
from schemas.forms.budget import BUDGET
from warehouse.across.scope import Years, within
from warehouse.facts import FACTS
from warehouse.tables import DIM_SUBMISSION


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
