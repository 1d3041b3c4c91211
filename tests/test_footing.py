"""Printed tables are footed: what rounding cannot explain is found at its total, in anybody's file."""

import random
import subprocess
import sys
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import xlsxwriter

from expectations.rounding import Mode, bounds
from tasks.check_table import check_table
from tasks.footing import Footing, footing
from tasks.grid import Grid
from tasks.printed import tables_of
from tasks.report import report
from tasks.world import World
from tests.conftest import ROOT

ROUNDINGS: dict[Mode, str] = {"half_up": ROUND_HALF_UP, "floor": ROUND_DOWN}
SIGNS = {"above zero": (1,), "below zero": (-1,), "of mixed signs": (1, -1)}


def rounded(value: Decimal, mode: Mode) -> Decimal:
    return value.quantize(Decimal(1), rounding=ROUNDINGS[mode])


def foot(rows: list[list[str | float]], mode: Mode | None = None) -> Footing:
    """The one table of a sheet."""
    width = max(map(len, rows))
    cells = [[*row, *[None] * (width - len(row))] for row in rows]
    grid = Grid("表", True, 0, 0, [[None if cell == "" else cell for cell in row] for row in cells])
    [table] = tables_of(grid)
    return footing(table, mode)


@pytest.mark.parametrize("signs", SIGNS)
@pytest.mark.parametrize("mode", ROUNDINGS)
def test_what_rounding_makes_is_let_pass_and_one_more_is_found(mode: Mode, signs: str) -> None:
    chance = random.Random(f"{mode} {signs}")
    for n in range(1, 41):
        for _ in range(10):
            yen = [chance.choice(SIGNS[signs]) * chance.randrange(10**6) for _ in range(n)]
            rows = [rounded(Decimal(one) / 1000, mode) for one in yen]
            total = rounded(Decimal(sum(yen)) / 1000, mode)
            least, greatest = bounds(rows, total, mode)
            assert least <= total - sum(rows) <= greatest
            table: list[list[str | float]] = [["事業", "決算（千円）"]]
            table += [[f"事業{number}", float(one)] for number, one in enumerate(rows)]
            assert foot([*table, ["合計", float(total)]], mode).deviations == ()
            for printed in (sum(rows) + greatest + 1, sum(rows) + least - 1):
                low, high = bounds(rows, printed, mode)
                if not low <= printed - sum(rows) <= high:
                    [found] = foot([*table, ["合計", float(printed)]], mode).deviations
                    assert found.address == f"表!B{n + 2}"
                    assert found.difference == printed - sum(rows)


@pytest.mark.parametrize("mode", ROUNDINGS)
def test_the_bounds_are_reached(mode: Mode) -> None:
    """So that they are no wider than rounding is."""
    for n in range(2, 41):
        share = Decimal("0.5") if mode == "half_up" else Decimal("0.999")
        rows = [rounded(1 + share, mode)] * n
        total = rounded(n * (1 + share), mode)
        least, greatest = bounds(rows, total, mode)
        assert total - sum(rows) == (least if mode == "half_up" else greatest)


def test_28_rows_of_thousand_yen_may_be_14_off_or_27_when_cut() -> None:
    rows = [Decimal(100)] * 28
    assert bounds(rows, Decimal(2800), "half_up") == (-14, 14)
    assert bounds(rows, Decimal(2800), "floor") == (0, 27)
    assert bounds(rows, Decimal(2800), "exact") == (0, 0)


# The balance of a year and the sum of another are printed wrongly, as they were in a published table.
LET_ROOMS: list[list[str | float]] = [
    ["貸室の収支（単位：千円）"],
    ["年度", "入居室数", "指定管理料(A)", "維持管理費(B)", "A+B", "使用料等(D)", "収支(D−A−B)"],
    ["平成24年度", 48, "28,000", "1,200", "29,200", "22,100", "▲7,100"],
    ["平成25年度", 47, "28,100", "1,219", "29,319", "21,889", "▲8,430"],
    ["平成26年度", 45, "27,200", "3,888", "31,080", "22,008", "▲9,080"],
    ["平成27年度", 45, "27,000", "2,500", "29,500", "23,000", "▲6,500"],
]


def test_two_wrong_rows_of_a_published_table_are_found_with_what_they_should_be() -> None:
    found = foot(LET_ROOMS)
    assert [(one.address, one.label, one.printed, one.computed) for one in found.deviations] == [
        ("表!E5", "平成26年度", 31080, 31088),
        ("表!G4", "平成25年度", -8430, -7430),
    ]
    assert found.checked == 8


def test_a_column_named_by_its_formula_may_stand_in_others() -> None:
    found = foot(
        [
            ["区分", "収入 A", "支出 B", "C=A-B", "繰越 D", "C+D"],
            ["計画", 5, 3, 2, 4, 6],
            ["実績", 6, 3, 3, 4, 8],
        ]
    )
    assert [(one.address, one.computed) for one in found.deviations] == [("表!F3", 7)]


def test_a_formula_of_a_column_that_is_not_there_is_told() -> None:
    found = foot([["区分", "収入(A)", "収支(A-B)"], ["計画", 5, 3]])
    assert found.unclear == ("収支(A-B): 列「B」がありません",)


