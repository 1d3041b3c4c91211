"""The yen figures of the foundation by program, center and foundation, and their rounding for print.

Yen is exact and has its cells; 千円, differences, subtotals and rates are made of those figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from schemas.difference import HEADINGS
from warehouse.current import current, of_current
from warehouse.facts import FACTS
from warehouse.marts import expenditure, reconciliation
from warehouse.reconciliation.differences import Difference
from warehouse.reconciliation.statement import UNEXPLAINED, stated_as_of
from warehouse.reports.difference_sources import cells_of, difference_sources
from warehouse.reports.expenditure_sources import expenditure_sources
from warehouse.reports.figure import Cell, Figure, Part, Source, number_text
from warehouse.reports.rules import DENOMINATOR, MINUS, NUMERATOR, PLUS
from warehouse.tables import DIM_SUBMISSION

SIDES: dict[str, str] = {
    "reported": "センター報告",
    "ledger": "会計（仕訳）",
    "budget": "予算現額",
    "income_budget": "収入予算",
    "income": "収入（仕訳）",
    "approved": "当初予算",
    "supplement": "補正",
    "carried": "前年度繰越",
    "transferred": "流用・予備費充当",
    **{str(name): f"差のうち{label}" for name, label in HEADINGS.items()},
    UNEXPLAINED: "差のうち未説明",
}


@dataclass(frozen=True)
class Scope:
    """A program, a center or the foundation: its row of the reconciliation and its yen figures by side."""

    row: Any
    figures: dict[str, Figure]

    @property
    def id(self) -> str:
        return str(self.row["scope_id"])

    def yen(self, side: str) -> int | None:
        value = self.figures[side].value
        return None if value is None else int(value)


def scopes(
    connection: Connection, fiscal_year: int, as_of: datetime | None, differences: Sequence[Difference]
) -> list[Scope]:
    """Programs in print order, each center behind its last one, the foundation at the end."""
    spent = _rows(connection, expenditure.query(current(as_of, fiscal_year)), fiscal_year)
    words = {row["sort_key"]: row for row in spent}
    cells = expenditure_sources(connection, fiscal_year, as_of)
    of_elements = cells_of(connection, fiscal_year, as_of, (e for one in differences for e in one.elements))
    cells |= difference_sources(differences, of_elements)
    found_by_program = stated_as_of(differences)
    found: list[Scope] = []
    for row in _rows(
        connection, reconciliation.query(current(as_of, fiscal_year), found_by_program), fiscal_year
    ):
        if row["scope"] == "program":
            of_program = words[row["sort_key"]]
            row |= {"report_status": of_program["status"]}
            row |= {name: of_program[name] for name in ("status_reason", "funds")}
        within = [scope for scope in found if _is_within(scope.row, row)]
        found.append(_scope(row, within, cells, fiscal_year))
    return found


def _rows(connection: Connection, query: Select[Any], fiscal_year: int) -> list[dict[str, Any]]:
    """A mart's rows of a year in print order; of a center and its last program, the program first."""
    mart = query.cte("mart")
    order = [mart.c.sort_key, *([mart.c.scope.desc()] if "scope" in mart.c else [])]
    found = connection.execute(select(mart).where(mart.c.fiscal_year == fiscal_year).order_by(*order))
    return [dict(row) for row in found.mappings()]


def _scope(row: Any, within: list[Scope], cells: Any, fiscal_year: int) -> Scope:
    """`within`: the programs that a center's or the foundation's yen is the sum of."""
    figures = {}
    for side, label in SIDES.items():
        yen = row[f"{side}_yen"]
        sources: tuple[Source, ...] = cells.get(side, {}).get(row["scope_id"], ())
        if row["scope"] != "program":
            sources = tuple(Part(scope.figures[side], PLUS) for scope in within)
        figures[side] = Figure(
            _id(fiscal_year, row, side),
            f"{row['name']} {label}",
            yen,
            "－" if yen is None else number_text(yen, 0),
            "円",
            rule="signed" if row["scope"] == "program" else "parts",
            sources=sources if yen is not None else (),
        )
    return Scope(row, figures)


def _is_within(program: Any, whole: Any) -> bool:
    if program["scope"] != "program":
        return False
    if whole["scope"] == "foundation":
        return bool(program["role"] == "center")
    return bool(program["center_id"] == whole["center_id"])


def _id(fiscal_year: int, row: Any, side: str) -> str:
    return f"expenditure.{fiscal_year}.{row['scope']}.{row['scope_id']}.{side}"


def difference(first: Figure, second: Figure, name: str, label: str) -> Figure:
    """first - second, in yen; unknown where either is."""
    known = first.value is not None and second.value is not None
    value = first.value - second.value if first.value is not None and second.value is not None else None
    return Figure(
        f"{first.figure_id.rpartition('.')[0]}.{name}",
        label,
        value,
        "－" if value is None else number_text(value, 0),
        "円",
        rule="parts",
        sources=(Part(first, PLUS), Part(second, MINUS)) if known else (),
    )


def execution(scope: Scope) -> Figure:
    """執行率: settled over budgeted yen in percent, one decimal; unknown without a budget."""
    budget, actual = scope.figures["budget"], scope.figures["ledger"]
    figure_id = f"{budget.figure_id.rpartition('.')[0]}.execution"
    label = f"{scope.row['name']} 執行率"
    if not budget.value or actual.value is None:
        return Figure(figure_id, label, None, "－", "％", 1)
    # Tenths of a percent, half away from zero, in whole numbers.
    part, whole = int(actual.value), int(budget.value)
    tenths = (abs(part) * 2000 + abs(whole)) // (abs(whole) * 2)
    value = (tenths if (part < 0) == (whole < 0) else -tenths) / 10
    parts = (Part(actual, NUMERATOR), Part(budget, DENOMINATOR))
    return Figure(figure_id, label, value, number_text(value, 1), "％", 1, "execution", sources=parts)


def in_thousands(figure: Figure, rounding: str) -> Figure:
    """The figure in 千円, rounded once from its yen: half away from zero, or cut toward zero."""
    if figure.value is None:
        return replace(figure, figure_id=f"{figure.figure_id}.thousand", unit="千円")
    value = thousand_yen(int(figure.value), rounding)
    return Figure(
        f"{figure.figure_id}.thousand",
        figure.label,
        value,
        number_text(value, 0),
        "千円",
        rule="thousand",
        rounding=rounding,
        sources=(Part(figure, PLUS),),
    )


def thousand_yen(yen: int, rounding: str) -> int:
    """Yen to 千円; `rounding` is half_up (四捨五入) or floor (切捨て), both away from the sign."""
    size = abs(yen) // 1000 if rounding == "floor" else (abs(yen) + 500) // 1000
    return -size if yen < 0 else size


def published_cells(connection: Connection, fiscal_year: int, as_of: datetime | None) -> dict[str, Cell]:
    """Section to the cell of the edition that prints its 支出決算額."""
    known = current(as_of, fiscal_year)
    f, s = FACTS["published"].c, DIM_SUBMISSION.c
    rows = connection.execute(
        select(f.section, s.sha256, s.file_name, f.value_at, f.value)
        .select_from(of_current(FACTS["published"], known))
        .where(s.fiscal_year == fiscal_year, f.kind == "expenditure")
        # Of two the greater, as in mart_reconciliation.
        .order_by(f.section, f.value, f.submission_key, f.line_no)
    )
    return {row.section: Cell(row.sha256, row.file_name, row.value_at, row.value, PLUS) for row in rows}
