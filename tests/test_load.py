"""Loading replays the journal: each submission whole or absent, whatever fails and wherever it stops."""

import io
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from schemas.catalog import load_catalog
from tasks import load as load_module
from tasks import parts as parts_module
from tasks.collect import collect
from tasks.decide import decide, quarantined, undecided
from tasks.known import known
from tasks.load import load
from tasks.locks import NIGHTLY, AlreadyRunning, hold, hold_all
from tasks.parts import Part
from tasks.publish import publish
from tasks.report import report
from tasks.withdraw import withdraw
from tasks.world import World
from tests.conftest import ROOT, SAMPLES, MakeWorld
from tests.walking import query, state, walk


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An inbox of three months of the smallest center and the budget."""
    inbox = tmp_path / "small"
    for folder, pattern in (("projects", "*R03-0[456]*"), ("foundation", "予算*")):
        (inbox / folder).mkdir(parents=True)
        for path in (SAMPLES / folder).glob(pattern):
            shutil.copy(path, inbox / folder)
    shutil.copy(SAMPLES / "arrivals.csv", inbox)
    return inbox


def test_a_last_journal_line_cut_by_a_crash_was_never_decided(make_world: MakeWorld, small: Path) -> None:
    world = make_world(small)
    walk(world)
    whole = state(world)
    other = make_world(small, name="torn")
    walk(other)
    journal = other.home.journal
    journal.write_bytes(journal.read_bytes()[:-20])
    other.engine.dispose()
    for path in other.home.root.glob("warehouse.db*"):
        path.unlink()
    walk(other)
    assert state(other) == whole
    assert journal.read_bytes().count(b"\n") == 1


def test_the_one_submission_that_the_database_refuses_is_quarantined_and_the_others_load(
    make_world: MakeWorld, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_facts = parts_module.add_facts
    guilty = "sme.performance.2021-06"

    def judging(effects: object, connection: object, table: object, rows: object) -> None:
        if getattr(table, "name", "") == "fact_performance":
            for value in rows["value"].to_pylist():  # type: ignore[index]
                if value == 281:  # the one of sme's June that is written in full-width digits
                    raise IntegrityError("insert", {}, ValueError(guilty))
        add_facts(effects, connection, table, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(parts_module, "add_facts", judging)
    world = make_world(inbox)
    walk(world)
    rows = query(world, "select file_name, reason from mart_submission where reason = 'file.LOAD_FAILED'")
    assert {name for name, _ in rows} == {"sme/月報_R03-06_中小企業支援センター.xlsx"}
    accepted = query(world, "select count(*) from dim_submission where state = 'accepted'")
    assert accepted == [(272 - 4,)]
    assert query(
        world,
        "select count(*) from fact_expenditure f join dim_submission using (submission_key)"
        " where state = 'refused'",
    ) == [(0,)]
    monkeypatch.undo()
    again = make_world(inbox, name="home")
    assert load(again) == 0
    batches = quarantined(again)
    decide(again, batches[0], "revalidate", "本部 情報係", "データベースを直したため")
    load(again)
    rows = query(again, "select status from mart_submission where file_name like 'sme/月報_R03-06%'")
    assert rows == [("有効",)] * 4
    of_it = "file_name like 'sme/月報_R03-06%' and severity = 'critical'"
    assert query(again, f"select count(*) from mart_finding where {of_it}") == [(0,)]


def test_of_two_pending_decisions_the_files_that_the_database_refuses_stay_out_alone(
    make_world: MakeWorld, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_facts = parts_module.add_facts

    def judging(effects: object, connection: object, table: object, rows: object) -> None:
        if getattr(table, "name", "") == "fact_budget" and len(rows):  # type: ignore[arg-type]
            raise IntegrityError("insert", {}, ValueError("the budget"))
        add_facts(effects, connection, table, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(parts_module, "add_facts", judging)
    world = make_world(small)
    collect(world)
    for center_id in ("projects", "foundation"):
        for batch in undecided(world, center_id):
            decide(world, batch)
    assert load(world) == 4, "two decisions, and one by the database for each of two files"
    refused = query(world, "select distinct file_name from dim_submission where state = 'refused'")
    assert {name for (name,) in refused} == {
        "foundation/予算異動明細書_R03.xlsx",
        "foundation/予算異動明細書_R03_第2版.xlsx",
    }
    accepted = query(world, "select count(distinct sha256) from dim_submission where state = 'accepted'")
    assert accepted == [(3,)]


def test_the_same_bytes_of_two_centers_are_each_refused_with_a_finding(
    make_world: MakeWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "twice"
    for center_id in ("projects", "icc"):
        (inbox / center_id).mkdir(parents=True)
        shutil.copy2(next((SAMPLES / "projects").glob("*R03-04*")), inbox / center_id)
    world = make_world(inbox)
    collect(world)
    (batch,) = undecided(world)
    decision_id = decide(world, batch)
    real = load_module.load_part

    def failing(world: World, connection: Connection, part: Part) -> list[int]:
        if part.decision.id == decision_id and part.units:
            raise DataError("insert", {}, ValueError("too large"))
        return real(world, connection, part)

    monkeypatch.setattr(load_module, "load_part", failing)
    assert load(world) == 3
    found = query(world, "select distinct center_id from mart_finding where rule_id = 'file.LOAD_FAILED'")
    assert {center_id for (center_id,) in found} == {"projects", "icc"}


def test_a_catalog_without_a_row_that_is_used_says_so_and_leaves_the_warehouse(
    make_world: MakeWorld, small: Path, tmp_path: Path
) -> None:
    world = make_world(small)
    walk(world)
    folder = Path(shutil.copytree(ROOT / "schemas" / "catalog", tmp_path / "catalog"))
    rows = (folder / "programs.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    ((used, code),) = query(
        world,
        "select p.program_id, p.printed_number from fact_budget f join dim_program p using (program_key)"
        " where p.level = 'reserve' limit 1",
    )
    codes = (folder / "codes.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    (folder / "programs.csv").write_text("".join(r for r in rows if used not in r), encoding="utf-8")
    (folder / "codes.csv").write_text("".join(r for r in codes if used not in r), encoding="utf-8")
    without = make_world(small, catalog=load_catalog(folder))
    with pytest.raises(RuntimeError, match="今のカタログにありません"):
        load(without)
    assert query(without, "select count(*) from mart_submission where status = '有効'")[0][0] > 0
    assert load(make_world(small)) == 0, code


def test_the_list_of_submissions_is_written_where_the_warehouse_holds_something_new(
    make_world: MakeWorld, small: Path
) -> None:
    world = make_world(small)
    walk(world)
    listed, state_of_it = world.home.current, world.home.current_state
    content, written = listed.read_bytes(), listed.stat().st_mtime_ns
    publish(world)
    assert listed.stat().st_mtime_ns == written
    for lost in (listed, state_of_it):
        lost.unlink()
        publish(world)
        assert listed.read_bytes() == content
        assert listed.stat().st_mtime_ns > written
    (small / "icc").mkdir()
    shutil.copy(next((SAMPLES / "icc").glob("*R03-04*")), small / "icc")
    walk(world)
    assert len(pq.read_table(listed)) > len(pq.read_table(io.BytesIO(content)))


def _is_as_if_written_anew(world: World) -> bool:
    content = world.home.current.read_bytes()
    world.home.current_state.unlink()
    publish(world)
    return world.home.current.read_bytes() == content


def test_a_list_of_which_only_the_changed_years_were_asked_for_is_as_one_written_anew(
    make_world: MakeWorld, small: Path
) -> None:
    """After a file of another year, a revision, the same bytes again and a withdrawal."""
    world = make_world(small)
    walk(world)
    (small / "icc").mkdir()
    for arrival in (
        "foundation/公表値_R02.xlsx",
        "icc/月報_R04-01_インタークロス・クリエイティブ・センター.xlsx",
        "icc/月報_R04-01_インタークロス・クリエイティブ・センター_再提出.xlsx",
    ):
        shutil.copy(SAMPLES / arrival, small / arrival)
        walk(world)
        assert _is_as_if_written_anew(world), arrival
    shutil.copy(SAMPLES / arrival, small / "icc" / "again.xlsx")
    walk(world)
    assert _is_as_if_written_anew(world)
    assert {year for (year,) in query(world, "select distinct fiscal_year from run_change")} == {2020, 2021}
    with known(world) as of_files:
        (sha256,) = {receipt.sha256 for receipt in of_files.repeated()}
    withdraw(world, sha256, "経理", "二重")
    load(world)
    publish(world)
    assert _is_as_if_written_anew(world)


def test_a_list_that_cannot_be_read_is_written_anew(make_world: MakeWorld, small: Path) -> None:
    world = make_world(small)
    walk(world)
    world.home.current.write_bytes(b"no Parquet")
    shutil.copy(SAMPLES / "foundation/公表値_R02.xlsx", small / "foundation")
    walk(world)
    assert set(pq.read_table(world.home.current)["fiscal_year"].to_pylist()) == {2020, 2021}
    assert _is_as_if_written_anew(world)


def test_a_lost_connection_retries_the_whole_batch(
    make_world: MakeWorld, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make_world(small, name="whole")
    walk(whole)
    real: Callable[..., list[int]] = load_module.load_part
    lost = iter([True, True, False])

    def losing(*arguments: object) -> list[int]:
        touched = real(*arguments)
        if next(lost):
            error = DBAPIError("commit", {}, OSError("server closed the connection"))
            error.connection_invalidated = True
            raise error
        return touched

    monkeypatch.setattr(load_module, "load_part", losing)
    world = make_world(small)
    walk(world)
    assert state(world) == state(whole)


def test_what_is_let_in_again_counts_from_the_day_it_was_let_in(year: World) -> None:
    world = year
    before = report(world, 2021, world.clock().date().replace(day=1, month=6)).read_bytes()
    ((refused,),) = query(world, "select count(*) from mart_submission where status = '差戻し'")
    decide(world, quarantined(world)[0], "revalidate", "本部", "規則を見直したため")
    load(world)
    assert query(world, "select count(*) from mart_submission where status = '差戻し'") == [(refused,)]
    assert report(world, 2021, world.clock().date().replace(day=1, month=6)).read_bytes() == before


def test_a_lock_is_for_one_and_dies_with_its_holder(
    make_world: MakeWorld, new_database: Callable[[], str]
) -> None:
    for url in ("", new_database()):
        first, second = make_world(url=url), make_world(url=url)
        with hold(first, NIGHTLY, "sme"):
            with pytest.raises(AlreadyRunning), hold(second, NIGHTLY):
                pass
            with hold(second, "icc"):
                pass
        with hold(second, NIGHTLY, "sme"):
            pass


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_warehouse_of_another_version_is_rebuilt_at_the_next_load(
    make_world: MakeWorld, small: Path, new_database: Callable[[], str], engine: str
) -> None:
    url = new_database() if engine == "postgres" else ""
    world = make_world(small, url=url)
    walk(world)
    whole = state(world)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("create table fact_old (submission_key bigint)")
        connection.exec_driver_sql("create view mart_old as select * from fact_old")
        connection.exec_driver_sql("delete from bridge_current")
        connection.exec_driver_sql("update run_version set version = 'older'")
    walk(world)
    assert state(world) == whole


def test_a_run_whose_database_sessions_were_ended_still_keeps_others_out(
    make_world: MakeWorld, new_database: Callable[[], str]
) -> None:
    url = new_database()
    first, second = make_world(url=url), make_world(url=url)
    with hold_all(first):
        with second.engine.begin() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(AlreadyRunning), hold_all(second):
            pass
    with hold_all(second):
        pass


def test_a_run_over_all_waits_for_a_centers_run_to_end(make_world: MakeWorld) -> None:
    one, all_of_it = make_world(), make_world()
    order: list[str] = []
    started, may_end = Event(), Event()

    def center() -> None:
        with hold(one, "sme"):
            started.set()
            may_end.wait(30)
            order.append("center")

    def nightly() -> None:
        with hold_all(all_of_it):
            order.append("nightly")

    with ThreadPoolExecutor(2) as pool:
        pool.submit(center)
        assert started.wait(30)
        running = pool.submit(nightly)
        may_end.set()
        running.result(30)
    assert order == ["center", "nightly"]
