"""Every effect on the world: files, processes, statements, commits. Counted, and able to fail on order.

What an effect leaves when it fails is nothing, or what the next run removes: a file is put in place
whole, lines are added whole, and what could not be made durable is taken back.
"""

import fcntl
import io
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.exc import DBAPIError

from tasks.faults import Fault, fail, planned
from tasks.lines import locked, whole

if TYPE_CHECKING:
    import pyarrow as pa

DRAFT = ".part"
# As much as Linux gives to everyone: what a process says need not wait until we listen.
PIPE = 2**20


class Effects:
    """The effects of one run; `counts` says how many of each kind it had."""

    def __init__(self, fault_plan: Path | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._plan = fault_plan
        self._counting = Lock()

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it where they are missing, each to last."""
        for folder in [folder for folder in (path, *path.parents) if not folder.is_dir()][::-1]:
            with self._effect("mkdir"):
                folder.mkdir(exist_ok=True)
            self._fsync(folder.parent)

    def publish(self, path: Path, content: bytes) -> None:
        """Put a whole file in place: written beside, fsynced, renamed over, the folder fsynced."""
        self.make_folder(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}{DRAFT}")
        try:
            self._write(draft, content)
            self._fsync(draft)
            with self._effect("rename"):
                draft.replace(path)
            self._fsync(path.parent)
        except Exception:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def append(self, path: Path, lines: Sequence[str]) -> None:
        """Add lines to a file, all of them durably or none; a last line cut by a crash goes first."""
        content = "".join(line + "\n" for line in lines).encode()
        self.make_folder(path.parent)
        if not path.is_file():
            with self._effect("create"):
                path.touch()
        with locked(path, fcntl.LOCK_EX):
            end = whole(path.read_bytes())
            try:
                self._write(path, content, end)
                self.settle(path)
            except Exception:
                # Whether the disk has it is unknown, and a second fsync is no proof: it was never said.
                with suppress(OSError):
                    os.truncate(path, end)
                raise

    def settle(self, path: Path) -> None:
        """Make a file durable that is there, and may have been left by a run that was killed."""
        self._fsync(path)
        self._fsync(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file that may be gone already."""
        with self._effect("remove"):
            path.unlink(missing_ok=True)

    def spawn(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start a process with pipes to its standard input and output, in a group of its own."""
        with self._effect("spawn"):
            return subprocess.Popen(
                arguments,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
                pipesize=PIPE,
            )

    def execute(
        self,
        connection: Connection,
        statement: Executable,
        rows: Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Run a writing or locking statement, over many rows where they are given."""
        with self._effect("execute", connection):
            return connection.execute(statement, rows) if rows is not None else connection.execute(statement)

    def define(self, connection: Connection, statements: Sequence[str]) -> None:
        """Run the statements that make or drop tables and views: one effect, like the rows of one insert."""

        def run(some: Sequence[str]) -> None:
            for statement in some:
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

        with self._effect("define", connection, lambda: run(statements[: len(statements) // 2])):
            run(statements)

    def copy(self, connection: Connection, table: str, rows: "pa.Table", stage: str = "") -> None:
        """COPY rows into a table, or into an empty staging table shaped like it (PostgreSQL only)."""
        from pyarrow.csv import WriteOptions, write_csv

        def run(some: "pa.Table") -> None:
            if stage:
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {stage}")
                connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {stage} (LIKE {table}) ON COMMIT DROP")
            driver: Any = connection.connection.driver_connection
            statement = f"COPY {stage or table} ({', '.join(some.column_names)}) FROM STDIN (FORMAT csv)"
            with _as_of_sqlalchemy(connection, statement), driver.cursor().copy(statement) as copy:
                write_csv(some, _Sent(copy), WriteOptions(include_header=False))

        with self._effect("copy", connection, lambda: run(rows.slice(0, len(rows) // 2))):
            run(rows)

    def commit(self, connection: Connection) -> None:
        """Commit the open transaction."""
        with self._effect("commit", connection):
            connection.commit()

    def _write(self, path: Path, content: bytes, at: int = 0) -> None:
        """Write to a file from a place on, at which it then ends."""

        def put(part: bytes) -> None:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
            with os.fdopen(handle, "wb", buffering=0) as file:
                file.truncate(at)
                file.seek(at)
                while part:
                    part = part[file.write(part) :]

        with self._effect("write", half=lambda: put(content[: len(content) // 2])):
            put(content)

    def _fsync(self, path: Path) -> None:
        """Make the content of a file, or the names in a folder, durable."""
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            with self._effect("fsync"):
                os.fsync(handle)
        finally:
            os.close(handle)

    @contextmanager
    def _effect(
        self, name: str, connection: Connection | None = None, half: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Count an effect and let it happen; or, if planned, fail before, midway (half done) or after it."""
        fault = self._fault(name)
        if fault and fault.when == "midway" and half:
            half()
        if fault and fault.when != "after":
            fail(fault, name, connection)
        yield
        if fault:
            fail(fault, name, connection)

    def _fault(self, name: str) -> Fault | None:
        with self._counting:
            self.counts[name] += 1
            return planned(self._plan, name, self.counts) if self._plan else None


@contextmanager
def _as_of_sqlalchemy(connection: Connection, statement: str) -> Iterator[None]:
    """What the driver raises when it is asked itself, as SQLAlchemy would raise it."""
    dialect, driver = connection.dialect, connection.connection
    base = dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        is_lost = dialect.is_disconnect(error, driver, None)
        if is_lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement, None, error, base, connection_invalidated=is_lost, dialect=dialect
        ) from error


class _Sent(io.RawIOBase):
    """What is written here is sent to the server; a blank is quoted, a null is not."""

    def __init__(self, copy: Any) -> None:
        super().__init__()
        self._copy = copy

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._copy.write(content)
        return len(content)
