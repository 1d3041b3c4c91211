"""read: bytes to cells, in worker processes; a death, a hang or garbage costs one file and names it."""

import json
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from select import POLLIN, poll
from subprocess import Popen
from time import monotonic

from tasks.answer import Cells, answered
from tasks.effects import Effects
from tasks.guard.limits import LARGEST_ANSWER

WORKERS = 2
WALL_SECONDS = 60
FILES_A_WORKER = 300
FILES_AHEAD = 2 * WORKERS
CHUNK = 2**16


class _Worker:
    """One reader process, started when first needed, and again after a death or some hundred files."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._process: Popen[bytes] | None = None
        self._files = 0

    def read(self, path: Path) -> Cells:
        process = self._trusted() or self._start()
        self._files += 1
        try:
            cells = self._ask(process, path)
        except (OSError, ValueError, RecursionError, MemoryError):
            cells = {"refused": "CANNOT_READ"}
        if cells.get("refused") == "CANNOT_READ":
            self.close()
        return cells

    def _trusted(self) -> Popen[bytes] | None:
        """The process, unless it has read enough, or says something without being asked."""
        if self._process is None:
            return None
        if self._files < FILES_A_WORKER and not _says_something(self._process, 0):
            return self._process
        self.close()
        return None

    def _start(self) -> Popen[bytes]:
        """A process that has said that it is there; RuntimeError, for no file is to blame, without that."""
        environment = {"PATH": os.environ.get("PATH", ""), "MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
        self._files = 0
        self._process = self._effects.spawn(
            [sys.executable, "-m", "tasks.reader"], Path(__file__).parents[1], environment
        )
        try:
            _received(self._process, 8, _deadline())
        except (OSError, ValueError) as error:
            raise RuntimeError("読取りプロセスが起動しません。") from error
        return self._process

    @staticmethod
    def _ask(process: Popen[bytes], path: Path) -> Cells:
        """The answer about a stored original, whose name begins with the hash of its bytes."""
        assert process.stdin
        deadline = _deadline()
        request = {"path": str(path), "sha256": path.name.partition(".")[0]}
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        size = int.from_bytes(_received(process, 8, deadline), "big")
        if not 0 < size <= LARGEST_ANSWER:
            raise ValueError("no answer")
        return answered(_received(process, size, deadline))

    def close(self) -> None:
        if self._process:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
            _kill(self._process)
            self._process.wait()
            self._process = None


def _deadline() -> float:
    return monotonic() + WALL_SECONDS


def _received(process: Popen[bytes], size: int, deadline: float) -> bytes:
    """So many bytes and no more, past any buffer; ValueError where they end before or come too late."""
    assert process.stdout
    received = bytearray()
    while len(received) < size:
        if not _says_something(process, deadline - monotonic()):
            raise ValueError("no answer in time")
        more = os.read(process.stdout.fileno(), min(size - len(received), CHUNK))
        if not more:
            raise ValueError("half an answer")
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
    """The cells of each stored original, in the order of the paths: {"sheets": ...} or {"refused": CODE}."""
    idle: SimpleQueue[_Worker] = SimpleQueue()
    workers = [_Worker(effects) for _ in range(WORKERS)]
    for worker in workers:
        idle.put(worker)

    def read(path: Path) -> Cells:
        worker = idle.get()
        try:
            return worker.read(path)
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(WORKERS) as pool:
            yield from _in_order(pool, read, paths)
    finally:
        for worker in workers:
            worker.close()


def _in_order(
    pool: ThreadPoolExecutor, read: Callable[[Path], Cells], paths: Iterable[Path]
) -> Iterator[Cells]:
    """The answers in order, read only a little ahead of whoever takes them: they may be large."""
    ahead: deque[Future[Cells]] = deque()
    for path in paths:
        ahead.append(pool.submit(read, path))
        if len(ahead) > FILES_AHEAD:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()
