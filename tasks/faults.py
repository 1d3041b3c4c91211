"""A fault on order: which effect on the world fails, how, and when. So a failure in mid-run is rehearsed.

A plan is a small JSON file, {"effect": "commit", "at": 2, "how": "kill", "when": "after"}: the second
effect of that name (of any name: "*") among those that can fail in that way. It is removed when it
fires, so that a repetition passes, unless it `stays`: then that effect and every later one fails.
"""

import errno
import json
import os
import signal
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

How = Literal["raise", "kill", "full", "eio", "lost"]
When = Literal["before", "midway", "after"]

IN_SQL = frozenset({"execute", "define", "copy", "commit"})
CAN_FAIL: dict[How, frozenset[str]] = {
    "full": IN_SQL | {"mkdir", "write"},
    "eio": frozenset({"fsync"}),
    "lost": IN_SQL,
}
"""Of the ways to fail that not every effect has: which effects have them."""


class PlannedFault(RuntimeError):
    """An effect that was told to fail."""


@dataclass(frozen=True)
class Fault:
    """The at-th effect of a name fails: by exception, kill -9, full disk, I/O error or lost connection.

    `midway` leaves the first half done, where an effect has halves; `after` is an effect that took
    place and whose answer was lost.
    """

    effect: str = "*"
    at: int = 1
    how: How = "raise"
    when: When = "before"
    stays: bool = False

    def strikes(self, name: str, counts: Counter[str]) -> bool:
        """Whether it is this effect's turn, the counts including it."""
        able = CAN_FAIL.get(self.how)
        if self.effect not in (name, "*") or (able and name not in able):
            return False
        past = counts[name] if self.effect != "*" else sum(counts[one] for one in able or counts)
        return past >= self.at if self.stays else past == self.at


def planned(file: Path, name: str, counts: Counter[str]) -> Fault | None:
    """The fault that a plan has in store for this effect, if any; the plan is then gone, unless it stays."""
    if not file.is_file():
        return None
    fault = Fault(**json.loads(file.read_text()))
    if not fault.strikes(name, counts):
        return None
    if not fault.stays:
        file.unlink()
    return fault


def fail(fault: Fault, name: str, connection: Connection | None) -> NoReturn:
    """Fail in the way of a fault."""
    what = f"{name} no. {fault.at}"
    if fault.how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault.how == "eio":
        raise OSError(errno.EIO, os.strerror(errno.EIO), what)
    if fault.how == "full":
        if connection is not None:
            _run_out_of_space(connection)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), what)
    if fault.how == "lost" and connection is not None:
        _lose(connection)
    raise PlannedFault(what)


def _run_out_of_space(connection: Connection) -> NoReturn:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DO $$ BEGIN RAISE disk_full; END $$")
    raise OperationalError("", None, sqlite3.OperationalError("database or disk is full"))


def _lose(connection: Connection) -> None:
    """The server ends this session; SQLite, which has none, closes the connection under us."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.close()
    connection.exec_driver_sql("SELECT 1")
