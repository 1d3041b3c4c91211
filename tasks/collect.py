"""collect: received bytes into the raw store under their SHA-256, each arrival as a receipt.

What cannot be taken in at all (a link, a pipe, a file too large) gets a receipt too, which says so: it is
refused with a sentence and stays where it lies.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from schemas.submission import Receipt
from tasks.inbox import Arrival, StillArriving, arrivals, take
from tasks.known import Known, known
from tasks.receipts import Line, append_lines, as_line
from tasks.world import World

# A file that was written to in the last seconds may still be growing: it is looked at twice.
SETTLED_SECONDS = 2.0


@dataclass(frozen=True)
class Collected:
    """The ids of the new receipts; the names of files left for the next run: they grow or cannot be read."""

    receipt_ids: list[str]
    unfinished: list[str]

    @property
    def line(self) -> str:
        """A line for a terminal."""
        left = "、".join(self.unfinished)
        waiting = f"、書き込み中か、今は読めないため、次の実行で受け取ります: {left}" if left else ""
        return f"受付: 新しい {len(self.receipt_ids)} ファイル{waiting}"


def collect(world: World, center_id: str = "") -> Collected:
    """Take in what is new in the inbox (of one center, if one is given)."""
    if world.home.receipts.is_file():
        world.effects.settle(world.home.receipts)
    there = arrivals(world, center_id)
    with known(world) as before:
        fresh = [there[number] for number in before.unseen([[*a.stamp.values()] for a in there])]
        _let_settle(world, fresh)
        lines, unfinished = _taken_in(world, fresh, before)
    if lines:
        append_lines(world, lines)
    return Collected([line["receipt_id"] for line in lines if "receipt_id" in line], unfinished)


def _taken_in(world: World, fresh: Sequence[Arrival], before: Known) -> tuple[list[Line], list[str]]:
    """The lines of what could be taken in, of what had come before its stamp alone; the names of the rest."""
    lines: list[Line] = []
    unfinished: list[str] = []
    ids: set[str] = set()
    for arrival in fresh:
        receipt = _take_in(world, arrival, before)
        if receipt is None:
            unfinished.append(arrival.name)
        elif receipt.receipt_id in ids or before.has_receipt(receipt.receipt_id):
            # What is refused again at its place has its line.
            if not receipt.refused:
                lines.append(arrival.stamp)
        else:
            ids.add(receipt.receipt_id)
            lines.append(arrival.stamp | as_line(receipt))
    return lines, unfinished


def _let_settle(world: World, fresh: Sequence[Arrival]) -> None:
    """Wait until the youngest file is some seconds old; one that changes meanwhile is left."""
    youngest = max((arrival.mtime_ns for arrival in fresh if not arrival.refused), default=0) / 1e9
    age = (world.clock() - datetime.fromtimestamp(0, UTC)).total_seconds() - youngest
    if 0 <= age < SETTLED_SECONDS:
        time.sleep(SETTLED_SECONDS - age)


def _take_in(world: World, arrival: Arrival, before: Known) -> Receipt | None:
    """The receipt of an arrival; None for a file that changes, goes or cannot be read to its end now.

    Its bytes are kept, unless a receipt says that they are: a file there without one may not last.
    """
    if arrival.refused:
        return _not_taken(world, arrival)
    try:
        content = take(arrival)
    except PermissionError:
        return _not_taken(world, replace(arrival, refused="NO_PERMISSION"))
    except (StillArriving, OSError):
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    stored = world.home.original(sha256, arrival.name)
    if not stored.is_file() or not before.has_file(sha256):
        world.effects.publish(stored, content)
    return _receipt(world, arrival, sha256)


def _not_taken(world: World, arrival: Arrival) -> Receipt:
    """The receipt of what has no bytes here: its hash is that of its name, size and time."""
    notice = "\0".join(map(str, (arrival.refused, *arrival.stamp.values())))
    return _receipt(world, arrival, hashlib.sha256(notice.encode()).hexdigest())


def _receipt(world: World, arrival: Arrival, sha256: str) -> Receipt:
    channels = {center.channel: center.center_id for center in world.catalog.centers}
    return Receipt(
        receipt_id=hashlib.sha256(f"{arrival.name}\0{sha256}".encode()).hexdigest()[:16],
        sha256=sha256,
        file_name=arrival.name,
        size=arrival.size,
        channel=arrival.channel,
        center_id=channels.get(arrival.channel, ""),
        sender=arrival.sender,
        arrived_at=arrival.arrived_at,
        refused=arrival.refused,
    )
