"""known: what receipts and journal say of some files, without reading what they say of all others."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from schemas.submission import Receipt, Unit
from tasks.index import opened
from tasks.journal import Decision, Verdict, decision_in
from tasks.receipts import in_order, receipt_in
from tasks.world import World

# Values given as one parameter, however many they are.
_GIVEN = "(SELECT value FROM json_each(?))"


class Known:
    """Questions to the index. A receipt of a channel unknown then is of the center that has it now."""

    def __init__(self, world: World, index: sqlite3.Connection) -> None:
        self._world, self._index = world, index

    def unseen(self, stamps: Sequence[Sequence[Any]]) -> list[int]:
        """Which of some stamps (path, size, mtime_ns), counted from 0, no line has."""
        path, size, time = (f"json_extract(given.value, '$[{place}]')" for place in range(3))
        seen = f"SELECT 1 FROM stamp WHERE path = {path} AND size = {size} AND mtime_ns = {time}"
        query = f"SELECT key FROM json_each(?) given WHERE NOT EXISTS ({seen}) ORDER BY key"
        given = json.dumps([[path, size, str(mtime_ns)] for path, size, mtime_ns in stamps])
        return [key for (key,) in self._index.execute(query, [given])]

    def has_receipt(self, receipt_id: str) -> bool:
        """Whether the same file arrived by the same name before."""
        return bool(self._one("SELECT count(*) FROM receipt WHERE receipt_id = ?", receipt_id))

    def has_file(self, sha256: str) -> bool:
        """Whether the same bytes arrived before, by whatever channel and name."""
        return bool(self._one("SELECT count(*) FROM receipt WHERE sha256 = ?", sha256))

    def receipts_of(self, sha256s: Iterable[str]) -> list[Receipt]:
        """The receipts of some bytes, in order of arrival."""
        return self._receipts(f"WHERE sha256 IN {_GIVEN}", _list(sha256s))

    def receipts_named(self, receipt_ids: Iterable[str]) -> list[Receipt]:
        """The receipts of some ids, in order of arrival."""
        return self._receipts(f"WHERE receipt_id IN {_GIVEN}", _list(receipt_ids))

    def repeated(self) -> list[Receipt]:
        """The receipts of bytes that arrived more than once, in order of arrival."""
        return self._receipts("WHERE sha256 IN (SELECT sha256 FROM receipt WHERE is_repeated)")

    def undecided(self) -> list[Receipt]:
        """The receipts of files on which there is no verdict, in order of arrival."""
        # What came by a channel that was unknown may have been decided for nobody, and have a center now.
        found = self._receipts("WHERE NOT is_decided OR center_id = ''")
        decided = {unit for unit, _ in self._verdicts(receipt.sha256 for receipt in found)}
        return [receipt for receipt in found if receipt.unit not in decided]

    def refused(self) -> list[Receipt]:
        """The receipts of files that are out by the last verdict on them, in order of arrival."""
        last = "SELECT max(start) FROM verdict l WHERE l.sha256 = v.sha256 AND l.center_id = v.center_id"
        query = f"SELECT sha256, center_id FROM verdict v WHERE state = 'refused' AND start = ({last})"
        units = {*self._index.execute(query)}
        return [receipt for receipt in self.receipts_of({u[0] for u in units}) if receipt.unit in units]

    def times_judged(self, units: Iterable[Unit]) -> int:
        """How many verdicts there are on some files."""
        ours = {*units}
        return sum(unit in ours for unit, _ in self._verdicts(sha256 for sha256, _ in ours))

    def final(self, sha256s: Iterable[str]) -> dict[Unit, tuple[Decision, Verdict]]:
        """The verdict that holds for each file of some bytes, and the decision that it stands in."""
        return {verdict.unit: (decision, verdict) for decision, verdict in self.verdicts(sha256s)}

    def verdicts(self, sha256s: Iterable[str]) -> list[tuple[Decision, Verdict]]:
        """The verdicts on files of some bytes, each with the decision that it stands in, oldest first."""
        places = [*self._verdicts(sha256s)]
        named = self._decisions(f"WHERE start IN {_GIVEN}", _list({start for _, start in places}))
        decisions = dict(named)
        return [(decisions[start], decisions[start].verdict[unit]) for unit, start in places]

    def withdrawals(self, sha256s: Iterable[str]) -> list[Decision]:
        """The decisions by which some bytes were withdrawn, oldest first."""
        found = self._decisions(f"WHERE kind = 'withdraw' AND sha256 IN {_GIVEN}", _list(sha256s))
        return [decision for _, decision in found]

    def closings(self) -> list[Decision]:
        """The decisions by which periods were closed, oldest first."""
        return [decision for _, decision in self._decisions("WHERE kind = 'close'")]

    def decisions(self, behind: str = "") -> list[Decision]:
        """The decisions made after that of an id, oldest first; all of them, where it is not there."""
        found = self._decisions(
            "WHERE start > coalesce((SELECT max(start) FROM decision WHERE id = ?), -1)", behind
        )
        return [decision for _, decision in found]

    def decisions_but(self, ids: Iterable[str]) -> list[Decision]:
        """All decisions but some, oldest first."""
        return [decision for _, decision in self._decisions(f"WHERE id NOT IN {_GIVEN}", _list(ids))]

    def last_decision(self) -> str:
        """The id of the last decision; "" where there is none."""
        return str(self._one("SELECT coalesce((SELECT id FROM decision ORDER BY start DESC LIMIT 1), '')"))

    def unnamed(self, lake_files: Iterable[str]) -> list[str]:
        """Those of some lake files that no decision names."""
        query = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT name FROM lake_file)"
        return [name for (name,) in self._index.execute(query, [_list(lake_files)])]

    def _one(self, query: str, *values: object) -> Any:
        return self._index.execute(query, values).fetchone()[0]

    def _verdicts(self, sha256s: Iterable[str]) -> Iterator[tuple[Unit, int]]:
        """The files of some bytes on which there are verdicts, and where each stands, oldest first."""
        query = f"SELECT sha256, center_id, start FROM verdict WHERE sha256 IN {_GIVEN} ORDER BY start"
        for sha256, center_id, start in self._index.execute(query, [_list(sha256s)]):
            yield (sha256, center_id), start

    def _receipts(self, which: str, *values: object) -> list[Receipt]:
        places = self._index.execute(f"SELECT start, length FROM receipt {which} ORDER BY start", values)
        found = [receipt_in(line) for _, line in _lines(self._world.home.receipts, places)]
        return in_order(self._world, found)

    def _decisions(self, which: str, *values: object) -> Iterator[tuple[int, Decision]]:
        places = self._index.execute(f"SELECT start, length FROM decision {which} ORDER BY start", values)
        for start, line in _lines(self._world.home.journal, places):
            yield start, decision_in(line)


@contextmanager
def known(world: World) -> Iterator[Known]:
    """While the block lasts: questions about what stands in receipts and journal at its beginning."""
    with opened(world) as index:
        yield Known(world, index)


def _list(values: Iterable[object]) -> str:
    return json.dumps([*values])


def _lines(path: Path, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that begin at some places and are so long."""
    if rows := [*places]:
        with path.open("rb") as file:
            for start, length in rows:
                file.seek(start)
                yield start, file.read(length)
