"""A revision moves what it should and nothing else, and the report of the day before stays as it was."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from samples.tables import performance_by_month
from schemas.catalog import Catalog
from schemas.period import Period
from tasks.inbox import ARRIVALS
from tasks.report import report
from tasks.world import World
from tests.conftest import MakeWorld
from tests.walking import query, walk
from tests.workbooks import write_monthly

OCTOBER = Period("month", 2021, 10)
FIGURES = ("Ⅱ事業実績", "Ⅳ資金収支決算", "支出照合")
DAY_BEFORE = date(2022, 6, 30)


def cells(path: Path) -> dict[tuple[str, str], Any]:
    """Every cell of a report's figures: its value and format."""
    book = openpyxl.load_workbook(path, read_only=True)
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.number_format)
        for sheet in (book[name] for name in FIGURES)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def revise(inbox: Path, tmp_path: Path, catalog: Catalog, changed: str, by: int) -> None:
    """Send a revision 2 of ICC's October in which one value differs, on 1 July 2022."""
    original = next((inbox / "icc").glob("*R03-10*.xlsx"))
    months = performance_by_month()
    values = dict(months[OCTOBER.number])
    ids = {row.indicator_id for row in catalog.in_year(2021).rows_of("icc", "performance", OCTOBER)}
    values = {name: value for name, value in values.items() if name in ids}
    before = openpyxl.load_workbook(original, data_only=True)
    spending = _spending(before["支出"], catalog)
    values[changed] += by
    path = inbox / "icc" / "月報_R03-10_第2版.xlsx"
    write_monthly(path, catalog, "icc", OCTOBER, values, {}, spending, {}, 2, "令和4年7月1日")
    with (inbox / ARRIVALS).open("a", encoding="utf-8") as file:
        file.write(f"icc/{path.name},icc,,2022-07-01T10:00:00+09:00\n")


def _spending(sheet: Any, catalog: Catalog) -> dict[tuple[str, str], int]:
    """The yen of a 支出 sheet by program and account."""
    accounts = {row.account_name: row.account_id for row in catalog.accounts}
    programs = {row.printed_number: row.program_id for row in catalog.programs}
    spending, program = {}, ""
    for row in sheet.iter_rows(min_row=7, values_only=True):
        if row[0] and str(row[0]).split(" ")[0] in programs:
            program = programs[str(row[0]).split(" ")[0]]
        if row[1] in accounts:
            spending[program, accounts[row[1]]] = int(row[2])
    return spending


@pytest.mark.parametrize(
    ("changed", "moved"),
    [
        (
            "4-02.cross_garden_users",
            {
                "4-02.cross_garden_users": (1295, 1302),
                "4-02.cross_garden_monthly_mean": (117, 118),
                "4-02.cross_garden_change": (-2200, -2193),
            },
        ),
        ("4-02.consultations", {"4-02.consultations": (56, 63)}),
    ],
)
def test_a_flow_changed_by_7_moves_what_is_derived_from_it_and_nothing_else(
    year: World,
    inbox: Path,
    tmp_path: Path,
    catalog: Catalog,
    changed: str,
    moved: dict[str, tuple[int, int]],
) -> None:
    world = year
    figures = "select indicator_id, value, status from mart_performance where fiscal_year = 2021"
    money = "select * from mart_expenditure order by sort_key"
    before, spent = query(world, figures), query(world, money)
    first = report(world, 2021, DAY_BEFORE)
    as_of_the_day_before, printed = first.read_bytes(), cells(first)
    revise(inbox, tmp_path, catalog, changed, 7)
    walk(world)
    after = {row[0]: row[1:] for row in query(world, figures)}
    differing = {row[0]: (row[1], after[row[0]][0]) for row in before if row[1:] != after[row[0]]}
    assert differing == moved
    assert query(world, money) == spent
    assert report(world, 2021, DAY_BEFORE).read_bytes() == as_of_the_day_before
    now = cells(report(world, 2021))
    changed_cells = {place for place, value in now.items() if printed.get(place) != value}
    assert {now[place][0] for place in changed_cells} == {new for _, new in moved.values()}


def test_a_year_that_is_not_all_in_prints_provisional_figures(make_world: MakeWorld, inbox: Path) -> None:
    for path in (*(inbox / "sme").glob("*R04-03*"), *(inbox / "electronics").glob("*R04-03*")):
        path.unlink()
    world = make_world(inbox)
    walk(world)
    rows = dict(query(world, "select indicator_id, status from mart_performance where fiscal_year = 2021"))
    assert rows["2-01-b.mediations"] == "暫定 (11/12)"
    assert rows["3-02.occupancy"] == "未報告"
    assert rows["2-01-d.advisers_registered"] == "未報告"
    book = openpyxl.load_workbook(report(world, 2021), read_only=True)
    lines = list(book["Ⅱ事業実績"].iter_rows(values_only=True))
    line = next(line for line in lines if line[2] == "創業・雇用創出支援資金斡旋件数")
    assert line[3:6] == (61, "件", "暫定 (11/12)")


def test_the_inbox_is_never_written_to(make_world: MakeWorld, inbox: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in inbox.rglob("*")}
    shutil.copytree(inbox, inbox.with_name("kept"))
    walk(make_world(inbox))
    assert {path: path.stat().st_mtime_ns for path in inbox.rglob("*")} == before
