"""Deployments as an operator has them: a real Prefect server, a real process worker, real runs."""

import fcntl
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
import pytest
import yaml

from flows.command import ALL_IN, FAILED, REFUSALS, RUNNING, WITH_REFUSALS
from flows.settings import Settings
from tasks.world import World
from tests.conftest import ROOT, SAMPLES
from tests.walking import query, state

T = TypeVar("T")
Run = dict[str, Any]

REFUSED = "icc/月報_R04-01_インタークロス・クリエイティブ・センター.xlsx"
REFUSAL = "実績!D8: 「1３9人位」は数値として読めません。数字だけを入力してください。"
PERSISTED = {"PREFECT_RESULTS_PERSIST_BY_DEFAULT": "true"}
BIN = Path(sys.executable).parent
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
PATIENCE = 120.0
FAREWELL = 20.0


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

    def ask(self, path: str, **body: Any) -> Any:
        """The server's answer to a question, or to an order."""
        answer = httpx.post(f"{self.api}/{path}", json=body, timeout=PATIENCE)
        assert answer.is_success, answer.text
        return answer.json()

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

        return until(look, f"the end of run {run_id}")

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


def until(look: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
    """The first answer to a question that is asked again and again; a failed test at the deadline."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if answer := look():
            return answer
        time.sleep(0.1)
    pytest.fail(f"{what}: nothing in {patience:.0f} seconds")


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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A server with a home and a port of its own."""
    folder = tmp_path_factory.mktemp("server")
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
        until(answers, f"the server, see {log}")
        yield Prefect(api, environment)


@pytest.fixture(scope="module")
def deployed(server: Prefect) -> Prefect:
    """The server with the work pool and every deployment of the project."""
    server.command("work-pool", "create", "nenpo", "--type", "process")
    server.command("deploy", "--all")
    return server


@pytest.fixture(scope="module")
def worked(deployed: Prefect, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """The server with a worker, which was started in some other folder than the project's."""
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    with service(["worker", "start", "--pool", "nenpo"], deployed.environment, log):
        yield deployed


@pytest.fixture(scope="module")
def unbroken(worked: Prefect, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A night on the sample year that nothing befell: its run and its home."""
    home = tmp_path_factory.mktemp("unbroken")
    return worked.start("nightly", {"inbox": str(SAMPLES), "home": str(home)}), home


@contextmanager
def opened(home: Path) -> Iterator[World]:
    """The world of a home that runs have worked in."""
    world = Settings.given(home=str(home), catalog=str(ROOT / "schemas" / "catalog")).open()
    try:
        yield world
    finally:
        world.engine.dispose()


def warehouse(home: Path) -> dict[str, list[str]]:
    """What "identical" covers, of a home's warehouse."""
    with opened(home) as world:
        return state(world)


def loaded(home: Path) -> list[tuple[Any, ...]]:
    """The decisions that a home's warehouse has taken in."""
    with opened(home) as world:
        return query(world, "select decision_id from run_decision")


def test_every_deployment_of_the_project_is_deployed_without_a_question(deployed: Prefect) -> None:
    project = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    listed = json.loads(deployed.command("deployment", "ls", "--output", "json"))
    assert {entry["name"] for entry in listed} == {entry["name"] for entry in project["deployments"]}
    assert {entry["work_pool_name"] for entry in listed} == {"nenpo"}


def test_the_night_begins_at_two_in_tokyo(deployed: Prefect) -> None:
    [nightly] = deployed.ask("deployments/filter", deployments={"name": {"any_": ["nightly"]}})
    [schedule] = nightly["schedules"]
    assert schedule["active"]
    assert schedule["schedule"]["cron"] == "0 2 * * *"
    assert schedule["schedule"]["timezone"] == "Asia/Tokyo"
    coming = until(
        lambda: deployed.runs(
            deployment_id={"any_": [nightly["id"]]}, state={"type": {"any_": ["SCHEDULED"]}}
        ),
        "the scheduler",
        patience=40,
    )
    assert all(run["expected_start_time"][11:16] == "17:00" for run in coming)  # UTC


def test_a_night_of_a_deployment_ends_completed_and_says_what_it_refused(
    worked: Prefect, unbroken: tuple[str, Path]
) -> None:
    run = worked.ended(unbroken[0])
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", REFUSALS)
    tables = worked.tables(run["id"])
    table = tables["ingest-result"]
    assert {"センター", "ファイル", "結果", "理由"} == set(table[0])
    refused = [row for row in table if row["結果"] == "差戻し"]
    assert [(row["ファイル"], row["理由"]) for row in refused] == [(REFUSED, REFUSAL)]
    assert len([row for row in table if row["結果"] == "受理"]) > 1
    late = {(row["センター"], row["様式"]): row["遅れて受理"] for row in tables["completeness"]}
    assert late["中小企業支援センター", "業務実績報告書"] == "令和3年10月"


@pytest.mark.parametrize(
    ("commit", "environment"),
    [(2, {}), (3, PERSISTED)],
    ids=["results in memory", "results persisted"],
)
def test_a_run_that_failed_while_loading_and_was_retried_equals_one_that_never_failed(
    worked: Prefect,
    unbroken: tuple[str, Path],
    tmp_path: Path,
    commit: int,
    environment: dict[str, str],
) -> None:
    plan = tmp_path / "fault.json"
    plan.write_text(json.dumps({"effect": "commit", "at": commit, "how": "raise"}))
    home = tmp_path / "home"
    run_id = worked.start(
        "nightly", {"inbox": str(SAMPLES), "home": str(home)}, {"NENPO_FAULT": str(plan), **environment}
    )
    failed = worked.ended(run_id)
    assert (failed["state_type"], failed["state_name"]) == ("FAILED", "Failed")
    assert "PlannedFault" in failed["state"]["message"]
    [load] = worked.ask(
        "task_runs/filter",
        flow_runs={"id": {"any_": [run_id]}},
        task_runs={"state": {"type": {"any_": ["FAILED"]}}},
    )
    assert load["name"].startswith("load")
    assert not loaded(home)

    worked.command("flow-run", "retry", run_id)

    retried = worked.ended(run_id, times=2)
    assert (retried["state_type"], retried["state_name"]) == ("COMPLETED", REFUSALS)
    assert loaded(home)
    assert worked.tasks(run_id, attempt=2) == {"recover", "collect", "load", "publish", "report"}
    assert worked.keeps_results() == (environment == PERSISTED)
    assert worked.ended(unbroken[0])["state_type"] == "COMPLETED"
    assert warehouse(home) == warehouse(unbroken[1])


class Terminal:
    """`python -m flows.nightly` in a terminal, and what the server notes of it."""

    def __init__(self, prefect: Prefect) -> None:
        self._prefect = prefect

    def nightly(self, inbox: Path, home: Path, fault: Path | None = None) -> tuple[int, Run]:
        """The exit code, and the run that the server then has."""
        known = {run["id"] for run in self._prefect.runs()}
        done = subprocess.run(
            [sys.executable, "-m", "flows.nightly", "--inbox", inbox, "--home", home],
            cwd=ROOT,
            env={**self._prefect.environment, **({"NENPO_FAULT": str(fault)} if fault else {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        [run] = [
            run
            for run in self._prefect.runs(deployment_id={"is_null_": True}, state={"type": {"any_": ENDED}})
            if run["id"] not in known
        ]
        return done.returncode, run


@pytest.fixture
def terminal(server: Prefect) -> Terminal:
    return Terminal(server)


def test_the_exit_code_is_three_with_a_refusal_and_zero_when_nothing_is_new(
    terminal: Terminal, tmp_path: Path
) -> None:
    code, run = terminal.nightly(SAMPLES, tmp_path)
    assert (code, run["state_type"], run["state_name"]) == (WITH_REFUSALS, "COMPLETED", REFUSALS)
    code, run = terminal.nightly(SAMPLES, tmp_path)
    assert (code, run["state_type"], run["state_name"]) == (ALL_IN, "COMPLETED", "Completed")


def test_the_exit_code_is_four_while_another_process_holds_the_night(
    terminal: Terminal, tmp_path: Path
) -> None:
    lock = tmp_path / "locks" / "nightly"
    lock.parent.mkdir()
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        code, run = terminal.nightly(SAMPLES, tmp_path)
    assert (code, run["state_type"]) == (RUNNING, "FAILED")
    assert "AlreadyRunning" in run["state"]["message"]
    assert not (tmp_path / "raw").exists()


def test_the_exit_code_is_one_when_the_run_fails(terminal: Terminal, tmp_path: Path) -> None:
    plan = tmp_path / "fault.json"
    plan.write_text(json.dumps({"effect": "*", "at": 1, "how": "raise"}))
    code, run = terminal.nightly(SAMPLES, tmp_path / "home", fault=plan)
    assert (code, run["state_type"]) == (FAILED, "FAILED")
    assert "PlannedFault" in run["state"]["message"]
