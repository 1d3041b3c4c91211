"""The figures of every printed indicator: of the year, of each half, of the year before, the target."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from warehouse.current import current
from warehouse.marts import performance, performance_half
from warehouse.reports.figure import Figure, Part, number_text
from warehouse.reports.performance_sources import performance_sources
from warehouse.reports.published_sources import published_sources
from warehouse.reports.rules import MINUS, PLUS


@dataclass(frozen=True)
class Measured:
    """An indicator of the year: its mart row, its figure, and those of its halves (1, 2) that there are."""

    row: dict[str, Any]
    figure: Figure
    halves: dict[int, Figure]
    prior: Figure | None

    @property
    def change(self) -> Figure | None:
        """The year's value less that of the year before, where both are."""
        if self.prior is None or self.figure.value is None or self.prior.value is None:
            return None
        decimals = self.figure.decimals
        value = round(self.figure.value - self.prior.value, decimals)
        parts = (Part(self.figure, PLUS), Part(self.prior, MINUS))
        return Figure(
            f"{self.figure.figure_id}.change",
            f"{self.figure.label} 増減",
            value,
            number_text(value, decimals),
            self.figure.unit,
            decimals,
            "parts",
            sources=parts,
        )


def measured(connection: Connection, fiscal_year: int, as_of: datetime | None) -> dict[str, Measured]:
    """Indicator id to its figures, in print order."""
    before = published_sources(connection, fiscal_year - 1, as_of)
    sources = performance_sources(connection, fiscal_year, as_of, before)
    halves: dict[str, dict[int, Figure]] = {}
    for row in _rows(connection, performance_half.query(current(as_of)), fiscal_year):
        of_half = sources.get((row["indicator_id"], fiscal_year * 10 + row["half"]), ())
        figure = _figure(row, f"{fiscal_year}H{row['half']}", of_half)
        halves.setdefault(row["indicator_id"], {})[row["half"]] = figure
    found = {}
    for row in _rows(connection, performance.query(current(as_of)), fiscal_year):
        indicator_id = row["indicator_id"]
        half = row["half"]
        span = fiscal_year * 10 + half if half else fiscal_year
        figure = _figure(row, str(fiscal_year), sources.get((indicator_id, span), ()))
        name = (row["section"], row["sub_program"], row["indicator"], row["qualifier"])
        prior = _prior(row, before.get(name)) if row["prior_value"] is not None else None
        found[indicator_id] = Measured(row, figure, halves.get(indicator_id, {}), prior)
    return dict(sorted(found.items(), key=lambda entry: entry[1].row["print_order"]))


def _rows(connection: Connection, query: Select[Any], fiscal_year: int) -> list[dict[str, Any]]:
    mart = query.cte("mart")
    found = connection.execute(select(mart).where(mart.c.fiscal_year == fiscal_year))
    return [dict(row) for row in found.mappings()]


def _figure(row: dict[str, Any], span: str, sources: Any) -> Figure:
    value = row["value"]
    if value is not None and row["decimals"] == 0:
        value = int(value)
    text = row["status"] if value is None else number_text(value, row["decimals"])
    is_of_lines = (
        row["annual_rule"] == "ratio" and bool(sources) and all(cell.value is None for cell in sources)
    )
    return Figure(
        f"performance.{span}.{row['indicator_id']}",
        row["label"],
        value,
        text,
        row.get("printed_unit", row["unit"]),
        row["decimals"],
        "share" if is_of_lines else row["annual_rule"],
        row["rounding"],
        sources,
    )


def _prior(row: dict[str, Any], cell: Any) -> Figure:
    value, decimals = row["prior_value"], row["decimals"]
    value = int(value) if decimals == 0 and float(value).is_integer() else value
    return Figure(
        f"published.{row['fiscal_year'] - 1}.{row['indicator_id']}",
        f"{row['label']}（前年度）",
        value,
        number_text(value, decimals),
        row["printed_unit"],
        decimals,
        "published",
        sources=(cell,) if cell else (),
    )
