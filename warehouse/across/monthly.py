"""What the across rules on months share: each fact with its place in the year."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Table, and_, case, func, select, union_all

from schemas.catalog_rows import INPUT_RULES
from warehouse.across.scope import Years, within
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.observations import OF_LINES, observations
from warehouse.tables import DIM_INDICATOR, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION


def place() -> ColumnElement[int]:
    """A period's place in its fiscal year, from 0: April and the first half are 0."""
    d = DIM_PERIOD.c
    return case((d.frequency == "month", (d.period_key % 100 + 8) % 12), else_=d.period_key % 10 - 1)


def current_rows(fact: Table, current: CTE, years: Years) -> Select[Any]:
    """The current rows of a fact in scope, with `fiscal_year`, `center_key` and `place`."""
    s = DIM_SUBMISSION.c
    return (
        select(fact, s.fiscal_year, s.center_key, place().label("place"))
        .select_from(of_current(fact, current).join(DIM_PERIOD, DIM_PERIOD.c.period_key == fact.c.period_key))
        .where(within(years))
    )


def is_measured(rows: CTE) -> ColumnElement[bool]:
    """Whether an indicator is that of a row: by its year, too, or PostgreSQL reads those of all years."""
    i = DIM_INDICATOR.c
    return and_(i.indicator_key == rows.c.indicator_key, i.fiscal_year == rows.c.fiscal_year)


def performance_rows(current: CTE, years: Years) -> CTE:
    """The current performance facts with the indicator's id, label and annual rule; 該当なし counts as 0."""
    rows = current_rows(FACTS["performance"], current, years).cte("performance_in_scope")
    i, r = DIM_INDICATOR.c, rows.c
    return (
        select(
            *(r[name] for name in ("submission_key", "fiscal_year", "center_key", "place", "period_key")),
            i.indicator_key,
            i.indicator_id,
            i.label,
            i.annual_rule,
            case((r.value_status == "該当なし", 0.0), else_=r.value).label("value"),
            r.value_at,
            r.cumulative,
            r.cumulative_at,
        )
        .select_from(rows.join(DIM_INDICATOR, is_measured(rows)))
        .cte("months")
    )


def reported_months(current: CTE, years: Years) -> CTE:
    """Every month (or half) of every input, whatever its form; of distinct clients, those new in the year.

    A submission without a line for an indicator says 0, at no cell.
    """
    names = ("submission_key", "fiscal_year", "place", "indicator_id", "label", "annual_rule", "value")
    stated, lines = performance_rows(current, years), _of_lines(current, years)
    return union_all(
        select(*(stated.c[name] for name in names), stated.c.value_at),
        select(*(lines.c[name] for name in names), lines.c.value_at),
    ).cte("reported_months")


def _of_lines(current: CTE, years: Years) -> CTE:
    """The submissions in scope with each indicator that their lines make, summed."""
    summed = _summed(current)
    s, i, p = DIM_SUBMISSION.c, DIM_INDICATOR.c, DIM_PROGRAM.c
    of_form = and_(i.source_form == s.form_id, i.fiscal_year == s.fiscal_year)
    return (
        select(
            s.submission_key,
            s.fiscal_year,
            place().label("place"),
            i.indicator_id,
            i.label,
            i.annual_rule,
            func.coalesce(summed.c.value, 0).label("value"),
            func.coalesce(summed.c.address, "").label("value_at"),
        )
        .select_from(
            DIM_SUBMISSION.join(current, current.c.submission_key == s.submission_key)
            .join(DIM_PERIOD, DIM_PERIOD.c.period_key == s.period_key)
            .join(DIM_INDICATOR, of_form)
            .join(DIM_PROGRAM, and_(p.program_key == i.program_key, p.center_key == s.center_key))
            .outerjoin(
                summed,
                and_(
                    summed.c.submission_key == s.submission_key,
                    summed.c.indicator_key == i.indicator_key,
                ),
            )
        )
        .where(within(years), i.source_form.in_(OF_LINES), i.annual_rule.in_(INPUT_RULES))
        .cte("lines_by_month")
    )


def _summed(current: CTE) -> CTE:
    """Each submission's observations by indicator; a client counts in the first month of the year."""
    seen = observations(current)
    o = seen.c
    turn = func.row_number().over(partition_by=(o.indicator_key, o.client_key), order_by=o.period_key)
    turns = select(seen, turn.label("turn")).cte("turns")
    is_again = and_(turns.c.client_key != 0, turns.c.turn > 1)
    return (
        select(
            turns.c.submission_key,
            turns.c.indicator_key,
            func.sum(case((is_again, 0.0), else_=turns.c.value)).label("value"),
            func.min(turns.c.address).label("address"),
        )
        .group_by(turns.c.submission_key, turns.c.indicator_key)
        .cte("summed_observations")
    )


def running(rows: CTE, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum of a value over the year so far."""
    return func.sum(value).over(partition_by=(rows.c.fiscal_year, rows.c.indicator_id), order_by=rows.c.place)
