"""The same receipts and decisions give the same tables: run twice, rebuilt, in any order, on both engines."""

import shutil
from pathlib import Path

import duckdb
import pandas as pd

from samples.make_year import make_year
from tasks.load import rebuild
from tasks.world import World
from tests.conftest import SAMPLES
from tests.walking import query, state, walk


def test_the_committed_sample_year_is_what_its_program_makes(tmp_path: Path) -> None:
    make_year(tmp_path)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    committed = {p.relative_to(SAMPLES): p.read_bytes() for p in SAMPLES.rglob("*") if p.is_file()}
    assert made == committed


def test_a_second_night_and_a_rebuild_change_nothing(walked: World) -> None:
    first = state(walked)
    assert len(first["fact_ledger"]) > 3_000
    lake = sorted(path for path in walked.home.lake.rglob("*.parquet"))
    walk(walked)
    assert state(walked) == first
    assert rebuild(walked) == 1
    assert state(walked) == first
    assert sorted(path for path in walked.home.lake.rglob("*.parquet")) == lake


def test_the_lakes_current_rows_are_the_warehouses_read_by_pandas_and_duckdb(walked: World) -> None:
    lake = walked.home.lake
    submissions = pd.read_parquet(lake / "submissions.parquet")
    records = pd.read_parquet(lake / "performance")
    current = records.merge(submissions[submissions["is_current"]], on="submission_id")
    in_lake = current.groupby("indicator")["value"].sum()
    found = duckdb.sql(
        f"select sum(value) from '{lake}/performance/*/*.parquet' p"
        f" join '{lake}/submissions.parquet' s using (submission_id)"
        " where s.is_current and p.indicator = '2-01-e.consultations'"
    ).fetchall()
    assert in_lake["2-01-e.consultations"] == found[0][0] == 8833
    rows = query(
        walked, "select sum(value) from mart_performance_month where indicator_id = '2-01-e.consultations'"
    )
    assert rows == [(8833.0,)]


def test_the_same_bytes_again_are_another_receipt_and_nothing_is_loaded(year: World, inbox: Path) -> None:
    facts = {
        name: rows
        for name, rows in state(year).items()
        if name.startswith("fact_") and name != "fact_receipt"
    }
    source = next((inbox / "sme").glob("*R03-04*.xlsx"))
    shutil.copy(source, source.with_name("もう一度.xlsx"))
    walk(year)
    again = state(year)
    assert {name: again[name] for name in facts} == facts
    assert query(year, "select count(*) from fact_receipt") == [(89,)]
    receipts = query(
        year,
        "select receipts, status from mart_submission where period_id = '2021-04' and center_id = 'sme'",
    )
    assert receipts == [(2, "有効")] * 4
