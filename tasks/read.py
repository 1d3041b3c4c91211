"""read: bytes to cells, in worker processes; a death, a hang or garbage costs one file and names it."""

import json
import os
import signal
import sys
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from select import POLLIN, poll
from subprocess import Popen
from time import monotonic

from tasks.answer import Cells, answered
from tasks.effects import Effects
from tasks.framing import HEADING, THERE, mark
from tasks.guard.limits import LARGEST_ANSWER

WORKERS = 2
WALL_SECONDS = 60
FILES_A_WORKER = 300
FILES_AHEAD = 2 * WORKERS
CHUNK = 2**20


class _Worker:
    """One reader process, started when first needed, and again after a fault or some hundred files.

    It is asked for the next files while we still work on the last one: neither waits for the other.
    """

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._process: Popen[bytes] | None = None
        self._answers = 0
        self._asked: deque[Path] = deque()

    def ask(self, path: Path) -> None:
        """Ask about a stored original, whose name begins with the hash of its bytes."""
        self._asked.append(path)
        if self._process:
            self._send(path)

    def answer(self) -> Cells:
        """The cells of the file that was asked about first. What a file does costs that file alone."""
        path = self._asked[0]
        try:
            cells = self._answer(path)
        except _Confused:
            # The file before may have left more than its answer, or have been the end of it.
            self.close()
            cells = self._answer_or_blame(path)
        self._asked.popleft()
        if self._answers >= FILES_A_WORKER or cells.get("refused") == "CANNOT_READ":
            self.close()
        return cells

    def _answer_or_blame(self, path: Path) -> Cells:
        try:
            return self._answer(path)
        except _Confused:
            return {"refused": "CANNOT_READ"}

    def _answer(self, path: Path) -> Cells:
        """The answer about a file; _Confused where a process that answered before says else, or has ended."""
        process = self._process or self._start()
        is_fresh = not self._answers
        deadline = _deadline()
        try:
            size, about = _heading(_received(process, HEADING, deadline))
            if about != _mark_of(path) or not 0 < size <= LARGEST_ANSWER:
                raise ValueError("no answer") if is_fresh else _Confused
            cells = answered(_received(process, size, deadline))
        except EOFError:
            if not is_fresh:
                raise _Confused from None
            cells = {"refused": "CANNOT_READ"}
        except (OSError, ValueError, RecursionError, MemoryError):
            cells = {"refused": "CANNOT_READ"}
        self._answers += 1
        return cells

    def _start(self) -> Popen[bytes]:
        """A process that has said that it is there; RuntimeError, for no file is to blame, without that."""
        environment = {"PATH": os.environ.get("PATH", ""), "MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
        self._answers = 0
        self._process = self._effects.spawn(
            [sys.executable, "-m", "tasks.reader"], Path(__file__).parents[1], environment
        )
        try:
            _received(self._process, len(THERE), _deadline())
        except (OSError, ValueError, EOFError) as error:
            raise RuntimeError("読取りプロセスが起動しません。") from error
        for path in self._asked:
            self._send(path)
        return self._process

    def _send(self, path: Path) -> None:
        assert self._process
        assert self._process.stdin
        request = {"path": str(path), "sha256": path.name.partition(".")[0]}
        # A process that is gone is noticed where its answer should be.
        with suppress(OSError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def close(self) -> None:
        if self._process:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
            _kill(self._process)
            self._process.wait()
            self._process = None


class _Confused(Exception):
    """A process that has answered before says what nobody asked it, or has ended."""


def _heading(received: bytes) -> tuple[int, bytes]:
    """How long an answer is, and which file it is about."""
    return int.from_bytes(received[:8], "big"), received[8:]


def _mark_of(path: Path) -> bytes:
    return mark(path.name.partition(".")[0])


def _deadline() -> float:
    return monotonic() + WALL_SECONDS


def _received(process: Popen[bytes], size: int, deadline: float) -> bytes:
    """So many bytes and no more, past any buffer; ValueError where they come too late, EOFError at an end."""
    assert process.stdout
    received = bytearray()
    while len(received) < size:
        if not _says_something(process, deadline - monotonic()):
            raise ValueError("no answer in time")
        more = os.read(process.stdout.fileno(), min(size - len(received), CHUNK))
        if not more:
            raise EOFError("half an answer")
        received += more
    return bytes(received)


def _says_something(process: Popen[bytes], seconds: float) -> bool:
    assert process.stdout
    waiting = poll()
    waiting.register(process.stdout, POLLIN)
    return bool(waiting.poll(max(seconds, 0) * 1000))


def _kill(process: Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def read_files(effects: Effects, paths: Iterable[Path]) -> Generator[Cells]:
    """The cells of each stored original, in the order of the paths: {"sheets": ...} or {"refused": CODE}.

    They are read only a little ahead of whoever takes them: they may be large.
    """
    workers = [_Worker(effects) for _ in range(WORKERS)]
    ahead: deque[_Worker] = deque()
    try:
        for path, worker in zip(paths, cycle(workers), strict=False):
            worker.ask(path)
            ahead.append(worker)
            if len(ahead) > FILES_AHEAD:
                yield ahead.popleft().answer()
        while ahead:
            yield ahead.popleft().answer()
    finally:
        for worker in workers:
            worker.close()
