"""What centers reported against the ledger, by program, account and month: before and after the books close.

The ledger is settled when it holds the year's closing entries (決算 = 本決).
"""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, case, cast, func, literal, select

from schemas.catalog import Catalog
from warehouse.across.scope import Years, within
from warehouse.facts import FACTS
from warehouse.labels import yen
from warehouse.marts.expenditure import postings, settled_years
from warehouse.tables import DIM_SUBMISSION


def query(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Blamed is the center's cell; a posting that no cell of the center has is blamed at its line."""
    return [_reported(current, years), _only_in_ledger(current, years)]


def _by_month(current: CTE) -> CTE:
    ledger = postings(current)
    g = ledger.c
    return (
        select(g.program_key, g.account_key, g.period_key, yen(g.amount_yen).label("amount_yen"))
        .group_by(g.program_key, g.account_key, g.period_key)
        .cte("ledger_by_month")
    )


def _rule(settled: CTE) -> Any:
    return case(
        (settled.c.is_settled == 1, literal("expenditure.amount_yen.settled_ledger")),
        else_=literal("expenditure.amount_yen.ledger"),
    ).label("rule_id")


def _reported(current: CTE, years: Years) -> Select[Any]:
    settled, ledger = settled_years(current), _by_month(current)
    e, s, g = FACTS["expenditure"].c, DIM_SUBMISSION.c, ledger.c
    posted = func.coalesce(g.amount_yen, 0)
    return (
        select(
            _rule(settled),
            e.submission_key,
            e.amount_yen_at.label("address"),
            cast(e.amount_yen, Float).label("seen"),
            cast(posted, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            FACTS["expenditure"]
            .join(current, current.c.submission_key == e.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == e.submission_key)
            .join(settled, settled.c.fiscal_year == s.fiscal_year)
            .outerjoin(
                ledger,
                and_(
                    g.program_key == e.program_key,
                    g.account_key == e.account_key,
                    g.period_key == e.period_key,
                ),
            )
        )
        .where(within(years), func.coalesce(e.amount_yen, 0) != posted)
    )


def _only_in_ledger(current: CTE, years: Years) -> Select[Any]:
    """Postings of a program and month that the center reported on, with no row for their account."""
    settled, lines = settled_years(current), postings(current).alias("lines")
    e, s, g = FACTS["expenditure"], DIM_SUBMISSION.c, lines.c
    reported = (
        select(e.c.program_key, e.c.period_key)
        .select_from(e.join(current, current.c.submission_key == e.c.submission_key))
        .distinct()
        .cte("reported_programs")
    )
    rows = (
        select(e.c.program_key, e.c.account_key, e.c.period_key)
        .select_from(e.join(current, current.c.submission_key == e.c.submission_key))
        .cte("reported_rows")
    )
    same = and_(
        rows.c.program_key == g.program_key,
        rows.c.account_key == g.account_key,
        rows.c.period_key == g.period_key,
    )
    return (
        select(
            _rule(settled),
            g.submission_key,
            g.amount_at.label("address"),
            cast(literal(0), Float).label("seen"),
            cast(g.amount_yen, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            lines.join(DIM_SUBMISSION, s.submission_key == g.submission_key)
            .join(settled, settled.c.fiscal_year == s.fiscal_year)
            .join(
                reported,
                and_(reported.c.program_key == g.program_key, reported.c.period_key == g.period_key),
            )
            .outerjoin(rows, same)
        )
        .where(within(years), rows.c.program_key.is_(None))
    )
