"""Ⅰ 総括: each center's own paragraphs, head office's first, with our figures where they name one."""

from schemas.forms.narrative import SUMMARY
from warehouse.reports.edition import Edition
from warehouse.reports.figure import Line, Table

TABLE_ID = "summary"


def table(edition: Edition) -> Table:
    """The table of an edition."""
    titles, columns = edition.catalog.table(TABLE_ID), edition.catalog.columns_of(TABLE_ID)
    lines = []
    center = ""
    for text in edition.texts:
        if text.kind != SUMMARY:
            continue
        name = text.row["center_name"]
        cells = {"center": "" if name == center else name, "text": text.figure}
        lines.append(Line(tuple(cells.get(column.column, "") for column in columns)))
        center = name
    headings = tuple(column.heading for column in columns)
    return Table(TABLE_ID, titles.title, headings, tuple(lines), titles.unit_note)
