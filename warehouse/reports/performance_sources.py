"""The cells behind each indicator's figure of a year or half, by its annual rule."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, case, null, select

from warehouse.current import current
from warehouse.observations import counted_cells, is_input
from warehouse.reports.figure import Cell
from warehouse.reports.published_sources import Name
from warehouse.reports.rules import DENOMINATOR, NUMERATOR, VALUE
from warehouse.tables import (
    BRIDGE_COMPONENT,
    BRIDGE_SPAN,
    DIM_INDICATOR,
    DIM_PERIOD,
    DIM_PROGRAM,
    DIM_SUBMISSION,
)

# Indicator id and the key of a year or half.
Span = tuple[str, int]

_ROLES = {"numerator": NUMERATOR, "denominator": DENOMINATOR, "part": VALUE}


def performance_sources(
    connection: Connection, fiscal_year: int, as_of: datetime | None, before: dict[Name, Cell]
) -> dict[Span, tuple[Cell, ...]]:
    """Indicator and span to its cells: an input's own, a derived one's components', one published before."""
    inputs = _input_cells(connection, fiscal_year, as_of)
    sources = {span: tuple(cells) for span, cells in inputs.items()}
    spans = {key for _, key in inputs}
    for indicator_id, component_id, role in _components(connection, fiscal_year):
        for key in spans:
            cells = _as(_ROLES[role], inputs.get((component_id, key), ()))
            sources[indicator_id, key] = (*sources.get((indicator_id, key), ()), *cells)
    for indicator_id, name, rule in _compared(connection, fiscal_year):
        if cell := before.get(name):
            own = () if rule == "prior" else sources.get((indicator_id, fiscal_year), ())
            sources[indicator_id, fiscal_year] = (*own, cell)
    return sources


def _as(role: str, cells: Iterable[Cell]) -> list[Cell]:
    return [replace(cell, role=role) for cell in cells]


def _input_cells(connection: Connection, fiscal_year: int, as_of: datetime | None) -> dict[Span, list[Cell]]:
    """Lines that are only counted, and clients, have no value: of these the cells are the count.

    There are as many rows as cells: what files and periods say of them is asked for once.
    """
    seen = counted_cells(current(as_of, fiscal_year))
    o, i, s, d = seen.c, DIM_INDICATOR.c, DIM_SUBMISSION.c, DIM_PERIOD.c
    is_counted = i.annual_rule.in_(("count", "distinct"))
    rows = connection.execute(
        select(
            i.indicator_id,
            i.annual_rule,
            o.submission_key,
            o.period_key,
            o.address,
            case((is_counted, null()), else_=o.value).label("value"),
        )
        .select_from(
            seen.join(DIM_INDICATOR, i.indicator_key == o.indicator_key)
            .join(DIM_SUBMISSION, s.submission_key == o.submission_key)
            .join(DIM_PERIOD, d.period_key == o.period_key)
        )
        .where(i.fiscal_year == fiscal_year, is_input(seen))
        .order_by(i.print_order, d.last_day, s.file_name, o.address)
    )
    files, spans = _files(connection, fiscal_year), _spans(connection, fiscal_year)
    cells: dict[Span, list[Cell]] = {}
    for indicator_id, annual_rule, submission_key, period_key, address, value in rows:
        cell = Cell(*files[submission_key], address, value, VALUE)
        for span_key, is_last in spans[period_key]:
            if is_last or annual_rule != "last":
                cells.setdefault((indicator_id, span_key), []).append(cell)
    return cells


def _files(connection: Connection, fiscal_year: int) -> dict[int, tuple[str, str]]:
    """Submission to its file: hash and name."""
    s = DIM_SUBMISSION.c
    rows = connection.execute(
        select(s.submission_key, s.sha256, s.file_name).where(s.fiscal_year == fiscal_year)
    )
    return {key: (sha256, file_name) for key, sha256, file_name in rows}


def _spans(connection: Connection, fiscal_year: int) -> dict[int, list[tuple[int, bool]]]:
    """Period to the halves and the year that it lies in, and whether it is their last."""
    b, d = BRIDGE_SPAN.c, DIM_PERIOD.c
    rows = connection.execute(
        select(b.period_key, b.span_key, b.is_last)
        .join_from(BRIDGE_SPAN, DIM_PERIOD, d.period_key == b.period_key)
        .where(d.fiscal_year == fiscal_year)
    )
    spans: dict[int, list[tuple[int, bool]]] = {}
    for period_key, span_key, is_last in rows:
        spans.setdefault(period_key, []).append((span_key, is_last))
    return spans


def _components(connection: Connection, fiscal_year: int) -> list[tuple[str, str, str]]:
    b, i, k = BRIDGE_COMPONENT.c, DIM_INDICATOR.c, DIM_INDICATOR.alias("component").c
    rows = connection.execute(
        select(i.indicator_id, k.indicator_id.label("component_id"), b.role)
        .select_from(
            BRIDGE_COMPONENT.join(DIM_INDICATOR, i.indicator_key == b.indicator_key).join(
                k.indicator_id.table, k.indicator_key == b.component_key
            )
        )
        .where(i.fiscal_year == fiscal_year)
        .order_by(i.print_order, b.role.desc(), k.print_order)
    )
    return [(row.indicator_id, row.component_id, row.role) for row in rows]


def _compared(connection: Connection, fiscal_year: int) -> list[tuple[str, Name, str]]:
    """What is held against the year before: its id, the names of what it is about, and its rule."""
    b, i, m, p = BRIDGE_COMPONENT.c, DIM_INDICATOR.c, DIM_INDICATOR.alias("measured").c, DIM_PROGRAM.c
    rows = connection.execute(
        select(i.indicator_id, p.section, p.letter, m.indicator, m.qualifier, i.annual_rule)
        .select_from(
            BRIDGE_COMPONENT.join(DIM_INDICATOR, i.indicator_key == b.indicator_key)
            .join(m.indicator_id.table, m.indicator_key == b.component_key)
            .join(DIM_PROGRAM, p.program_key == m.program_key)
        )
        .where(i.fiscal_year == fiscal_year, i.annual_rule.in_(("difference", "prior")))
    )
    return [
        (row.indicator_id, (row.section, row.letter, row.indicator, row.qualifier), row.annual_rule)
        for row in rows
    ]
