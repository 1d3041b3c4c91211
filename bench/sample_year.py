"""What the sample year costs, and a night with nothing new: `make bench`.

Prints one line a goal: `goal NAME met|unmet VALUE LIMIT`. The flow runs as a command does, against a
Prefect server that is running already, with everything compiled to bytecode.
"""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread

from flows.command import ALL_IN, WITH_REFUSALS

ROOT = Path(__file__).parents[1]
INBOX = ROOT / "samples" / "inbox"
PACKAGES = ("flows", "tasks", "schemas", "expectations", "warehouse")

YEARS, QUIET_NIGHTS = 3, 5
YEAR_SECONDS, QUIET_SECONDS, MEBIBYTES = 20.0, 3.0, 600.0
START_SECONDS, STOP_SECONDS = 180.0, 20.0
SAMPLING_SECONDS = 0.02


@dataclass(frozen=True)
class Cost:
    """Of one run: wall clock, and the highest resident memory of its process and of all its processes."""

    seconds: float
    own_mebibytes: float
    all_mebibytes: float


def main() -> int:
    """Measure and print; 1 if a goal is unmet."""
    _compile()
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-") as folder, _server(Path(folder)) as environment:
        years, quiet = [], []
        for number in range(YEARS):
            home = Path(folder) / f"home{number}"
            years.append(_nightly(home, environment, WITH_REFUSALS))
        for _ in range(QUIET_NIGHTS):
            quiet.append(_nightly(home, environment, ALL_IN))
        imported = _imports_of_a_quiet_night(home, environment)
    goals = [
        _goal("sample-year-seconds", median(cost.seconds for cost in years), YEAR_SECONDS),
        _goal("quiet-night-seconds", median(cost.seconds for cost in quiet), QUIET_SECONDS),
        _goal("quiet-night-imports-of-great-expectations", imported, 0),
        _goal("sample-year-flow-mebibytes", median(cost.own_mebibytes for cost in years), MEBIBYTES),
    ]
    print(f"note sample-year-all-processes-mebibytes {median(cost.all_mebibytes for cost in years):.0f}")
    print(f"note quiet-night-flow-mebibytes {median(cost.own_mebibytes for cost in quiet):.0f}")
    return 0 if all(goals) else 1


def _goal(name: str, value: float, limit: float) -> bool:
    met = value <= limit
    print(f"goal {name} {'met' if met else 'unmet'} {value:.3g} {limit:.3g}")
    return met


def _compile() -> None:
    folders = [*(str(ROOT / package) for package in PACKAGES), sysconfig.get_path("purelib")]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *folders], check=False, capture_output=True)


@contextmanager
def _server(folder: Path) -> Iterator[Mapping[str, str]]:
    """A Prefect server until the block ends; the environment of its clients."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("NENPO_", "PREFECT_"))
    } | {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "DO_NOT_TRACK": "1",
    }
    command = [Path(sys.executable).parent / "prefect", "server", "start", "--no-ui"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(lambda: _answers(f"{environment['PREFECT_API_URL']}/health"))
        yield environment
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("the Prefect server does not answer")
        time.sleep(0.1)


def _command(home: Path, *options: str) -> list[str]:
    return [sys.executable, *options, "-m", "flows.nightly", "--inbox", str(INBOX), "--home", str(home)]


def _nightly(home: Path, environment: Mapping[str, str], expected: int) -> Cost:
    began = time.perf_counter()
    run = subprocess.Popen(
        _command(home), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    with _memory(run.pid) as peak:
        _, errors = run.communicate()
    seconds = time.perf_counter() - began
    if run.returncode != expected:
        raise RuntimeError(f"exit code {run.returncode}, not {expected}: {errors.decode()[-2000:]}")
    return Cost(seconds, peak["own"], peak["all"])


@contextmanager
def _memory(pid: int) -> Iterator[dict[str, float]]:
    """The peaks, in MiB, of a process and of it with its descendants, looked at until the block ends."""
    peak = {"own": 0.0, "all": 0.0}
    over = Event()

    def look() -> None:
        while not over.wait(SAMPLING_SECONDS):
            peak["own"] = max(peak["own"], _status(pid, "VmHWM"))
            peak["all"] = max(peak["all"], sum(_status(one, "VmRSS") for one in _family(pid)))

    sampler = Thread(target=look)
    sampler.start()
    try:
        yield peak
    finally:
        over.set()
        sampler.join()


def _family(pid: int) -> list[int]:
    """A process and its descendants: every thread may have started children."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        found += [one for child in children for one in _family(int(child))]
    return found


def _status(pid: int, field: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), 0.0)


def _imports_of_a_quiet_night(home: Path, environment: Mapping[str, str]) -> int:
    """How many modules of Great Expectations a night with nothing new imports."""
    done = subprocess.run(
        _command(home, "-X", "importtime"),
        cwd=ROOT,
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    names = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines()]
    return sum(name.partition(".")[0] == "great_expectations" for name in names)


if __name__ == "__main__":
    sys.exit(main())
