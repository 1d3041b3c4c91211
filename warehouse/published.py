"""What editions of the report printed, by the names of the indicators, and what is held against it."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, and_, select

from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.tables import BRIDGE_COMPONENT, DIM_INDICATOR, DIM_PROGRAM, DIM_SUBMISSION


def published(current: CTE, name: str = "published") -> CTE:
    """What editions printed, by the names of the indicators."""
    f, s = FACTS["published"].c, DIM_SUBMISSION.c
    return (
        select(s.fiscal_year, f.section, f.letter, f.title, f.qualifier, f.value)
        .select_from(of_current(FACTS["published"], current))
        .cte(name)
    )


def is_named(
    published: FromClause, indicator: Any, program: Any, fiscal_year: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether a published fact of a year is that of an indicator, by the names under which it is printed."""
    return and_(
        published.c.fiscal_year == fiscal_year,
        published.c.section == program.c.section,
        published.c.letter == program.c.letter,
        published.c.title == indicator.c.indicator,
        published.c.qualifier == indicator.c.qualifier,
    )


def before(published: CTE) -> CTE:
    """For what is held against the year before: what that year published of the indicator it is about."""
    i = DIM_INDICATOR.alias("compared").c
    b, q, p, x = BRIDGE_COMPONENT.c, DIM_INDICATOR.alias("measured"), DIM_PROGRAM.alias("of"), published.c
    return (
        select(i.fiscal_year, i.indicator_key, i.fiscal_year.label("span_key"), x.value)
        .select_from(
            i.indicator_key.table.join(BRIDGE_COMPONENT, b.indicator_key == i.indicator_key)
            .join(q, q.c.indicator_key == b.component_key)
            .join(p, p.c.program_key == q.c.program_key)
            .join(published, is_named(published, q, p, i.fiscal_year - 1))
        )
        .where(i.annual_rule.in_(("difference", "prior")))
        .cte("before")
    )
