"""index: which line of receipts and journal speaks of what, so that no night reads all that years have left.

Receipts and journal alone are true. The index is a SQLite file beside them, which catches up with them
whenever it is opened, and is made anew where it is of other lines, of another kind or no database at all:
whoever deletes it loses some seconds.
"""

import fcntl
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from tasks.home import Home
from tasks.journal import decision_in
from tasks.lines import locked, whole
from tasks.world import World

# What the tables are; with another number they are made anew.
KIND = 2
BUSY_SECONDS = 60.0
_RECEIPTS = """
CREATE TABLE stamp (path TEXT, size INTEGER, mtime_ns TEXT, PRIMARY KEY (path, size, mtime_ns)) WITHOUT ROWID;
CREATE TABLE receipt (
    start INTEGER PRIMARY KEY, length INTEGER, receipt_id TEXT, sha256 TEXT, center_id TEXT,
    is_repeated INTEGER, is_decided INTEGER
);
CREATE INDEX receipt_of_id ON receipt (receipt_id);
CREATE INDEX receipt_of_file ON receipt (sha256, center_id);
CREATE INDEX receipt_repeated ON receipt (sha256) WHERE is_repeated;
CREATE INDEX receipt_undecided ON receipt (start) WHERE NOT is_decided OR center_id = '';
"""
_JOURNAL = """
CREATE TABLE decision (start INTEGER PRIMARY KEY, length INTEGER, id TEXT, kind TEXT, sha256 TEXT);
CREATE TABLE verdict (
    sha256 TEXT, center_id TEXT, start INTEGER, state TEXT, PRIMARY KEY (sha256, center_id, start)
) WITHOUT ROWID;
CREATE TABLE lake_file (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_EXTENT = "CREATE TABLE extent (name TEXT PRIMARY KEY, last INTEGER, upto INTEGER, digest BLOB);"
_TABLES = {"receipts": ("stamp", "receipt"), "journal": ("decision", "verdict", "lake_file")}

# Where a line begins in its file, and the line.
Placed = tuple[int, bytes]
_Add = Callable[[sqlite3.Connection, Sequence[Placed]], None]


class _Extent(NamedTuple):
    """How much of a file the index knows: where its last line begins and ends, and a hash of it."""

    last: int = 0
    upto: int = 0
    digest: bytes = b""


@contextmanager
def opened(world: World) -> Iterator[sqlite3.Connection]:
    """The index, caught up with what stands in receipts and journal; it is only read in the block.

    RuntimeError where it cannot be written: locked, or a full disk, which are no faults of the file; and
    where it turns out in the block to be damaged, and is away then.
    """
    home = world.home
    world.effects.make_folder(home.root)
    try:
        connection = _caught_up(home)
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise RuntimeError(
                f"{home.index} に書き込めません（{error}）。ほかの実行が終わるのを待ち、空き容量と権限を"
                "確認してから、もう一度実行してください。受付も決定も失われていません。"
            ) from error
        world.effects.remove(home.index)
        connection = _caught_up(home)
    with closing(connection):
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise
            world.effects.remove(home.index)
            raise RuntimeError(
                f"{home.index} が壊れていたので削除しました（{error}）。もう一度実行してください。"
                "受付と決定から作り直します。"
            ) from error


def _caught_up(home: Home) -> sqlite3.Connection:
    connection = sqlite3.connect(home.index, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        # A crash of the machine may lose what was added last, which is read again.
        connection.execute("PRAGMA synchronous = NORMAL")
        if not _is_made(connection):
            _make(connection)
        _catch_up(connection, "receipts", home.receipts, _add_receipts)
        _catch_up(connection, "journal", home.journal, _add_decisions)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_made(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA user_version").fetchone() == (KIND,))


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    # Another process may have been quicker, and may be reading.
    if not _is_made(connection):
        for table in ("extent", *(table for tables in _TABLES.values() for table in tables)):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in f"{_EXTENT}{_RECEIPTS}{_JOURNAL}".split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {KIND}")
    connection.execute("COMMIT")


def _catch_up(connection: sqlite3.Connection, name: str, path: Path, add: _Add) -> None:
    """Add the lines that a file has grown by; all of its lines, if those known are not there as they were."""
    if _added(path, _extent(connection, name)) == []:
        return
    connection.execute("BEGIN IMMEDIATE")
    # Another process may have been quicker.
    lines = _added(path, _extent(connection, name))
    if lines is None:
        for table in _TABLES[name]:
            connection.execute(f"DELETE FROM {table}")
        if name == "journal":
            connection.execute("UPDATE receipt SET is_decided = 0")
        connection.execute("DELETE FROM extent WHERE name = ?", [name])
        lines = _added(path, _Extent()) or []
    add(connection, lines)
    if lines:
        start, line = lines[-1]
        extent = _Extent(start, start + len(line) + 1, hashlib.sha256(line + b"\n").digest())
        connection.execute("INSERT OR REPLACE INTO extent VALUES (?, ?, ?, ?)", [name, *extent])
    connection.execute("COMMIT")


def _extent(connection: sqlite3.Connection, name: str) -> _Extent:
    row = connection.execute("SELECT last, upto, digest FROM extent WHERE name = ?", [name]).fetchone()
    return _Extent(*row) if row else _Extent()


def _added(path: Path, known: _Extent) -> list[Placed] | None:
    """The lines behind those known; None where the last one known does not stand there as it did."""
    if not path.is_file():
        return None if known.upto else []
    with locked(path, fcntl.LOCK_SH), path.open("rb") as file:
        file.seek(known.last)
        content = file.read()
    new = known.upto - known.last
    if known.upto and hashlib.sha256(content[:new]).digest() != known.digest:
        return None
    lines, start = [], known.upto
    for line in content[new : whole(content)].split(b"\n"):
        if line:
            lines.append((start, line))
        start += len(line) + 1
    return lines


def _add_receipts(connection: sqlite3.Connection, lines: Sequence[Placed]) -> None:
    said = [(start, line, json.loads(line)) for start, line in lines]
    # As text: a file may say that it is of a year for which no integer of SQLite is large enough. What could
    # not be opened is looked at every time: permissions leave no stamp.
    stamps = [
        (of["path"], of["size"], str(of["mtime_ns"]))
        for _, _, of in said
        if of.get("refused") != "NO_PERMISSION"
    ]
    connection.executemany("INSERT OR IGNORE INTO stamp VALUES (?, ?, ?)", stamps)
    receipts = [
        (start, len(line), of["receipt_id"], of["sha256"], of["center_id"])
        for start, line, of in said
        if "receipt_id" in of
    ]
    there = "EXISTS (SELECT 1 FROM receipt WHERE sha256 = ?4)"
    decided = "EXISTS (SELECT 1 FROM verdict WHERE sha256 = ?4 AND center_id = ?5)"
    query = f"INSERT INTO receipt VALUES (?1, ?2, ?3, ?4, ?5, {there}, {decided})"
    connection.executemany(query, receipts)


def _add_decisions(connection: sqlite3.Connection, lines: Sequence[Placed]) -> None:
    for start, line in lines:
        decision = decision_in(line)
        row = (start, len(line), decision.id, decision.kind, decision.sha256)
        connection.execute("INSERT INTO decision VALUES (?, ?, ?, ?, ?)", row)
        verdicts = [(*verdict.unit, start, verdict.state) for verdict in decision.verdicts]
        connection.executemany("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?)", verdicts)
        query = "UPDATE receipt SET is_decided = 1 WHERE sha256 = ? AND center_id = ?"
        connection.executemany(query, [verdict.unit for verdict in decision.verdicts])
        files = [(name,) for names in decision.lake.values() for name in names]
        connection.executemany("INSERT OR IGNORE INTO lake_file VALUES (?)", files)
