"""receipts: every arrival so far, one line each beside the raw store; a receipt never changes.

Other lines are stamps (path, size, mtime_ns) of files that had come before.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter

from schemas.submission import Receipt
from tasks.world import World

Line = dict[str, Any]


def in_order(world: World, receipts: Iterable[Receipt]) -> list[Receipt]:
    """Receipts in order of arrival; of a channel unknown then, with the center that has it now."""
    channels = {center.channel: center.center_id for center in world.catalog.centers}
    found = [r if r.center_id else replace(r, center_id=channels.get(r.channel, "")) for r in receipts]
    return sorted(found, key=lambda receipt: (receipt.arrived_at, receipt.receipt_id))


def append_lines(world: World, lines: Sequence[Line]) -> None:
    world.effects.append(world.home.receipts, [json.dumps(line, ensure_ascii=False) for line in lines])


def as_line(receipt: Receipt) -> Line:
    return asdict(receipt) | {"arrived_at": receipt.arrived_at.isoformat()}


_RECEIPT = TypeAdapter(Receipt)


def receipt_in(written: bytes) -> Receipt:
    """The receipt of a line that is not a stamp alone."""
    return _RECEIPT.validate_json(written)
