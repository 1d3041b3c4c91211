"""read: bytes to cells, in worker processes; a death, a hang or garbage costs one file and names it."""

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from subprocess import Popen
from threading import Timer
from typing import Any

from tasks.effects import Effects

WORKERS = 2
WALL_SECONDS = 60
LARGEST_ANSWER = 2**30

Cells = dict[str, Any]


class _Worker:
    """One reader process, started when first needed and again after a death."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._process: Popen[bytes] | None = None

    def read(self, path: Path) -> Cells:
        process = self._process or self._start()
        alarm = Timer(WALL_SECONDS, _kill, [process])
        alarm.start()
        try:
            return self._ask(process, path)
        except (OSError, ValueError):
            self.close()
            return {"refused": "CANNOT_READ"}
        finally:
            alarm.cancel()

    def _start(self) -> Popen[bytes]:
        environment = {"PATH": os.environ.get("PATH", ""), "MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
        self._process = self._effects.spawn(
            [sys.executable, "-m", "tasks.reader"], Path(__file__).parents[1], environment
        )
        return self._process

    @staticmethod
    def _ask(process: Popen[bytes], path: Path) -> Cells:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"path": str(path)}).encode() + b"\n")
        process.stdin.flush()
        size = int.from_bytes(process.stdout.read(8), "big")
        answer = process.stdout.read(size) if 0 < size <= LARGEST_ANSWER else b""
        return dict(json.loads(answer))

    def close(self) -> None:
        if self._process:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
            _kill(self._process)
            self._process.wait()
            self._process = None


def _kill(process: Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def read_files(effects: Effects, paths: Iterable[Path]) -> Iterator[Cells]:
    """The cells of each file, in the order of the paths: {"sheets": ...} or {"refused": CODE}."""
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
            yield from pool.map(read, paths)
    finally:
        for worker in workers:
            worker.close()
