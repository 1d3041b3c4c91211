"""支出照合表: what centers reported, against ledger, budget and print; every difference and its state."""

from typing import Any

from warehouse.reconciliation.differences import EXPLAINED
from warehouse.reports.edition import Edition
from warehouse.reports.figure import Cell, Figure, Line, Part, Table, number_text
from warehouse.reports.money import Scope, difference, execution, in_thousands, published_cells
from warehouse.reports.rules import MINUS, PLUS

TABLE_ID = "reconciliation"


def table(edition: Edition) -> Table:
    """The table of an edition."""
    catalog = edition.catalog
    titles, columns = catalog.table(TABLE_ID), catalog.columns_of(TABLE_ID)
    published = published_cells(edition.connection, edition.fiscal_year, edition.as_of)
    rounding = catalog.table("settlement").rounding
    reasons = _reasons(edition)
    lines = []
    for scope in edition.scopes:
        kind = {"program": "row", "center": "subtotal", "foundation": "total"}[scope.row["scope"]]
        cells = _cells(scope, published, rounding, reasons)
        lines.append(Line(tuple(cells.get(column.column, "") for column in columns), kind))  # type: ignore[arg-type]
    headings = tuple(column.heading for column in columns)
    return Table(TABLE_ID, titles.title, headings, tuple(lines), titles.unit_note, signers=titles.sign_off)


def _reasons(edition: Edition) -> dict[str, str]:
    """Program id to the reasons that were given for its differences."""
    found: dict[str, list[str]] = {}
    for one in edition.differences:
        for program_id in dict.fromkeys(e.top_program_id for e in one.elements):
            if one.status == EXPLAINED and one.explanation:
                found.setdefault(program_id, []).append(f"{one.explanation.why}（{one.id[:8]}）")
    return {program_id: "、".join(reasons) for program_id, reasons in found.items()}


def _cells(
    scope: Scope, published: dict[str, Cell], rounding: str, reasons: dict[str, str]
) -> dict[str, Any]:
    row, figures = scope.row, scope.figures
    actual = in_thousands(figures["ledger"], rounding)
    is_center = row["scope"] == "center"
    printed = _published(scope, published.get(row["section"]) if is_center else None)
    gap = _published_gap(actual, printed)
    return {
        "approved": figures["approved"],
        "supplement": figures["supplement"],
        "carried": figures["carried"],
        "transferred": figures["transferred"],
        "timing": figures["timing"],
        "classification": figures["classification"],
        "basis": figures["basis"],
        "missing": figures["missing"],
        "error": figures["error"],
        "unexplained": figures["unexplained"],
        "execution": execution(scope),
        "number": row["printed_number"] if not is_center else "",
        "program": f"{row['name']} 計" if is_center else row["name"],
        "reported": figures["reported"],
        "ledger": figures["ledger"],
        "gap": difference(figures["reported"], figures["ledger"], "gap", f"{row['name']} 報告－会計"),
        "budget": figures["budget"],
        "remaining": difference(
            figures["budget"], figures["ledger"], "difference", f"{row['name']} 予算－決算"
        ),
        "actual_thousand": actual,
        "published": printed if is_center else "",
        "published_gap": gap if is_center else "",
        "note": reasons.get(scope.id, ""),
        "status": row["status"],
    }


def _published(scope: Scope, cell: Cell | None) -> Figure:
    figure_id = f"{scope.figures['ledger'].figure_id.rpartition('.')[0]}.published"
    label = f"{scope.row['name']} 公表額"
    if cell is None or cell.value is None:
        return Figure(figure_id, label, None, "－", "千円")
    text = number_text(cell.value, 0)
    return Figure(figure_id, label, int(cell.value), text, "千円", rule="published", sources=(cell,))


def _published_gap(actual: Figure, printed: Figure) -> Figure:
    figure_id = f"{printed.figure_id}_gap"
    if actual.value is None or printed.value is None:
        return Figure(figure_id, "端数・公表差", None, "－", "千円")
    value = actual.value - printed.value
    parts = (Part(actual, PLUS), Part(printed, MINUS))
    return Figure(
        figure_id, "端数・公表差", value, number_text(value, 0), "千円", rule="parts", sources=parts
    )
