"""The blank workbooks in a person's hands: LibreOffice opens, fills in, computes and saves the year's forms.

It opens and prints the annual report, too.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from subprocess import PIPE, run
from typing import Any

import openpyxl
import pytest

from samples.lines import lines_of
from samples.tables import performance_by_month
from samples.vouchers import reported_by_month
from schemas.catalog import Catalog, load_catalog
from schemas.catalog_rows import Indicator
from schemas.control import control_number
from schemas.period import FISCAL_MONTHS, Period
from schemas.values import folded
from tasks.report import report
from tasks.world import World
from tests.accept.conftest import CENTERS, FISCAL_YEAR, FilledYear
from tests.accept.office import Job, Office
from tests.conftest import ROOT
from tests.reference import CENTER_TOTALS
from tests.shown import shown
from tests.walking import query

FIRST_ROW = 7
NONE = "－"
ROUND = {"half_up": ROUND_HALF_UP, "floor": ROUND_DOWN}
APRIL, MAY = FISCAL_MONTHS[:2]

Row = tuple[str, int, str]

performance_of_year = cache(performance_by_month)


@cache
def spending_of_year() -> dict[int, dict[tuple[str, str], int]]:
    return reported_by_month(load_catalog(ROOT / "schemas" / "catalog").in_year(FISCAL_YEAR), FISCAL_YEAR)


@cache
def book_of(path: Path, values: bool) -> Any:
    """A workbook as LibreOffice saved it: what its cells hold, or with its formulas."""
    return openpyxl.load_workbook(path, data_only=values)


def sheet_of(year: FilledYear, center_id: str, month: int, name: str, values: bool = True) -> Any:
    """A sheet of a center's month."""
    return book_of(year.saved[center_id, month], values)[name]


def rows_of(sheet: Any, catalog: Catalog) -> Iterator[Row]:
    """Program, row and label of each row that has one."""
    program_id = ""
    for row in range(FIRST_ROW, sheet.max_row + 1):
        program, label = sheet[f"A{row}"].value, sheet[f"B{row}"].value
        if program:
            program_id = catalog.program_by_name.get(folded(program), "")
        if label:
            yield program_id, row, label


def number(value: Any) -> Decimal:
    """A value as it counts in a sum: marks and blanks count as nothing."""
    return Decimal() if value is None or isinstance(value, str) else Decimal(str(value))


def value_of(catalog: Catalog, indicator: Indicator, month: int) -> Any:
    """What was typed; of a total the sum of it, of a rate the rounded quotient."""
    typed = performance_of_year()[month]

    def summed(ids: Sequence[str]) -> Decimal:
        return sum((number(typed[one]) for one in ids), Decimal())

    if indicator.is_input:
        return typed.get(indicator.indicator_id)
    if indicator.rule == "total":
        return summed(catalog.parts[indicator.indicator_id])
    below = summed(indicator.denominator)
    if not below:
        return NONE
    rate = summed(indicator.numerator) / below * 100
    return rate.quantize(Decimal(1).scaleb(-indicator.decimals), rounding=ROUND[indicator.rounding])


def spent(month: int, programs: set[str], account_id: str = "", to_date: bool = False) -> int:
    """Yen of some programs in a month, or up to it; of one account or of all."""
    months = FISCAL_MONTHS[: FISCAL_MONTHS.index(month) + 1] if to_date else (month,)
    year = spending_of_year()
    return sum(
        yen
        for one in months
        for (program, account), yen in year[one].items()
        if program in programs and account_id in ("", account)
    )


def same(shown: Any, expected: Any) -> bool:
    """A number as near as a sheet computes it; a mark to the letter."""
    if isinstance(expected, str):
        return bool(shown == expected)
    return bool(shown == pytest.approx(float(expected), abs=1e-9))


def test_a_year_filled_in_with_libreoffice_is_let_in_without_a_finding(year: FilledYear) -> None:
    for period_id, found in year.findings.items():
        assert found == [], period_id
    states = query(year.world, "select form_id, state, count(*) from dim_submission group by 1, 2 order by 1")
    assert states == [
        ("client", "accepted", 36),
        ("event", "accepted", 36),
        ("expenditure", "accepted", 60),
        ("narrative", "accepted", 1),
        ("performance", "accepted", 60),
        ("spending", "accepted", 60),
        ("survey", "accepted", 1),
    ]


def test_nothing_was_typed_that_the_dropdowns_and_limits_would_have_kept_out(year: FilledYear) -> None:
    assert year.untaken == []


def test_what_is_kept_out_is_known(year: FilledYear, office: Office, tmp_path: Path) -> None:
    """Otherwise the test above would say nothing."""
    blank = year.saved["industry", MAY]
    cells = {"イベント": {"E6": "主催", "F6": "5月の中頃", "J6": -1, "K6": 2.5}}
    assert office.do([Job(blank, tmp_path / "wrong.xlsx", cells)]) == [
        [
            ["イベント", "E6", "主催"],
            ["イベント", "F6", "5月の中頃"],
            ["イベント", "J6", "-1"],
            ["イベント", "K6", "3"],
        ]
    ]


