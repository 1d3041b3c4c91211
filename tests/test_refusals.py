"""A file that cannot be taken in stays out with its reason, its bytes are kept, and all else goes on."""

import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from schemas.catalog import Catalog
from schemas.period import Period
from tasks import read
from tasks.inbox import ARRIVALS
from tests.conftest import SAMPLES, MakeWorld
from tests.test_isolation import MISBEHAVING, WAYS, Misled
from tests.walking import query, walk
from tests.workbooks import write_monthly

GOOD = next((SAMPLES / "projects").glob("*R03-04*.xlsx"))
MAY = Period("month", 2021, 5)


def _of_sheet(path: Path, name: str) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = name
    book.active["A1"] = "こんにちは"
    book.save(path)
    return path.read_bytes()


def _encrypted() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file.EMPTY"),
        (b"%PDF-1.7\n...", "file.WRONG_KIND"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file.WRONG_KIND"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "file.WRONG_KIND"),
        (_encrypted(), "file.PASSWORD"),
        (GOOD.read_bytes()[:-200], "file.BROKEN"),
        (GOOD.read_bytes()[:3000], "file.BROKEN"),
        ("a,b\n日本".encode() + b"\x85\x21\n", "file.ENCODING"),
        (b"a,b,c\n1,2,3\n", "file.NO_FORM"),
    ],
)
def test_a_file_that_is_no_form_is_refused_with_its_reason_and_kept(
    make_world: MakeWorld, tmp_path: Path, content: bytes, reason: str
) -> None:
    inbox, name = tmp_path / "in", "projects/月報.csv" if content[:1] == b"a" else "projects/月報.xlsx"
    (inbox / "projects").mkdir(parents=True)
    (inbox / name).write_bytes(content)
    shutil.copy(GOOD, inbox / "projects")
    world = make_world(inbox)
    walk(world)
    rows = query(world, "select reason, file_name, status from mart_submission where status = '差戻し'")
    assert rows == [(reason, name, "差戻し")]
    ((message,),) = query(world, "select message from mart_finding where severity = 'critical'")
    assert message.startswith(f"{name}: ")
    assert content in [path.read_bytes() for path in world.home.raw.glob("??/*")]
    assert query(world, "select count(*) from fact_performance") == [(3,)]


