"""A reader process may die, hang, lie or flood: it costs the one file that it was reading, and names it."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tasks import read, reader
from tasks.answer import Cells, answered
from tasks.collect import collect
from tasks.decide import decide, undecided
from tasks.effects import Effects
from tasks.load import load
from tests.conftest import ROOT, SAMPLES, MakeWorld
from tests.walking import query

BOOKS = sorted((SAMPLES / "projects").glob("月報*.xlsx"))[:5]
MISBEHAVING = """
import json, os, signal, sys, time
from tasks import reader
from tasks.framing import framed
out = sys.stdout.buffer
reader._limit()
out.write(bytes(8))
out.flush()
for line in sys.stdin.buffer:
    request = json.loads(line)
    answer, more = reader.answer_to(request["path"], request["sha256"]), b""
    if open(request["path"], "rb").read().endswith(b"!"):
        {}
    out.write(framed(answer, request["sha256"]) + more)
    out.flush()
"""
WAYS = {
    "garbage": 'answer = b"no JSON at all"',
    "a size beyond all measure": 'out.write(b"x" * 8); out.flush()',
    "an answer about another file": 'request["sha256"] = "1" * 64',
    "half an answer": 'out.write((1000).to_bytes(8, "big") + b"{"); out.flush(); os._exit(0)',
    "no answer": "os._exit(0)",
    "ten gigabytes": "out.writelines(bytes(2**20) for _ in range(10_240))",
    "a signal": "os.kill(os.getpid(), signal.SIGSEGV)",
    "a hang": "time.sleep(1_000)",
    "an endless loop": "while True: pass",
    "all the memory": "bytes(2**33)",
    "an answer of another shape": 'answer = b"[]"',
    "sheets of another shape": "answer = b'{\"sheets\": [1]}'",
    "rows of another shape": 'answer = b\'{"sheets": [{"name": "", "kind": "lines", "is_visible": true, "top": 0, "left": 0, "rows": [[[1]]], "merged": []}]}\'',  # noqa: E501
    "a code that nobody knows": 'answer = b\'{"refused": "NOTHING"}\'',
    "a number that is none": 'answer = b\'{"sheets": [], "x": NaN}\'',
    "depth": 'answer = b"[" * 100_000',
}


class Misled(Effects):
    """Starts another program than the reader."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self.program = program
        self.environments: list[Mapping[str, str]] = []

    def spawn(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        self.environments.append(environment)
        return super().spawn([*arguments[:1], "-c", self.program], cwd, environment)


def stored(folder: Path, content: bytes) -> Path:
    """A stored original, named by its hash."""
    path = folder / f"{hashlib.sha256(content).hexdigest()}.xlsx"
    path.write_bytes(content)
    return path


@pytest.fixture
def originals(tmp_path: Path) -> list[Path]:
    """Four good workbooks and, third of them all, one on which a reader may misbehave."""
    contents = [path.read_bytes() for path in BOOKS]
    contents.insert(2, contents[0] + b"!")
    return [stored(tmp_path, content) for content in contents]


@pytest.mark.parametrize("way", WAYS)
def test_whatever_a_reader_does_costs_the_file_that_it_was_reading(
    way: str, originals: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine a reader that behaves may need a second or two.
    monkeypatch.setattr(read, "WALL_SECONDS", 4)
    found = list(read.read_files(Misled(MISBEHAVING.format(WAYS[way])), originals))
    assert found[2]["refused"] == "CANNOT_READ"
    assert [cells for at, cells in enumerate(found) if at != 2] == [
        as_answered(path) for at, path in enumerate(originals) if at != 2
    ]


def as_answered(path: Path) -> Cells:
    cells = answered(reader.answer_to(str(path)))
    assert cells["sheets"]
    return cells


def test_a_reader_that_speaks_unasked_is_replaced_before_the_next_file(originals: list[Path]) -> None:
    program = MISBEHAVING.format('more = b" and more than was asked for"')
    effects = Misled(program)
    found = list(read.read_files(effects, originals))
    assert [("refused" in cells) for cells in found] == [False, False, True, False, False, False]
    assert found[2]["refused"] == "BROKEN", "what was asked for was answered"
    assert effects.counts["spawn"] == read.WORKERS + 1


def test_a_panic_of_the_parser_is_an_answer(originals: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        """As the parser's are: no Exception."""

    def panicking(*_: Any) -> Any:
        raise Panic

    monkeypatch.setattr(reader, "read_cells", panicking)
    assert json.loads(reader.answer_to(str(originals[0]))) == {"refused": "CANNOT_READ"}


def test_a_reader_is_replaced_after_some_files(
    originals: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "FILES_A_WORKER", 1)
    effects = Effects()
    assert len(list(read.read_files(effects, originals))) == len(originals)
    assert effects.counts["spawn"] == len(originals)


def test_a_reader_is_told_no_secret_and_has_its_limits(
    originals: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NENPO_WAREHOUSE", "postgresql://nenpo:secret@db/nenpo")
    effects = Misled(MISBEHAVING.format("pass"))
    list(read.read_files(effects, originals[:1]))
    assert {name for environment in effects.environments for name in environment} == {
        *("PATH", "MALLOC_ARENA_MAX", "LC_ALL")
    }
    program = "from tasks import reader; import resource as r; reader._limit();" + "".join(
        f"print(r.getrlimit(r.{name})[1]);" for name in ("RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_FSIZE")
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert list(map(int, done.stdout.split())) == [768 * 2**20, 32, 0]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0, "this process has them not"


def test_a_stored_original_that_is_not_what_came_is_refused_as_damaged(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    for path in BOOKS[:4]:
        shutil.copy(path, inbox / "projects")
    world = make_world(inbox)
    collect(world)
    flipped, replaced, gone = sorted(world.home.raw.glob("??/*.xlsx"))[:3]
    flipped.chmod(0o600)
    flipped.write_bytes(flipped.read_bytes()[:-1] + b"\x01")
    other = tmp_path / "other.xlsx"
    shutil.copy(replaced, other)
    replaced.unlink()
    os.symlink(other, replaced)
    gone.unlink()
    for batch in undecided(world):
        decide(world, batch)
    load(world)
    rows = query(world, "select rule_id, message from mart_finding where severity = 'critical'")
    assert [rule_id for rule_id, _ in rows] == ["file.DAMAGED"] * 3
    assert all("本部の担当者が確認します" in message for _, message in rows)
    assert query(world, "select count(distinct period_key) from fact_performance") == [(1,)]
