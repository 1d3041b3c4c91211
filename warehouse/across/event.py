"""Occurrences of one event (one 催事番号 of a program and year) bear one name, place and target."""

from typing import Any

from sqlalchemy import CTE, Select, func, literal, select

from schemas.catalog import Catalog
from schemas.forms.event import EVENT
from warehouse.across.scope import Years, within
from warehouse.current import of_current
from warehouse.facts import FACTS


def query(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Blamed is the later occurrence; the first of the year has named the event."""
    f = FACTS[EVENT.id].c
    described = f.name + literal("（") + f.place + f.target + literal("）")
    first = func.first_value(described).over(
        partition_by=(f.program_key, f.event_no),
        order_by=(f.start_date, f.end_date, f.name, f.submission_key),
    )
    lines = (
        select(
            f.submission_key,
            f.name_at.label("address"),
            f.event_no,
            described.label("seen"),
            first.label("expected"),
        )
        .select_from(of_current(FACTS[EVENT.id], current))
        .where(within(years))
        .cte("described_events")
    )
    return [
        select(
            literal("event.name.differs").label("rule_id"),
            lines.c.submission_key,
            lines.c.address,
            lines.c.seen,
            lines.c.expected,
            lines.c.event_no.label("whole"),
        ).where(lines.c.seen != lines.c.expected)
    ]
