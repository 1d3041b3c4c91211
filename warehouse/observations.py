"""What was observed of each indicator, one row a cell, whatever the form that it came in.

The month's sheet names its indicators; lines (of events, of answers) make them by `bridge_feed`; a list of
clients names an indicator and a client. Voided lines count for nothing.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Float,
    Select,
    and_,
    case,
    cast,
    literal,
    or_,
    select,
    union_all,
)

from schemas.catalog_rows import INPUT_RULES
from schemas.form import Form
from schemas.forms import FORMS
from schemas.forms.client import CLIENT
from schemas.forms.performance import PERFORMANCE
from schemas.values import REPORTED
from warehouse.current import inlined, of_current
from warehouse.facts import FACTS
from warehouse.tables import BRIDGE_FEED, DIM_INDICATOR, DIM_SUBMISSION

OF_LINES = tuple(form.id for form in FORMS if form.may_be_nil)
# Of one type with the keys beside it: PostgreSQL then reads all parts of a union in one go.
_NOBODY = cast(literal(0), BigInteger)


def observations(current: CTE) -> CTE:
    """What current facts say of an indicator in a period: value, status, address and client_key.

    Each with its submission, and the fiscal_year of that, by which to ask for one year's facts alone.
    """
    i = DIM_INDICATOR.c
    stated = _stated(current).join(DIM_INDICATOR, i.indicator_key == FACTS[PERFORMANCE.id].c.indicator_key)
    counted = stated.where(i.annual_rule.in_(INPUT_RULES), i.source_form == PERFORMANCE.id)
    return inlined(union_all(counted, *_of_lines(current)).cte("observations"))


def counted_cells(current: CTE) -> CTE:
    """The same with what the month's sheet only repeats, for who asks `is_input` of their indicators.

    To look at half a million indicators before their facts are summed makes PostgreSQL expect an eighth of
    a year's facts, and read them as if there were so few.
    """
    return inlined(union_all(_stated(current), *_of_lines(current)).cte("cells"))


def is_input(cells: CTE) -> ColumnElement[bool]:
    """Whether a cell counts for its indicator: an input, whose source is the form that the cell is of."""
    i = DIM_INDICATOR.c
    is_of_sheet = case((i.source_form == PERFORMANCE.id, 1), else_=0)
    return and_(i.annual_rule.in_(INPUT_RULES), cells.c.is_of_sheet == is_of_sheet)


def lines(current: CTE) -> CTE:
    """The observations that lines and lists make."""
    return inlined(union_all(*_of_lines(current)).cte("lines"))


def clients(current: CTE) -> CTE:
    """The observations that lists of clients make."""
    return inlined(_clients(current).cte("clients"))


def _of_lines(current: CTE) -> Iterator[Select[Any]]:
    for form in FORMS:
        if form.choice_column:
            yield from _fed(form, current)
    yield _clients(current)


def _stated(current: CTE) -> Select[Any]:
    f, s = FACTS[PERFORMANCE.id].c, DIM_SUBMISSION.c
    return (
        select(
            s.fiscal_year,
            literal(1).label("is_of_sheet"),
            f.submission_key,
            f.indicator_key,
            f.period_key,
            f.value,
            f.value_status.label("status"),
            f.value_at.label("address"),
            _NOBODY.label("client_key"),
        )
        .select_from(of_current(FACTS[PERFORMANCE.id], current))
        .where(s.form_id == PERFORMANCE.id)
    )


def _fed(form: Form, current: CTE) -> Iterator[Select[Any]]:
    """The lines that count, and for each measure its cells."""
    f = FACTS[form.id].c
    cited = next(column.id for column in form.columns if column.is_cited)
    yield _lines(form, current, "", cast(literal(1), Float), literal(REPORTED), f[f"{cited}_at"])
    for column in form.measures:
        value, status = f[column.id], f[f"{column.id}_status"]
        cells = _lines(form, current, column.id, value, status, f[f"{column.id}_at"])
        yield cells.where(value.is_not(None))


def _lines(form: Form, current: CTE, measure: str, value: Any, status: Any, address: Any) -> Select[Any]:
    fact, b, s = FACTS[form.id], BRIDGE_FEED.c, DIM_SUBMISSION.c
    choice = fact.c[form.choice_column]
    feeds = and_(
        b.series_key == fact.c.series_key, b.measure == measure, or_(b.choice == "", b.choice == choice)
    )
    query = select(
        s.fiscal_year,
        literal(0).label("is_of_sheet"),
        fact.c.submission_key,
        b.indicator_key,
        fact.c.period_key,
        value.label("value"),
        status.label("status"),
        address.label("address"),
        _NOBODY.label("client_key"),
    ).select_from(of_current(fact, current).join(BRIDGE_FEED, feeds))
    return query.where(fact.c[form.void_column] == "") if form.void_column else query


def _clients(current: CTE) -> Select[Any]:
    f, s = FACTS[CLIENT.id].c, DIM_SUBMISSION.c
    return select(
        s.fiscal_year,
        literal(0).label("is_of_sheet"),
        f.submission_key,
        f.indicator_key,
        f.period_key,
        cast(literal(1), Float).label("value"),
        literal(REPORTED).label("status"),
        f.client_at.label("address"),
        f.client_key,
    ).select_from(of_current(FACTS[CLIENT.id], current))
