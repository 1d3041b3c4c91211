"""Nights of a real Prefect worker whose process is killed with -9, at seeded effects, and begun again."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from flows.command import REFUSALS
from schemas.catalog import Catalog
from tasks.faults import Fault
from tests.serving import Prefect, service
from tests.torture.night import make_inbox, night, open_world, remains

SEED, KILLS = 2026, 10

Left = tuple[list[dict[str, Any]], dict[str, bytes], dict[str, list[str]]]


@pytest.fixture(scope="module")
def worked(server: Prefect, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """The server with a worker and the deployments."""
    server.deploy()
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    with service(["worker", "start", "--pool", "nenpo"], server.environment, log):
        yield server


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    return make_inbox(tmp_path_factory.mktemp("in") / "sent", catalog)


@pytest.fixture(scope="module")
def places(sent: Path, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """Ten of a night's effects."""
    world = open_world(sent, tmp_path_factory.mktemp("counted") / "home", catalog)
    night(world)
    world.engine.dispose()
    return Random(SEED).sample(range(1, world.effects.counts.total() + 1), KILLS)


@pytest.fixture(scope="module")
def unbroken(worked: Prefect, sent: Path, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Left:
    home = tmp_path_factory.mktemp("unbroken")
    run = worked.ended(worked.start("nightly", {"inbox": str(sent), "home": str(home)}))
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", REFUSALS)
    return left(sent, home, catalog)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_night_killed_with_9_and_begun_again_is_as_if_it_never_was(
    worked: Prefect,
    sent: Path,
    catalog: Catalog,
    places: list[int],
    unbroken: Left,
    tmp_path: Path,
    number: int,
) -> None:
    plan, home = tmp_path / "fault.json", tmp_path / "home"
    plan.write_text(json.dumps(asdict(Fault("*", places[number], "kill"))))
    parameters = {"inbox": str(sent), "home": str(home)}
    run = worked.ended(worked.start("nightly", parameters, {"NENPO_FAULT": str(plan)}))
    assert run["state_type"] == "CRASHED"
    assert not plan.exists()
    run = worked.ended(worked.start("nightly", parameters))
    assert run["state_type"] == "COMPLETED"
    assert left(sent, home, catalog) == unbroken


def left(sent: Path, home: Path, catalog: Catalog) -> Left:
    """What a night leaves, but its hour: decisions without their time, the report without its day."""
    world = open_world(sent, home, catalog)
    found = remains(world)
    world.engine.dispose()
    decisions = [json.loads(line) for line in found.files.pop("raw/journal.jsonl").splitlines()]
    for decision in decisions:
        del decision["at"]
    printed = found.files.pop("reports/2021/annual_report.xlsx")
    return decisions, found.files, found.tables | {"report": _cells(printed)}


def _cells(book: bytes) -> list[str]:
    sheets = openpyxl.load_workbook(BytesIO(book))
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    return [repr(row) for row in rows if "基準日" not in row]
