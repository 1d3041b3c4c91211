"""What the across rules on months share: each fact with its place in the year."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Table, case, func, select

from warehouse.across.scope import Years, within
from warehouse.facts import FACTS
from warehouse.tables import DIM_INDICATOR, DIM_PERIOD, DIM_SUBMISSION


def place() -> ColumnElement[int]:
    """A period's place in its fiscal year, from 0: April and the first half are 0."""
    d = DIM_PERIOD.c
    return case((d.frequency == "month", (d.period_key % 100 + 8) % 12), else_=d.period_key % 10 - 1)


def current_rows(fact: Table, current: CTE, years: Years) -> Select[Any]:
    """The current rows of a fact in scope, with `fiscal_year`, `center_key` and `place`."""
    s = DIM_SUBMISSION.c
    return (
        select(fact, s.fiscal_year, s.center_key, place().label("place"))
        .select_from(
            fact.join(current, current.c.submission_key == fact.c.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == fact.c.submission_key)
            .join(DIM_PERIOD, DIM_PERIOD.c.period_key == fact.c.period_key)
        )
        .where(within(years))
    )


def performance_rows(current: CTE, years: Years) -> CTE:
    """The current performance facts with the indicator's id, label and annual rule; 該当なし counts as 0."""
    rows = current_rows(FACTS["performance"], current, years).cte("performance_in_scope")
    i, r = DIM_INDICATOR.c, rows.c
    return (
        select(
            *(r[name] for name in ("submission_key", "fiscal_year", "center_key", "place", "period_key")),
            i.indicator_id,
            i.label,
            i.annual_rule,
            case((r.value_status == "該当なし", 0.0), else_=r.value).label("value"),
            r.value_at,
            r.cumulative,
            r.cumulative_at,
        )
        .select_from(rows.join(DIM_INDICATOR, i.indicator_key == r.indicator_key))
        .cte("months")
    )


def running(rows: CTE, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum of a value over the year so far."""
    return func.sum(value).over(partition_by=(rows.c.fiscal_year, rows.c.indicator_id), order_by=rows.c.place)
