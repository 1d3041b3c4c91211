"""Whatever comes first: revisions and withdrawals end the same, and what was current on a day is kept."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.catalog import Catalog
from schemas.period import Period
from tasks import validate
from tasks.inbox import ARRIVALS
from tasks.load import load
from tasks.withdraw import withdraw
from tasks.world import World
from tests.conftest import SAMPLES, MakeWorld
from tests.torture.judging import remember
from tests.walking import query, state, walk
from tests.workbooks import write_monthly

MAY = Period("month", 2021, 5)
Event = int | str
EVENTS: tuple[Event, ...] = (1, 2, 3, "withdraw 3")
STATUSES = "select revision, status from mart_submission where form_id = 'performance' order by revision"
ARRIVED = {1: "2021-06-10", 2: "2021-06-12", 3: "2021-06-15"}
WITHDRAWN = datetime(2021, 6, 20, tzinfo=UTC)


@pytest.fixture
def versions(tmp_path: Path, catalog: Catalog) -> dict[int, Path]:
    """Original, revision 2 and revision 3 of one month of the smallest center."""
    of_year = catalog.in_year(2021)
    paths = {}
    for revision in (1, 2, 3):
        values = {row.indicator_id: 10 + revision for row in of_year.rows_of("projects", "performance", MAY)}
        path = paths[revision] = tmp_path / f"revision_{revision}.xlsx"
        sheets, day = ("performance",), "令和3年6月10日"
        write_monthly(path, catalog, "projects", MAY, values, {}, {}, {}, revision, day, forms=sheets)
    return paths


def test_all_24_orders_of_three_revisions_and_a_withdrawal_end_identical(
    make_world: MakeWorld, versions: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validate, "validate", validate.validate)
    remember(tmp_path / "judgements")
    lines = [f"projects/{path.name},projects,,{ARRIVED[n]}T09:00:00+09:00" for n, path in versions.items()]
    ends: dict[tuple[Event, ...], dict[str, list[str]]] = {}
    found: list[list[tuple[object, ...]]] = []

    def go_on(done: tuple[Event, ...]) -> None:
        """From the home in which some events have happened: each other event, in a copy of its own."""
        for event in EVENTS:
            if event in done:
                continue
            order = (*done, event)
            shutil.copytree(tmp_path / name_of(done), tmp_path / name_of(order))
            world = make_world(
                tmp_path / name_of(order) / "inbox", clock=lambda: WITHDRAWN, name=name_of(order)
            )
            happen(world, event)
            if len(order) == len(EVENTS):
                ends[order] = state(world)
                found.append(query(world, STATUSES))
            world.engine.dispose()
            go_on(order)

    def happen(world: World, event: Event) -> None:
        if isinstance(event, int):
            shutil.copy2(versions[event], world.inbox / "projects")
            walk(world)
        else:
            withdraw(world, _sha256(versions[3]), "事務局 経理係", "二重に数えたため")
            load(world)

    inbox = tmp_path / name_of(()) / "inbox"
    (inbox / "projects").mkdir(parents=True)
    (inbox / ARRIVALS).write_text("\n".join(["file,channel,sender,received_at", *lines]))
    go_on(())
    assert len(ends) == 24
    first, *others = ends.values()
    assert all(end == first for end in others)
    assert all(statuses == [(1, "旧版"), (2, "有効"), (3, "取下げ")] for statuses in found)


def name_of(events: tuple[Event, ...]) -> str:
    return "-".join(map(str, ("in", *events))).replace(" ", "")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_was_current_on_a_day_is_kept_as_intervals(
    make_world: MakeWorld, versions: dict[int, Path], tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "projects").mkdir(parents=True)
    lines = ["file,channel,sender,received_at"]
    for revision, path in versions.items():
        shutil.copy(path, inbox / "projects")
        lines.append(f"projects/{path.name},projects,,{ARRIVED[revision]}T09:00:00+09:00")
    (inbox / ARRIVALS).write_text("\n".join(lines))
    world = make_world(inbox, clock=lambda: WITHDRAWN)
    walk(world)
    withdraw(world, _sha256(versions[3]), "事務局 経理係", "二重に数えたため")
    load(world)
    rows = query(
        world,
        "select revision, current_from, current_to from bridge_current"
        " join dim_submission using (submission_key)"
        " where form_id = 'performance' order by current_from",
    )
    days = [(revision, str(start)[:10], str(end)[:10]) for revision, start, end in rows]
    assert days == [
        (1, "2021-06-10", "2021-06-12"),
        (2, "2021-06-12", "2021-06-15"),
        (3, "2021-06-15", "2021-06-20"),
        (2, "2021-06-20", "9999-12-31"),
    ]


def test_the_sample_year_received_in_two_halves_of_either_order_is_that_received_at_once(
    make_world: MakeWorld, tmp_path: Path, year: World
) -> None:
    """Sheets, exports and posted objects, revisions and head office's files, the second half first too."""
    files = sorted(path for path in SAMPLES.rglob("*.*") if path.is_file() and path.name != ARRIVALS)
    at_once = state(year)
    assert len(at_once["fact_event"]) > 100
    halves = files[::2], files[1::2]
    for number, parts in enumerate((halves, halves[::-1])):
        inbox = tmp_path / f"in {number}"
        inbox.mkdir()
        shutil.copy(SAMPLES / ARRIVALS, inbox)
        world = make_world(inbox, name=f"home {number}")
        for part in parts:
            for path in part:
                target = inbox / path.relative_to(SAMPLES)
                target.parent.mkdir(exist_ok=True)
                shutil.copy(path, target)
            walk(world)
        end = state(world)
        assert {name for name in end if end[name] != at_once[name]} == set()
