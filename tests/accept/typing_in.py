"""Which cells of a blank form people type into, and what: recorded, to be typed by another program."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl

from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms import form_by_id
from schemas.period import Period
from tasks.template.content import ProgramAccount, Value
from tasks.template.workbook import SHEETS
from tests.blank_forms import fill_lines, fill_performance, fill_spending

_FIRST_LINE = 6
_PREFILLED = ("program", "kind", "title")

Cells = dict[str, dict[str, Any]]
Lines = Sequence[Mapping[str, Any]]


def month_cells(
    path: Path,
    catalog: Catalog,
    period: Period,
    performance: Mapping[str, Value],
    spending: Mapping[ProgramAccount, int],
    lines: Mapping[str, Lines],
) -> Cells:
    """What is typed into a month's workbook."""
    book = openpyxl.load_workbook(path)
    before = _values(book)
    fill_performance(book[SHEETS["performance"]], catalog, performance)
    fill_spending(book[SHEETS["expenditure"]], catalog, spending)
    for form_id in ("event", "client", "spending"):
        if SHEETS[form_id] in book.sheetnames:
            fill_lines(book[SHEETS[form_id]], form_by_id(form_id), lines[form_id])
    return _typed(book, before, period)


def form_cells(path: Path, form: Form, period: Period, rows: Lines) -> Cells:
    """What is typed into a form of its own: rows that stand there are completed, others follow them."""
    book = openpyxl.load_workbook(path)
    before = _values(book)
    sheet = book.worksheets[0]
    headings = {sheet.cell(_FIRST_LINE - 1, n).value: n for n in range(1, sheet.max_column + 1)}
    columns = {column.id: headings[column.heading] for column in form.columns}
    standing: dict[tuple[Any, ...], int] = {}
    for number in range(_FIRST_LINE, sheet.max_row + 1):
        named = tuple(sheet.cell(number, columns[name]).value for name in _PREFILLED if name in columns)
        if "kind" not in columns or named[1] is None:
            break
        standing[named] = number
    following = _FIRST_LINE + len(standing)
    for row in rows:
        number = standing.pop(tuple(row.get(name) for name in _PREFILLED), 0)
        if not number:
            number, following = following, following + 1
        for name, value in row.items():
            sheet.cell(number, columns[name]).value = value
    return _typed(book, before, period)


def _values(book: Any) -> Cells:
    return {sheet.title: {c.coordinate: c.value for row in sheet for c in row} for sheet in book}


def _typed(book: Any, before: Cells, period: Period) -> Cells:
    """What differs from the blank form, and on every sheet the day on which it was stated."""
    for sheet in book:
        if sheet.sheet_state == "visible":
            sheet["G1"] = period.last_day + timedelta(days=6)
    changed = {
        name: {cell: value for cell, value in cells.items() if value != before[name].get(cell)}
        for name, cells in _values(book).items()
    }
    return {name: cells for name, cells in changed.items() if cells}