@pytest.mark.parametrize("center_id", CENTERS)
def test_totals_rates_and_cumulatives_are_what_libreoffice_computed(
    year: FilledYear, catalog: Catalog, center_id: str
) -> None:
    of_year = catalog.in_year(FISCAL_YEAR)
    cumulated: dict[str, Decimal] = {}
    computed = 0
    for month in FISCAL_MONTHS:
        sheet = sheet_of(year, center_id, month, "実績")
        formulas = sheet_of(year, center_id, month, "実績", values=False)
        for program_id, row, label in rows_of(sheet, of_year):
            indicator = of_year.indicator[of_year.indicator_by_label[program_id, folded(label)]]
            expected = value_of(of_year, indicator, month)
            assert same(sheet[f"D{row}"].value, expected), (month, label)
            is_formula = str(formulas[f"D{row}"].value).startswith("=")
            assert is_formula == (not indicator.is_input), (month, label)
            if indicator.rule not in ("sum", "total") or indicator.frequency == "year":
                assert sheet[f"E{row}"].value == NONE, (month, label)
                continue
            to_date = cumulated.get(indicator.indicator_id, Decimal()) + number(expected)
            cumulated[indicator.indicator_id] = to_date
            assert str(formulas[f"E{row}"].value).startswith("="), (month, label)
            assert same(sheet[f"E{row}"].value, to_date), (month, label)
            computed += 1
    assert computed >= 12


@pytest.mark.parametrize("center_id", CENTERS)
def test_the_spending_of_programs_and_center_is_added_up_by_libreoffice(
    year: FilledYear, catalog: Catalog, center_id: str
) -> None:
    of_year = catalog.in_year(FISCAL_YEAR)
    ours = {program.program_id for program in of_year.programs if program.center_id == center_id}
    for month in FISCAL_MONTHS:
        sheet = sheet_of(year, center_id, month, "支出")
        formulas = sheet_of(year, center_id, month, "支出", values=False)
        sums = []
        chosen: set[str] = set()
        for program_id, row, label in rows_of(sheet, of_year):
            programs, account_id = {program_id}, of_year.account_by_name.get(folded(label), "")
            if label == "合計":
                programs = ours
            if account_id:
                chosen.add(program_id)
            else:
                sums.append(label)
                assert str(formulas[f"C{row}"].value).startswith("=SUM("), (month, row)
            shown = (sheet[f"C{row}"].value, sheet[f"D{row}"].value)
            of_month = spent(month, programs, account_id)
            to_date = spent(month, programs, account_id, to_date=True)
            is_blank = not programs & chosen  # no account of it was ever spent on, so none has a row
            assert shown == (of_month, None if is_blank else to_date), (month, row, label)
            if label == "合計":
                break
        assert set(sums) == {"計", "合計"}
        assert sums[-1] == "合計"


def test_the_cumulative_of_may_is_april_and_may(year: FilledYear) -> None:
    def shown(month: int, name: str) -> dict[tuple[Any, str], tuple[Any, Any]]:
        sheet = sheet_of(year, "sme", month, name)
        value, cumulative = ("D", "E") if name == "実績" else ("C", "D")
        cells = {}
        for row in range(FIRST_ROW, sheet.max_row + 1):
            if sheet[f"B{row}"].value:
                name_of_row = (sheet[f"A{row}"].value, sheet[f"B{row}"].value)
                cells[name_of_row] = (sheet[f"{value}{row}"].value, sheet[f"{cumulative}{row}"].value)
        return cells

    total = "経営・融資相談（計）"
    april, may = (
        {label: cells for (_, label), cells in shown(month, "実績").items()} for month in (APRIL, MAY)
    )
    assert april[total] == (86 + 268 + 33, 86 + 268 + 33)
    assert may[total][1] == april[total][0] + may[total][0]
    april, may = (
        {label: cells for (_, label), cells in shown(month, "支出").items()} for month in (APRIL, MAY)
    )
    assert april["合計"][0] == april["合計"][1] > 0
    assert may["合計"][1] == april["合計"][0] + may["合計"][0]


@pytest.mark.parametrize(("name", "columns"), [("イベント", "JKL"), ("支援先", "CDE"), ("支出明細", "G")])
def test_the_totals_above_lines_are_what_libreoffice_computed(
    year: FilledYear, name: str, columns: str
) -> None:
    computed = 0
    for center_id, month in year.saved:
        if name not in book_of(year.saved[center_id, month], True).sheetnames:
            continue
        sheet = sheet_of(year, center_id, month, name)
        formulas = sheet_of(year, center_id, month, name, values=False)
        assert sheet["A4"].value == "合計"
        for letter in columns:
            assert str(formulas[f"{letter}4"].value).startswith("=")
            cells = [sheet[f"{letter}{row}"].value for row in range(6, sheet.max_row + 1)]
            typed = [cell for cell in cells if cell is not None]
            is_code = (name, letter) == ("支援先", "C")
            expected = control_number(map(str, typed)) if is_code else sum(typed)
            # Of a full-width code the sheet's number depends on the machine, and is held against nothing.
            assert expected is None or sheet[f"{letter}4"].value == expected, (center_id, month, letter)
            computed += bool(expected)
    assert computed >= 12


