"""The cells of 支出 against the lines of 支出明細 of the same month: a cell is the sum of its lines."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, func, literal, select

from schemas.catalog import Catalog
from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.spending import SPENDING
from warehouse.across.scope import Years, within
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.labels import yen
from warehouse.tables import DIM_ACCOUNT, DIM_SUBMISSION


def lines(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Blamed is the cell of 支出; lines without a cell are blamed at the first of them."""
    sums, months = _sums(current, years), _months(current, years)
    e, s, d = FACTS[EXPENDITURE.id].c, DIM_SUBMISSION.c, sums.c
    same = and_(d.program_key == e.program_key, d.account_key == e.account_key, d.period_key == e.period_key)
    total = func.coalesce(d.amount_yen, 0)
    cells = (
        select(
            literal("expenditure.amount_yen.lines").label("rule_id"),
            e.submission_key,
            e.amount_yen_at.label("address"),
            cast(e.amount_yen, Float).label("seen"),
            cast(total, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            of_current(FACTS[EXPENDITURE.id], current)
            .join(months, and_(months.c.center_key == s.center_key, months.c.period_key == s.period_key))
            .join(DIM_ACCOUNT, DIM_ACCOUNT.c.account_key == e.account_key)
            .outerjoin(sums, same)
        )
        .where(within(years), DIM_ACCOUNT.c.is_allocated.is_(False))
        .where(func.coalesce(e.amount_yen, 0) != total)
    )
    return [cells, _without_cell(current, years)]


def _sums(current: CTE, years: Years) -> CTE:
    """The lines' yen by program, account and month."""
    f = FACTS[SPENDING.id].c
    key = (f.program_key, f.account_key, f.period_key)
    return (
        select(*key, yen(f.amount_yen).label("amount_yen"))
        .select_from(of_current(FACTS[SPENDING.id], current))
        .where(within(years))
        .group_by(*key)
        .cte("sums_of_lines")
    )


def _months(current: CTE, years: Years) -> CTE:
    """The months of each center that came with lines."""
    s = DIM_SUBMISSION.c
    return (
        select(s.center_key, s.period_key)
        .select_from(DIM_SUBMISSION.join(current, current.c.submission_key == s.submission_key))
        .where(within(years), s.form_id == SPENDING.id)
        .cte("months_with_lines")
    )


def _without_cell(current: CTE, years: Years) -> Select[Any]:
    """Lines of a month that came with a 支出, which has no row for their account."""
    f, e = FACTS[SPENDING.id].c, FACTS[EXPENDITURE.id].c
    s, own, other = DIM_SUBMISSION.c, DIM_SUBMISSION.alias("own").c, current.alias("other")
    cells = (
        select(s.center_key, e.program_key, e.account_key, e.period_key)
        .select_from(of_current(FACTS[EXPENDITURE.id], current))
        .where(within(years))
        .cte("cells_of_months")
    )
    months = select(cells.c.center_key, cells.c.period_key).distinct().cte("months_with_cells")
    c = cells.c
    same = and_(c.program_key == f.program_key, c.account_key == f.account_key, c.period_key == f.period_key)
    place = func.row_number().over(
        partition_by=(f.program_key, f.account_key, f.period_key), order_by=f.line_no
    )
    total = func.sum(f.amount_yen).over(partition_by=(f.program_key, f.account_key, f.period_key))
    lone = (
        select(
            f.submission_key,
            f.amount_yen_at.label("address"),
            place.label("place"),
            total.label("amount_yen"),
        )
        .select_from(
            FACTS[SPENDING.id]
            .join(other, other.c.submission_key == f.submission_key)
            .join(own.submission_key.table, own.submission_key == f.submission_key)
            .join(
                months,
                and_(months.c.center_key == own.center_key, months.c.period_key == own.period_key),
            )
            .outerjoin(cells, same)
        )
        .where(own.fiscal_year.in_(sorted(years)), c.program_key.is_(None))
        .cte("lines_without_cell")
    )
    n = lone.c
    return select(
        literal("spending.amount_yen.without_cell").label("rule_id"),
        n.submission_key,
        n.address,
        cast(n.amount_yen, Float).label("seen"),
        literal("").label("expected"),
        literal("").label("whole"),
    ).where(n.place == 1, n.amount_yen != 0)
