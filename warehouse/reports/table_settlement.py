"""Ⅳ 資金収支決算（事業別対比）: budget, settlement and difference of every program, in 千円.

Columns and title are rows of the catalog (`report_columns.csv`, `report_tables.csv`).
"""

from typing import Any

from warehouse.reports.edition import Edition
from warehouse.reports.figure import Figure, Line, Part, Table, number_text
from warehouse.reports.money import SIDES, Scope, difference, execution, in_thousands
from warehouse.reports.rules import PLUS

TABLE_ID = "settlement"


def table(edition: Edition) -> Table:
    """The table of an edition."""
    catalog = edition.catalog
    titles, columns = catalog.table(TABLE_ID), catalog.columns_of(TABLE_ID)
    found = edition.scopes
    centers = {scope.id: scope for scope in found if scope.row["scope"] == "center"}
    lines: list[Line] = []
    summed: list[Scope] = []
    for center_id in dict.fromkeys(s.row["center_id"] for s in found if s.row["scope"] == "program"):
        center = centers[center_id]
        programs = [s for s in found if s.row["scope"] == "program" and s.row["center_id"] == center_id]
        heads_of = center_id in {c.center_id for c in catalog.centers if c.role == "center"}
        if heads_of:
            lines.append(_line(columns, _names(center), "heading"))
        lines += [_line(columns, _cells(scope, titles.rounding), "row") for scope in programs]
        summed += [center] if heads_of else programs
        if heads_of:
            cells = _cells(center, titles.rounding) | {"number": "", "program": f"{center.row['name']} 計"}
            lines.append(_line(columns, cells, "subtotal"))
    if centers:
        whole = _whole(edition.fiscal_year, summed)
        lines.append(_line(columns, _cells(whole, titles.rounding), "total"))
    headings = tuple(column.heading for column in columns)
    return Table(
        TABLE_ID,
        titles.title,
        headings,
        tuple(lines),
        titles.unit_note,
        _notes(lines, columns),
        titles.sign_off,
    )


def _names(scope: Scope) -> dict[str, Any]:
    return {"number": scope.row["printed_number"], "program": scope.row["name"]}


def _cells(scope: Scope, rounding: str) -> dict[str, Any]:
    budget, actual = scope.figures["budget"], scope.figures["ledger"]
    earned_budget, earned = scope.figures["income_budget"], scope.figures["income"]
    gap = difference(budget, actual, "difference", f"{scope.row['name']} 差異")
    return _names(scope) | {
        "budget": in_thousands(budget, rounding),
        "actual": in_thousands(actual, rounding),
        "difference": in_thousands(gap, rounding),
        "execution": execution(scope),
        "income_budget": in_thousands(earned_budget, rounding),
        "income": in_thousands(earned, rounding),
        "income_difference": in_thousands(
            difference(earned_budget, earned, "income_difference", f"{scope.row['name']} 収入差異"), rounding
        ),
        "balance": in_thousands(
            difference(earned, actual, "balance", f"{scope.row['name']} 収支差額"), rounding
        ),
        "funds": scope.row.get("funds") or "",
        "note": _note(scope),
    }


def _note(scope: Scope) -> str:
    status, reason = scope.row.get("report_status"), scope.row.get("status_reason")
    carried_out = f"{status}（{reason}）" if status and reason else ""
    is_open = scope.yen("ledger") is not None and scope.row.get("is_settled") == 0
    return "、".join(filter(None, (carried_out, "決算未了（会計は途中）" if is_open else "")))


def _whole(fiscal_year: int, summed: list[Scope]) -> Scope:
    """All centers and head office together: the sum of the printed sums, and of what no sum is over."""
    figures = {}
    for side in SIDES:
        ours = [scope.figures[side] for scope in summed if scope.yen(side) is not None]
        value = sum(int(f.value or 0) for f in ours) if ours else None
        figures[side] = Figure(
            f"expenditure.{fiscal_year}.all.all.{side}",
            f"合計 {SIDES[side]}",
            value,
            "－" if value is None else number_text(value, 0),
            "円",
            rule="parts",
            sources=tuple(Part(f, PLUS) for f in ours),
        )
    return Scope({"printed_number": "", "name": "合計", "scope_id": "all"}, figures)


def _notes(lines: list[Line], columns: Any) -> tuple[str, ...]:
    """The footnote on rounding, where a printed sum is not that of the rows under it; what the balance is."""
    names = [column.column for column in columns]
    if "actual" not in names:
        return ()
    at = names.index("actual")
    rows, centers = 0, 0
    is_off = False
    for line in lines:
        cell = line.cells[at]
        value = int(cell.value) if isinstance(cell, Figure) and cell.value is not None else 0
        if line.kind == "row":
            rows += value
        elif line.kind == "subtotal":
            is_off |= rows != value
            rows, centers = 0, centers + value
        elif line.kind == "total":
            is_off |= rows + centers != value
    rounded = ("端数処理のため、合計と内訳の計は一致しない場合がある。",) if is_off else ()
    earned = ("合計の収支差額が当期収支差額である。",) if "balance" in names else ()
    return (*rounded, *earned)


def _line(columns: Any, cells: dict[str, Any], kind: Any) -> Line:
    return Line(tuple(cells.get(column.column, "") for column in columns), kind)
