"""Filling in a blank form as a person at a center does: typing into the cells that are for typing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl

from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms import form_by_id
from schemas.period import Period
from schemas.values import NOT_APPLICABLE, folded
from tasks.template.content import ProgramAccount, Value
from tasks.template.workbook import SHEETS

_FIRST_ROW, _FIRST_LINE = 7, 6


def fill(
    path: Path,
    sent: Path,
    catalog: Catalog,
    period: Period,
    performance: Mapping[str, Value],
    spending: Mapping[ProgramAccount, int],
    lines: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    """Fill in a month's workbook and save it elsewhere, without recalculating it as Excel would."""
    book = openpyxl.load_workbook(path)
    for sheet in (sheet for sheet in book if sheet.sheet_state == "visible"):
        sheet["G1"] = period.last_day + timedelta(days=6)
    fill_performance(book[SHEETS["performance"]], catalog, performance)
    fill_spending(book[SHEETS["expenditure"]], catalog, spending)
    for form_id in ("event", "client", "spending"):
        if SHEETS[form_id] in book.sheetnames:
            fill_lines(book[SHEETS[form_id]], form_by_id(form_id), lines[form_id])
    sent.parent.mkdir(parents=True, exist_ok=True)
    book.save(sent)


def fill_performance(sheet: Any, catalog: Catalog, values: Mapping[str, Value]) -> None:
    """Every input row by its label: a value for each, or a KeyError."""
    program_id = ""
    for row in range(_FIRST_ROW, sheet.max_row + 1):
        program, label = sheet[f"A{row}"].value, sheet[f"B{row}"].value
        program_id = catalog.program_by_name[folded(program)] if label and program else program_id
        if label:
            indicator = catalog.indicator[catalog.indicator_by_label[program_id, folded(label)]]
            if indicator.is_input:
                sheet[f"D{row}"] = values[indicator.indicator_id]


def fill_spending(sheet: Any, catalog: Catalog, spending: Mapping[ProgramAccount, int]) -> None:
    """The rows that are there, 0 where nothing was spent, and a spare row for each account that has none."""
    left = {pair: yen for pair, yen in spending.items() if yen}
    spare: dict[str, list[int]] = {}
    program_id = ""
    for row in range(_FIRST_ROW, sheet.max_row + 1):
        program, account = sheet[f"A{row}"].value, sheet[f"B{row}"].value
        if account == "合計":
            break
        program_id = catalog.program_by_name[folded(program)] if program else program_id
        if account is None:
            spare.setdefault(program_id, []).append(row)
        elif account != "計":
            sheet[f"C{row}"] = left.pop((program_id, catalog.account_by_name[folded(account)]), 0)
    for (program_id, account_id), yen in left.items():
        if program_id in spare:
            row = spare[program_id].pop(0)
            sheet[f"B{row}"] = catalog.account[account_id].account_name
            sheet[f"C{row}"] = yen


def fill_lines(sheet: Any, form: Form, rows: Sequence[Mapping[str, Any]]) -> None:
    """The rows from the first on, each column where its heading stands; 該当なし without rows."""
    columns = {sheet.cell(_FIRST_LINE - 1, n).value: n for n in range(1, sheet.max_column + 1)}
    for number, row in enumerate(rows, start=_FIRST_LINE):
        for name, value in row.items():
            sheet.cell(number, columns[form.column(name).heading]).value = value
    if not rows:
        sheet[f"A{_FIRST_LINE}"] = NOT_APPLICABLE