def test_what_was_typed_is_what_was_read(year: FilledYear, catalog: Catalog) -> None:
    of_year = catalog.in_year(FISCAL_YEAR)
    answers = lines_of(of_year, "survey", "industry", Period("half", FISCAL_YEAR, 1))
    assert query(year.world, "select count(*) from fact_survey") == [(len(answers),)]
    programs = {program.program_id for program in of_year.programs if program.center_id in CENTERS}
    assert query(year.world, "select sum(reported_yen) from mart_expenditure_month") == [
        (spent(FISCAL_MONTHS[-1], programs, to_date=True),)
    ]


def folded_page(text: str) -> str:
    """Without the spaces and the forms of letters in which print and sheet differ."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_libreoffice_prints_every_sheet_of_the_annual_report(
    sample_year: World, office: Office, tmp_path: Path
) -> None:
    path = report(sample_year, FISCAL_YEAR)
    office.do([Job(path, tmp_path / "report.pdf")])
    printed = run(["pdftotext", "-layout", tmp_path / "report.pdf", "-"], stdout=PIPE, check=True)
    pages = [folded_page(page) for page in printed.stdout.decode("utf-8").split("\f")]
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 9
    for sheet in book:
        start = folded_page(str(sheet["A1"].value))
        assert start
        assert [page for page in pages if page.startswith(start)], sheet.title


MONEY = ("Ⅳ資金収支決算", "支出照合")
MART = """
select scope, scope_id, reported_yen, ledger_yen, reported_minus_ledger_yen, unexplained_yen, budget_yen,
  difference_yen, approved_yen, supplement_yen, timing_yen, classification_yen, error_yen,
  income_budget_yen, income_yen, balance_yen
from mart_reconciliation where fiscal_year = 2021
"""
FIGURES = (
    *("reported", "ledger", "gap", "unexplained", "budget"),
    *("difference", "approved", "supplement", "timing", "classification", "error"),
    *("income_budget", "income", "balance"),
)


def without_values(path: Path, saved: Path) -> Path:
    """A copy in which no formula has its value: what is shown was then computed where it was opened."""
    book = openpyxl.load_workbook(path)
    book.save(saved)
    with zipfile.ZipFile(saved) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name]
    formulas = [found for sheet in sheets for found in re.findall(r"</f><v(?: />|>([^<]*))", sheet)]
    assert len(formulas) > 150
    assert not any(formulas)
    return saved


def test_libreoffice_computes_the_sums_and_differences_that_the_marts_have(
    sample_year: World, office: Office, tmp_path: Path
) -> None:
    path = report(sample_year, FISCAL_YEAR)
    bare = without_values(path, tmp_path / "bare.xlsx")
    office.do([Job(bare, tmp_path / "computed.xlsx")])
    computed = openpyxl.load_workbook(tmp_path / "computed.xlsx", data_only=True)
    formulas = openpyxl.load_workbook(path)
    marts = {
        f"expenditure.2021.{scope}.{scope_id}.{name}": value
        for scope, scope_id, *values in query(sample_year, MART)
        for name, value in zip(FIGURES, values, strict=True)
    }
    compared, live = 0, 0
    for figure_id, places, *_ in formulas["出典"].iter_rows(min_row=2, values_only=True):
        wanted = marts.get(str(figure_id).removesuffix(".thousand"))
        for place in filter(None, str(places or "").split("、")):
            sheet, _, at = place.partition("!")
            if wanted is not None and sheet in MONEY:
                assert computed[sheet][at].value == wanted, (figure_id, place)
                compared += 1
                live += str(formulas[sheet][at].value).startswith("=")
    assert compared > 400
    assert live > 150
    centers = {row[1].value: row[3] for row in computed["Ⅳ資金収支決算"].iter_rows(min_row=4)}
    for center in sample_year.catalog.centers:
        if center.role == "center":
            assert shown(centers[f"{center.center_name} 計"]) == CENTER_TOTALS[center.center_id]


def test_a_figure_typed_over_moves_every_sum_that_it_is_in(
    sample_year: World, office: Office, tmp_path: Path
) -> None:
    path = report(sample_year, FISCAL_YEAR)
    before = openpyxl.load_workbook(path, data_only=True)["Ⅳ資金収支決算"]
    typed = before["D5"].value + 1_000_000
    office.do([Job(path, tmp_path / "typed.xlsx", {"Ⅳ資金収支決算": {"D5": typed}})])
    after = openpyxl.load_workbook(tmp_path / "typed.xlsx", data_only=True)["Ⅳ資金収支決算"]
    moved = {
        cell.coordinate: cell.value - before[cell.coordinate].value
        for row in after.iter_rows(min_row=4)
        for cell in row
        if isinstance(cell.value, int | float) and cell.value != before[cell.coordinate].value
    }
    # Of the program, its center and all: the sum itself, the difference and the balance.
    assert sorted(moved.values()) == [-1_000_000] * 6 + [1_000_000] * 3
