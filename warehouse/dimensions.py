"""The rows of the dimensions for some fiscal years, from the catalog."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Table

from schemas.catalog import Catalog
from schemas.catalog_rows import Center, Expected, Indicator, Program
from schemas.keys import UNKNOWN, surrogate, yearly
from schemas.period import PERIODS_A_YEAR, Period, periods_of
from schemas.values import folded
from warehouse.tables import (
    BRIDGE_COMPONENT,
    BRIDGE_EXPECTED,
    DIM_ACCOUNT,
    DIM_CENTER,
    DIM_FUND,
    DIM_INDICATOR,
    DIM_PERIOD,
    DIM_PROGRAM,
)

Rows = dict[Table, list[dict[str, Any]]]


def timeless_rows(catalog: Catalog) -> Rows:
    """Centers, accounts and funds, and the row "unknown" of every dimension."""
    return {
        DIM_CENTER: [_unknown(DIM_CENTER), *map(_center, catalog.centers)],
        DIM_PERIOD: [_unknown(DIM_PERIOD)],
        DIM_PROGRAM: [_unknown(DIM_PROGRAM)],
        DIM_INDICATOR: [_unknown(DIM_INDICATOR)],
        DIM_ACCOUNT: [
            _unknown(DIM_ACCOUNT),
            *(
                {"account_key": surrogate(row.account_id)}
                | row.model_dump(include={"account_id", "account_name", "side", "line_no"})
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
        DIM_PROGRAM: [_program(of_year, row, fiscal_year) for row in of_year.programs],
        DIM_INDICATOR: [
            _indicator(of_year, row, fiscal_year, order) for order, row in enumerate(of_year.indicators)
        ],
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
    status = next(
        (
            s
            for s in catalog.program_status
            if s.program_id == row.program_id and s.fiscal_year == fiscal_year
        ),
        None,
    )
    return row.model_dump(include=names) | {
        "program_key": yearly(row.program_id, fiscal_year),
        "fiscal_year": fiscal_year,
        "center_key": surrogate(row.center_id),
        "top_program_key": yearly(row.parent_id or row.program_id, fiscal_year),
        "funds": "、".join(funds[fund] for fund in row.funds),
        "status": status.status if status else "",
        "status_reason": status.reason if status else "",
    }


def _indicator(catalog: Catalog, row: Indicator, fiscal_year: int, order: int) -> dict[str, Any]:
    names = {
        *("indicator_id", "indicator", "qualifier", "label", "kind", "count_basis", "mode", "base"),
        *("unit", "printed_unit", "decimals", "rounding", "frequency", "source_form"),
        *("is_printed", "print_block"),
    }
    factor = catalog.unit_factors[row.unit].get(folded(row.printed_unit), 1)
    return row.model_dump(include=names) | {
        "indicator_key": yearly(row.indicator_id, fiscal_year),
        "fiscal_year": fiscal_year,
        "program_key": yearly(row.program_id, fiscal_year),
        "annual_rule": row.rule,
        "print_scale": 10.0**row.decimals,
        "print_multiplier": 100.0 if folded(row.printed_unit) == "%" else 1.0,
        "print_divisor": float(factor),
        "periods_expected": PERIODS_A_YEAR[row.frequency],
        "print_order": order,
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
            }


def _due(period: Period, owed: Expected) -> date:
    last = period.last_day
    month = last.month - 1 + owed.due_months_after
    return date(last.year + month // 12, month % 12 + 1, owed.due_day)
