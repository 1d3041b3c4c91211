"""The rows of `dim_submission`: what receipts and decisions together say of each submission."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from schemas.keys import UNKNOWN, surrogate
from schemas.submission import Receipt, Unit
from tasks.clock import start_of_day, tokyo_day
from tasks.journal import Decision, Entry, Verdict
from tasks.known import known
from tasks.world import World

_K = TypeVar("_K")
_V = TypeVar("_V")
VERSIONS = ("guard", "parser", "rules")
Judgement = tuple[Decision, Verdict]


@dataclass(frozen=True)
class Register:
    """What receipts and decisions say of some files.

    `verdicts`: those on each, oldest first, with the decision that each stands in; `arrivals`: the receipts
    of each, in order of arrival; `withdrawals` of each hash, oldest first; `for_nobody`: the ids of the
    decisions that judged a hash when its channel had no center.
    """

    verdicts: dict[Unit, list[Judgement]]
    arrivals: dict[Unit, list[Receipt]]
    withdrawals: dict[str, list[Decision]]
    for_nobody: dict[str, set[str]]

    def _withdrawn(self, unit: Unit, form_id: str) -> Decision | None:
        """The first decision by which a named person withdrew the file, or that form of it."""
        named = [d for d in self.withdrawals.get(unit[0], ()) if d.form_id in ("", form_id)]
        return min(named, key=lambda decision: decision.at, default=None)

    def rows(self, units: Iterable[Unit]) -> list[dict[str, Any]]:
        """The `dim_submission` rows of some files; a pure function of receipts and decisions."""
        return [row for unit in units if unit in self.verdicts for row in self._rows(unit)]

    def _rows(self, unit: Unit) -> Iterator[dict[str, Any]]:
        *earlier, last = self.verdicts[unit]
        holding = {entry.submission_id for entry in last[1].entries}
        yield from (self._row(unit, last, entry) for entry in last[1].entries)
        # What could not be read then may be other submissions now; its findings stay, and stay out of sight.
        left = {
            entry.submission_id: (judgement, entry)
            for judgement in earlier
            for entry in judgement[1].entries
            if entry.submission_id not in holding
        }
        for judgement, entry in left.values():
            yield self._row(unit, judgement, entry) | {"state": "replaced", "known_at": None}

    def _row(self, unit: Unit, judgement: Judgement, entry: Entry) -> dict[str, Any]:
        decision, verdict = judgement
        first = self.arrivals[unit][0]
        # It was out until its channel had a center.
        was_out = self.for_nobody.get(unit[0], set()) - {decision.id}
        is_later = decision.kind != "judge" or was_out
        known_at = max(first.arrived_at, decision.at) if is_later else first.arrived_at
        withdrawn = self._withdrawn(unit, entry.form_id)
        return _identity(unit, entry) | {
            "stated_on": _stated_on(entry, first),
            "stated_at": _stated_at(entry, first),
            "is_export": bool(entry.form_id) and not entry.stated_day,
            "file_name": first.file_name,
            "received_at": naive(first.arrived_at),
            "known_at": naive(known_at) if verdict.state == "accepted" else None,
            # Withdrawn before it came: it never counted.
            "withdrawn_at": naive(max(withdrawn.at, known_at)) if withdrawn else None,
            "state": verdict.state,
            "reason": verdict.reason,
            "why": _why(withdrawn) if withdrawn else verdict.why,
            **{f"{name}_version": decision.versions.get(name, "") for name in VERSIONS},
        }


def decision_rows(decision: Decision) -> list[dict[str, Any]]:
    """The `fact_decision` row of what a named person decided; none for what the pipeline did."""
    if not decision.is_of_a_person:
        return []
    return [
        {
            "decision_id": decision.id,
            "kind": decision.kind,
            "decided_at": naive(decision.at),
            "decided_by": decision.by,
            "why": decision.why,
            "sha256": decision.sha256,
            "form_id": decision.form_id,
            "period_id": decision.period_id,
        }
    ]


def explanation_rows(decision: Decision) -> list[dict[str, Any]]:
    """The `fact_explanation` rows of a decision that explains differences."""
    return [
        {
            "decision_id": decision.id,
            "difference_id": difference_id,
            "why": said.why,
            "amount_yen": said.amount_yen,
            "decided_at": naive(decision.at),
            "decided_by": decision.by,
        }
        for difference_id, said in decision.explanations.items()
    ]


def _identity(unit: Unit, entry: Entry) -> dict[str, Any]:
    sha256, center_id = unit
    period = entry.period
    return {
        "submission_key": surrogate(entry.submission_id),
        "submission_id": entry.submission_id,
        "sha256": sha256,
        "center_key": surrogate(center_id),
        "form_id": entry.form_id,
        "period_key": period.key if period else UNKNOWN,
        "fiscal_year": period.fiscal_year if period else 0,
        "revision": entry.revision,
        "content": entry.content,
    }


def _stated_on(entry: Entry, first: Receipt) -> date | None:
    """The day on the cover; of an export, which has none, the day on which it first arrived."""
    if entry.form_id and not entry.stated_day:
        return tokyo_day(first.arrived_at)
    return entry.stated_day


def _stated_at(entry: Entry, first: Receipt) -> datetime | None:
    """The moment from which it speaks: the beginning of the day on the cover, or the arrival of an export."""
    if not entry.form_id:
        return None
    return naive(start_of_day(entry.stated_day) if entry.stated_day else first.arrived_at)


def read_register(world: World, sha256s: Iterable[str]) -> Register:
    """What is said of some bytes, through the channels of all centers.

    RuntimeError for a file that was judged, and of whose arrival nothing is known.
    """
    ours = sorted({*sha256s})
    with known(world) as of_files:
        verdicts = _grouped(of_files.verdicts(ours), lambda judgement: judgement[1].unit)
        arrivals = _grouped(of_files.receipts_of(ours), lambda receipt: receipt.unit)
        withdrawals = _grouped(of_files.withdrawals(ours), lambda decision: decision.sha256)
    for_nobody = {
        sha256: {decision.id for decision, _ in said}
        for (sha256, center), said in verdicts.items()
        if not center
    }
    for unit in [*verdicts]:
        if unit not in arrivals:
            _settle(world, unit, verdicts, arrivals)
    return Register(verdicts, arrivals, withdrawals, for_nobody)


def _settle(
    world: World, unit: Unit, verdicts: dict[Unit, list[Judgement]], arrivals: dict[Unit, list[Receipt]]
) -> None:
    """Of a judged file that by today's catalog came through no such channel.

    What was judged for nobody is of the center that has the channel now, and judged anew for it. What was
    judged for a center that had the channel then stays that center's.
    """
    sha256, center_id = unit
    came = [receipt for (known, _), some in arrivals.items() if known == sha256 for receipt in some]
    if not came:
        raise RuntimeError(
            f"{world.home.journal} で決定したファイル（SHA-256 {sha256}）の受付が {world.home.receipts} に"
            "ありません。raw フォルダを、同じ時点のバックアップからまとめて戻してから、"
            "もう一度実行してください。"
        )
    if center_id:
        arrivals[unit] = [replace(receipt, center_id=center_id) for receipt in came]
    else:
        del verdicts[unit]


def _grouped(values: Iterable[_V], key: Callable[[_V], _K]) -> dict[_K, list[_V]]:
    found: dict[_K, list[_V]] = {}
    for value in values:
        found.setdefault(key(value), []).append(value)
    return found


def _why(withdrawal: Decision) -> str:
    """Who withdrew it and why."""
    return f"{withdrawal.by}が取り下げました（{withdrawal.why}）。"


def naive(moment: datetime) -> datetime:
    """UTC without its mark, as the warehouse keeps moments."""
    return moment.astimezone(UTC).replace(tzinfo=None)
