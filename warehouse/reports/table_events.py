"""Ⅲ 実施催事一覧: the listed events with their places, targets and months."""

from warehouse.reports.edition import Edition
from warehouse.reports.figure import Line, Table

TABLE_ID = "events"


def table(edition: Edition) -> Table:
    """The table of an edition."""
    catalog = edition.catalog
    titles, columns = catalog.table(TABLE_ID), catalog.columns_of(TABLE_ID)
    lines = []
    for row, months in edition.events:
        cells = {
            "number": str(row["event_no"]),
            "program": f"{row['section']} {row['sub_program']}".strip(),
            "name": row["name"],
            "place": row["domestic_or_overseas"],
            "target": row["target"],
            "months": months,
            "note": f"うち中止 {row['cancelled']} 回" if row["cancelled"] and row["occurrences"] else "",
        }
        lines.append(Line(tuple(cells.get(column.column, "") for column in columns)))
    headings = tuple(column.heading for column in columns)
    listed = "、".join(
        row.series_name for row in catalog.in_year(edition.fiscal_year).series if row.is_listed
    )
    notes = (f"掲載する催事の種別: {listed}。番号は事業ごとの催事番号。",) if listed else ()
    return Table(TABLE_ID, titles.title, headings, tuple(lines), titles.unit_note, notes)
