"""closings: the periods that a named person has closed, and when, as the journal says."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.period import Period, parse_id
from tasks.clock import tokyo_day
from tasks.journal import Decision

# The reason of what waits: no rule is broken.
CLOSED = "period.closed"


@dataclass(frozen=True)
class Closing:
    """A closed period, and the sentence for whoever sends something for it later."""

    period: Period
    sentence: str


def closings(decisions: Iterable[Decision]) -> list[Closing]:
    """All closings so far, oldest first."""
    return [_closing(decision) for decision in decisions if decision.kind == "close"]


def closing_of(period: Period | None, closed: Iterable[Closing]) -> Closing | None:
    """The closing that covers a period, if there is one: of the period itself or of one that it lies in."""
    return next((c for c in closed if period and c.period.contains(period)), None)


def _closing(decision: Decision) -> Closing:
    period, day = parse_id(decision.period_id), tokyo_day(decision.at)
    return Closing(
        period,
        f"{period.label}は{day}に{decision.by}が締めました（{decision.why}）。"
        "このファイルは保留しています。反映が必要なら、本部に承認（release）を依頼してください。",
    )
