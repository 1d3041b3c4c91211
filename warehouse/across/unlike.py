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
    or_,
    select,
)

from schemas.catalog import Catalog
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.performance import PERFORMANCE
from schemas.values import NOT_APPLICABLE
from warehouse.across.monthly import current_rows, is_measured
from warehouse.across.scope import Years, within
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.tables import DIM_INDICATOR

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
    key = (m.indicator_key,)
    return [_unlike("performance.value.unlike", months, key, m.place)]


def guests(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """An event whose guests, in the room and online, are unlike those of all others of its series."""
    f = FACTS[EVENT.id].c
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
        .select_from(of_current(FACTS[EVENT.id], current))
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
    m = _around(months).c
    beside = case(
        (m.before.is_(None), m.after),
        (m.after.is_(None), m.before),
        (func.abs(m.value - m.before) < func.abs(m.value - m.after), m.before),
        else_=m.after,
    )
    usual = case(
        (m.earlier.is_(None), m.later),
        (m.later.is_(None), m.earlier),
        (m.earlier > m.later, m.earlier),
        else_=m.later,
    )
    far = func.abs(m.value - beside)
    is_gross = far >= beside * GROSS
    is_apart = and_((m.value - m.before) * (m.value - m.after) > 0, or_(usual > 0, is_gross))
    is_one_sided = or_(m.before.is_(None), m.after.is_(None))
    return [
        select(
            literal("performance.value.returns").label("rule_id"),
            m.submission_key,
            m.value_at.label("address"),
            cast(m.value, Float).label("seen"),
            cast(beside, Float).label("expected"),
            literal("").label("whole"),
        ).where(
            m.others >= OTHERS,
            or_(is_apart, and_(is_one_sided, is_gross)),
            far > STEPS * usual,
            far >= STEP_FLOOR,
        )
    ]


def _around(months: CTE) -> CTE:
    """Each month with the values before and after it, and the greatest steps that do not touch it.

    A step leads from a month to the next one, and belongs to that; `others` is how many there are elsewhere.
    """
    m = months.c

    def beside(by: int) -> ColumnElement[Any]:
        return func.max(m.value).over(partition_by=m.indicator_key, order_by=m.place, range_=(by, by))

    pairs = select(months, beside(-1).label("before"), beside(1).label("after")).cte("months_beside")
    stepped = select(pairs, func.abs(pairs.c.value - pairs.c.before).label("step")).cte("steps")
    s = stepped.c

    def over(measure: ColumnElement[Any], places: tuple[int | None, int | None]) -> ColumnElement[Any]:
        return measure.over(partition_by=s.indicator_key, order_by=s.place, range_=places)  # type: ignore[no-any-return]

    earlier, later = (None, -1), (2, None)
    count = func.count(s.step)
    return select(
        stepped,
        over(func.max(s.step), earlier).label("earlier"),
        over(func.max(s.step), later).label("later"),
        (over(count, earlier) + over(count, later)).label("others"),
    ).cte("months_around")


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
            rows.join(DIM_INDICATOR, is_measured(rows)).join(
                others.value.table,
                and_(others.indicator_key == r.indicator_key, others.value.is_not(None)),
            )
        )
        .where(i.annual_rule == "last", i.frequency == "month", r.value_status == NOT_APPLICABLE)
        .group_by(r.submission_key, r.value_at)
    ]


def times(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A client helped far more often in a month than all others of its list."""
    f = FACTS[CLIENT.id].c
    helped = (
        select(
            f.submission_key, f.indicator_key, f.line_no, f.times.label("value"), f.times_at.label("value_at")
        )
        .select_from(of_current(FACTS[CLIENT.id], current))
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
        select(r.submission_key, r.indicator_key, r.place, i.indicator_id, r.value, r.value_at)
        .select_from(rows.join(DIM_INDICATOR, is_measured(rows)))
        .where(i.annual_rule == annual_rule, i.frequency == "month", r.value.is_not(None))
        .cte(f"months_{annual_rule}")
    )


def _unlike(
    rule_id: str, rows: CTE, key: tuple[ColumnElement[Any], ...], *place: ColumnElement[Any]
) -> Select[Any]:
    """Rows outside all the others of their key by far; `place` tells the rows of a key apart."""
    value = rows.c.value
    ranked = select(
        rows,
        func.count().over(partition_by=key).label("all_rows"),
        func.row_number().over(partition_by=key, order_by=(value, *place)).label("from_below"),
        func.row_number().over(partition_by=key, order_by=(value.desc(), *place)).label("from_above"),
    ).cte(f"ranked_{rows.name}")
    r = ranked.c
    keys = [r[column.name] for column in key]
    # The least and the greatest of all others: of the extreme ones themselves, the next.
    bounds = select(
        ranked,
        *(
            measure.over(partition_by=keys).label(name)
            for name, measure in {
                "least_of_all": func.min(r.value),
                "most_of_all": func.max(r.value),
                "least_but_one": func.min(case((r.from_below > 1, r.value))),
                "most_but_one": func.max(case((r.from_above > 1, r.value))),
            }.items()
        ),
    ).cte(f"bounds_{rows.name}")
    b = bounds.c
    least = case((b.from_below == 1, b.least_but_one), else_=b.least_of_all)
    most = case((b.from_above == 1, b.most_but_one), else_=b.most_of_all)
    return select(
        literal(rule_id).label("rule_id"),
        b.submission_key,
        b.value_at.label("address"),
        cast(b.value, Float).label("seen"),
        cast(least, Float).label("expected"),
        cast(most, Float).label("whole"),
    ).where(
        b.all_rows > OTHERS,
        least > 0,
        or_(
            and_(b.value > TIMES * most, b.value - most >= FLOOR),
            and_(b.value * TIMES < least, least - b.value >= FLOOR),
        ),
    )
