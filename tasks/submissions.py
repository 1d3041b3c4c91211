"""The rows of `dim_submission`: what receipts and decisions together say of each submission."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from schemas.keys import UNKNOWN, surrogate
from schemas.submission import Receipt
from tasks.clock import start_of_day, tokyo_day
from tasks.journal import Decision, Entry, Unit, Verdict, final_verdicts, read_journal
from tasks.receipts import read_receipts
from tasks.world import World

VERSIONS = ("guard", "parser", "rules")


@dataclass(frozen=True)
class Register:
    """All receipts and decisions of a home, as they stand."""

    receipts: list[Receipt]
    decisions: list[Decision]

    @cached_property
    def final(self) -> dict[Unit, tuple[Decision, Verdict]]:
        return final_verdicts(self.decisions)

    @cached_property
    def arrivals(self) -> dict[Unit, list[Receipt]]:
        """The receipts of each file and channel center, in order of arrival."""
        arrivals: dict[Unit, list[Receipt]] = {}
        for receipt in self.receipts:
            arrivals.setdefault((receipt.sha256, receipt.center_id), []).append(receipt)
        return arrivals

    def withdrawn_at(self, unit: Unit, form_id: str) -> datetime | None:
        """The first moment at which a named person withdrew the file, or that form of it."""
        named = [d for d in self._withdrawals.get(unit[0], ()) if d.form_id in ("", form_id)]
        return min((decision.at for decision in named), default=None)

    def _why(self, unit: Unit, form_id: str) -> str:
        """Who withdrew it and why, in the words of the first who did."""
        named = [d for d in self._withdrawals.get(unit[0], ()) if d.form_id in ("", form_id)]
        first = min(named, key=lambda decision: decision.at, default=None)
        return f"{first.by}が取り下げました（{first.why}）。" if first else ""

    @cached_property
    def _withdrawals(self) -> dict[str, list[Decision]]:
        """The withdrawals of each file, by its hash."""
        found: dict[str, list[Decision]] = {}
        for decision in self.decisions:
            if decision.kind == "withdraw":
                found.setdefault(decision.sha256, []).append(decision)
        return found

    def rows(self, units: Iterable[Unit]) -> list[dict[str, Any]]:
        """The `dim_submission` rows of some files; a pure function of receipts and decisions."""
        return [row for unit in units if unit in self.final for row in self._rows(unit)]

    def _rows(self, unit: Unit) -> Iterator[dict[str, Any]]:
        decision, verdict = self.final[unit]
        first = self.arrivals[unit][0]
        known_at = max(first.arrived_at, decision.at) if decision.kind != "judge" else first.arrived_at
        for entry in verdict.entries:
            withdrawn = self.withdrawn_at(unit, entry.form_id)
            is_export = bool(entry.form_id) and not entry.stated_day
            yield _identity(unit, entry) | {
                "stated_on": _stated_on(entry, first),
                "stated_at": _stated_at(entry, first),
                "is_export": is_export,
                "file_name": first.file_name,
                "received_at": naive(first.arrived_at),
                "known_at": naive(known_at) if verdict.state == "accepted" else None,
                # Withdrawn before it came: it never counted.
                "withdrawn_at": naive(max(withdrawn, known_at)) if withdrawn else None,
                "state": verdict.state,
                "reason": verdict.reason,
                "why": self._why(unit, entry.form_id) or verdict.why,
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


def read_register(world: World) -> Register:
    return Register(read_receipts(world), read_journal(world.home))


def naive(moment: datetime) -> datetime:
    """UTC without its mark, as the warehouse keeps moments."""
    return moment.astimezone(UTC).replace(tzinfo=None)
