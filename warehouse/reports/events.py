"""The listed events of a year as figures: the months in which each was held, from the cells of its days."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from warehouse.current import current
from warehouse.facts import FACTS
from warehouse.marts import event
from warehouse.reports.figure import Cell, Figure
from warehouse.reports.rules import END, START
from warehouse.tables import DIM_PROGRAM, DIM_SERIES, DIM_SUBMISSION

_Key = tuple[str, int]


def events(
    connection: Connection, fiscal_year: int, as_of: datetime | None
) -> list[tuple[dict[str, Any], Figure]]:
    """Each listed event's mart row and the figure of its months, in print order."""
    mart = event.query(current(as_of, fiscal_year)).cte("mart")
    rows = connection.execute(
        select(mart)
        .where(mart.c.fiscal_year == fiscal_year, mart.c.is_listed)
        .order_by(mart.c.section, mart.c.sub_program, mart.c.event_no)
    ).mappings()
    cells = _cells(connection, fiscal_year, as_of)
    return [(dict(row), _figure(row, cells[_key(row)])) for row in rows]


def _key(row: Any) -> _Key:
    return row["program_id"], row["event_no"]


def _figure(row: Any, cells: list[Cell]) -> Figure:
    return Figure(
        f"event.{row['fiscal_year']}.{row['program_id']}.{row['event_no']}",
        row["name"],
        None,
        row["months"],
        "",
        rule="months",
        sources=tuple(cells),
    )


def _cells(connection: Connection, fiscal_year: int, as_of: datetime | None) -> dict[_Key, list[Cell]]:
    """The cells of the first and last days of each event's occurrences."""
    known = current(as_of, fiscal_year)
    f, s, p, t = FACTS["event"].c, DIM_SUBMISSION.c, DIM_PROGRAM.c, DIM_SERIES.c
    rows = connection.execute(
        select(
            *(p.program_id, f.event_no, s.sha256, s.file_name),
            *(f.start_date_at, f.end_date_at),
        )
        .select_from(
            FACTS["event"]
            .join(known, known.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
            .join(DIM_PROGRAM, p.program_key == f.program_key)
            .join(DIM_SERIES, t.series_key == f.series_key)
        )
        .where(p.fiscal_year == fiscal_year, t.is_listed, f.cancelled == "")
        .order_by(f.start_date, f.end_date, f.line_no)
    )
    cells: dict[_Key, list[Cell]] = defaultdict(list)
    for row in rows:
        cells[row.program_id, row.event_no] += [
            Cell(row.sha256, row.file_name, row.start_date_at, None, START),
            Cell(row.sha256, row.file_name, row.end_date_at, None, END),
        ]
    return cells
