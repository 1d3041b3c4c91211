"""Which file arrives when, from whom; the list that the inbox is received by."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from samples.tables import table
from schemas.catalog import Catalog
from schemas.period import Period, parse_id
from tasks.template.workbook import file_stem

_DAYS = range(5, 11)


@dataclass(frozen=True)
class Arrival:
    """One file's arrival; `file` is its path in the inbox, `received_at` is Japanese time."""

    file: str
    channel: str
    sender: str
    received_at: datetime
    revision: int


@dataclass(frozen=True)
class MonthArrival(Arrival):
    """The arrival of a center's month."""

    center_id: str
    period: Period


def monthly_arrivals(catalog: Catalog, months: list[Period]) -> list[MonthArrival]:
    """Each center's months as a rule, and the late, second and corrected ones of `versions.csv`."""
    special = {(row["center_id"], row["period_id"], row["suffix"]): row for row in table("versions")}
    found = []
    for center in catalog.centers:
        if center.role != "center":
            continue
        for period in months:
            ordinary = (center.center_id, period.id, "")
            found.append(_month(catalog, *ordinary, row=special.get(ordinary)))
    extra = [key for key in special if key[2]]
    return found + [_month(catalog, *key, row=special[key]) for key in extra]


def _month(
    catalog: Catalog, center_id: str, period_id: str, suffix: str, row: dict[str, str] | None
) -> MonthArrival:
    center, period, sender = catalog.center[center_id], parse_id(period_id), sender_of(center_id)
    stem = file_stem("月報", period, center.center_name)
    return MonthArrival(
        file=f"{center.channel}/{stem}{suffix}.xlsx",
        channel=center.channel,
        sender=sender["sender"],
        received_at=datetime.fromisoformat(row["received_at"]) if row else _usual(period, sender),
        revision=int(row["revision"]) if row else 1,
        center_id=center_id,
        period=period,
    )


def sender_of(center_id: str) -> dict[str, str]:
    """Who sends for a center, on which weekday after the 4th, at what time, and how dates are written."""
    return {row["center_id"]: row for row in table("senders")}[center_id]


def _usual(period: Period, sender: dict[str, str]) -> datetime:
    """A weekday between the 5th and the 10th of the next month: the sender's first, second or third."""
    following = period.last_day + timedelta(days=1)
    days = [date(following.year, following.month, day) for day in _DAYS]
    weekdays = [day for day in days if day.weekday() < 5]
    return datetime.fromisoformat(f"{weekdays[int(sender['weekday_no'])]}T{sender['time']}")


def write_arrivals(path: Path, arrivals: list[Arrival]) -> None:
    """The list in order of arrival."""
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(("file", "channel", "sender", "received_at"))
        for row in sorted(arrivals, key=lambda row: (row.received_at, row.file)):
            at = row.received_at.isoformat(timespec="seconds") + "+09:00"
            lines.writerow((row.file, row.channel, row.sender, at))
