"""Loads beside each other on PostgreSQL: what the database ends is done again as a whole, with a bound."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from schemas.catalog import Catalog
from tasks import load as load_module
from tasks import retry
from tasks.collect import collect
from tasks.decide import decide, undecided
from tasks.effects import Effects
from tasks.home import Home
from tasks.journal import read_journal
from tasks.load import load
from tasks.world import World
from tests.conftest import NOON, MakeWorld
from tests.serving import PATIENCE, until
from tests.torture.night import CENTER, make_inbox
from tests.walking import query, state, walk
from warehouse.engine import connect


@pytest.fixture
def decided(make_world: MakeWorld, sent: Path, new_database: Callable[[], str]) -> tuple[World, World]:
    """Two worlds of one home and one PostgreSQL, in which two decisions wait to be loaded."""
    url = new_database()
    one, other = make_world(sent, url=url), make_world(sent, url=url)
    load(one)
    collect(one)
    for center_id in (CENTER, "icc"):
        for batch in undecided(one, center_id):
            decide(one, batch)
    return one, other


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    """Three files of two centers."""
    return make_inbox(tmp_path_factory.mktemp("sent"), catalog)


@pytest.fixture(scope="module")
def alone(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, sent: Path, new_database: Callable[[], str]
) -> dict[str, list[str]]:
    """What a single loader makes of it."""
    home, engine = Home(tmp_path_factory.mktemp("alone")), connect(new_database())
    world = World(sent, home, catalog, lambda: NOON, Effects(), engine)
    walk(world)
    rows = state(world)
    engine.dispose()
    return rows


def test_two_loaders_in_opposite_order_end_as_one(
    decided: tuple[World, World], alone: dict[str, list[str]]
) -> None:
    decisions = read_journal(decided[0].home)
    assert len(decisions) == 2

    def load_all(world: World, order: int) -> None:
        for decision in decisions[::order]:
            load_module._load(world, [load_module.Part.whole(decision)])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(load_all, decided, (1, -1)))
    assert state(decided[0]) == alone


def test_a_load_that_a_deadlock_ended_is_done_again_as_a_whole(
    decided: tuple[World, World], alone: dict[str, list[str]]
) -> None:
    loader, other = decided
    with ThreadPoolExecutor(1) as pool:
        with other.engine.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE fact_expenditure IN EXCLUSIVE MODE")
            loading = pool.submit(load, loader)
            until(lambda: _waits(connection), "the loader at the table")
            # It waits for us since before, and so is the one whom the server ends.
            connection.exec_driver_sql("LOCK TABLE dim_submission IN EXCLUSIVE MODE")
        assert loading.result(PATIENCE) == 2
    name = make_url(str(loader.engine.url)).database
    assert query(loader, f"select deadlocks from pg_stat_database where datname = '{name}'") == [(1,)]
    assert state(loader) == alone


def test_a_load_that_waited_too_long_for_a_lock_is_done_again_as_a_whole(
    decided: tuple[World, World], alone: dict[str, list[str]]
) -> None:
    loader, other = decided
    name = make_url(str(loader.engine.url)).database
    with other.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET lock_timeout = '500ms'")
    loader.engine.dispose()
    with ThreadPoolExecutor(1) as pool:
        with other.engine.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE fact_expenditure IN EXCLUSIVE MODE")
            loading = pool.submit(load, loader)
            until(lambda: _waits(connection), "the loader at the table")
            time.sleep(0.6)
        assert loading.result(PATIENCE) == 2
    assert state(loader) == alone


def _waits(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar())


def test_what_the_database_is_to_blame_for_is_tried_again_with_a_bound_and_what_the_data_are_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retry, "WAITS", (0.0, 0.0))
    tries: list[Exception] = []

    def failing(error: DBAPIError) -> Callable[[], None]:
        def work() -> None:
            tries.append(error)
            raise error

        return work

    lost = DBAPIError("insert", {}, OSError("gone"), connection_invalidated=True)
    with pytest.raises(DBAPIError):
        retry.retrying(failing(lost))
    with pytest.raises(IntegrityError):
        retry.retrying(failing(IntegrityError("insert", {}, ValueError("twice"))))
    assert [type(error) for error in tries] == [DBAPIError, DBAPIError, DBAPIError, IntegrityError]
