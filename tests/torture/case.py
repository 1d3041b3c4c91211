"""One case: a night fails as planned in a process of its own; what it left is judged; the next one mends it.

A case runs in a process forked from a warmed one, and the failing night in a fork of that: either may be
killed, and nothing of it but the home is left for the next.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.command import ALL_IN, FAILED, WITH_REFUSALS
from schemas.catalog import Catalog
from tasks.effects import Effects
from tasks.faults import Fault
from tests.compiled import Compiled
from tests.torture.invariants import broken, differences, rewritten
from tests.torture.night import Remains, files, night, open_world, remains

DONE = (ALL_IN, WITH_REFUSALS)


@dataclass(frozen=True)
class Bench:
    """What all cases share: inbox, catalog, what the run that never failed left, a folder, compiled SQL."""

    inbox: Path
    catalog: Catalog
    sent: dict[str, bytes]
    expected: Remains
    folder: Path
    compiled: Compiled


def fork(work: Callable[[], int], log: Path) -> int:
    """Start some work in a fork of this process, which may have no threads; its pid."""
    tasks = os.listdir("/proc/self/task")
    if len(tasks) > 1:
        raise RuntimeError(f"{len(tasks)} threads: a fork would be wrong")
    if pid := os.fork():
        return pid
    with suppress(BaseException), log.open("a") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
        try:
            os._exit(work())
        except Exception:
            traceback.print_exc()
            sys.stderr.flush()
    os._exit(FAILED)


def code_of(pid: int) -> int:
    """The exit code of a forked process when it has ended; negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run(bench: Bench, fault: Fault, strikes: bool, name: str, url: str) -> list[str]:
    """What is not as it must be in one case, in a folder of that name; nothing if all is."""
    folder = bench.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    plan, root = folder / "fault.json", folder / "home"
    plan.write_text(json.dumps(asdict(fault)))

    def failing() -> int:
        return night(open_world(bench.inbox, root, bench.catalog, url, Effects(plan), bench.compiled))

    code = code_of(fork(failing, folder / "log"))
    # A plan that stays is there still, and known by what it does alone.
    wrong = [] if fault.stays or plan.exists() != strikes else ["it did not strike, or did and should not"]
    plan.unlink(missing_ok=True)
    return [*wrong, *_lies(code, fault, strikes), *_judged(bench, root, url, code)]


def _judged(bench: Bench, root: Path, url: str, code: int) -> list[str]:
    world = open_world(bench.inbox, root, bench.catalog, url, compiled=bench.compiled)
    try:
        wrong = list(broken(world, bench.sent))
        if code in DONE:
            # Nothing failed, or it was mended within the run: all is there already (I8).
            wrong += [f"at once: {line}" for line in differences(remains(world), bench.expected)]
        before = files(world.home)
        for time in ("again", "a third time"):
            if night(world) not in DONE:
                wrong.append(f"{time}: not done")
            after = remains(world)
            wrong += [f"{time}: {line}" for line in differences(after, bench.expected)]
            wrong += rewritten(before, after)
    finally:
        world.engine.dispose()
    return wrong


def _lies(code: int, fault: Fault, strikes: bool) -> list[str]:
    """I8: a killed run is dead, a failed one fails; only a lost connection may be mended within a run."""
    expected: tuple[int, ...] = (FAILED,)
    if not strikes:
        expected = (WITH_REFUSALS,)
    elif fault.how == "kill":
        expected = (-signal.SIGKILL,)
    elif fault.how == "lost":
        expected = (FAILED, WITH_REFUSALS)
    return [] if code in expected else [f"exit code {code}, not {expected} (I8)"]
