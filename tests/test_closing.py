"""A closed period stays as it was closed: what comes later waits for a named person, whatever else runs."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.catalog import Catalog
from schemas.period import Period
from tasks.close import close
from tasks.completeness import fallen_due
from tasks.effects import Effects
from tasks.home import Home
from tasks.journal import read_journal
from tasks.load import load, rebuild
from tasks.release import release
from tasks.summary import summarise
from tasks.withdraw import withdraw
from tasks.world import World
from tests.conftest import MakeWorld
from tests.walking import query, state, walk
from tests.workbooks import write_monthly
from warehouse.engine import connect

MAY, JUNE = Period("month", 2021, 5), Period("month", 2021, 6)
NEXT_DAY = datetime(2021, 7, 2, tzinfo=UTC)
BY, WHY = "事務局長", "5月分を確定したため"
STATUSES = (
    "select file_name, status, reason from mart_submission where form_id = 'performance' order by file_name"
)


class Office:
    """A foundation whose clock is moved by hand, and what its smallest center sends."""

    def __init__(self, inbox: Path, catalog: Catalog) -> None:
        self.inbox, self.catalog = inbox, catalog
        self.now = datetime(2021, 7, 1, tzinfo=UTC)

    def clock(self) -> datetime:
        return self.now

    def send(self, name: str, period: Period, value: int, revision: int = 1) -> None:
        rows = self.catalog.in_year(2021).rows_of("projects", "performance", period)
        values = {row.indicator_id: value for row in rows}
        path, sheets = self.inbox / "projects" / name, ("performance",)
        write_monthly(
            path, self.catalog, "projects", period, values, {}, {}, {}, revision, "R3.7.1", forms=sheets
        )
        os.utime(path, (self.now.timestamp(),) * 2)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    """A home and its inbox: May is in and closed; a revision of it and June came on the next day."""
    root = tmp_path_factory.mktemp("closed")
    (root / "in" / "projects").mkdir(parents=True)
    office, home = Office(root / "in", catalog), Home(root)
    world = World(office.inbox, home, catalog, office.clock, Effects(), connect(home.warehouse_url))
    office.send("5月.xlsx", MAY, 3)
    walk(world)
    close(world, "2021-05", BY, WHY)
    load(world)
    office.now = NEXT_DAY
    office.send("5月 訂正.xlsx", MAY, 4, revision=2)
    office.send("6月.xlsx", JUNE, 5)
    walk(world)
    world.engine.dispose()
    return root


@pytest.fixture
def office(closed: Path, tmp_path: Path, catalog: Catalog) -> Office:
    shutil.copytree(closed, tmp_path / "home")
    office = Office(tmp_path / "home" / "in", catalog)
    office.now = NEXT_DAY
    return office


@pytest.fixture
def world(office: Office, make_world: MakeWorld) -> World:
    """The closed home, to go on from."""
    return make_world(office.inbox, clock=office.clock, name="home")


def total(world: World) -> float:
    ((value,),) = query(world, "select sum(value) from mart_performance_month where period_id = '2021-05'")
    return float(value)


def test_what_comes_for_a_closed_month_is_held_and_changes_nothing(world: World) -> None:
    assert query(world, STATUSES) == [
        ("projects/5月 訂正.xlsx", "保留", "period.closed"),
        ("projects/5月.xlsx", "有効", ""),
        ("projects/6月.xlsx", "有効", ""),
    ]
    assert total(world) == 3 * 3
    ((why,),) = query(world, "select why from mart_submission where status = '保留'")
    assert why.startswith(f"令和3年5月は2021-07-01に{BY}が締めました（{WHY}）。")
    lines = summarise(world, fallen_due(world)).lines()
    assert "保留 1 ファイル" in lines[0]
    assert f"  保留 projects/5月 訂正.xlsx: {why}" in lines


def test_a_closing_lists_the_hashes_of_what_it_closed(world: World) -> None:
    (closing,) = (decision for decision in read_journal(world.home) if decision.kind == "close")
    rows = query(
        world,
        "select submission_id, sha256 from mart_submission where period_id = '2021-05' and status = '有効'",
    )
    assert closing.manifest == dict(rows)
    found = query(
        world,
        "select kind, decided_by, why, period_id, closed_submissions, replaced_since from mart_decision",
    )
    assert found == [("締め", BY, WHY, "2021-05", 1, 0)]


def test_a_named_person_lets_it_in_and_it_counts_from_then(world: World, office: Office) -> None:
    ((sha256,),) = query(world, "select sha256 from mart_submission where status = '保留'")
    office.now = datetime(2021, 7, 5, tzinfo=UTC)
    release(world, sha256, BY, "センターの訂正を認めたため")
    load(world)
    assert query(world, STATUSES) == [
        ("projects/5月 訂正.xlsx", "有効", ""),
        ("projects/5月.xlsx", "旧版", ""),
        ("projects/6月.xlsx", "有効", ""),
    ]
    assert total(world) == 3 * 4
    ((known,),) = query(world, f"select known_at from mart_submission where sha256 = '{sha256}'")
    assert str(known)[:10] == "2021-07-05"
    assert query(world, "select replaced_since from mart_decision where kind = '締め'") == [(1,)]
    first = state(world)
    rebuild(world)
    walk(world)
    assert state(world) == first


def test_a_year_that_is_closed_closes_its_months_and_halves(world: World, office: Office) -> None:
    close(world, "FY2021", BY, "年度を確定したため")
    load(world)
    office.send("6月 訂正.xlsx", JUNE, 6, revision=2)
    walk(world)
    statuses = dict(row[:2] for row in query(world, STATUSES))
    assert statuses["projects/6月 訂正.xlsx"] == "保留"
    with pytest.raises(ValueError, match="令和3年6月はすでに締めてあります"):
        close(world, "2021-06", BY, WHY)


def test_a_file_that_is_wrong_is_sent_back_even_when_its_month_is_closed(
    world: World, office: Office
) -> None:
    office.send("5月 再訂正.xlsx", MAY, -1, revision=3)
    walk(world)
    statuses = dict(row[:2] for row in query(world, STATUSES))
    assert statuses["projects/5月 再訂正.xlsx"] == "差戻し"


def test_a_copy_of_what_is_held_is_a_repeated_arrival(world: World, office: Office) -> None:
    folder = office.inbox / "projects"
    shutil.copy(folder / "5月 訂正.xlsx", folder / "5月 訂正（もう一度）.xlsx")
    walk(world)
    rows = query(world, "select file_name, why from mart_submission where status = '重複'")
    assert rows == [
        (
            "projects/5月 訂正（もう一度）.xlsx",
            "同じ内容を「projects/5月 訂正.xlsx」として受け取っています。",
        )
    ]


def test_what_is_held_may_be_withdrawn_and_then_waits_no_more(world: World) -> None:
    ((sha256,),) = query(world, "select sha256 from mart_submission where status = '保留'")
    withdraw(world, sha256, BY, "訂正ではなかったため")
    load(world)
    statuses = dict(row[:2] for row in query(world, STATUSES))
    assert statuses["projects/5月 訂正.xlsx"] == "取下げ"
    release(world, sha256, BY, WHY)
    load(world)
    assert total(world) == 3 * 3


@pytest.mark.parametrize(
    ("period", "by", "why", "sentence"),
    [
        ("2021-05", BY, WHY, "令和3年5月はすでに締めてあります"),
        ("2021-07", BY, WHY, "令和3年7月の提出物がまだ受理されていません"),
        ("2021-13", BY, WHY, "期間「2021-13」は読めません"),
        ("FY2021H3", BY, WHY, "期間「FY2021H3」は読めません"),
        ("2021-06", "", WHY, "だれが・なぜ"),
        ("2021-06", BY, "", "だれが・なぜ"),
    ],
)
def test_a_closing_that_makes_no_sense_is_no_decision(
    world: World, period: str, by: str, why: str, sentence: str
) -> None:
    before = len(read_journal(world.home))
    with pytest.raises(ValueError, match=sentence):
        close(world, period, by, why)
    assert len(read_journal(world.home)) == before


def test_only_what_is_held_can_be_released(world: World) -> None:
    before = len(read_journal(world.home))
    ((june,),) = query(world, "select sha256 from mart_submission where period_id = '2021-06'")
    with pytest.raises(ValueError, match="保留中のファイルに"):
        release(world, june, BY, WHY)
    ((held,),) = query(world, "select sha256 from mart_submission where status = '保留'")
    with pytest.raises(ValueError, match="だれが・なぜ"):
        release(world, held, "", WHY)
    assert len(read_journal(world.home)) == before
