"""Values far outside what else was reported of the same thing in the year: a digit too many, a row too low.

A month is held against the other months of its flow, an event's guests against the other events of their
series, a client against the others of its list, a stock against the months before and after it. Shy on
purpose: what is only unusual goes by.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)

from schemas.catalog import Catalog
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.performance import PERFORMANCE
from schemas.values import NOT_APPLICABLE
from warehouse.across.monthly import current_rows
from warehouse.across.scope import Years, within
from warehouse.facts import FACTS
from warehouse.tables import DIM_INDICATOR, DIM_SUBMISSION

# At least so many others; more than so many times the greatest, or less than that part of the smallest;
# and by so many at least. A stock: so many times its greatest other step; if it has none, by that part.
OTHERS = 5
TIMES = 2
FLOOR = 5
STEPS = 3
STEP_FLOOR = 3
GROSS = 0.5


def flows(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A month of a flow that is unlike all the others."""
    stated = _months(current, years, "sum")
    # What hangs on a facility goes up and down with its opening days.
    of_facilities = {row.indicator_id for row in catalog.indicators if row.facility_id}
    months = select(stated).where(stated.c.indicator_id.not_in(sorted(of_facilities))).cte("usual_months")
    m = months.c
    key = (m.fiscal_year, m.indicator_id)
    return [_unlike("performance.value.unlike", months, key, m.place)]


