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

from bench.sample_year import _memory
from schemas.catalog import Catalog
from tasks.home import Home
from tests.conftest import SAMPLES, MakeWorld
from tests.hostile.case import Hostile
from tests.hostile.make import hostile_files
from tests.walking import query, state, walk

GOOD = ("industry/*R03-04*", "industry/*R03-05*", "sme/*R03-04*", "icc/*R03-04*", "electronics/*R03-04*")
MEBIBYTES = 2_500
# What says that a file came, was refused and why; all else is what good files said.
OF_ARRIVALS = ("dim_submission", "fact_receipt", "fact_finding", "mart_submission", "mart_finding")

Files = list[tuple[str, Hostile]]


@pytest.fixture(scope="module")
def files(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return list(hostile_files(catalog, tmp_path_factory.mktemp("hostile")))


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
    with _memory(os.getpid()) as peak:
        walk(beside)
    assert peak["all"] < MEBIBYTES
    reasons = query(beside, "select distinct file_name, reason from mart_submission where status = '差戻し'")
    found = defaultdict(set)
    for name, reason in reasons:
        found[name].add(reason)
    wrong = {
        hostile.name: (found[f"{center_id}/{hostile.name}"], set(hostile.reasons))
        for center_id, hostile in refused
        if len(found[f"{center_id}/{hostile.name}"] & hostile.reasons) != 1
    }
    assert not wrong
    before, after = state(alone), state(beside)
    for table in before.keys() - set(OF_ARRIVALS):
        assert after[table] == before[table], table
    for table in OF_ARRIVALS:
        assert set(before[table]) <= set(after[table]), table
    messages = query(beside, "select message from mart_finding where severity = 'critical'")
    assert all(re.search(r"ください|確認します", message) for (message,) in messages)


def test_odd_but_sound_ones_come_in_with_their_finding_and_their_cells(
    make_world: MakeWorld, tmp_path: Path, files: Files
) -> None:
    odd = [
        (center_id, hostile) for center_id, hostile in files if not hostile.reasons and not hostile.is_damaged
    ]
    put(tmp_path / "odd", odd)
    world = make_world(tmp_path / "odd")
    walk(world)
    assert query(world, "select file_name, reason from mart_submission where status = '差戻し'") == []
    rows = query(
        world,
        "select s.file_name, f.rule_id, f.address from fact_finding f"
        " join dim_submission s on s.submission_key = f.submission_key",
    )
    found = defaultdict(set)
    for name, rule_id, address in rows:
        found[name].add((rule_id, "" if address == name else address))
    wrong = {
        hostile.name: (found[f"{center_id}/{hostile.name}"], hostile.findings)
        for center_id, hostile in odd
        if found[f"{center_id}/{hostile.name}"] != hostile.findings
    }
    assert not wrong
    read = facts_by_file(world)
    assert {frozenset(cells) for name, cells in read.items() if name.startswith("projects/xml")} == {
        frozenset({("実績!D7", 3.0), ("実績!D8", 3.0), ("実績!D9", 3.0)})
    }


def test_damaged_copies_are_refused_or_read_as_what_they_were(
    make_world: MakeWorld, tmp_path: Path, files: Files
) -> None:
    put(tmp_path / "in", [(center_id, hostile) for center_id, hostile in files if hostile.is_damaged])
    world = make_world(tmp_path / "in")
    walk(world)
    read = facts_by_file(world)
    whole = frozenset({("実績!D7", 3.0), ("実績!D8", 3.0), ("実績!D9", 3.0)})
    assert {frozenset(cells) for cells in read.values()} <= {whole}
    ((refused,),) = query(world, "select count(*) from mart_submission where reason like 'file.%'")
    damaged = [hostile for _, hostile in files if hostile.is_damaged]
    assert refused + len(read) == len({hostile.content for hostile in damaged})
    assert refused > 0.9 * len(damaged)


def facts_by_file(world: object) -> dict[str, set[tuple[str, float]]]:
    """The cells of 実績 that each file's facts came from, with their values."""
    read = defaultdict(set)
    for name, address, value in facts(world):
        read[name].add((address, value))
    return read


def facts(world: object) -> Iterator[tuple[str, str, float]]:
    yield from query(  # type: ignore[misc]
        world,  # type: ignore[arg-type]
        "select s.file_name, f.value_address, f.value from fact_performance f"
        " join dim_submission s on s.submission_key = f.submission_key",
    )


def test_the_stored_original_of_a_refused_file_is_whole(
    make_world: MakeWorld, tmp_path: Path, files: Files
) -> None:
    some = [(center_id, hostile) for center_id, hostile in files if hostile.reasons][:20]
    put(tmp_path / "in", some)
    world = make_world(tmp_path / "in")
    walk(world)
    stored = {path.read_bytes() for path in Home(world.home.root).raw.glob("??/*")}
    assert {hostile.content for _, hostile in some} <= stored
