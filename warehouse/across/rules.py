"""The rules of the catalog that look over months: no part exceeds its whole; registers continue."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, case, cast, func, literal, select

from schemas.catalog import Catalog
from schemas.catalog_rows import RuleRow
from warehouse.across.monthly import performance_rows, reported_months, running
from warehouse.across.scope import Years


def le_year(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Part <= whole over the year so far; blamed is the part's cell of the first month that exceeds."""
    rows = reported_months(current, years)
    so_far = case((rows.c.annual_rule == "last", rows.c.value), else_=running(rows, rows.c.value))
    months = func.count(rows.c.value).over(
        partition_by=(rows.c.fiscal_year, rows.c.indicator_id), order_by=rows.c.place
    )
    # Over a month that is missing, nothing can be said of the year so far.
    is_whole = case((rows.c.annual_rule == "last", 1), (months == rows.c.place + 1, 1), else_=0)
    sums = select(rows, so_far.label("so_far"), is_whole.label("is_whole")).cte("sums")
    rules = [rule for rule in catalog.rules if (rule.kind, rule.scope) == ("le", "year")]
    return [_exceeded(sums, part, rule.whole, catalog) for rule in rules for part in rule.parts]


def _exceeded(sums: CTE, part: str, whole: str, catalog: Catalog) -> Select[Any]:
    p = sums.alias(f"part_{part}").c
    w = sums.alias(f"whole_{whole}").c
    pairs = (
        select(
            p.submission_key,
            p.value_at.label("address"),
            p.so_far.label("seen"),
            w.so_far.label("expected"),
            func.row_number().over(partition_by=p.fiscal_year, order_by=p.place).label("nth"),
        )
        .where(
            and_(
                p.indicator_id == part,
                w.indicator_id == whole,
                p.fiscal_year == w.fiscal_year,
                p.place == w.place,
                p.so_far > w.so_far,
                p.is_whole == 1,
                w.is_whole == 1,
            )
        )
        .subquery()
    )
    label = catalog.indicator[whole].label
    return select(
        literal("performance.value.le_year").label("rule_id"),
        pairs.c.submission_key,
        pairs.c.address,
        cast(pairs.c.seen, Float).label("seen"),
        cast(pairs.c.expected, Float).label("expected"),
        literal(label).label("whole"),
    ).where(pairs.c.nth == 1)


def continuity(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Last month's register + new - left = this month's."""
    rows = performance_rows(current, years)
    return [_discontinued(rows, rule) for rule in catalog.rules if rule.kind == "continuity"]


def _discontinued(rows: CTE, rule: RuleRow) -> Select[Any]:
    now, before = rows.alias("now").c, rows.alias("before").c
    new, left = rows.alias("new").c, rows.alias("left_").c
    carried = before.value + new.value - left.value
    return select(
        literal("performance.value.continuity").label("rule_id"),
        now.submission_key,
        now.value_at.label("address"),
        cast(now.value, Float).label("seen"),
        cast(carried, Float).label("expected"),
        literal("").label("whole"),
    ).where(
        and_(
            now.indicator_id == rule.whole,
            before.indicator_id == rule.whole,
            before.fiscal_year == now.fiscal_year,
            before.place == now.place - 1,
            new.indicator_id == rule.parts[0],
            new.fiscal_year == now.fiscal_year,
            new.place == now.place,
            left.indicator_id == rule.parts[1],
            left.fiscal_year == now.fiscal_year,
            left.place == now.place,
            now.value != carried,
        )
    )
