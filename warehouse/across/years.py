"""A complete year against print: what the year before published, and what this year's edition says."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Float, Select, and_, cast, func, literal, select

from schemas.catalog import Catalog
from warehouse.across.monthly import performance_rows
from warehouse.across.scope import Years, within
from warehouse.current import of_current, once
from warehouse.facts import FACTS
from warehouse.figures import DONE
from warehouse.marts import performance, reconciliation
from warehouse.published import is_named
from warehouse.published import published as published_facts
from warehouse.tables import DIM_INDICATOR, DIM_PROGRAM, DIM_SUBMISSION

FLOOR = 30
CHANGE = 0.5


def last_year(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A flow that changed by more than half; small counts (below 30 in both years) jump by nature."""
    named = _named_before(current)
    totals = _totals(performance_rows(current, years), named)
    t = totals.c
    total = t.total / t.print_divisor
    return [
        select(
            literal("performance.value.last_year").label("rule_id"),
            t.submission_key,
            t.cumulative_at.label("address"),
            cast(total, Float).label("seen"),
            cast(t.printed, Float).label("expected"),
            literal("").label("whole"),
        ).where(
            t.place == t.last_place,
            t.months == t.periods_expected,
            func.abs(total - t.printed) > CHANGE * t.printed,
            (total >= FLOOR) | (t.printed >= FLOOR),
        )
    ]


def _named_before(current: CTE) -> CTE:
    """The indicators of which the year before printed a figure, and that figure: the few to look at."""
    printed = published_facts(current, "before")
    i, x = DIM_INDICATOR.c, printed.c
    query = (
        select(i.indicator_key, i.print_divisor, i.periods_expected, x.value.label("printed"))
        .select_from(
            DIM_INDICATOR.join(DIM_PROGRAM, DIM_PROGRAM.c.program_key == i.program_key).join(
                printed, is_named(printed, DIM_INDICATOR, DIM_PROGRAM, i.fiscal_year - 1)
            )
        )
        .where(i.annual_rule == "sum")
    )
    return once(query, "named_before")


def _totals(rows: CTE, named: CTE) -> CTE:
    """Each month of the flows named, with the year's sum, of how many months it is, and the last place."""
    r, n = rows.c, named.c
    return (
        select(
            r.submission_key,
            r.cumulative_at,
            r.place,
            n.print_divisor,
            n.periods_expected,
            n.printed,
            func.sum(r.value).over(partition_by=r.indicator_key).label("total"),
            func.count().over(partition_by=r.indicator_key).label("months"),
            func.max(r.place).over(partition_by=r.indicator_key).label("last_place"),
        )
        .select_from(rows.join(named, n.indicator_key == r.indicator_key))
        .cte("totals")
    )


def published(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A published figure that is not the one recomputed from the centers' complete reports."""
    mart = performance.query(current).cte("mart")
    figures = once(select(mart).where(mart.c.fiscal_year.in_(sorted(years))), "figures_of_year")
    f, s = FACTS["published"].c, DIM_SUBMISSION.c
    g = figures.c
    return [
        select(
            literal("published.value.differs").label("rule_id"),
            f.submission_key,
            f.value_at.label("address"),
            cast(g.published_value, Float).label("seen"),
            cast(g.value, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            of_current(FACTS["published"], current).join(
                figures,
                and_(
                    g.fiscal_year == s.fiscal_year,
                    g.section == f.section,
                    g.sub_program == f.letter,
                    g.indicator == f.title,
                    g.qualifier == f.qualifier,
                ),
            )
        )
        .where(
            _is_any(current, years),
            within(years),
            g.status == DONE,
            func.abs(g.value - g.published_value) > 1e-9,
        )
    ]


def settlement(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A center's published 支出決算額 that is not its settled ledger's, in 千円."""
    sides = once(reconciliation.query(current), "sides")
    f, s, r = FACTS["published"].c, DIM_SUBMISSION.c, sides.c
    return [
        select(
            literal("published.value.settlement").label("rule_id"),
            f.submission_key,
            f.value_at.label("address"),
            cast(f.value, Float).label("seen"),
            cast(r.actual_thousand_yen, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            of_current(FACTS["published"], current).join(
                sides, and_(r.fiscal_year == s.fiscal_year, r.section == f.section, r.scope == "center")
            )
        )
        .where(
            _is_any(current, years),
            within(years),
            f.kind == "expenditure",
            r.is_settled == 1,
            f.value != r.actual_thousand_yen,
        )
    ]


def _is_any(current: CTE, years: Years) -> ColumnElement[bool]:
    """Whether anything is published of these years: most nights nothing is, and no figure need be made."""
    there = select(func.count()).select_from(of_current(FACTS["published"], current)).where(within(years))
    return there.scalar_subquery() > 0
