"""The index says what receipts and journal say: caught up, or made anew where it is of something else."""

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schemas.catalog import load_catalog
from tasks.collect import collect
from tasks.decide import decide, undecided
from tasks.home import Home
from tasks.inbox import ARRIVALS
from tasks.index import opened
from tasks.journal import final_verdicts, read_journal
from tasks.known import known
from tasks.lines import raw_lines
from tasks.load import load, rebuild
from tasks.receipts import append_lines, receipt_in
from tasks.withdraw import withdraw
from tasks.world import World
from tests.conftest import ROOT, SAMPLES, MakeWorld
from tests.walking import query, state

MONTHS = sorted((SAMPLES / "projects").glob("*R03-0[456]*"))


@pytest.fixture
def small(make_world: MakeWorld, tmp_path: Path) -> World:
    """A world whose inbox holds two months of a center."""
    inbox = tmp_path / "small"
    (inbox / "projects").mkdir(parents=True)
    for path in MONTHS[:2]:
        shutil.copy2(path, inbox / "projects")
    return make_world(inbox)


def _night(world: World) -> None:
    collect(world)
    for batch in undecided(world):
        decide(world, batch)


def _said(world: World) -> object:
    """What the index says of all files, and what their lines say when all of them are read."""
    hashes = [receipt.sha256 for receipt in map(receipt_in, raw_lines(world.home.receipts))]
    with known(world) as of_files:
        final = of_files.final(hashes)
        units = [receipt.unit for receipt in of_files.receipts_of(hashes)]
        counted = len(of_files.decisions()), of_files.times_judged(units)
    assert final == final_verdicts(read_journal(world.home))
    assert counted == (len(read_journal(world.home)), len(units))
    return final


def test_what_was_added_since_is_known(small: World) -> None:
    _night(small)
    before = _said(small)
    shutil.copy2(MONTHS[2], small.inbox / "projects")
    _night(small)
    after = _said(small)
    assert after != before
    with known(small) as of_files:
        assert not of_files.undecided()


def test_a_file_that_arrives_again_by_another_name_is_known_by_its_bytes(small: World) -> None:
    _night(small)
    shutil.copy2(MONTHS[0], small.inbox / "projects" / "again.xlsx")
    collect(small)
    with known(small) as of_files:
        names = {receipt.file_name for receipt in of_files.repeated()}
        assert not of_files.undecided()
    assert names == {f"projects/{MONTHS[0].name}", "projects/again.xlsx"}