CENTERS: list[list[str | float]] = [
    ["（単位：円）"],
    ["事業", "予算", "決算", "差異", "執行率"],
    ["第1センター"],
    ["一", 100, 90, 10, "90.0%"],
    ["二", 200, 150, 50, "75.0%"],
    ["うち広報", 20, 15, 5, "75.0%"],
    ["第1センター 計", 300, 240, 60, "80.0%"],
    ["三", 50, 50, 0, "100.0%"],
    ["第2センター 計", 50, 50, 0, "100.0%"],
    ["合計", 350, 290, 60, "82.9%"],
]


def test_totals_of_totals_differences_and_what_is_within_are_understood() -> None:
    found = foot(CENTERS)
    assert found.deviations == ()
    assert found.unclear == ()
    assert found.checked == 3 * 3 + 7


@pytest.mark.parametrize(("row", "column"), [(6, 1), (8, 2), (9, 1), (9, 2)])
def test_a_total_off_by_one_yen_is_found_at_its_cell(row: int, column: int) -> None:
    rows = [list(line) for line in CENTERS]
    cell = rows[row][column]
    assert isinstance(cell, int)
    rows[row][column] = cell + 1
    addresses = {one.address for one in foot(rows).deviations}
    assert f"表!{'ABCDE'[column]}{row + 1}" in addresses


def test_a_column_of_stocks_beside_sums_is_not_blamed() -> None:
    rows: list[list[str | float]] = [
        ["施設", "個人", "専用", "計", "室数"],
        ["甲", 10, 5, 15, 3],
        ["乙", 20, 6, 26, 4],
    ]
    assert foot([*rows, ["合計", 30, 11, 41, 7]]).deviations == ()
    far = foot([*rows, ["合計", 30, 11, 41, 99]])
    assert (far.deviations, far.unclear) == ((), ("表!E4 合計: 何の計か分かりません",))
    wrong = foot([*rows[:2], ["乙", 20, 6, 27, 4], ["合計", 30, 11, 42, 7]]).deviations
    assert [one.address for one in wrong] == ["表!D3", "表!D4"]


def test_numbers_that_are_mistyped_are_told_and_make_no_total_wrong() -> None:
    found = foot([["区分", "金額"], ["一", "23,614616"], ["二", "16,000"], ["合計", "39,614"]])
    assert found.unreadable == ("表!B2 一「23,614616」",)
    assert found.deviations == ()


def test_what_a_sheet_computes_in_binary_is_no_mismatch() -> None:
    chance = random.Random(7)
    for _ in range(100):
        values = [chance.randrange(10**6, 10**9) / 10 for _ in range(4)]
        table: list[list[str | float]] = [["区分", "金額"], *([f"{n}", one] for n, one in enumerate(values))]
        assert foot([*table, ["合計", sum(values)]]).deviations == ()


def test_words_that_only_end_like_a_total_are_none() -> None:
    found = foot([["部門", "件数"], ["統計", 3], ["会計", 4], ["設計", 5]])
    assert found.checked == 0
    assert found.unclear == ()


def test_a_total_that_is_the_sum_of_nothing_is_told_as_not_understood() -> None:
    found = foot([["部門", "件数"], ["一", 3], ["二", 4], ["計", 5000]])
    assert found.unclear == ("表!B4 計: 何の計か分かりません",)


def test_the_annual_report_adds_up(walked: World) -> None:
    found = dict(check_table(report(walked, 2021)))
    assert found["Ⅳ資金収支決算"].checked > 50
    assert found["支出照合"].checked > 30
    for one in found.values():
        assert (one.deviations, one.unclear) == ((), ())


def said(path: Path, *options: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "flows.check_table", str(path), *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def test_anybodys_csv_file_is_checked_from_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    lines = [",".join(f'"{cell}"' for cell in row) for row in LET_ROOMS]
    path.write_bytes("\r\n".join(lines).encode("cp932"))
    code, text = said(path)
    assert code == 3
    assert "4行目 平成25年度 ［収支(D－A－B)］: 印刷は △8,430、計算は △7,430（差 △1,000、" in text
    path.write_bytes("\r\n".join([*lines[:3], lines[5]]).encode("cp932"))
    assert said(path) == (0, "表.csv: 検算 4 件、不一致 0 件\n")
    path.write_text("名前,金額\n一,3\n")
    assert said(path) == (1, "検算できる合計が見つかりません。\n")
    assert said(tmp_path / "ない.csv")[0] == 1


def test_anybodys_workbook_is_checked_by_the_rounding_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("決算")
        rows = [["事業", "決算額（千円）"], ["一", 1], ["二", 1], ["三", 1], ["合計", 5]]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    assert said(path, "--rounding", "floor") == (0, "決算: 検算 1 件、不一致 0 件\n")
    code, text = said(path, "--rounding", "half_up")
    assert code == 3
    assert "決算!B5 合計 ［決算額（千円）］: 印刷は 5、計算は 3（差 2、端数処理で許される差 -1～1）" in text


def test_a_file_that_is_no_table_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"PK\x03\x04 and no more")
    code, text = said(path)
    assert code == 1
    assert len(text) > 10
