"""What differences make of each program: yen by heading of the statement, and what nobody has explained.

An explained or cleared difference stands under the heading of its category, an open one under 未説明.
Reported - booked of a program is the sum of all of them.
"""

from collections.abc import Sequence

from sqlalchemy import (
    CTE,
    BigInteger,
    Integer,
    case,
    column,
    false,
    func,
    literal,
    or_,
    select,
    values,
)

from schemas.difference import HEADINGS
from warehouse.labels import yen
from warehouse.reconciliation.differences import OPEN, Difference
from warehouse.tables import DIM_DIFFERENCE, DIM_PROGRAM, FACT_RECONCILIATION

UNEXPLAINED = "unexplained"
COLUMNS = (*HEADINGS, UNEXPLAINED)


def heading_of(heading: str, status: str) -> str:
    """The column of the statement that a difference stands in."""
    return UNEXPLAINED if status == OPEN else heading


def stated() -> CTE:
    """By top program, of what is current: `<column>_yen`; `has_open`, 1 where something is unexplained."""
    d, f, p = DIM_DIFFERENCE.c, FACT_RECONCILIATION.c, DIM_PROGRAM.c
    under = case((d.status == OPEN, literal(UNEXPLAINED)), else_=d.heading)
    sums = [yen(case((under == name, f.amount_yen), else_=0)).label(f"{name}_yen") for name in COLUMNS]
    is_open = case((or_(d.status != OPEN, f.amount_yen == 0), 0), else_=1)
    return (
        select(p.top_program_key, *sums, func.max(is_open).label("has_open"))
        .select_from(
            FACT_RECONCILIATION.join(DIM_DIFFERENCE, d.difference_key == f.difference_key).join(
                DIM_PROGRAM, p.program_key == f.program_key
            )
        )
        .group_by(p.top_program_key)
        .cte("stated")
    )


def stated_as_of(found: Sequence[Difference]) -> CTE:
    """The same, of differences as known at a moment."""
    rows: dict[int, list[int]] = {}
    for one in found:
        name = heading_of(one.category.heading, one.status)
        for element in one.elements:
            row = rows.setdefault(element.top_program_key, [0] * (len(COLUMNS) + 1))
            row[COLUMNS.index(name)] += element.difference_yen
            row[-1] |= int(name == UNEXPLAINED)
    names = [column(f"{name}_yen", BigInteger) for name in COLUMNS]
    columns = (column("top_program_key", BigInteger), *names, column("has_open", Integer))
    if not rows:
        return select(*(literal(0, c.type).label(c.name) for c in columns)).where(false()).cte("stated")
    data = [(top, *row) for top, row in sorted(rows.items())]
    return values(*columns).data(data).cte("stated")
