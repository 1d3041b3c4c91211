"""Hostile files by the hundred beside good ones: each ends in the state that its maker expects.

What the good ones say is not touched, nothing hangs, and no run takes more memory than a small machine has.
"""

import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.measure import watched
from schemas.catalog import Catalog
from tasks.effects import Effects
from tasks.home import Home
from tasks.world import World
from tests.conftest import NOON, SAMPLES, MakeWorld
from tests.hostile.case import Hostile
from tests.hostile.make import BOOKS_OF, LINES_OF, hostile_files
from tests.walking import query, state, walk
from warehouse.engine import connect

GOOD = ("industry/*R03-04*", "industry/*R03-05*", "sme/*R03-04*", "icc/*R03-04*", "electronics/*R03-04*")
MEBIBYTES = 2_500
# What says that a file came, was refused and why; all else is what good files said.
OF_ARRIVALS = ("dim_submission", "fact_receipt", "fact_finding", "mart_submission", "mart_finding")
OF_CENTERS = "mart_completeness"
# 実績 of the good book that all others are made from.
CELLS = frozenset({("実績!D7", 3.0), ("実績!D8", 3.0), ("実績!D9", 3.0)})

Files = list[tuple[str, Hostile]]


@pytest.fixture(scope="module")
def files(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return list(hostile_files(catalog, tmp_path_factory.mktemp("hostile")))


@pytest.fixture(scope="module")
def odd(files: Files, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The odd and the damaged files, walked once; for reading only."""
    inbox, home = tmp_path_factory.mktemp("odd"), Home(tmp_path_factory.mktemp("home"))
    put(inbox, [(center_id, hostile) for center_id, hostile in files if not hostile.reasons])
    engine = connect(home.warehouse_url)
    world = World(inbox, home, catalog, lambda: NOON, Effects(), engine)
    walk(world)
    yield world
    engine.dispose()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """An inbox of a few good files."""
    inbox = tmp_path / "in"
    for pattern in GOOD:
        for path in SAMPLES.glob(pattern):
            target = inbox / path.relative_to(SAMPLES)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return inbox


def put(inbox: Path, files: Files) -> None:
    for center_id, hostile in files:
        (inbox / center_id).mkdir(parents=True, exist_ok=True)
        (inbox / center_id / hostile.name).write_bytes(hostile.content)


def test_there_are_hundreds_of_them_and_no_two_are_the_same(files: Files) -> None:
    assert len(files) >= 300
    assert len({(center_id, hostile.name) for center_id, hostile in files}) == len(files)
    whole = [hostile.content for _, hostile in files if not hostile.is_damaged]
    assert len(set(whole)) == len(whole)


def test_refused_ones_touch_nothing_that_good_ones_say(
    make_world: MakeWorld, good: Path, files: Files
) -> None:
    alone = make_world(good, name="alone")
    walk(alone)
    refused = [(center_id, hostile) for center_id, hostile in files if hostile.reasons]
    put(good, refused)
    beside = make_world(good, name="beside")
    with watched(os.getpid()) as watch:
        walk(beside)
    assert watch.ended() < MEBIBYTES
    reasons = _by_file(beside, "select file_name, reason from mart_submission where status = '差戻し'")
    found = {hostile.name: reasons[f"{center_id}/{hostile.name}"] for center_id, hostile in refused}
    assert {h.name: found[h.name] for _, h in refused if len(found[h.name] & h.reasons) != 1} == {}
    before, after = state(alone), state(beside)
    for table in before.keys() - {*OF_ARRIVALS, OF_CENTERS}:
        assert after[table] == before[table], table
    for table in OF_ARRIVALS:
        assert set(before[table]) <= set(after[table]), table
    assert _of_others(after) == _of_others(before)
    messages = query(beside, "select message from mart_finding where severity = 'critical'")
    assert all(re.search(r"ください|確認します", message) for (message,) in messages)
    stored = {path.read_bytes() for path in beside.home.raw.glob("??/*")}
    assert {hostile.content for _, hostile in refused} <= stored


def _of_others(tables: dict[str, list[str]]) -> list[str]:
    return [row for row in tables[OF_CENTERS] if f"'{BOOKS_OF}'" not in row and f"'{LINES_OF}'" not in row]


def _by_file(world: World, sql: str) -> dict[str, set[str]]:
    found = defaultdict(set)
    for name, value in query(world, sql):
        found[name].add(value)
    return found


def test_odd_but_sound_ones_come_in_with_their_finding_and_nothing_else(odd: World, files: Files) -> None:
    refused = _by_file(odd, "select file_name, reason from mart_submission where status = '差戻し'")
    found = defaultdict(set)
    for name, rule_id, address in query(
        odd,
        "select s.file_name, f.rule_id, f.address from fact_finding f"
        " join dim_submission s on s.submission_key = f.submission_key",
    ):
        found[name].add((rule_id, "" if address == name else address))
    sound = {f"{center_id}/{h.name}": h for center_id, h in files if not h.reasons and not h.is_damaged}
    assert refused.keys() & sound.keys() == set()
    wrong = {name: found[name] for name, hostile in sound.items() if found[name] != hostile.findings}
    assert wrong == {}


def test_odd_but_sound_ones_say_what_they_would_say_written_ordinarily(odd: World, files: Files) -> None:
    written = {f"{BOOKS_OF}/{h.name}" for _, h in files if h.name.startswith("xml ") and not h.reasons}
    read = _cells_by_file(odd)
    assert written <= read.keys()
    assert {name: read[name] for name in written if read[name] != CELLS} == {}


def test_damaged_copies_are_refused_or_read_as_what_they_were(odd: World, files: Files) -> None:
    read = _cells_by_file(odd)
    refused = _by_file(odd, "select file_name, reason from mart_submission where status = '差戻し'")
    damaged = {f"{BOOKS_OF}/{h.name}" for _, h in files if h.is_damaged}
    assert {name: read[name] for name in damaged & read.keys() if read[name] != CELLS} == {}
    assert len(damaged & refused.keys()) > 0.9 * len(damaged)


def _cells_by_file(world: World) -> dict[str, set[tuple[str, float]]]:
    """The cells of 実績 that each file's facts came from, with their values."""
    read = defaultdict(set)
    for name, address, value in query(
        world,
        "select s.file_name, f.value_at, f.value from fact_performance f"
        " join dim_submission s on s.submission_key = f.submission_key",
    ):
        read[name].add((address, value))
    return read
