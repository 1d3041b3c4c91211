"""journal: decisions are data; one fsynced line each, the commit point between lake and warehouse.

A verdict is on a file as it came through one center's channel: all of its forms come in, or none.
The last verdict on a file holds. What is in SQL can be made again from raw store, lake and journal.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

from schemas.period import Period, parse_id
from schemas.submission import Unit
from tasks.home import Home
from tasks.lines import raw_lines
from tasks.world import World

PIPELINE = "nenpo"
State = Literal["accepted", "held", "refused", "ignored"]
# A line of a newer nenpo is not half understood: a field without a name here is an error.
_WHOLE = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Entry:
    """A submission in a judged file. `form_id` and `period_id` are empty where they could not be read.

    `content` is a digest of its records: two files may differ in bytes and agree in all cells.
    """

    __pydantic_config__ = _WHOLE

    submission_id: str
    form_id: str
    period_id: str
    revision: int
    stated_on: str
    sheet: str
    content: str = ""

    @property
    def period(self) -> Period | None:
        return parse_id(self.period_id) if self.period_id else None

    @property
    def stated_day(self) -> date | None:
        return date.fromisoformat(self.stated_on) if self.stated_on else None


@dataclass(frozen=True)
class Verdict:
    """What became of a file (by hash, through a center's channel), why, and what is in it.

    held: in order, but for a closed period; it waits for a named person. ignored: its bytes could not be
    taken in. `reason` is a rule's id, `why` the sentence that its sender reads.
    """

    __pydantic_config__ = _WHOLE

    sha256: str
    center_id: str
    state: State
    reason: str
    entries: tuple[Entry, ...]
    why: str = ""

    @property
    def unit(self) -> Unit:
        return self.sha256, self.center_id


@dataclass(frozen=True)
class Explanation:
    """Why a difference between center and ledger is as it is; it holds for that amount."""

    __pydantic_config__ = _WHOLE

    why: str
    amount_yen: int


@dataclass(frozen=True)
class Decision:
    """One line of the journal. A withdrawal names a file by hash, and a form of it or all ("").

    A closing names its period, and in its manifest the hash of each submission that was current then. An
    explanation names its fiscal year and, for each difference, its amount then and the reason.
    """

    __pydantic_config__ = _WHOLE

    id: str
    kind: Literal["judge", "revalidate", "withdraw", "close", "release", "explain"]
    at: datetime
    by: str
    why: str
    versions: dict[str, str]
    lake: dict[str, list[str]] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    sha256: str = ""
    form_id: str = ""
    period_id: str = ""
    manifest: dict[str, str] = field(default_factory=dict)
    explanations: dict[str, Explanation] = field(default_factory=dict)

    @property
    def is_of_a_person(self) -> bool:
        """Whether somebody is named who made it, and not the pipeline."""
        return self.by != PIPELINE

    @cached_property
    def verdict(self) -> dict[Unit, Verdict]:
        """The verdict on each of its files."""
        return {verdict.unit: verdict for verdict in self.verdicts}


def append_decision(world: World, decision: Decision) -> None:
    """Make a decision durable; from here on it holds."""
    line = asdict(decision) | {"at": decision.at.isoformat()}
    world.effects.append(world.home.journal, [json.dumps(line, ensure_ascii=False)])


def read_journal(home: Home) -> list[Decision]:
    """All decisions, oldest first; a last line that a crash cut short was never made."""
    return [decision_in(line) for line in raw_lines(home.journal)]


def final_verdicts(decisions: list[Decision]) -> dict[Unit, tuple[Decision, Verdict]]:
    """The verdict that holds for each file, and the decision that it stands in."""
    return {verdict.unit: (d, verdict) for d in decisions for verdict in d.verdicts}


_DECISION = TypeAdapter(Decision)


@lru_cache(maxsize=8)
def decision_in(written: bytes) -> Decision:
    """The decision of a line. A night asks for the journal at every step, and a line never changes."""
    return _DECISION.validate_json(written)
