"""A night in which hundreds of hostile things lie beside the sample year's files: the year is the same."""

import os
import random
import threading
import time
from pathlib import Path

import pytest

from bench.measure import watched
from flows.command import WITH_REFUSALS
from schemas.catalog import Catalog
from tests.conftest import MakeWorld
from tests.hostile.make import hostile_files
from tests.serving import PATIENCE, Prefect, Terminal
from tests.test_hostile import MEBIBYTES, OF_ARRIVALS, OF_CENTERS, put
from tests.walking import query, state, walk

FATES = "select file_name, status, reason from mart_submission where status in ('差戻し', '対象外')"
LARGE = 31 * 2**20


def _odd_things(folder: Path) -> dict[str, str]:
    """Things that are no ordinary files; name to the reason for which each must stay out."""
    os.mkfifo(folder / "pipe.xlsx")
    os.mknod(folder / "terminal.csv", 0o666 | 0o020000, os.makedev(1, 3))
    (folder / "link.xlsx").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.xlsx").symlink_to("nowhere")
    (folder / "first.xlsx").write_bytes(b"PK")
    os.link(folder / "first.xlsx", folder / "second.xlsx")
    with (folder / "large.xlsx").open("wb") as file:
        file.truncate(LARGE)
    names = ("pipe.xlsx", "terminal.csv", "link.xlsx", "loop", "gone.xlsx", "first.xlsx", "second.xlsx")
    return dict.fromkeys(names, "file.NOT_A_FILE") | {"large.xlsx": "file.TOO_LARGE"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
def test_a_night_beside_hundreds_of_hostile_things_leaves_the_year_as_it_is(
    server: Prefect, make_world: MakeWorld, inbox: Path, tmp_path: Path, catalog: Catalog
) -> None:
    alone = make_world(name="alone")
    walk(alone)
    refused = [(c, hostile) for c, hostile in hostile_files(catalog, tmp_path) if hostile.reasons]
    put(inbox, refused)
    odd = {f"projects/{name}": reason for name, reason in _odd_things(inbox / "projects").items()}
    (inbox / "projects" / "~$月報.xlsx").write_bytes(b"lock")
    world, stop = make_world(inbox, name="beside"), threading.Event()
    growing = threading.Thread(target=_grow, args=(inbox / "projects" / "growing.csv", stop))
    growing.start()
    try:
        with watched(os.getpid()) as watch:
            night = Terminal(server).start("nightly", inbox, world.home.root)
            code = night.wait(4 * PATIENCE)
    finally:
        stop.set()
        growing.join()
    assert code == WITH_REFUSALS
    assert watch.ended() < MEBIBYTES
    fates = {name: reason for name, _, reason in query(world, FATES)}
    assert {name: fates.get(name) for name in odd} == odd
    wrong = {
        f"{center_id}/{hostile.name}": fates.get(f"{center_id}/{hostile.name}")
        for center_id, hostile in refused
        if fates.get(f"{center_id}/{hostile.name}") not in hostile.reasons
    }
    assert wrong == {}
    assert not [name for name in fates if "growing" in name or "~$" in name]
    assert len(refused) + len(odd) > 300
    before, after = state(alone), state(world)
    for table in before.keys() - {*OF_ARRIVALS, OF_CENTERS}:
        assert after[table] == before[table], table
    for table in OF_ARRIVALS:
        assert set(before[table]) <= set(after[table]), table


def _grow(path: Path, stop: threading.Event) -> None:
    """Write on and on, as a slow upload does."""
    letters = random.Random(1)
    with path.open("ab", buffering=0) as file:
        while not stop.is_set():
            file.write(letters.randbytes(64))
            time.sleep(0.02)
