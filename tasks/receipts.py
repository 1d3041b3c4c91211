"""receipts: every arrival so far, one line each beside the raw store; a receipt never changes.

Other lines are stamps (path, size, mtime_ns) of files that had come before.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from schemas.submission import Receipt
from tasks.lines import raw_lines
from tasks.world import World

Line = dict[str, Any]


def read_receipts(world: World) -> list[Receipt]:
    """Every receipt so far, in order of arrival; of a channel unknown then, the center that has it now."""
    channels = {center.channel: center.center_id for center in world.catalog.centers}
    receipts = _in_order(tuple(raw_lines(world.home.receipts)))
    return [receipt if receipt.center_id else _of_center(receipt, channels) for receipt in receipts]


@lru_cache(maxsize=1)
def _in_order(written: tuple[bytes, ...]) -> list[Receipt]:
    """The receipts of some lines by arrival; a night asks for the same ones at every step."""
    receipts = [receipt for line in written if (receipt := receipt_in(line))]
    return sorted(receipts, key=lambda receipt: (receipt.arrived_at, receipt.receipt_id))


def append_lines(world: World, lines: Sequence[Line]) -> None:
    world.effects.append(world.home.receipts, [json.dumps(line, ensure_ascii=False) for line in lines])


def as_line(receipt: Receipt) -> Line:
    return asdict(receipt) | {"arrived_at": receipt.arrived_at.isoformat()}


@cache
def receipt_in(written: bytes) -> Receipt | None:
    """The receipt of a line; None for a stamp alone. Asked for at every step, of lines that never change."""
    line: Line = json.loads(written)
    if "receipt_id" not in line:
        return None
    values = {name: line[name] for name in Receipt.__dataclass_fields__}
    return Receipt(**values | {"arrived_at": datetime.fromisoformat(str(line["arrived_at"]))})


def _of_center(receipt: Receipt, channels: dict[str, str]) -> Receipt:
    return replace(receipt, center_id=channels.get(receipt.channel, ""))
