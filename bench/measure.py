"""What a command costs: wall clock, processor, and the memory of all its processes; goals, met or not."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

ROOT = Path(__file__).parents[1]
SAMPLING_SECONDS = 0.1
# So many times as long as a look took is waited before the next one.
LOOKING = 20


@dataclass(frozen=True)
class Cost:
    """Of one run: seconds of wall clock and processor, MiB of all its processes together at the peak.

    Memory is proportional (PSS): what processes share is counted once. `said` is the last line of what it
    printed, where that is JSON.
    """

    seconds: float
    processor: float
    mebibytes: float
    said: dict[str, Any]


def goal(name: str, value: float, limit: float, at_least: bool = False) -> bool:
    """Print a goal's line; whether it is met: at most the limit, or at least that."""
    met = value >= limit if at_least else value <= limit
    print(f"goal {name} {'met' if met else 'unmet'} {value:.3g} {limit:.3g}", flush=True)
    return met


def note(name: str, value: object) -> None:
    """Print a figure that no goal is set for."""
    print(f"note {name} {value:.3g}" if isinstance(value, float) else f"note {name} {value}", flush=True)


def cost(
    command: Sequence[str | Path],
    environment: Mapping[str, str] | None = None,
    expected: int = 0,
    cwd: Path = ROOT,
) -> Cost:
    """Run a command to its end; RuntimeError with what it complained of, if its exit code is another."""
    before, began = os.times(), time.perf_counter()
    run = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment) if environment is not None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    watch = Watch(run.pid)
    printed, errors = run.communicate()
    seconds, after = time.perf_counter() - began, os.times()
    peak = watch.ended()
    if run.returncode != expected:
        raise RuntimeError(f"{command}: exit code {run.returncode}: {errors.decode()[-4000:]}")
    processor = sum(after[2:4]) - sum(before[2:4])
    return Cost(seconds, processor, peak, _said(printed.decode()))


def _said(printed: str) -> dict[str, Any]:
    with suppress(ValueError, IndexError):
        said = json.loads(printed.strip().splitlines()[-1])
        return said if isinstance(said, dict) else {}
    return {}


class Watch:
    """Looks at a process and its descendants until they have ended, and remembers the highest sum."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._over = pid, 0.0, Event()
        self._thread = Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        wait = SAMPLING_SECONDS
        while not self._over.wait(wait):
            began = time.perf_counter()
            self._peak = max(self._peak, sum(_pss(pid) for pid in family(self._pid)))
            # To count the pages of half a gigabyte takes a processor, and keeps its owner from taking more.
            wait = max(SAMPLING_SECONDS, LOOKING * (time.perf_counter() - began))

    def ended(self) -> float:
        """The peak in MiB."""
        self._over.set()
        self._thread.join()
        return self._peak


@contextmanager
def watched(pid: int) -> Iterator[Watch]:
    """Within the block a process and its descendants are looked at; its `ended` says the peak afterwards."""
    watch = Watch(pid)
    try:
        yield watch
    finally:
        watch.ended()


def family(pid: int) -> list[int]:
    """A process and its descendants: every thread may have started children."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        found += [one for child in children for one in family(int(child))]
    return found


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
