"""The cells behind each indicator's figure of a year, by its annual rule."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, select

from schemas.forms.performance import PERFORMANCE
from warehouse.current import current
from warehouse.facts import FACTS
from warehouse.marts import performance
from warehouse.reports.figure import Cell
from warehouse.reports.rules import DENOMINATOR, NUMERATOR, PRIOR, VALUE
from warehouse.tables import BRIDGE_COMPONENT, DIM_INDICATOR, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION

_ROLES = {"numerator": NUMERATOR, "denominator": DENOMINATOR, "part": VALUE}


def performance_sources(
    connection: Connection, fiscal_year: int, as_of: datetime | None
) -> dict[str, tuple[Cell, ...]]:
    """Indicator id to its cells: an input's own, a derived one's components'."""
    inputs = _input_cells(connection, fiscal_year, as_of)
    sources = {indicator_id: tuple(cells) for indicator_id, cells in inputs.items()}
    for indicator_id, component_id, role in _components(connection, fiscal_year):
        cells = _as(_ROLES[role], inputs.get(component_id, ()))
        sources[indicator_id] = (*sources.get(indicator_id, ()), *cells)
    for indicator_id, cell in _prior_cells(connection, fiscal_year, as_of):
        sources[indicator_id] = (*sources.get(indicator_id, ()), cell)
    return sources


def _as(role: str, cells: Iterable[Cell]) -> list[Cell]:
    return [Cell(c.sha256, c.file_name, c.address, c.value, role) for c in cells]


def _input_cells(connection: Connection, fiscal_year: int, as_of: datetime | None) -> dict[str, list[Cell]]:
    known = current(as_of)
    f, i, s, d = FACTS["performance"].c, DIM_INDICATOR.c, DIM_SUBMISSION.c, DIM_PERIOD.c
    rows = connection.execute(
        select(i.indicator_id, i.annual_rule, s.sha256, s.file_name, f.value_at, f.value, d.last_day)
        .select_from(
            FACTS["performance"]
            .join(known, known.c.submission_key == f.submission_key)
            .join(DIM_INDICATOR, i.indicator_key == f.indicator_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
            .join(DIM_PERIOD, d.period_key == f.period_key)
        )
        .where(
            i.fiscal_year == fiscal_year,
            i.annual_rule.in_(performance.INPUT_RULES),
            i.source_form == PERFORMANCE.id,
        )
        .order_by(i.print_order, d.last_day)
    ).all()
    cells: dict[str, list[Cell]] = {}
    for row in rows:
        cell = Cell(row.sha256, row.file_name, row.value_at, row.value, VALUE)
        if row.annual_rule == "last":
            is_year_end = (row.last_day.month, row.last_day.day) == (3, 31)
            cells[row.indicator_id] = [cell] if is_year_end else []
        else:
            cells.setdefault(row.indicator_id, []).append(cell)
    return cells


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


def _prior_cells(connection: Connection, fiscal_year: int, as_of: datetime | None) -> list[tuple[str, Cell]]:
    """For each difference, the cell of the year before's published value."""
    known = current(as_of)
    f, s, b = FACTS["published"].c, DIM_SUBMISSION.c, BRIDGE_COMPONENT.c
    i, m, p = DIM_INDICATOR.c, DIM_INDICATOR.alias("measured").c, DIM_PROGRAM.c
    rows = connection.execute(
        select(i.indicator_id, s.sha256, s.file_name, f.value_at, f.value)
        .select_from(
            BRIDGE_COMPONENT.join(DIM_INDICATOR, i.indicator_key == b.indicator_key)
            .join(m.indicator_id.table, m.indicator_key == b.component_key)
            .join(DIM_PROGRAM, p.program_key == m.program_key)
            .join(
                FACTS["published"],
                and_(
                    f.section == p.section,
                    f.letter == p.letter,
                    f.title == m.indicator,
                    f.qualifier == m.qualifier,
                ),
            )
            .join(known, known.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
        )
        .where(
            i.fiscal_year == fiscal_year,
            i.annual_rule == "difference",
            s.fiscal_year == fiscal_year - 1,
        )
    )
    return [
        (row.indicator_id, Cell(row.sha256, row.file_name, row.value_at, row.value, PRIOR)) for row in rows
    ]
