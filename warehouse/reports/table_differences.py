"""差異一覧: each difference between center and ledger, with the cells of both sides, owner and reason."""

from typing import Any

from schemas.difference import OWNERS
from warehouse.reconciliation.differences import EXPLAINED, Difference
from warehouse.reconciliation.elements import BOOKED, REPORTED
from warehouse.reports.difference_sources import cells_of
from warehouse.reports.edition import Edition
from warehouse.reports.figure import NOT_SAID, Cell, Figure, Line, Part, Table, number_text
from warehouse.reports.rules import MINUS, PLUS

TABLE_ID = "differences"
_SIDES = {REPORTED: "センターの額", BOOKED: "会計の額"}


def table(edition: Edition) -> Table:
    """The table of an edition."""
    titles, columns = edition.catalog.table(TABLE_ID), edition.catalog.columns_of(TABLE_ID)
    found = edition.differences
    elements = [element for one in found for element in one.elements]
    sources = cells_of(edition.connection, edition.fiscal_year, edition.as_of, elements)
    lines = [_line(columns, _cells(one, sources)) for one in found]
    headings = tuple(column.heading for column in columns)
    notes = () if lines else ("センターの報告と会計に差異はありません。",)
    return Table(TABLE_ID, titles.title, headings, tuple(lines), titles.unit_note, notes, titles.sign_off)


def _cells(one: Difference, sources: dict[int, tuple[Cell, ...]]) -> dict[str, Any]:
    reported, booked = (_side(one, side, sources) for side in (REPORTED, BOOKED))
    said = one.explanation
    return {
        "number": one.id,
        "category": f"{one.category.code} {one.category.name}",
        "place": one.place,
        "reported": reported,
        "ledger": booked,
        "gap": _gap(one, reported, booked),
        "sentence": one.sentence,
        "owner": OWNERS[one.category.owner],
        "status": one.status,
        "reason": f"{said.why}（{said.by}）" if said and one.status == EXPLAINED else "",
    }


def _side(one: Difference, side: str, sources: dict[int, tuple[Cell, ...]]) -> Figure:
    ours = [e for e in one.elements if e.side == side]
    cells = tuple(cell for element in ours for cell in sources[id(element)])
    value = sum(e.amount_yen for e in ours) if ours else None
    text = NOT_SAID if value is None else number_text(value, 0)
    label = f"差異{one.id[:8]} {_SIDES[side]}"
    return Figure(f"difference.{one.id}.{side}", label, value, text, "円", rule="signed", sources=cells)


def _gap(one: Difference, reported: Figure, booked: Figure) -> Figure:
    sides = [Part(f, role) for f, role in ((reported, PLUS), (booked, MINUS)) if f.value is not None]
    label, text = f"差異{one.id[:8]} 報告－会計", number_text(one.net_yen, 0)
    return Figure(
        f"difference.{one.id}.gap", label, one.net_yen, text, "円", rule="parts", sources=tuple(sides)
    )


def _line(columns: Any, cells: dict[str, Any]) -> Line:
    return Line(tuple(cells.get(column.column, "") for column in columns), "row")
