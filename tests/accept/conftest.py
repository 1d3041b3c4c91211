"""The whole year issued, filled in by LibreOffice and walked, once for all tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from samples.lines import lines_of
from samples.tables import performance_by_month
from samples.vouchers import reported_by_month
from schemas.catalog import Catalog
from schemas.forms import form_by_id
from schemas.period import FISCAL_MONTHS, Period
from tasks.effects import Effects
from tasks.home import Home
from tasks.issue import issue
from tasks.world import World
from tests.accept.office import Job, Office
from tests.accept.typing_in import form_cells, month_cells
from tests.conftest import NOON, SAMPLES
from tests.walking import query, walk
from warehouse.engine import connect

CENTERS = ("industry", "sme", "electronics", "icc", "projects")
# Center, form, the month with which it is issued.
ALONE = (("industry", "survey", 9), ("icc", "narrative", 3))
FISCAL_YEAR = 2021


@dataclass
class FilledYear:
    """What came of the year: the world, the saved workbooks, what was typed, what was found when."""

    world: World
    saved: dict[tuple[str, int], Path] = field(default_factory=dict)
    untaken: list[list[str]] = field(default_factory=list)
    findings: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)


def world_in(folder: Path, inbox: Path, catalog: Catalog) -> World:
    home = Home(folder)
    return World(inbox, home, catalog, lambda: NOON, Effects(), connect(home.warehouse_url))


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture(scope="session")
def year(office: Office, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FilledYear]:
    """Each month after the one before was let in, as the sums of a blank form start from that."""
    inbox = tmp_path_factory.mktemp("in")
    filled = FilledYear(world_in(tmp_path_factory.mktemp("home"), inbox, catalog))
    for number in FISCAL_MONTHS:
        period = Period("month", FISCAL_YEAR, number)
        for untaken in office.do(_jobs(filled, period)):
            filled.untaken += untaken
        walk(filled.world)
        sql = "select rule_id, address, message from {}"
        filled.findings[period.id] = [
            row
            for name in ("fact_finding", "bridge_finding")
            for row in query(filled.world, sql.format(name))
        ]
    yield filled
    filled.world.engine.dispose()


def _jobs(filled: FilledYear, period: Period) -> list[Job]:
    """The month's workbooks, and the forms of their own that are issued with it."""
    world, number = filled.world, period.number
    catalog = world.catalog.in_year(FISCAL_YEAR)
    performance = performance_by_month()[number]
    spending = reported_by_month(catalog, FISCAL_YEAR)[number]
    jobs = []
    for center_id in CENTERS:
        issued = issue(world, center_id, period)
        folder = world.inbox / catalog.center[center_id].channel
        lines = {name: lines_of(catalog, name, center_id, period) for name in ("event", "client", "spending")}
        cells = month_cells(issued[0], catalog, period, performance, spending, lines)
        jobs.append(Job(issued[0], folder / issued[0].name, cells))
        filled.saved[center_id, number] = jobs[-1].saved
        for form in (form_by_id(name) for *whose, name, month in _alone(center_id) if month == number):
            whole = period.half if form.frequency == "half" else period.year
            blank = next(path for path in issued if path.name.startswith(form.title))
            rows = lines_of(catalog, form.id, center_id, whole)
            cells = form_cells(blank, form, whole, rows)
            jobs.append(Job(blank, folder / blank.name, cells))
    return jobs


def _alone(center_id: str) -> list[tuple[str, str, int]]:
    return [row for row in ALONE if row[0] == center_id]


@pytest.fixture(scope="session")
def sample_year(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The sample year as it is sent, walked."""
    world = world_in(tmp_path_factory.mktemp("sample"), SAMPLES, catalog)
    walk(world)
    yield world
    world.engine.dispose()
