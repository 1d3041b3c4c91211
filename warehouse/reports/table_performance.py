"""Ⅱ 事業実績: every indicator's figure of the year under its program, with how complete it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from schemas.catalog import Catalog
from warehouse.current import current
from warehouse.marts import performance
from warehouse.reports.figure import Figure, Line, Table, number_text
from warehouse.reports.performance_sources import performance_sources
from warehouse.tables import DIM_CENTER, DIM_PROGRAM

TABLE_ID = "performance"


def table(connection: Connection, catalog: Catalog, fiscal_year: int, as_of: datetime | None) -> Table:
    """The table as known at a moment (naive UTC; None = now)."""
    sources = performance_sources(connection, fiscal_year, as_of)
    figures: dict[str, list[Any]] = {}
    for row in connection.execute(_figures(fiscal_year, as_of)).mappings():
        figures.setdefault(f"{row['section']} {row['sub_program']}".strip(), []).append(row)
    columns = catalog.columns_of(TABLE_ID)
    lines: list[Line] = []
    center = ""
    for program in connection.execute(_programs(fiscal_year)).mappings():
        if program["center_name"] != center:
            center = program["center_name"]
            lines.append(_line(columns, {"number": program["chapter"], "program": center}, "heading"))
        rows = figures.get(program["printed_number"], [])
        lines += _program_lines(columns, program, rows, sources)
    titles = catalog.table(TABLE_ID)
    return Table(TABLE_ID, titles.title, tuple(c.heading for c in columns), tuple(lines), titles.unit_note)


def _figures(fiscal_year: int, as_of: datetime | None) -> Select[Any]:
    figures = performance.query(current(as_of)).cte("figures")
    return select(figures).where(figures.c.fiscal_year == fiscal_year).order_by(figures.c.print_order)


def _programs(fiscal_year: int) -> Select[Any]:
    p, c = DIM_PROGRAM.c, DIM_CENTER.c
    return (
        select(
            p.printed_number,
            p.program_name,
            p.status,
            p.status_reason,
            c.center_name,
            c.section.label("chapter"),
        )
        .select_from(DIM_PROGRAM.join(DIM_CENTER, c.center_key == p.center_key))
        .where(p.fiscal_year == fiscal_year, p.level.in_(("program", "sub_program")))
        .order_by(p.sort_key)
    )


def _program_lines(columns: Any, program: Any, rows: list[Any], sources: Any) -> list[Line]:
    head = {"number": program["printed_number"], "program": program["program_name"]}
    if program["status"]:
        words = {"label": "実施状況", "value": program["status"], "note": program["status_reason"]}
        lines = [_line(columns, head | words)]
        # What was reported all the same is not kept from the reader.
        rows, head = [row for row in rows if row["value"] is not None], {}
    elif not rows:
        return [_line(columns, head)]
    else:
        lines = []
    for row in rows:
        figure = _figure(row, sources.get(row["indicator_id"], ()))
        cells = {"label": row["label"], "value": figure, "unit": row["printed_unit"], "note": _note(row)}
        lines.append(_line(columns, head | cells))
        head = {}
    return lines


def _figure(row: Any, sources: Any) -> Figure:
    value = row["value"]
    if value is not None and row["decimals"] == 0:
        value = int(value)
    text = row["status"] if value is None else number_text(value, row["decimals"])
    return Figure(
        f"performance.{row['fiscal_year']}.{row['indicator_id']}",
        row["label"],
        value,
        text,
        row["printed_unit"],
        row["decimals"],
        row["annual_rule"],
        row["rounding"],
        sources,
    )


def _note(row: Any) -> str:
    is_sure = row["status"] in ("報告済", "未報告", "該当なし")
    notes = ["" if is_sure else row["status"], row["count_basis"] if row["count_basis"] == "実" else ""]
    return "、".join(filter(None, notes))


def _line(columns: Any, cells: dict[str, Any], kind: Any = "row") -> Line:
    return Line(tuple(cells.get(column.column, "") for column in columns), kind)
