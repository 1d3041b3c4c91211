"""Locks that die with their holder: `flock` in the home, and an advisory lock beside it on PostgreSQL.

The one outlives a lost connection, by which the other is let go; the other reaches machines on which a
shared folder knows no `flock`.
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from schemas.keys import surrogate
from tasks.world import World

NIGHTLY = "nightly"


class AlreadyRunning(RuntimeError):
    """Somebody else holds the lock."""


@contextmanager
def hold(world: World, *names: str, waits: bool = False) -> Iterator[None]:
    """Hold some locks, taken in order of name; AlreadyRunning if one of them is held, unless we wait."""
    with ExitStack() as stack:
        for name in sorted(names):
            stack.enter_context(_one(world, name, waits))
        yield


@contextmanager
def hold_all(world: World) -> Iterator[None]:
    """The whole home for one run: AlreadyRunning beside another such run; waits for single centers' runs."""
    with hold(world, NIGHTLY), hold(world, *world.catalog.center, waits=True):
        yield


@contextmanager
def _one(world: World, name: str, waits: bool) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(_in_home(world, name, waits))
        if world.engine.dialect.name == "postgresql":
            stack.enter_context(_in_warehouse(world, name, waits))
        yield


@contextmanager
def _in_home(world: World, name: str, waits: bool) -> Iterator[None]:
    """Over raw store, lake and journal: nothing that happens to the database takes it away."""
    world.effects.make_folder(world.home.locks)
    with (world.home.locks / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            raise AlreadyRunning(name) from None
        yield


@contextmanager
def _in_warehouse(world: World, name: str, waits: bool) -> Iterator[None]:
    """Over the warehouse, for runs on other machines: it lasts as long as a connection of its own."""
    key = surrogate(f"lock {name}")
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if waits:
            world.effects.execute(connection, select(func.pg_advisory_lock(key)))
        elif not world.effects.execute(connection, select(func.pg_try_advisory_lock(key))).scalar():
            raise AlreadyRunning(name)
        # Out of the pool, in which a connection would go on holding its locks.
        connection.detach()
        try:
            yield
        finally:
            # Closing alone frees it too, but only when the server has noticed.
            with suppress(DBAPIError):
                connection.execute(select(func.pg_advisory_unlock(key)))
