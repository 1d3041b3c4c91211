"""Ⅲ 事業実績一覧: every indicator's figure of the year and its halves, under all programs.

The columns for the year before, the change and the target are printed when at least half of the rows
have them. A heading may name the year: `{year}`, `{prior_year}`.
"""

from typing import Any

from schemas.catalog import Catalog
from schemas.catalog_rows import ReportColumn
from schemas.period import fiscal_year_label
from warehouse.reports.edition import Edition
from warehouse.reports.figure import NOT_SAID, Figure, Line, Table, number_text
from warehouse.reports.performance_figures import Measured

TABLE_ID = "overview"
OPTIONAL = ("prior", "change", "target")
_AT_ITS_END = ("last",)


def table(edition: Edition) -> Table:
    """The table of an edition."""
    catalog = edition.catalog
    titles = catalog.table(TABLE_ID)
    found: dict[str, list[Measured]] = {}
    for one in edition.measured.values():
        if one.row["printed_in"] == "table":
            found.setdefault(one.row["program_id"], []).append(one)
    stocks = {row.indicator_id for row in catalog.indicators if row.rule in _AT_ITS_END}
    of_stocks = {row.indicator_id for row in catalog.indicators if {*row.numerator} & stocks} | stocks
    rows: list[tuple[dict[str, Any], Any]] = []
    center = ""
    for program in edition.programs:
        if program["center_name"] != center:
            center = program["center_name"]
            rows.append(({"number": program["chapter"], "program": center}, "heading"))
        rows += [(cells, "row") for cells in _cells(program, found, of_stocks)]
    columns = _columns(catalog, [cells for cells, kind in rows if kind == "row" and "value" in cells])
    lines = tuple(Line(tuple(cells.get(c.column, "") for c in columns), kind) for cells, kind in rows)
    return Table(TABLE_ID, titles.title, _headings(columns, edition.fiscal_year), lines, titles.unit_note)


def _columns(catalog: Catalog, rows: list[dict[str, Any]]) -> list[ReportColumn]:
    """The columns of the catalog without the optional ones that most rows lack."""
    shares = {name: sum(bool(row.get(name)) for row in rows) * 2 for name in OPTIONAL}
    return [
        column
        for column in catalog.columns_of(TABLE_ID)
        if column.column not in OPTIONAL or shares[column.column] >= len(rows) > 0
    ]


def _headings(columns: list[ReportColumn], fiscal_year: int) -> tuple[str, ...]:
    years = {"year": fiscal_year_label(fiscal_year), "prior_year": fiscal_year_label(fiscal_year - 1)}
    return tuple(column.heading.format(**years) for column in columns)


def _cells(
    program: dict[str, Any], found: dict[str, list[Measured]], of_stocks: set[str]
) -> list[dict[str, Any]]:
    head = {"number": program["printed_number"], "program": program["program_name"]}
    rows = []
    if program["status"]:
        rows.append(head | {"label": "実施状況", "value": program["status"], "note": program["reason"]})
    for one in found.get(program["program_id"], ()):
        if program["status"] and one.figure.value is None:
            continue
        rows.append((head if not rows else {}) | _row(one, one.row["indicator_id"] in of_stocks))
    return rows or [head]


def _row(one: Measured, is_at_end: bool) -> dict[str, Any]:
    row = one.row
    first, second = (one.halves.get(half, NOT_SAID) for half in (1, 2))
    return {
        "label": row["label"],
        "unit": row["printed_unit"],
        "value": one.figure,
        "prior": one.prior or "",
        "change": one.change or "",
        "target": _target(row),
        "first_half": first,
        "second_half": second,
        "note": _note(row, is_at_end and bool(one.halves)),
    }


def _target(row: dict[str, Any]) -> Figure | str:
    """A target is a row of the catalog and has no cell."""
    if row["target"] is None:
        return ""
    text = number_text(row["target"], row["decimals"])
    figure_id = f"target.{row['fiscal_year']}.{row['indicator_id']}"
    return Figure(
        figure_id, f"{row['label']} 目標", row["target"], text, row["printed_unit"], row["decimals"]
    )


def _note(row: dict[str, Any], is_at_end: bool) -> str:
    is_sure = row["status"] in ("報告済", "未報告", "該当なし")
    notes = (
        "" if is_sure else row["status"],
        "実数" if row["count_basis"] == "実" else "",
        "端数切捨て" if row["rounding"] == "floor" else "",
        "9月末・3月末現在" if is_at_end else "",
    )
    return "、".join(filter(None, notes))
