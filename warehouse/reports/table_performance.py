"""Ⅱ 事業実績: each program's outline, and its results in print order: figures, texts, listed events."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from schemas.catalog import Catalog
from schemas.forms.narrative import HEADING, OUTLINE, RESULT
from warehouse.reports.closures import closure_notes
from warehouse.reports.edition import Edition
from warehouse.reports.figure import Figure, Line, Table
from warehouse.reports.performance_figures import Measured
from warehouse.reports.texts import Text

TABLE_ID = "performance"
_LAST = 10_000


def table(edition: Edition) -> Table:
    """The table of an edition."""
    catalog = edition.catalog
    titles, columns = catalog.table(TABLE_ID), catalog.columns_of(TABLE_ID)
    notes = closure_notes(catalog, edition.fiscal_year)
    pages = _Pages(edition.measured, catalog, list(notes))
    for text in edition.texts:
        pages.texts[text.program_id].append(text)
    for row, months in edition.events:
        pages.events[row["program_id"]].append((row, months))
    lines: list[Line] = []
    center = ""
    for program in edition.programs:
        if program["center_name"] != center:
            center = program["center_name"]
            lines.append(_line(columns, {"number": program["chapter"], "program": center}, "heading"))
        lines += [_line(columns, cells, kind) for cells, kind in pages.lines_of(program)]
    headings = tuple(column.heading for column in columns)
    footnotes = tuple(f"注{n} {note}" for n, note in enumerate(notes.values(), start=1))
    return Table(TABLE_ID, titles.title, headings, tuple(lines), titles.unit_note, footnotes)


class _Pages:
    """What is printed of the programs, by their ids."""

    def __init__(self, known: dict[str, Measured], catalog: Catalog, noted: list[str]) -> None:
        self.figures: dict[str, list[Measured]] = defaultdict(list)
        self.texts: dict[str, list[Text]] = defaultdict(list)
        self.events: dict[str, list[tuple[dict[str, Any], Figure]]] = defaultdict(list)
        self.footnotes = {
            row.indicator_id: f"注{noted.index(row.facility_id) + 1}"
            for row in catalog.indicators
            if row.facility_id in noted
        }
        for one in known.values():
            if one.row["printed_in"] == "table":
                self.figures[one.row["program_id"]].append(one)

    def lines_of(self, program: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
        program_id = program["program_id"]
        head = {"number": program["printed_number"], "program": program["program_name"]}
        if program["status"]:
            words = {"label": "実施状況", "value": program["status"], "note": program["reason"]}
            yield head | words, "program"
        else:
            yield head, "program"
        for text in self.texts[program_id]:
            if text.kind == OUTLINE:
                yield {"program": text.figure}, "text"
        pending = list(self.events[program_id])
        for item in self._results(program_id, bool(program["status"])):
            yield self._cells(item), "row"
            if isinstance(item, Text):
                ours = [e for e in pending if e[0]["domestic_or_overseas"] == item.row["qualifier"]]
                pending = [e for e in pending if e not in ours]
                yield from map(_event, ours)
        yield from map(_event, pending)

    def _results(self, program_id: str, has_status: bool) -> list[Measured | Text]:
        """Figures and texts by their line in print; of a program not carried out, only what was reported."""
        figures = [m for m in self.figures[program_id] if not (has_status and m.figure.value is None)]
        written = [text for text in self.texts[program_id] if text.kind in (RESULT, HEADING)]
        placed: list[tuple[int, Measured | Text]] = [
            *((m.row["line_no"] or _LAST, m) for m in figures),
            *((text.row["print_line"] or _LAST, text) for text in written),
        ]
        return [item for _, item in sorted(placed, key=lambda pair: pair[0])]

    def _cells(self, item: "Measured | Text") -> dict[str, Any]:
        if isinstance(item, Text):
            body = item.figure if item.row["text"] else ""
            label = item.figure if not item.row["text"] else item.title
            return {"label": label, "note": body}
        note = "、".join(filter(None, (_note(item.row), self.footnotes.get(item.row["indicator_id"], ""))))
        return {
            "label": item.row["label"],
            "value": item.figure,
            "unit": item.row["printed_unit"],
            "note": note,
        }


def _event(entry: tuple[dict[str, Any], Figure]) -> tuple[dict[str, Any], str]:
    row, months = entry
    return {"label": f"・{row['name']}", "value": months, "note": row["target"]}, "detail"


def _note(row: dict[str, Any]) -> str:
    is_sure = row["status"] in ("報告済", "未報告", "該当なし")
    notes = (
        "" if is_sure else row["status"],
        "実数" if row["count_basis"] == "実" else "",
        "端数切捨て" if row["rounding"] == "floor" else "",
    )
    return "、".join(filter(None, notes))


def _line(columns: Any, cells: dict[str, Any], kind: Any = "row") -> Line:
    return Line(tuple(cells.get(column.column, "") for column in columns), kind)
