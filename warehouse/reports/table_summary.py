"""Ⅰ 総括: each center's own paragraphs, head office's first, with our figures where they name one."""

from datetime import datetime

from sqlalchemy import Connection

from schemas.catalog import Catalog
from schemas.forms.narrative import SUMMARY
from warehouse.reports.figure import Line, Table
from warehouse.reports.performance_figures import measured
from warehouse.reports.texts import texts

TABLE_ID = "summary"


def table(connection: Connection, catalog: Catalog, fiscal_year: int, as_of: datetime | None) -> Table:
    """The table as known at a moment (naive UTC; None = now)."""
    titles, columns = catalog.table(TABLE_ID), catalog.columns_of(TABLE_ID)
    known = measured(connection, fiscal_year, as_of)
    lines = []
    center = ""
    for text in texts(connection, catalog, fiscal_year, as_of, known):
        if text.kind != SUMMARY:
            continue
        name = text.row["center_name"]
        cells = {"center": "" if name == center else name, "text": text.figure}
        lines.append(Line(tuple(cells.get(column.column, "") for column in columns)))
        center = name
    headings = tuple(column.heading for column in columns)
    return Table(TABLE_ID, titles.title, headings, tuple(lines), titles.unit_note)
