"""What was observed of each indicator, one row a cell, whatever the form that it came in.

The month's sheet names its indicators; lines (of events, of answers) make them by `bridge_feed`; a list of
clients names an indicator and a client. Voided lines count for nothing.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, literal, or_, select, union_all

from schemas.catalog_rows import INPUT_RULES
from schemas.form import Form
from schemas.forms import FORMS
from schemas.forms.client import CLIENT
from schemas.forms.performance import PERFORMANCE
from schemas.values import REPORTED
from warehouse.facts import FACTS
from warehouse.tables import BRIDGE_FEED, DIM_INDICATOR

OF_LINES = tuple(form.id for form in FORMS if form.may_be_nil)
_NOBODY = 0


def observations(current: CTE) -> CTE:
    """(submission_key, indicator_key, period_key, value, status, address, client_key) of current facts."""
    fed = [query for form in FORMS if form.choice_column for query in _fed(form, current)]
    return union_all(_stated(current), *fed, _clients(current)).cte("observations")


def _stated(current: CTE) -> Select[Any]:
    f, i = FACTS[PERFORMANCE.id].c, DIM_INDICATOR.c
    return (
        select(
            f.submission_key,
            f.indicator_key,
            f.period_key,
            f.value,
            f.value_status.label("status"),
            f.value_at.label("address"),
            literal(_NOBODY).label("client_key"),
        )
        .select_from(
            FACTS[PERFORMANCE.id]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_INDICATOR, i.indicator_key == f.indicator_key)
        )
        .where(i.annual_rule.in_(INPUT_RULES), i.source_form == PERFORMANCE.id)
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
    fact, b = FACTS[form.id], BRIDGE_FEED.c
    choice = fact.c[form.choice_column]
    feeds = and_(
        b.series_key == fact.c.series_key, b.measure == measure, or_(b.choice == "", b.choice == choice)
    )
    query = select(
        fact.c.submission_key,
        b.indicator_key,
        fact.c.period_key,
        value.label("value"),
        status.label("status"),
        address.label("address"),
        literal(_NOBODY).label("client_key"),
    ).select_from(
        fact.join(current, current.c.submission_key == fact.c.submission_key).join(BRIDGE_FEED, feeds)
    )
    return query.where(fact.c[form.void_column] == "") if form.void_column else query


def _clients(current: CTE) -> Select[Any]:
    f = FACTS[CLIENT.id].c
    return select(
        f.submission_key,
        f.indicator_key,
        f.period_key,
        cast(literal(1), Float).label("value"),
        literal(REPORTED).label("status"),
        f.client_at.label("address"),
        f.client_key,
    ).select_from(FACTS[CLIENT.id].join(current, current.c.submission_key == f.submission_key))
