"""The texts of a year as figures: what a center wrote, with our values where it names a figure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from schemas.catalog import Catalog
from schemas.forms.narrative import FIGURE_NAME, HEADING, OUTLINE, RESULT, STATUS, SUMMARY
from warehouse.current import current
from warehouse.labels import PROVISIONAL
from warehouse.marts import narrative
from warehouse.reports.figure import Cell, Figure, Part
from warehouse.reports.performance_figures import Measured
from warehouse.reports.rules import NAMED, VALUE


@dataclass(frozen=True)
class Text:
    """A row of a center's yearly texts: `title` as printed, `figure` the text itself."""

    row: dict[str, Any]
    title: str
    figure: Figure

    @property
    def kind(self) -> str:
        return str(self.row["kind"])

    @property
    def program_id(self) -> str:
        return str(self.row["program_id"])


def texts(
    connection: Connection,
    catalog: Catalog,
    fiscal_year: int,
    as_of: datetime | None,
    measured: dict[str, Measured],
) -> list[Text]:
    """All texts of a year in the order of centers and of their files."""
    mart = narrative.query(current(as_of, fiscal_year)).cte("mart")
    rows = connection.execute(
        select(mart)
        .where(
            mart.c.fiscal_year == fiscal_year,
            mart.c.kind.in_((SUMMARY, OUTLINE, RESULT, HEADING, STATUS)),
        )
        .order_by(mart.c.chapter, mart.c.line_no)
    ).mappings()
    in_year = catalog.in_year(fiscal_year)
    return [_text(dict(row), in_year, measured) for row in rows]


def titled(title: str, qualifier: str) -> str:
    """取引商談会の開催（海外）."""
    return f"{title}（{qualifier}）" if qualifier else title


def _text(row: dict[str, Any], catalog: Catalog, measured: dict[str, Measured]) -> Text:
    named = _named(row, catalog, measured)
    body = FIGURE_NAME.sub(lambda found: _shown(named.get(found[1]), found[1]), row["text"])
    title = titled(row["title"], row["qualifier"])
    cell = Cell(row["sha256"], row["source_file"], row["source_cell"], None, VALUE)
    place = row["program_id"] or row["center_id"]
    figure = Figure(
        "/".join((f"text.{row['fiscal_year']}", place, row["kind"], *_name(row))),
        title or row["kind"],
        None,
        body or title,
        "",
        rule="text",
        sources=(cell, *(Part(one.figure, NAMED) for one in named.values())),
    )
    return Text(row, title, figure)


def _name(row: dict[str, Any]) -> tuple[str, ...]:
    """What tells a text from others of its kind: title and qualifier, or its line in the file."""
    return (row["title"], row["qualifier"]) if row["title"] else (str(row["line_no"]),)


def _named(row: dict[str, Any], catalog: Catalog, measured: dict[str, Measured]) -> dict[str, Measured]:
    """What a text names, by name."""
    found = {}
    for name in FIGURE_NAME.findall(row["text"]):
        indicator = catalog.figure_named(row["center_id"], row["program_id"], name)
        if indicator and indicator.indicator_id in measured:
            found[name] = measured[indicator.indicator_id]
    return found


def _shown(one: Measured | None, name: str) -> str:
    """A figure in running text: 22社, 97.6％; one without a value says why, one that is not whole says so."""
    if one is None:
        return f"［{name}］"
    figure, status = one.figure, str(one.row["status"])
    if figure.value is None:
        return f"（{figure.text}）"
    unit = figure.unit.partition("/")[0].partition("／")[0].replace("%", "％")
    return f"{figure.text}{unit}" + (f"（{status}）" if status.startswith(PROVISIONAL) else "")
