"""retry: a whole transaction again, a bounded number of times, where the database is to blame."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

WAITS = (0.2, 1.0, 3.0)
"""Seconds before each further try: a deadlock is over at once, a server that starts again takes longer."""

_PASSING = ("40001", "40P01", "55P03")  # serialization failure, deadlock, lock timeout
_SERVER = ("08", "57P")  # connection errors; the server stops, has crashed or is starting
_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED")


def retrying(work: Callable[[], T]) -> T:
    """What some work returns that is one transaction, and so may be done again from its start.

    It is tried again on a lost connection, a deadlock, a lock timeout; never on an error of the data.
    """
    for seconds in WAITS:
        try:
            return work()
        except DBAPIError as error:
            if not _passes(error):
                raise
            time.sleep(seconds)
    return work()


def _passes(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed later."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    return (
        error.connection_invalidated
        or state in _PASSING
        or state.startswith(_SERVER)
        or name.startswith(_SQLITE)
        or _could_not_connect(error)
    )


def _could_not_connect(error: DBAPIError) -> bool:
    """Whether PostgreSQL gave no session: such an error has no SQLSTATE, and belongs to no statement."""
    return error.statement is None and getattr(error.orig, "sqlstate", "") is None
