"""A real Prefect server, a real process worker and a terminal, as an operator has them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).parents[1]

T = TypeVar("T")
Run = dict[str, Any]
Process = subprocess.Popen[bytes]

BIN = Path(sys.executable).parent
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
PATIENCE = 120.0
FAREWELL = 20.0
# Each question costs the server a part of what it answers about.
UNHURRIED = 0.5


@dataclass(frozen=True)
class Prefect:
    """A running server: its API, and the environment in which commands talk to it."""

    api: str
    environment: Mapping[str, str]

    def command(self, *arguments: str) -> str:
        """What a `prefect` command prints, run from the project's root with nobody at the keyboard."""
        done = subprocess.run(
            [BIN / "prefect", *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def deploy(self) -> None:
        """The work pool and every deployment of the project."""
        self.command("work-pool", "create", "nenpo", "--type", "process")
        self.command("deploy", "--all")

    def ask(self, path: str, **body: Any) -> Any:
        """The server's answer to a question, or to an order, asked again while it is too busy to take it."""

        def answer() -> httpx.Response | None:
            said = httpx.post(f"{self.api}/{path}", json=body, timeout=PATIENCE)
            return None if said.status_code == httpx.codes.SERVICE_UNAVAILABLE else said

        said = until(answer, path)
        assert said.is_success, said.text
        return said.json()

    def start(
        self, deployment: str, parameters: Mapping[str, Any], environment: Mapping[str, str] | None = None
    ) -> str:
        """Order a run of a deployment, for a worker to pick up; its id."""
        found = self.ask("deployments/filter", deployments={"name": {"any_": [deployment]}})
        run = self.ask(
            f"deployments/{found[0]['id']}/create_flow_run",
            parameters=dict(parameters),
            job_variables={"env": dict(environment or {})},
            state={"type": "SCHEDULED"},
        )
        return str(run["id"])

    def ended(self, run_id: str, times: int = 1) -> Run:
        """The run when it has ended, having been run so many times."""

        def look() -> Run | None:
            [run] = self.runs(id={"any_": [run_id]})
            return run if run["state_type"] in ENDED and run["run_count"] == times else None

        return until(look, f"the end of run {run_id}", pause=UNHURRIED)

    def runs(self, **wanted: Any) -> list[Run]:
        """The flow runs that a filter leaves."""
        found: list[Run] = self.ask("flow_runs/filter", flow_runs=wanted)
        return found

    def keeps_results(self) -> bool:
        """Whether a result stands in the storage that runs share, beside the errors that always do."""
        storage = Path(self.environment["PREFECT_HOME"]) / "storage"
        return any(file.read_bytes().startswith(b'{"metadata"') for file in storage.glob("*"))

    def tasks(self, run_id: str, attempt: int) -> set[str]:
        """The steps that an attempt at a run took."""
        found = self.ask("task_runs/filter", flow_runs={"id": {"any_": [run_id]}})
        return {task["name"].rpartition("-")[0] for task in found if task["flow_run_run_count"] == attempt}

    def tables(self, run_id: str) -> dict[str, list[dict[str, str]]]:
        """The table artifacts of a run, by key."""
        found = self.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run_id]}})
        return {row["key"]: json.loads(row["data"]) for row in found if row["type"] == "table"}


def until(look: Callable[[], T | None], what: str, patience: float = PATIENCE, pause: float = 0.1) -> T:
    """The first answer to a question that is asked again and again; TimeoutError at the deadline."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if answer := look():
            return answer
        time.sleep(pause)
    raise TimeoutError(f"{what}: nothing in {patience:.0f} seconds")


@contextmanager
def service(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """A process that runs in a group of its own until the block ends; then the whole group goes."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [BIN / "prefect", *arguments],
            cwd=log.parent,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def serving(folder: Path) -> Iterator[Prefect]:
    """A server with a home and a port of its own, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NENPO_")} | {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        # A schedule may fall due while the tests run: it finds an empty home here.
        "NENPO_INBOX": str(folder / "inbox"),
        "NENPO_HOME": str(folder / "scheduled"),
    }
    (folder / "inbox").mkdir()
    log = folder / "server.log"

    def answers() -> bool:
        try:
            return httpx.get(f"{api}/health", timeout=5).is_success
        except httpx.HTTPError:
            return False

    with service(
        ["server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"], environment, log
    ):
        until(answers, f"the server, see {log}", pause=UNHURRIED)
        yield Prefect(api, environment)


class Terminal:
    """`python -m flows.NAME` in a terminal, and what the server notes of it."""

    def __init__(self, prefect: Prefect) -> None:
        self._prefect = prefect

    def start(self, flow: str, inbox: Path, home: Path, *more: str, **settings: object) -> Process:
        """Start a flow; `settings` are those of the environment (`warehouse`, `fault`)."""
        given = {f"NENPO_{name.upper()}": str(value) for name, value in settings.items() if value}
        return subprocess.Popen(
            [sys.executable, "-m", f"flows.{flow}", "--inbox", inbox, "--home", home, *more],
            cwd=ROOT,
            env={**self._prefect.environment, **given},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def nightly(self, inbox: Path, home: Path, **settings: object) -> tuple[int, Run]:
        """The exit code, and the run that the server then has."""
        with self.noted() as runs:
            code = self.start("nightly", inbox, home, **settings).wait(PATIENCE)
        [run] = runs
        return code, run

    @contextmanager
    def noted(self) -> Iterator[list[Run]]:
        """The runs that the server has more when the block has ended."""
        known = {run["id"] for run in self._prefect.runs()}
        new: list[Run] = []
        yield new
        ended = self._prefect.runs(deployment_id={"is_null_": True}, state={"type": {"any_": ENDED}})
        new += [run for run in ended if run["id"] not in known]