def guests(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """An event whose guests, in the room and online, are unlike those of all others of its series."""
    f, s = FACTS[EVENT.id].c, DIM_SUBMISSION.c
    onsite, online = (func.coalesce(count, 0) for count in (f.onsite, f.online))
    at = case((onsite >= online, f.onsite_at), else_=f.online_at)
    held = (
        select(
            f.submission_key,
            f.series_key,
            f.line_no,
            (onsite + online).label("value"),
            at.label("value_at"),
        )
        .select_from(
            FACTS[EVENT.id]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
        )
        .where(within(years), f.cancelled == "", or_(f.onsite.is_not(None), f.online.is_not(None)))
        .cte("guests")
    )
    return [_unlike("event.onsite.unlike", held, (held.c.series_key,), held.c.submission_key, held.c.line_no)]


def stocks(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A stock that is away from the months on both sides of it; where only one is known, by half of it.

    A register has a rule of its own.
    """
    stated = _months(current, years, "last")
    registers = [rule.whole for rule in catalog.rules if rule.kind == "continuity"]
    months = select(stated).where(stated.c.indicator_id.not_in(registers)).cte("usual_stocks")
    now, before, after = (months.alias(name).c for name in ("now", "before", "after"))
    steps = _steps(months)
    s = steps.c
    others = and_(
        s.fiscal_year == now.fiscal_year,
        s.indicator_id == now.indicator_id,
        not_(s.place.in_((now.place, now.place + 1))),
    )
    beside = case(
        (before.value.is_(None), after.value),
        (after.value.is_(None), before.value),
        (func.abs(now.value - before.value) < func.abs(now.value - after.value), before.value),
        else_=after.value,
    )
    far, usual = func.abs(now.value - beside), func.max(s.step)
    is_gross = far >= beside * GROSS
    is_apart = and_((now.value - before.value) * (now.value - after.value) > 0, or_(usual > 0, is_gross))
    is_one_sided = or_(before.value.is_(None), after.value.is_(None))
    return [
        select(
            literal("performance.value.returns").label("rule_id"),
            now.submission_key,
            now.value_at.label("address"),
            cast(now.value, Float).label("seen"),
            cast(beside, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            now.place.table.outerjoin(before.place.table, _is_beside(before, now, -1))
            .outerjoin(after.place.table, _is_beside(after, now, 1))
            .join(steps, others)
        )
        .group_by(now.submission_key, now.value_at, now.indicator_id, now.value, before.value, after.value)
        .having(
            func.count() >= OTHERS,
            or_(is_apart, and_(is_one_sided, is_gross)),
            far > STEPS * usual,
            far >= STEP_FLOOR,
        )
    ]


def unstated(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A stock of which a month says 「－」 and others a number: there is one every month, or none ever."""
    rows = current_rows(FACTS[PERFORMANCE.id], current, years).cte("stated_stocks")
    others, i, r = rows.alias("others").c, DIM_INDICATOR.c, rows.c
    return [
        select(
            literal("performance.value.unstated").label("rule_id"),
            r.submission_key,
            r.value_at.label("address"),
            literal(NOT_APPLICABLE).label("seen"),
            cast(func.max(others.value), Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            rows.join(DIM_INDICATOR, i.indicator_key == r.indicator_key).join(
                others.value.table,
                and_(others.indicator_key == r.indicator_key, others.value.is_not(None)),
            )
        )
        .where(i.annual_rule == "last", i.frequency == "month", r.value_status == NOT_APPLICABLE)
        .group_by(r.submission_key, r.value_at)
    ]


def times(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A client helped far more often in a month than all others of its list."""
    f, s = FACTS[CLIENT.id].c, DIM_SUBMISSION.c
    helped = (
        select(
            f.submission_key, f.indicator_key, f.line_no, f.times.label("value"), f.times_at.label("value_at")
        )
        .select_from(
            FACTS[CLIENT.id]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
        )
        .where(within(years))
        .cte("helped")
    )
    h = helped.c
    return [_unlike("client.times.unlike", helped, (h.indicator_key,), h.submission_key, h.line_no)]


def _months(current: CTE, years: Years, annual_rule: str) -> CTE:
    """The months of which a number was reported; 「－」 is none."""
    rows = current_rows(FACTS[PERFORMANCE.id], current, years).cte(f"stated_{annual_rule}")
    i, r = DIM_INDICATOR.c, rows.c
    return (
        select(r.submission_key, r.fiscal_year, r.place, i.indicator_id, r.value, r.value_at)
        .select_from(rows.join(DIM_INDICATOR, i.indicator_key == r.indicator_key))
        .where(i.annual_rule == annual_rule, i.frequency == "month", r.value.is_not(None))
        .cte(f"months_{annual_rule}")
    )


def _is_beside(other: Any, now: Any, by: int) -> ColumnElement[bool]:
    return and_(
        other.fiscal_year == now.fiscal_year,
        other.indicator_id == now.indicator_id,
        other.place == now.place + by,
    )


def _steps(months: CTE) -> CTE:
    """How far a stock went from the month before to a place."""
    now, before = months.alias("to_").c, months.alias("from_").c
    return (
        select(now.fiscal_year, now.indicator_id, now.place, func.abs(now.value - before.value).label("step"))
        .where(_is_beside(before, now, -1))
        .cte("steps")
    )


def _unlike(
    rule_id: str, rows: CTE, key: tuple[ColumnElement[Any], ...], *place: ColumnElement[Any]
) -> Select[Any]:
    """Rows outside all the others of their key by far; `place` tells the rows of a key apart."""
    now, others = rows.alias("now").c, rows.alias("others").c
    is_other = not_(and_(*(others[column.name] == now[column.name] for column in place)))
    least, most = func.min(others.value), func.max(others.value)
    return (
        select(
            literal(rule_id).label("rule_id"),
            now.submission_key,
            now.value_at.label("address"),
            cast(now.value, Float).label("seen"),
            cast(least, Float).label("expected"),
            cast(most, Float).label("whole"),
        )
        .select_from(
            now.value.table.join(
                others.value.table,
                and_(*(others[column.name] == now[column.name] for column in key), is_other),
            )
        )
        .group_by(now.submission_key, now.value_at, now.value)
        .having(
            func.count() >= OTHERS,
            least > 0,
            or_(
                and_(now.value > TIMES * most, now.value - most >= FLOOR),
                and_(now.value * TIMES < least, least - now.value >= FLOOR),
            ),
        )
    )
