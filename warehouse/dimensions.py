"""The rows of the dimensions for some fiscal years, from the catalog."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table

from schemas.catalog import Catalog
from schemas.catalog_rows import Center, Expected, Feed, Indicator, Program, Series
from schemas.keys import UNKNOWN, surrogate, yearly
from schemas.period import PERIODS_A_YEAR, Period, periods_of
from schemas.values import folded
from warehouse.tables import (
    BRIDGE_COMPONENT,
    BRIDGE_EXPECTED,
    BRIDGE_FEED,
    BRIDGE_SPAN,
    DIM_ACCOUNT,
    DIM_CENTER,
    DIM_FUND,
    DIM_INDICATOR,
    DIM_PERIOD,
    DIM_PROGRAM,
    DIM_SERIES,
)

_JAPAN = timedelta(hours=9)

Rows = dict[Table, list[dict[str, Any]]]


def timeless_rows(catalog: Catalog) -> Rows:
    """Centers, accounts and funds, and the row "unknown" of every dimension."""
    return {
        DIM_CENTER: [_unknown(DIM_CENTER), *map(_center, catalog.centers)],
        DIM_PERIOD: [_unknown(DIM_PERIOD)],
        DIM_PROGRAM: [_unknown(DIM_PROGRAM)],
        DIM_INDICATOR: [_unknown(DIM_INDICATOR)],
        DIM_SERIES: [_unknown(DIM_SERIES)],
        DIM_ACCOUNT: [
            _unknown(DIM_ACCOUNT),
            *(
                {"account_key": surrogate(row.account_id)}
                | row.model_dump(include={"account_id", "account_name", "side", "line_no", "is_allocated"})
                for row in catalog.accounts
            ),
        ],
        DIM_FUND: [
            {"fund_key": surrogate(row.fund_id), "fund_id": row.fund_id, "fund_name": row.fund_name}
            for row in catalog.funds
        ],
    }


def yearly_rows(catalog: Catalog, fiscal_year: int) -> Rows:
    """Periods, programs, indicators and what is owed in one fiscal year."""
    of_year = catalog.in_year(fiscal_year)
    return {
        DIM_PERIOD: [_period(period) for period in periods_of(fiscal_year)],
        BRIDGE_SPAN: list(_spans(periods_of(fiscal_year))),
        DIM_PROGRAM: [_program(of_year, row, fiscal_year) for row in of_year.programs],
        DIM_INDICATOR: [
            _indicator(of_year, row, fiscal_year, order) for order, row in enumerate(of_year.indicators)
        ],
        DIM_SERIES: [_series(row, fiscal_year) for row in of_year.series],
        BRIDGE_FEED: [row for feed in of_year.feeds for row in _fed(feed, fiscal_year)],
        BRIDGE_COMPONENT: list(_components(of_year.indicators, fiscal_year)),
        BRIDGE_EXPECTED: [row for owed in of_year.expected for row in _owed(owed, fiscal_year)],
    }


def _unknown(table: Table) -> dict[str, Any]:
    """The row 0 of a dimension: texts empty, numbers 0, days the first there is."""
    values: dict[type, Any] = {str: "", int: 0, float: 0.0, bool: False, date: date.min}
    return {
        column.name: UNKNOWN if column.name.endswith("_key") else values[column.type.python_type]
        for column in table.columns
    }


def _center(row: Center) -> dict[str, Any]:
    names = {"center_id", "center_name", "section", "role", "is_site"}
    return row.model_dump(include=names) | {"center_key": surrogate(row.center_id)}


def _period(period: Period) -> dict[str, Any]:
    return {
        "period_key": period.key,
        "period_id": period.id,
        "frequency": period.frequency,
        "fiscal_year": period.fiscal_year,
        "label": period.label,
        "first_day": period.first_day,
        "last_day": period.last_day,
    }


def _program(catalog: Catalog, row: Program, fiscal_year: int) -> dict[str, Any]:
    names = {"program_id", "printed_number", "section", "letter", "program_name", "level", "sort_key"}
    funds = {fund.fund_id: fund.fund_name for fund in catalog.funds}
    return row.model_dump(include=names) | {
        "program_key": yearly(row.program_id, fiscal_year),
        "fiscal_year": fiscal_year,
        "center_key": surrogate(row.center_id),
        "top_program_key": yearly(row.parent_id or row.program_id, fiscal_year),
        "funds": "、".join(funds[fund] for fund in row.funds),
    }


def _indicator(catalog: Catalog, row: Indicator, fiscal_year: int, order: int) -> dict[str, Any]:
    names = {
        *("indicator_id", "indicator", "qualifier", "label", "kind", "count_basis", "mode", "base"),
        *("unit", "printed_unit", "decimals", "rounding", "frequency", "source_form"),
        *("printed_in", "print_block"),
    }
    factor = catalog.unit_factors[row.unit].get(folded(row.printed_unit), 1)
    targets = {(t.fiscal_year, t.indicator_id): t.target for t in catalog.targets}
    return row.model_dump(include=names) | {
        "indicator_key": yearly(row.indicator_id, fiscal_year),
        "fiscal_year": fiscal_year,
        "program_key": yearly(row.program_id, fiscal_year),
        "annual_rule": row.rule,
        "half": row.half or 0,
        "line_no": row.line_no or 0,
        "target": targets.get((fiscal_year, row.indicator_id)),
        "print_scale": 10.0**row.decimals,
        "print_multiplier": 100.0 if folded(row.printed_unit) == "%" else 1.0,
        "print_divisor": float(factor),
        "periods_expected": PERIODS_A_YEAR[row.frequency],
        "print_order": order,
    }


def _spans(periods: list[Period]) -> Iterator[dict[str, Any]]:
    """Each period with the halves and the year that it lies in or is."""
    for period in periods:
        halves = [] if period.frequency == "year" else [period.half]
        for span in (*halves, period.year):
            yield {
                "period_key": period.key,
                "span_key": span.key,
                "is_last": period.last_day == span.last_day,
            }


def _series(row: Series, fiscal_year: int) -> dict[str, Any]:
    return row.model_dump(include={"series_id", "series_name", "is_listed"}) | {
        "series_key": yearly(row.series_id, fiscal_year),
        "fiscal_year": fiscal_year,
        "program_key": yearly(row.program_id, fiscal_year),
        "form_id": row.form,
    }


def _fed(feed: Feed, fiscal_year: int) -> Iterator[dict[str, Any]]:
    for measure in feed.measures or ("",):
        for choice in feed.choices or ("",):
            yield {
                "indicator_key": yearly(feed.indicator_id, fiscal_year),
                "series_key": yearly(feed.series_id, fiscal_year),
                "measure": measure,
                "choice": choice,
            }


def _components(indicators: Iterable[Indicator], fiscal_year: int) -> Iterator[dict[str, Any]]:
    for row in indicators:
        named = [("numerator", i) for i in row.numerator] + [("denominator", i) for i in row.denominator]
        for role, component in named:
            yield _component(row.indicator_id, component, role, fiscal_year)
        if row.part_of:
            yield _component(row.part_of, row.indicator_id, "part", fiscal_year)


def _component(indicator: str, component: str, role: str, fiscal_year: int) -> dict[str, Any]:
    return {
        "indicator_key": yearly(indicator, fiscal_year),
        "component_key": yearly(component, fiscal_year),
        "role": role,
    }


def _owed(owed: Expected, fiscal_year: int) -> Iterator[dict[str, Any]]:
    for period in periods_of(fiscal_year):
        if period.frequency == owed.frequency:
            yield {
                "form_id": owed.form,
                "center_key": surrogate(owed.center_id),
                "period_key": period.key,
                "due_on": _due(period, owed),
                "due_until": _end_of_day(_due(period, owed)),
            }


def _due(period: Period, owed: Expected) -> date:
    last = period.last_day
    month = last.month - 1 + owed.due_months_after
    first = date(last.year + month // 12, month % 12 + 1, 1)
    days = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=min(owed.due_day, days))


def _end_of_day(day: date) -> datetime:
    """The first moment after a day in Japan, in UTC: what has come before it came in time."""
    return datetime.combine(day + timedelta(days=1), time()) - _JAPAN
