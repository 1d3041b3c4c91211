"""Every effect on the world: files, processes, statements, commits. Counted, and able to fail on order.

A fault plan is a small JSON file, {"effect": "commit", "at": 1, "how": "raise"}: the at-th effect of
that name (of any name: "*") raises, or kills the process ("how": "kill"). The plan is removed when
it fires, so that a repetition passes: this is how a failure in the middle of a run is rehearsed.
"""

import fcntl
import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from sqlalchemy import Connection, CursorResult, Executable


class PlannedFault(RuntimeError):
    """An effect that was told to fail."""


class Effects:
    """The effects of one run; `counts` says how many of each kind it had."""

    def __init__(self, fault_plan: Path | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._plan = fault_plan
        self._counting = Lock()

    def _step(self, name: str) -> None:
        with self._counting:
            self.counts[name] += 1
            self.counts["*"] += 1
            if self._plan is not None and self._plan.is_file():
                self._fail_if_planned(name, self._plan)

    def _fail_if_planned(self, name: str, file: Path) -> None:
        plan = json.loads(file.read_text())
        if plan["effect"] in (name, "*") and self.counts[plan["effect"]] == plan["at"]:
            file.unlink()
            if plan.get("how") == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise PlannedFault(f"{name} no. {plan['at']}")

    def publish(self, path: Path, content: bytes) -> None:
        """Put a whole file in place: written beside, fsynced, renamed over, the folder fsynced."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._step("write")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            self._step("fsync")
            os.fsync(file.fileno())
        self._step("rename")
        draft.replace(path)
        self._fsync_folder(path.parent)

    def append(self, path: Path, lines: Sequence[str]) -> None:
        """Add whole lines to a file with one write and one fsync; a last line cut by a crash goes first."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = "".join(line + "\n" for line in lines).encode()
        self._step("write")
        with path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _cut_torn_line(file)
            file.write(content)
            file.flush()
            self._step("fsync")
            os.fsync(file.fileno())
        self._fsync_folder(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file that may be gone already."""
        self._step("remove")
        path.unlink(missing_ok=True)

    def spawn(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start a process with pipes to its standard input and output, in a group of its own."""
        self._step("spawn")
        return subprocess.Popen(
            arguments,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def execute(
        self,
        connection: Connection,
        statement: Executable,
        rows: Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Run a writing statement, over many rows where they are given."""
        self._step("execute")
        return connection.execute(statement, rows) if rows is not None else connection.execute(statement)

    def copy(
        self,
        connection: Connection,
        table: str,
        stage: str,
        names: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
    ) -> None:
        """COPY rows into an empty staging table shaped like a table (PostgreSQL only)."""
        self._step("copy")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {stage}")
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {stage} (LIKE {table}) ON COMMIT DROP")
        driver: Any = connection.connection.driver_connection
        with driver.cursor().copy(f"COPY {stage} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])

    def commit(self, connection: Connection) -> None:
        """Commit the open transaction."""
        self._step("commit")
        connection.commit()

    @staticmethod
    def _fsync_folder(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cut_torn_line(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(size - 1)
        if file.read(1) != b"\n":
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
    file.seek(0, os.SEEK_END)
