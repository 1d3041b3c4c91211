"""What lies in an inbox: taken in, refused with a sentence, or left for the next run; never waited for."""

import os
import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks import collect as collect_module
from tasks import inbox as inbox_module
from tasks.collect import collect
from tasks.guard.limits import LARGEST_FILE
from tasks.inbox import ARRIVALS
from tasks.world import World
from tests.conftest import SAMPLES, MakeWorld
from tests.walking import query, walk

GOOD = next((SAMPLES / "projects").glob("*R03-04*.xlsx"))
REFUSED = "select file_name, reason, status from mart_submission where status <> '有効'"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """projects' folder of an inbox with one good file in it."""
    folder = tmp_path / "in" / "projects"
    folder.mkdir(parents=True)
    shutil.copy(GOOD, folder / "月報.xlsx")
    return folder


@pytest.fixture
def world(make_world: MakeWorld, folder: Path) -> World:
    return make_world(folder.parent)


def _link(path: Path) -> None:
    path.symlink_to(GOOD)


def _link_to_a_folder(path: Path) -> None:
    path.symlink_to(SAMPLES / "sme")


def _second_name(path: Path) -> None:
    shutil.copy(GOOD, path.parents[2] / "elsewhere")
    os.link(path.parents[2] / "elsewhere", path)


def _too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)


@pytest.mark.parametrize(
    ("put", "reason"),
    [
        (_link, "file.NOT_A_FILE"),
        (_link_to_a_folder, "file.NOT_A_FILE"),
        (_second_name, "file.NOT_A_FILE"),
        (os.mkfifo, "file.NOT_A_FILE"),
        (_too_large, "file.TOO_LARGE"),
    ],
)
def test_what_is_no_file_of_reasonable_size_is_not_taken_in_and_says_so(
    world: World, folder: Path, put: Any, reason: str
) -> None:
    put(folder / "5月.xlsx")
    walk(world)
    walk(world)
    assert query(world, REFUSED) == [("projects/5月.xlsx", reason, "対象外")]
    ((message,),) = query(world, "select message from mart_finding where severity = 'critical'")
    assert message.startswith("projects/5月.xlsx: ")
    assert len(list(world.home.raw.glob("??/*"))) == 1
    assert query(world, "select count(*) from fact_performance") == [(3,)]


def test_a_file_that_may_not_be_read_is_not_taken_in_and_says_so(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(GOOD, folder / "5月.xlsx")
    real = os.open

    def locked(path: Any, *how: Any, **more: Any) -> int:
        if str(path).endswith("5月.xlsx"):
            raise PermissionError(13, "locked")
        return real(path, *how, **more)

    monkeypatch.setattr(inbox_module.os, "open", locked)
    walk(world)
    assert query(world, REFUSED) == [("projects/5月.xlsx", "file.NO_PERMISSION", "対象外")]


def test_a_file_that_was_put_beside_the_folders_is_nobodys(world: World, folder: Path) -> None:
    shutil.copy(GOOD, folder.parent / "5月.xlsx")
    walk(world)
    assert query(world, REFUSED) == [("5月.xlsx", "file.UNKNOWN_CHANNEL", "差戻し")]


@pytest.mark.parametrize(
    "name", ["~$月報.xlsx", ".~lock.月報.xlsx#", "5月.xlsx.part", ".sync/5月.xlsx", "Thumbs.db", "a.tmp"]
)
def test_what_an_editor_a_download_or_the_system_keeps_there_is_left_alone(
    world: World, folder: Path, name: str
) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    shutil.copy(GOOD, folder / name)
    assert len(collect(world).receipt_ids) == 1
    assert collect(world).unfinished == []


def test_a_file_that_is_still_being_written_waits_for_the_next_run(
    make_world: MakeWorld, folder: Path
) -> None:
    growing, whole, stop = folder / "5月.xlsx", GOOD.read_bytes(), threading.Event()
    world = make_world(folder.parent, clock=lambda: datetime.now(UTC))

    def write() -> None:
        with growing.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"x")
                time.sleep(0.01)

    growing.write_bytes(b"PK")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        first = collect(world)
    finally:
        stop.set()
        writer.join()
    assert first.unfinished == ["projects/5月.xlsx"]
    assert len(first.receipt_ids) == 1
    assert "次の実行" in first.line
    growing.write_bytes(whole + b"!")
    assert len(collect(world).receipt_ids) == 1
    assert collect(world).receipt_ids == []


def test_a_file_that_is_replaced_while_it_is_read_waits_for_the_next_run(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(GOOD, folder / "5月.xlsx")
    take = collect_module.take

    def replaced(arrival: Any) -> bytes:
        if arrival.name.endswith("5月.xlsx"):
            Path(arrival.path).unlink()
            os.mkfifo(arrival.path)
        return take(arrival)

    monkeypatch.setattr(collect_module, "take", replaced)
    assert collect(world).unfinished == ["projects/5月.xlsx"]


def test_two_names_that_look_alike_are_two_files(world: World, folder: Path) -> None:
    """The same name in the two forms of Unicode, in foreign bytes, and with a mark that turns it around."""
    names = ["ガ月.xlsx", "カ\u3099月.xlsx", "a\u202excod.xlsx", "a\\u202excod.xlsx", r"\x8c.xlsx"]
    paths = [os.fsencode(folder / name) for name in names] + [os.fsencode(folder) + b"/\x8c.xlsx"]
    for path in paths:
        shutil.copy2(GOOD, path)
    assert len(collect(world).receipt_ids) == 1 + len(paths)
    walk(world)
    shown = [name for (name,) in query(world, "select file_name from fact_receipt")]
    assert len(set(shown)) == 1 + len(paths)
    assert all(name.isprintable() for name in shown)


def test_a_list_of_arrivals_that_cannot_be_read_costs_no_file(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder.parent / ARRIVALS).write_text(
        "file,channel,sender,received_at\nprojects/月報.xlsx,projects,係,きのう\n", encoding="utf-8"
    )
    walk(world)
    assert query(world, "select status from mart_submission") == [("有効",)] * 3
    assert f"{ARRIVALS} の2行目が読めません" in caplog.text


def test_a_file_from_the_far_future_is_no_reason_to_wait(world: World, folder: Path) -> None:
    os.utime(folder / "月報.xlsx", ns=(2**62, 2**62))
    walk(world)
    assert query(world, "select status from mart_submission") == [("有効",)] * 3
