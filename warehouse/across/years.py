"""A complete year against print: what the year before published, and what this year's edition says."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, func, literal, select

from schemas.catalog import Catalog
from warehouse.across.monthly import performance_rows
from warehouse.across.scope import Years, within
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
    rows = performance_rows(current, years)
    totals = _totals(rows)
    printed = published_facts(current, "before")
    i, p, r, t, x = DIM_INDICATOR.c, DIM_PROGRAM.c, rows.c, totals.c, printed.c
    return [
        select(
            literal("performance.value.last_year").label("rule_id"),
            r.submission_key,
            r.cumulative_at.label("address"),
            cast(t.value / i.print_divisor, Float).label("seen"),
            cast(x.value, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            totals.join(
                DIM_INDICATOR,
                and_(i.indicator_id == t.indicator_id, i.fiscal_year == t.fiscal_year),
            )
            .join(DIM_PROGRAM, p.program_key == i.program_key)
            .join(printed, is_named(printed, DIM_INDICATOR, DIM_PROGRAM, t.fiscal_year - 1))
            .join(
                rows,
                and_(
                    r.indicator_id == t.indicator_id,
                    r.fiscal_year == t.fiscal_year,
                    r.place == t.place,
                ),
            )
        )
        .where(
            t.months == i.periods_expected,
            func.abs(t.value / i.print_divisor - x.value) > CHANGE * x.value,
            (t.value / i.print_divisor >= FLOOR) | (x.value >= FLOOR),
        )
    ]


def _totals(rows: CTE) -> CTE:
    """Each flow's sum over the year, how many months it is of, and the last one's place."""
    r = rows.c
    return (
        select(
            r.fiscal_year,
            r.indicator_id,
            func.sum(r.value).label("value"),
            func.count().label("months"),
            func.max(r.place).label("place"),
        )
        .where(r.annual_rule == "sum")
        .group_by(r.fiscal_year, r.indicator_id)
        .cte("totals")
    )


def published(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A published figure that is not the one recomputed from the centers' complete reports."""
    figures = performance.query(current).cte("printed_figures")
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
            FACTS["published"]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
            .join(
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
            within(years),
            g.status == DONE,
            func.abs(g.value - g.published_value) > 1e-9,
        )
    ]


def settlement(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A center's published 支出決算額 that is not its settled ledger's, in 千円."""
    sides = reconciliation.query(current).cte("sides")
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
            FACTS["published"]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
            .join(sides, and_(r.fiscal_year == s.fiscal_year, r.section == f.section, r.scope == "center"))
        )
        .where(
            within(years),
            f.kind == "expenditure",
            r.is_settled == 1,
            f.value != r.actual_thousand_yen,
        )
    ]
