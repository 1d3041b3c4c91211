"""Money that is not reported is never taken for 0; an unfinished year never looks settled."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tasks.report import report
from tests.conftest import SAMPLES, MakeWorld
from tests.walking import query, walk

LEDGER = "foundation/仕訳データ_R03.csv"


def ledger_rows(inbox: Path) -> list[list[str]]:
    text = (inbox / LEDGER).read_bytes().decode("cp932")
    return list(csv.reader(io.StringIO(text, newline="")))


def write_ledger(inbox: Path, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    (inbox / LEDGER).write_bytes(text.getvalue().encode("cp932"))


def typed(path: Path, sheet: str, **cells: Any) -> None:
    book = openpyxl.load_workbook(path, data_only=True)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)


def critical(world: Any) -> set[tuple[str, str]]:
    rows = query(world, "select rule_id, address from mart_finding where severity = 'critical'")
    return set(rows) - {("performance.value.readable", "実績!D8")}


def test_a_budget_movement_that_says_not_reported_is_refused(
    make_world: MakeWorld, ledger_inbox: Path
) -> None:
    typed(ledger_inbox / "foundation" / "予算異動明細書_R03_第2版.xlsx", "予算異動明細書", E52="未報告")
    world = make_world(ledger_inbox)
    walk(world)
    assert ("budget.amount_yen.stated", "予算異動明細書!E52") in critical(world)


def test_a_journal_line_with_a_dash_for_yen_is_refused(make_world: MakeWorld, ledger_inbox: Path) -> None:
    rows = ledger_rows(ledger_inbox)
    rows[0][8] = "－"
    write_ledger(ledger_inbox, rows)
    world = make_world(ledger_inbox)
    walk(world)
    assert critical(world) == {("ledger.debit_yen.stated", "line 1:借方金額")}


def test_spending_may_be_none_but_not_withheld(make_world: MakeWorld, inbox: Path) -> None:
    path = next((inbox / "sme").glob("*R03-06*"))
    typed(path, "支出", C7="秘匿")
    world = make_world(inbox)
    walk(world)
    assert critical(world) == {("expenditure.amount_yen.stated", "支出!C7")}


@pytest.mark.parametrize(("side", "department"), [("debit", 6), ("credit", 12)])
def test_an_expense_without_a_department_is_refused(
    make_world: MakeWorld, ledger_inbox: Path, side: str, department: int
) -> None:
    rows = ledger_rows(ledger_inbox)
    accounts = {"debit": 4, "credit": 10}
    number = next(n for n, row in enumerate(rows) if row[department] and row[accounts[side]] == "通信運搬費")
    rows[number][department] = ""
    write_ledger(ledger_inbox, rows)
    world = make_world(ledger_inbox)
    walk(world)
    found = {"debit": "ledger.debit_program.required", "credit": "ledger.credit_program.required"}[side]
    heading = {"debit": "借方部門", "credit": "貸方部門"}[side]
    assert critical(world) == {(found, f"line {number + 1}:{heading}")}


def test_a_ledger_without_closing_entries_prints_as_unfinished(make_world: MakeWorld, inbox: Path) -> None:
    rows = ledger_rows(inbox)
    for row in rows:
        row[2] = ""
    write_ledger(inbox, rows)
    world = make_world(inbox)
    walk(world)
    statuses = query(
        world,
        "select distinct status from mart_reconciliation where fiscal_year = 2021 and role = 'center'",
    )
    assert {status for (status,) in statuses} == {"決算未了", "差あり"}
    sheet = openpyxl.load_workbook(report(world, 2021), read_only=True)["Ⅳ資金収支決算"]
    notes = [row[-1] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert sum("決算未了" in str(note) for note in notes) > 28


def test_a_center_whose_reports_are_not_all_in_is_never_called_equal(
    make_world: MakeWorld, ledger_inbox: Path
) -> None:
    next((ledger_inbox / "projects").glob("*R04-03*")).unlink()
    world = make_world(ledger_inbox)
    walk(world)
    rows = query(world, "select status from mart_reconciliation where section = '5' and fiscal_year = 2021")
    assert rows == [("暫定 (11/12)",)]


def test_a_published_section_in_full_width_digits_is_still_that_section(
    make_world: MakeWorld, inbox: Path
) -> None:
    path = inbox / "foundation" / "公表値_R03.xlsx"
    sheet = openpyxl.load_workbook(SAMPLES / "foundation" / path.name, data_only=True).worksheets[0]
    row = next(r[0].row for r in sheet.iter_rows(min_row=6) if r[0].value in (1, "1"))
    typed(path, sheet.title, **{f"A{row}": "１"})
    world = make_world(inbox)
    walk(world)
    rows = query(
        world,
        "select published_thousand_yen, status from mart_reconciliation"
        " where scope = 'center' and section = '1' and fiscal_year = 2021",
    )
    assert rows == [(346_390, "差あり")]
