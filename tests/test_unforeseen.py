"""What nobody foresaw costs the one file that it is in, and no run ever stops on it."""

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from schemas.catalog import Catalog, load_catalog
from schemas.period import Period
from tasks import decide as decide_module
from tasks.collect import collect
from tasks.decide import decide, quarantined, undecided
from tasks.inbox import ARRIVALS
from tasks.load import load, rebuild
from tasks.report import report
from tests.conftest import ROOT, SAMPLES, MakeWorld
from tests.walking import query, state, walk
from tests.workbooks import write_monthly


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Two months of the smallest center, and the budget."""
    folder = tmp_path / "small"
    for name, pattern in (("projects", "*R03-0[45]*"), ("foundation", "予算*")):
        (folder / name).mkdir(parents=True)
        for path in (SAMPLES / name).glob(pattern):
            shutil.copy(path, folder / name)
    shutil.copy(SAMPLES / ARRIVALS, folder)
    return folder


def typed(path: Path, sheet: str, **cells: Any) -> None:
    book = openpyxl.load_workbook(path, data_only=True)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)


@pytest.mark.parametrize(
    ("file", "sheet", "cell", "value"),
    [
        ("foundation/予算異動明細書_R03.xlsx", "予算異動明細書", "E7", "99999999999999999999"),
        ("projects/月報_R03-04_財団プロジェクト推進事業.xlsx", "実績", "B3", "99999999999"),
        ("projects/月報_R03-04_財団プロジェクト推進事業.xlsx", "実績", "E2", "9999年度"),
    ],
)
def test_a_number_beyond_all_sense_refuses_its_file_only(
    make_world: MakeWorld, small: Path, file: str, sheet: str, cell: str, value: str
) -> None:
    typed(small / file, sheet, **{cell: value})
    world = make_world(small)
    walk(world)
    refused = query(world, "select distinct file_name from mart_submission where status = '差戻し'")
    assert refused == [(file,)]
    addresses = query(world, "select address from mart_finding where severity = 'critical'")
    assert (f"{sheet}!{cell}",) in addresses
    walk(world)


def test_names_with_line_separators_or_foreign_bytes_are_kept_and_read_again(
    make_world: MakeWorld, small: Path
) -> None:
    source = next((small / "projects").glob("*R03-04*"))
    shutil.copy(source, small / "projects" / "4月\u2028分\u0085.xlsx")
    foreign = os.fsencode(small / "projects") + "/月報".encode("cp932") + b".xlsx"
    shutil.copy(source, os.fsdecode(foreign))
    world = make_world(small)
    walk(world)
    walk(world)
    names = [name for (name,) in query(world, "select file_name from fact_receipt order by file_name")]
    assert r"projects/4月\u2028分\u0085.xlsx" in names
    assert any("\\x8c" in name for name in names)
    assert rebuild(world) == 1


def test_an_error_that_nobody_foresaw_in_a_file_refuses_that_file(
    make_world: MakeWorld, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = decide_module.standardise

    def failing(cells: Any, receipt: Any, catalog: Any) -> Any:
        if "R03-04" in receipt.file_name:
            raise ZeroDivisionError
        return real(cells, receipt, catalog)

    monkeypatch.setattr(decide_module, "standardise", failing)
    world = make_world(small)
    walk(world)
    rows = query(world, "select file_name, reason from mart_submission where status = '差戻し'")
    assert rows == [("projects/月報_R03-04_財団プロジェクト推進事業.xlsx", "file.CANNOT_READ")]


@pytest.mark.parametrize("is_loaded_between", [True, False])
def test_a_file_that_could_not_be_read_and_now_can_is_in_as_if_it_always_could(
    make_world: MakeWorld, small: Path, monkeypatch: pytest.MonkeyPatch, is_loaded_between: bool
) -> None:
    """Its first finding is of no submission that it has now, and stays out of sight."""

    def failing(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(decide_module, "standardise", failing)
    world = make_world(small)
    collect(world)
    for batch in undecided(world):
        decide(world, batch)
    monkeypatch.undo()
    if is_loaded_between:
        load(world)
        assert query(world, "select distinct status from mart_submission") == [("差戻し",)]
    decide(world, quarantined(world)[0], "revalidate", "本部 情報係", "読み取りを直したため")
    load(world)
    assert query(world, "select count(*) from mart_submission where status = '差戻し'") == [(0,)]
    assert query(world, "select count(*) from mart_finding where severity = 'critical'") == [(0,)]
    assert query(world, "select count(*) from dim_submission where state = 'replaced'") == [(4,)]
    first = state(world)
    rebuild(world)
    assert state(world) == first


def test_a_refused_file_that_was_the_first_of_its_year_is_of_its_month_once_the_year_is_there(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    inbox, april = tmp_path / "in", Period("month", 2022, 4)
    world = make_world(inbox)
    for center_id, value in (("projects", -1.0), ("icc", 3.0)):
        rows = catalog.in_year(2022).rows_of(center_id, "performance", april)
        values = {row.indicator_id: value for row in rows if row.is_input}
        path = inbox / center_id / "4月.xlsx"
        path.parent.mkdir(parents=True)
        write_monthly(
            path, catalog, center_id, april, values, {}, {}, {}, 1, "R4.5.5", forms=("performance",)
        )
        walk(world)
    of_april = "period_id = '2022-04' and form_id = 'performance'"
    found = {
        c: s for s, c in query(world, f"select status, center_id from mart_completeness where {of_april}")
    }
    assert (found["projects"], found["icc"]) == ("差戻し", "受理")
    first = state(world)
    rebuild(world)
    assert state(world) == first


def test_a_file_let_in_after_the_catalog_was_mended_counts_from_that_decision(
    make_world: MakeWorld, small: Path, tmp_path: Path
) -> None:
    (path,) = (small / "projects").glob("*R03-05*")
    label = openpyxl.load_workbook(path)["実績"]["B8"].value
    typed(path, "実績", B8="窓口のべ開設")
    world = make_world(small)
    walk(world)
    assert query(world, "select count(*) from mart_submission where status = '差戻し'") == [(3,)]
    folder = Path(shutil.copytree(ROOT / "schemas" / "catalog", tmp_path / "catalog"))
    rows = (folder / "indicators.csv").read_text(encoding="utf-8")
    assert f",{label}," in rows
    (folder / "indicators.csv").write_text(rows.replace(f",{label},", ",窓口のべ開設,"), encoding="utf-8")
    mended = make_world(small, catalog=load_catalog(folder))
    decide(mended, quarantined(mended)[0], "revalidate", "本部 情報係", "項目名を様式に合わせたため")
    load(mended)
    rows_now = query(
        mended,
        "select status, known_at from mart_submission where period_id = '2021-05' and center_id = 'projects'",
    )
    assert [(status, str(at)[:19]) for status, at in rows_now] == [("有効", "2022-07-01 03:00:00")] * 3
    assert query(mended, "select count(*) from mart_finding where severity = 'critical'") == [(0,)]
    days = [date(2022, 6, 30), date(2022, 7, 1)]
    before, after = (_spent(report(mended, 2021, day)) for day in days)
    assert after > before
    first = state(mended)
    rebuild(mended)
    assert state(mended) == first


def _spent(path: Path) -> int:
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)["支出照合"]
    return next(int(row[7]) for row in sheet.iter_rows(values_only=True) if row[1] == "財団計（本部を除く）")


def test_a_day_ends_at_midnight_in_tokyo(make_world: MakeWorld, small: Path) -> None:
    lines = ["file,channel,sender,received_at"]
    for path, moment in zip(
        sorted((small / "projects").glob("*")),
        ("2021-06-05T23:30:00", "2021-06-06T00:30:00"),
        strict=True,
    ):
        lines.append(f"projects/{path.name},projects,,{moment}")
    (small / ARRIVALS).write_text("\n".join(lines), encoding="utf-8")
    world = make_world(small)
    walk(world)
    spent = [_spent(report(world, 2021, date(2021, 6, day))) for day in (5, 6)]
    ((may,),) = query(
        world,
        "select sum(reported_yen) from mart_expenditure_month where period_id = '2021-05'",
    )
    assert spent[1] - spent[0] == may > 0
