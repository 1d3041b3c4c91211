"""Deployments as an operator has them: a real Prefect server, a real process worker, real runs."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.command import ALL_IN, FAILED, REFUSALS, RUNNING, WITH_REFUSALS
from flows.settings import Settings
from tasks.inbox import ARRIVALS
from tasks.world import World
from tests.conftest import ROOT, SAMPLES
from tests.serving import Prefect, Terminal, service, until
from tests.walking import query, state

REFUSED = "icc/月報_R04-01_インタークロス・クリエイティブ・センター.xlsx"
REFUSAL = "実績!D8: 「1３9人位」は数値として読めません。数字だけを入力してください。"
PERSISTED = {"PREFECT_RESULTS_PERSIST_BY_DEFAULT": "true"}


@pytest.fixture(scope="module")
def deployed(server: Prefect) -> Prefect:
    """The server with the work pool and every deployment of the project."""
    server.deploy()
    return server


@pytest.fixture(scope="module")
def worked(deployed: Prefect, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """The server with a worker, which was started in some other folder than the project's."""
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    with service(["worker", "start", "--pool", "nenpo"], deployed.environment, log):
        yield deployed


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox with the sample year of two centers: of one with a wrong cell, of one that was late."""
    inbox = tmp_path_factory.mktemp("inbox")
    for center_id in ("icc", "sme"):
        shutil.copytree(SAMPLES / center_id, inbox / center_id)
    shutil.copy(SAMPLES / ARRIVALS, inbox)
    return inbox


@pytest.fixture(scope="module")
def unbroken(worked: Prefect, sent: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A night that nothing befell: its run and its home."""
    home = tmp_path_factory.mktemp("unbroken")
    return worked.start("nightly", {"inbox": str(sent), "home": str(home)}), home


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
    [(2, {}), (2, PERSISTED)],
    ids=["results in memory", "results persisted"],
)
def test_a_run_that_failed_while_loading_and_was_retried_equals_one_that_never_failed(
    worked: Prefect,
    unbroken: tuple[str, Path],
    sent: Path,
    tmp_path: Path,
    commit: int,
    environment: dict[str, str],
) -> None:
    plan = tmp_path / "fault.json"
    plan.write_text(json.dumps({"effect": "commit", "at": commit, "how": "raise"}))
    home = tmp_path / "home"
    run_id = worked.start(
        "nightly", {"inbox": str(sent), "home": str(home)}, {"NENPO_FAULT": str(plan), **environment}
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


@pytest.fixture
def terminal(server: Prefect) -> Terminal:
    return Terminal(server)


def test_the_exit_code_is_three_with_a_refusal_and_zero_when_nothing_is_new(
    terminal: Terminal, sent: Path, tmp_path: Path
) -> None:
    code, run = terminal.nightly(sent, tmp_path)
    assert (code, run["state_type"], run["state_name"]) == (WITH_REFUSALS, "COMPLETED", REFUSALS)
    code, run = terminal.nightly(sent, tmp_path)
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
