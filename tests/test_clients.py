"""実 counts each client once, be it sent again, withdrawn or typed otherwise; and no number gets out."""

import csv
import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from samples.lines import lines_of
from samples.tables import table
from schemas.catalog import Catalog
from schemas.forms.client import CLIENT
from schemas.period import Period
from tasks.completeness import fallen_due, owed
from tasks.load import load
from tasks.report import report
from tasks.summary import artifact, summarise
from tasks.template.content import Content
from tasks.template.workbook import lines_workbook
from tasks.withdraw import withdraw
from tasks.world import World
from tests.conftest import SAMPLES, MakeWorld
from tests.walking import query, walk

YEAR = {
    "2-01-c.firms_followed": (72, 133),
    "1-10.firms_supported": (2, 18),
    "2-01-d.firms_dispatched": (1, 2),
    "3-04.dx_school_firms": (22, 104),
    "1-12-b.productions": (2, 4),
}


def test_a_year_has_its_distinct_clients_and_not_the_sum_of_its_months(walked: World) -> None:
    rows = query(
        walked,
        "select indicator_id, value from mart_performance where annual_rule = 'distinct'"
        " and fiscal_year = 2021",
    )
    assert dict(rows) == {name: distinct for name, (distinct, _) in YEAR.items()}
    lines = query(
        walked,
        "select indicator_id, count(*) from fact_client join dim_indicator using (indicator_key)"
        " join bridge_current using (submission_key) where current_to > '9999-01-01' group by indicator_id",
    )
    assert dict(lines) == {name: total for name, (_, total) in YEAR.items()}


def client_list(catalog: Catalog, month: int, rows: list[Any], revision: int) -> bytes:
    """sme's list of a month as a workbook of its own."""
    period = Period("month", 2021, month)
    content = Content(lines={CLIENT.id: rows}, revision=revision, stated_on=period.last_day)
    return lines_workbook(catalog.in_year(2021), "sme", CLIENT, period, content)


@pytest.fixture
def followed(
    make_world: MakeWorld, catalog: Catalog, tmp_path: Path
) -> tuple[World, dict[int, list[Any]], Path]:
    """April and May of sme's list of clients, as sent; the world, the rows by month and the inbox."""
    inbox = tmp_path / "inbox" / "sme"
    inbox.mkdir(parents=True)
    rows = {m: lines_of(catalog.in_year(2021), CLIENT.id, "sme", Period("month", 2021, m)) for m in (4, 5)}
    for month, of_month in rows.items():
        (inbox / f"{month}.xlsx").write_bytes(client_list(catalog, month, of_month, 1))
    world = make_world(inbox.parent, clock=lambda: datetime(2022, 7, 1, tzinfo=UTC))
    walk(world)
    return world, rows, inbox


def firms(world: World) -> float:
    sql = "select value from mart_performance where indicator_id = '2-01-c.firms_followed'"
    return float(query(world, sql)[0][0])


def test_a_firm_of_two_months_counts_once(
    followed: tuple[World, dict[int, list[Any]], Path],
) -> None:
    world, rows, _ = followed
    assert len(rows[4]) + len(rows[5]) == 9 + 12
    assert firms(world) == 9 + 7


def test_a_revision_replaces_its_month_alone(
    followed: tuple[World, dict[int, list[Any]], Path], catalog: Catalog
) -> None:
    world, rows, inbox = followed
    fewer = rows[4][:4]
    (inbox / "4の2.xlsx").write_bytes(client_list(catalog, 4, fewer, 2))
    walk(world)
    numbers = {row["client"] for row in (*fewer, *rows[5])}
    assert firms(world) == len(numbers) < 16


def test_a_withdrawn_month_takes_its_firms_with_it_and_a_new_one_brings_them_back(
    followed: tuple[World, dict[int, list[Any]], Path], catalog: Catalog
) -> None:
    world, rows, inbox = followed
    (sha256,) = query(
        world, "select sha256 from mart_submission where period_id = '2021-05' and form_id = 'client'"
    )[0]
    withdraw(world, sha256, "事務局 情報係", "別の月の一覧だったため")
    load(world)
    assert firms(world) == 9
    (inbox / "5の2.xlsx").write_bytes(client_list(catalog, 5, rows[5], 2))
    walk(world)
    assert firms(world) == 16


def test_a_number_typed_in_full_width_is_the_same_firm(
    followed: tuple[World, dict[int, list[Any]], Path], catalog: Catalog
) -> None:
    world, rows, inbox = followed
    wide = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})
    typed = [row | {"client": str(row["client"]).lower().translate(wide)} for row in rows[5]]
    (inbox / "5の2.xlsx").write_bytes(client_list(catalog, 5, typed, 2))
    walk(world)
    assert firms(world) == 16


def client_numbers() -> set[str]:
    return {row["client"] for row in table("clients")}


def test_no_number_of_a_client_leaves_the_stored_original(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in a table or mart, lake, finding, artifact, log or report; broken files included."""
    inbox = Path(shutil.copytree(SAMPLES, tmp_path / "inbox"))
    broken = openpyxl.load_workbook(next((inbox / "sme").glob("*R03-08*.xlsx")))
    sheet = broken["支援先"]
    sheet["D7"], sheet["C9"], sheet["A9"] = "何度も", sheet["C8"].value, sheet["A8"].value
    sheet["B9"] = sheet["B8"].value
    sheet["D10"] = sheet["C10"].value
    broken.save(inbox / "sme" / "月報_R03-08_壊れた.xlsx")
    world = make_world(inbox)
    with caplog.at_level(logging.DEBUG):
        walk(world)
        path = report(world, 2021)
    numbers = client_numbers()
    assert len(numbers) == 100
    found = query(world, "select rule_id, seen from mart_finding where form_id = 'client'")
    assert sorted(found) == [
        ("client.row.repeated", "（非公開）"),
        ("client.times.readable", "何度も"),
        ("client.times.readable", "（非公開）"),
    ]
    due = fallen_due(world)
    said = [caplog.text, str(artifact(summarise(world, due))), str(owed(due))]
    with world.engine.connect() as connection:
        names = (
            connection.exec_driver_sql("select name from sqlite_master where type in ('table', 'view')")
            .scalars()
            .all()
        )
        said += [str(connection.exec_driver_sql(f'select * from "{name}"').all()) for name in names if name]
    book = CalamineWorkbook.from_path(str(path))
    said += [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    for text in said:
        assert not [number for number in numbers if number in text]
    outside = [p for p in world.home.root.rglob("*") if p.is_file() and world.home.raw not in p.parents]
    outside += [world.home.journal, world.home.receipts]
    assert len(outside) > 10
    for file in outside:
        content = file.read_bytes()
        assert not [number for number in numbers if number.encode() in content], file


def test_the_lakes_digests_still_count_what_is_distinct(walked: World) -> None:
    import duckdb

    found = duckdb.sql(
        f"select count(distinct client) from '{walked.home.lake}/client/*/*.parquet' c"
        f" join '{walked.home.lake}/submissions.parquet' s using (submission_id)"
        " where s.is_current and c.indicator = '2-01-c.firms_followed'"
    ).fetchall()
    assert found == [(72,)]


def test_the_sample_has_a_number_written_otherwise() -> None:
    with (Path(__file__).parents[1] / "samples/patterns/clients.csv").open(encoding="utf-8") as file:
        typed = {row["client"] for row in csv.DictReader(file)}
    assert any(not number.isascii() for number in typed)
