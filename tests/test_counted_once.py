"""Nothing is counted twice, and what was not answered is not taken for an answer."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from schemas.catalog import Catalog
from schemas.period import FISCAL_MONTHS, Period
from tasks.world import World
from tests.conftest import MakeWorld
from tests.walking import query, walk
from tests.workbooks import write_monthly

MAY = Period("month", 2021, 5)


def write(path: Path, catalog: Catalog, center_id: str, month: Period, **values: Any) -> None:
    """A month in which every input is 3, but for those named (the id without its program)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [r for r in catalog.in_year(2021).rows_of(center_id, "performance", month) if r.is_input]
    numbers = {r.indicator_id: values.get(r.indicator_id.split(".")[1], 3) for r in rows}
    program = rows[0].program_id
    write_monthly(path, catalog, center_id, month, numbers, {}, {(program, "travel"): 10}, {}, 1, "R4.4.5")


def edited(path: Path, sheet: str, **cells: Any) -> None:
    """Type into some cells, keeping the values that the formulas had."""
    book = openpyxl.load_workbook(path, data_only=True)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)


def findings(world: World) -> list[tuple[Any, ...]]:
    return query(world, "select rule_id, address from fact_finding where severity = 'critical'")


@pytest.mark.parametrize("label", ["商談サポートによる輸出額", "起業道場受講者"])
def test_a_row_of_another_month_or_form_is_refused(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog, label: str
) -> None:
    """Exports are reported for a half in September and March; course attendees come with the events."""
    path = tmp_path / "in" / "industry" / "5月.xlsx"
    write(path, catalog, "industry", MAY)
    program = "1-(6) 食品販路拡大支援事業" if "輸出" in label else "1-(2) 中小企業経営セミナー等事業"
    edited(path, "実績", A33=program, B33=label, C33="円" if "輸出" in label else "名", D33=5)
    world = make_world(tmp_path / "in")
    walk(world)
    assert ("performance.indicator.not_in_form", "実績!B33") in findings(world)
    assert query(world, "select count(*) from fact_performance") == [(0,)]


def test_a_program_reported_whole_and_by_its_parts_is_refused(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    path = tmp_path / "in" / "industry" / "5月.xlsx"
    rows = [r for r in catalog.in_year(2021).rows_of("industry", "performance", MAY) if r.is_input]
    spending = {("1-05", "travel"): 30, ("1-05-a", "travel"): 10, ("1-05-b", "travel"): 20}
    path.parent.mkdir(parents=True)
    values = {row.indicator_id: 3 for row in rows}
    write_monthly(path, catalog, "industry", MAY, values, {}, spending, {}, 1, "R3.6.1")
    world = make_world(tmp_path / "in")
    walk(world)
    assert findings(world) == [("expenditure.program.counted_twice", "支出!A7")]


def year(inbox: Path, catalog: Catalog, center_id: str, **typed: Any) -> None:
    for month in FISCAL_MONTHS:
        path = inbox / center_id / f"{month}.xlsx"
        write(path, catalog, center_id, Period("month", 2021, month), **typed)


def test_a_month_typed_as_not_reported_leaves_the_year_provisional(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    year(tmp_path / "in", catalog, "projects")
    write(
        tmp_path / "in" / "projects" / "7.xlsx",
        catalog,
        "projects",
        Period("month", 2021, 7),
        desk_users="未報告",
    )
    world = make_world(tmp_path / "in")
    walk(world)
    rows = query(world, "select value, status from mart_performance where indicator_id = '5-01.desk_users'")
    assert rows == [(33.0, "暫定 (11/12)")]


def test_a_part_that_never_applied_adds_nothing_to_its_total(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    year(tmp_path / "in", catalog, "sme", consultations_internet="－")
    world = make_world(tmp_path / "in")
    walk(world)
    rows = query(
        world,
        "select indicator_id, value, status from mart_performance where indicator_id like '2-01-a%'"
        " order by indicator_id",
    )
    assert rows == [
        ("2-01-a.consultations_counter", 36.0, "報告済"),
        ("2-01-a.consultations_internet", None, "該当なし"),
        ("2-01-a.consultations_telephone", 36.0, "報告済"),
        ("2-01-a.consultations_total", 72.0, "報告済"),
    ]