def test_a_file_decided_for_nobody_is_undecided_again_once_its_channel_has_a_center(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    inbox = tmp_path / "moved"
    (inbox / "moved").mkdir(parents=True)
    shutil.copy2(MONTHS[0], inbox / "moved")
    arrived = f"file,channel,sender,received_at\nmoved/{MONTHS[0].name},moved,,2021-05-06T09:00:00\n"
    (inbox / ARRIVALS).write_text(arrived, encoding="utf-8")
    world = make_world(inbox)
    _night(world)
    load(world)
    with known(world) as of_files:
        assert not of_files.undecided()
    folder = Path(shutil.copytree(ROOT / "schemas" / "catalog", tmp_path / "catalog"))
    centers = (folder / "centers.csv").read_text(encoding="utf-8")
    assert ",projects,2020," in centers
    (folder / "centers.csv").write_text(centers.replace(",projects,2020,", ",moved,2020,"), encoding="utf-8")
    later = make_world(inbox, catalog=load_catalog(folder))
    _night(later)
    with known(later) as of_files:
        assert not of_files.undecided()
        (receipt,) = of_files.receipts_of({r.sha256 for r in map(receipt_in, raw_lines(later.home.receipts))})
        ((_, verdict),) = (found for unit, found in of_files.final([receipt.sha256]).items() if unit[1])
    assert (verdict.center_id, verdict.state) == ("projects", "accepted")
    load(later)
    states = query(later, "select distinct sha256, state from dim_submission where submission_key <> 0")
    assert states == [(receipt.sha256, "accepted")], "of another catalog the warehouse is made again"
    asked = "select distinct known_at, received_at from dim_submission where known_at is not null"
    ((known_at, received_at),) = query(later, asked)
    assert (str(received_at)[:10], str(known_at)[:10]) == ("2021-05-06", "2022-07-01"), "out until then"
    first = state(later)
    rebuild(later)
    assert state(later) == first
    # Its channel goes back: what was judged for the center that had it stays that center's.
    again = make_world(inbox)
    _night(again)
    load(again)
    assert query(again, "select count(*) from mart_submission where status = '有効'") == [(3,)]
    first = state(again)
    rebuild(again)
    assert state(again) == first


def test_a_withdrawal_is_found_by_the_hash_of_its_file(small: World) -> None:
    _night(small)
    receipt = receipt_in(raw_lines(small.home.receipts)[0])
    withdraw(small, receipt.sha256, "経理", "二重")
    with known(small) as of_files:
        (found,) = of_files.withdrawals([receipt.sha256])
        assert not of_files.withdrawals(["0" * 64])
    assert (found.by, found.why) == ("経理", "二重")


def _delete(home: Home) -> None:
    home.index.unlink()


def _overwrite(home: Home) -> None:
    home.index.write_bytes(b"no database" * 1_000)


def _age(home: Home) -> None:
    with sqlite3.connect(home.index) as connection:
        connection.execute("PRAGMA user_version = 0")


@pytest.mark.parametrize("spoil", [_delete, _overwrite, _age])
def test_an_index_that_is_gone_or_spoilt_is_made_anew(small: World, spoil: Callable[[Home], None]) -> None:
    _night(small)
    before = _said(small)
    spoil(small.home)
    assert _said(small) == before


def test_an_index_of_lines_that_a_crash_took_back_forgets_them(small: World) -> None:
    _night(small)
    _said(small)
    journal = small.home.journal
    journal.write_bytes(journal.read_bytes()[:-1])
    with known(small) as of_files:
        assert not of_files.decisions()
        assert len(of_files.undecided()) == 2


def test_an_index_of_another_journal_forgets_it(small: World, make_world: MakeWorld) -> None:
    """As after a home was put back from a copy, and other decisions were made."""
    _night(small)
    other = make_world(SAMPLES, name="other")
    shutil.copytree(small.home.root, other.home.root, dirs_exist_ok=True)
    _said(other)
    text = other.home.journal.read_text("utf-8")
    other.home.journal.write_text(text.replace('"accepted"', '"refused"'), "utf-8")
    _said(other)
    with known(other) as of_files:
        assert len(of_files.refused()) == 2


def test_a_line_with_a_word_that_this_version_does_not_know_is_an_error(small: World) -> None:
    """As of a newer version: to leave a word out might turn what was decided into something else."""
    _night(small)
    with small.home.journal.open("a", encoding="utf-8") as journal:
        line = raw_lines(small.home.journal)[0].decode()
        journal.write(
            line.replace('"state": "accepted"', '"state": "accepted", "until": "2022-04-01"') + "\n"
        )
    with pytest.raises(ValueError, match="until"), known(small):
        pass


def test_receipts_that_are_gone_are_forgotten(small: World) -> None:
    _night(small)
    small.home.receipts.unlink()
    with known(small) as of_files:
        assert not of_files.undecided()
        assert not of_files.repeated()


def test_many_who_open_it_at_once_find_the_same(small: World) -> None:
    _night(small)
    small.home.index.unlink()

    def count(_number: int) -> int:
        with opened(small) as index:
            return int(index.execute("SELECT count(*) FROM verdict").fetchone()[0])

    with ThreadPoolExecutor(8) as several:
        assert {*several.map(count, range(32))} == {2}


def test_an_index_that_another_process_holds_is_not_thrown_away(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _night(small)
    small.home.index.unlink()
    with opened(small):
        pass
    monkeypatch.setattr("tasks.index.BUSY_SECONDS", 0.05)
    shutil.copy2(MONTHS[2], small.inbox / "projects")
    with sqlite3.connect(small.home.index, isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(RuntimeError, match=r"index\.db に書き込めません（database is locked）"),
            known(small),
        ):
            pass
        holder.execute("ROLLBACK")
    holder.close()
    assert small.home.index.is_file()


def test_a_file_of_a_year_beyond_every_integer_is_known_again(small: World) -> None:
    """A wrong clock may write any time; that of the year 2300 has no 64 bits."""
    late = 2**64
    append_lines(small, [{"path": "late.xlsx", "size": 1, "mtime_ns": late}])
    with known(small) as of_files:
        assert of_files.unseen([["late.xlsx", 1, late], ["late.xlsx", 1, late + 1]]) == [1]


def test_a_file_that_may_not_be_read_is_taken_in_once_it_may(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever mends permissions changes neither its size nor its time."""

    def closed(_arrival: object) -> bytes:
        raise PermissionError

    monkeypatch.setattr("tasks.collect.take", closed)
    assert len(collect(small).receipt_ids) == 2
    refused = small.home.receipts.read_bytes()
    assert not collect(small).receipt_ids
    assert small.home.receipts.read_bytes() == refused, "it is told once"
    monkeypatch.undo()
    assert len(collect(small).receipt_ids) == 2
    assert not collect(small).receipt_ids


def test_an_index_that_proves_damaged_is_away_for_the_next_run(small: World) -> None:
    _night(small)
    with pytest.raises(RuntimeError, match="もう一度実行してください"), known(small):
        raise sqlite3.DatabaseError("database disk image is malformed")
    assert not small.home.index.is_file()
    _said(small)


def test_decisions_whose_receipts_are_gone_are_no_matter_of_course(small: World) -> None:
    _night(small)
    small.home.receipts.unlink()
    with pytest.raises(RuntimeError, match="バックアップからまとめて戻して"):
        load(small)
