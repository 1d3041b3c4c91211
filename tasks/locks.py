"""Locks that die with their holder: `flock` in the home on SQLite, an advisory lock on PostgreSQL."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import func, select

from schemas.keys import surrogate
from tasks.world import World

NIGHTLY = "nightly"


class AlreadyRunning(RuntimeError):
    """Somebody else holds the lock."""


@contextmanager
def hold(world: World, *names: str) -> Iterator[None]:
    """Hold some locks, taken in order of name; AlreadyRunning if one of them is held."""
    with ExitStack() as stack:
        for name in sorted(names):
            stack.enter_context(_one(world, name))
        yield


@contextmanager
def _one(world: World, name: str) -> Iterator[None]:
    if world.engine.dialect.name == "postgresql":
        with world.engine.connect() as connection:
            if not connection.scalar(select(func.pg_try_advisory_lock(surrogate(f"lock {name}")))):
                raise AlreadyRunning(name)
            connection.commit()
            # Out of the pool, in which a connection would go on holding its locks.
            connection.detach()
            yield
        return
    world.home.locks.mkdir(parents=True, exist_ok=True)
    with (world.home.locks / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(name) from None
        yield