def test_a_workbook_without_a_known_title_is_refused(make_world: MakeWorld, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    (inbox / "icc").mkdir(parents=True)
    _of_sheet(inbox / "icc" / "メモ.xlsx", "メモ")
    world = make_world(inbox)
    walk(world)
    assert query(world, "select reason from mart_submission") == [("file.NO_FORM",)]


def test_a_folder_that_is_no_centers_is_refused(make_world: MakeWorld, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    (inbox / "どこか").mkdir(parents=True)
    shutil.copy(GOOD, inbox / "どこか")
    world = make_world(inbox)
    walk(world)
    ((reason, seen),) = query(world, "select rule_id, seen from mart_finding")
    assert (reason, seen) == ("file.UNKNOWN_CHANNEL", "どこか")


def test_a_reader_that_dies_costs_the_one_file_it_was_reading(make_world: MakeWorld, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    for path in sorted((SAMPLES / "projects").glob("月報*.xlsx"))[:4]:
        shutil.copy(path, inbox / "projects")
    (inbox / "projects" / "killer.xlsx").write_bytes(GOOD.read_bytes() + b"!")
    world = make_world(inbox)
    world.effects = Misled(MISBEHAVING.format(WAYS["a signal"]))
    walk(world)
    rows = query(world, "select reason, file_name from mart_submission where status = '差戻し'")
    assert rows == [("file.CANNOT_READ", "projects/killer.xlsx")]
    assert query(world, "select count(distinct period_key) from fact_performance") == [(4,)]


def test_a_reader_that_does_not_even_start_is_no_fault_of_any_file(
    make_world: MakeWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    shutil.copy(GOOD, inbox / "projects")
    world = make_world(inbox)
    with monkeypatch.context() as broken:
        broken.setattr(read.sys, "executable", shutil.which("false"))
        with pytest.raises(RuntimeError, match="起動しません"):
            walk(world)
    assert not world.home.journal.exists()
    walk(world)
    assert query(world, "select distinct status from mart_submission") == [("有効",)]


def test_a_month_that_has_not_begun_is_refused(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    _write(inbox / "projects" / "5月.xlsx", catalog)
    (inbox / ARRIVALS).write_text(
        "file,channel,sender,received_at\nprojects/5月.xlsx,projects,,2021-04-30T23:59:00+09:00"
    )
    world = make_world(inbox)
    walk(world)
    rows = query(world, "select rule_id, address from mart_finding")
    assert sorted(set(rows)) == [("cover.month.not_begun", "実績!G2"), ("cover.month.not_begun", "支出!G2")]


def test_two_sheets_for_the_same_form_and_month_are_refused(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    path = inbox / "projects" / "5月.xlsx"
    _write(path, catalog)
    book = openpyxl.load_workbook(path, data_only=True)
    book.copy_worksheet(book["実績"]).title = "実績 (2)"
    book.save(path)
    world = make_world(inbox)
    walk(world)
    rows = query(world, "select rule_id, seen, expected from mart_finding where severity = 'critical'")
    assert rows == [("sheet.repeated_form", "実績 (2)", "実績")]


def test_sheets_of_one_file_that_are_for_different_months_are_refused(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    path = inbox / "projects" / "5月.xlsx"
    _write(path, catalog)
    book = openpyxl.load_workbook(path, data_only=True)
    book["支出"]["G2"] = "6月"
    book["支出"]["A1"] = "令和3年6月分 支出報告書（様式第6号）"
    book.save(path)
    world = make_world(inbox)
    walk(world)
    rows = query(world, "select rule_id, address from mart_finding where severity = 'critical'")
    assert rows == [("cover.month.differs_between_sheets", "支出!G2")]


def test_a_row_that_was_deleted_is_missed_by_its_name(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    path = inbox / "projects" / "5月.xlsx"
    _write(path, catalog)
    book = openpyxl.load_workbook(path, data_only=True)
    for column in "BCDE":
        book["実績"][f"{column}9"] = None
    book.save(path)
    world = make_world(inbox)
    walk(world)
    rows = query(world, "select rule_id, severity, expected from mart_finding")
    assert rows == [("sheet.missing_rows", "warning", "スタートアップ専門相談窓口（利用）")]


def test_two_files_of_the_same_revision_with_other_cells_warn_on_both(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    _write(inbox / "projects" / "a.xlsx", catalog, 3)
    _write(inbox / "projects" / "b.xlsx", catalog, 4, "R3.6.2")
    _rezip(inbox / "projects" / "a.xlsx", inbox / "projects" / "same cells as a.xlsx")
    world = make_world(inbox)
    walk(world)
    rows = query(
        world,
        "select rule_id, address from bridge_finding where rule_id = 'cover.revision.same' order by address",
    )
    same = "cover.revision.same"
    assert rows == [(same, f"projects/{name}.xlsx") for name in ("a", "b", "same cells as a")]
    assert query(world, "select count(*) from bridge_current where current_to >= '9999-12-31'") == [(2,)]


def _write(path: Path, catalog: Catalog, value: int = 3, stated_on: str = "R3.6.1") -> None:
    rows = catalog.in_year(2021).rows_of("projects", "performance", MAY)
    values = {row.indicator_id: value for row in rows}
    write_monthly(path, catalog, "projects", MAY, values, {}, {("5-01", "honoraria"): 1}, {}, 1, stated_on)


def _rezip(source: Path, target: Path) -> None:
    """The same cells in other bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))


def test_an_inbox_that_is_not_there_is_no_quiet_night(make_world: MakeWorld, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="NENPO_INBOX"):
        walk(make_world(tmp_path / "nowhere"))
