"""累計 of a month = the printed 累計 of the month before + 当月; silent where that month is missing.

Where the month before is itself wrong, the month after is not blamed for it.
"""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Float, Select, and_, case, cast, func, literal, or_, select

from schemas.catalog import Catalog
from warehouse.across.monthly import current_rows, performance_rows
from warehouse.across.scope import Years
from warehouse.facts import FACTS


def performance(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Flows and totals of flows."""
    rows = performance_rows(current, years)
    r = rows.c
    flows = select(rows).where(r.annual_rule.in_(("sum", "total"))).cte("flows")
    key = (flows.c.indicator_key,)
    return [
        _broken(
            "performance.cumulative.continues", flows, key, flows.c.value, flows.c.cumulative, "cumulative_at"
        )
    ]


def expenditure(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Yen by program and account."""
    rows = current_rows(FACTS["expenditure"], current, years).cte("spending")
    key = (rows.c.program_key, rows.c.account_key)
    amount = func.coalesce(rows.c.amount_yen, 0)
    return [
        _broken(
            "expenditure.cumulative_yen.continues",
            rows,
            key,
            amount,
            rows.c.cumulative_yen,
            "cumulative_yen_at",
        )
    ]


def _broken(
    rule_id: str,
    rows: CTE,
    key: tuple[ColumnElement[Any], ...],
    value: ColumnElement[Any],
    cumulative: ColumnElement[Any],
    address: str,
) -> Select[Any]:
    window: dict[str, Any] = {"partition_by": key, "order_by": rows.c.place}
    before = func.lag(cumulative).over(**window)
    is_next = func.lag(rows.c.place).over(**window) == rows.c.place - 1
    stated = (
        select(
            rows,
            case((rows.c.place == 0, value), (is_next, before + value)).label("carried"),
            cumulative.label("stated"),
            *(column.label(f"key_{n}") for n, column in enumerate(key)),
        )
        .where(value.is_not(None))
        .cte(f"stated_{rule_id.split('.', maxsplit=1)[0]}")
    )
    t = stated.c
    keys = [t[f"key_{n}"] for n in range(len(key))]
    is_wrong = func.abs(cast(t.stated, Float) - cast(t.carried, Float)) > 1e-6
    marked = select(
        stated,
        case((is_wrong, 1), else_=0).label("is_wrong"),
        func.lag(case((is_wrong, 1), else_=0)).over(partition_by=keys, order_by=t.place).label("was_wrong"),
    ).cte(f"marked_{rule_id.split('.', maxsplit=1)[0]}")
    m = marked.c
    return select(
        literal(rule_id).label("rule_id"),
        m.submission_key,
        m[address].label("address"),
        cast(m.stated, Float).label("seen"),
        cast(m.carried, Float).label("expected"),
        literal("").label("whole"),
    ).where(and_(m.is_wrong == 1, or_(m.was_wrong.is_(None), m.was_wrong == 0)))
