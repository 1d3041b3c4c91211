"""receipts: every arrival so far, one line each beside the raw store; a receipt never changes.

Other lines are stamps (path, size, mtime_ns) of files that had come before.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from schemas.submission import Receipt
from tasks.lines import read_lines
from tasks.world import World

Line = dict[str, Any]


def read_receipts(world: World) -> list[Receipt]:
    """Every receipt so far, in order of arrival; of a channel unknown then, the center that has it now."""
    channels = {center.channel: center.center_id for center in world.catalog.centers}
    lines = read_lines(world.home.receipts)
    receipts = [_receipt(line, channels) for line in lines if "receipt_id" in line]
    return sorted(receipts, key=lambda receipt: (receipt.arrived_at, receipt.receipt_id))


def append_lines(world: World, lines: Sequence[Line]) -> None:
    world.effects.append(world.home.receipts, [json.dumps(line, ensure_ascii=False) for line in lines])


def as_line(receipt: Receipt) -> Line:
    return asdict(receipt) | {"arrived_at": receipt.arrived_at.isoformat()}


def _receipt(line: Line, channels: dict[str, str]) -> Receipt:
    values = {name: line[name] for name in Receipt.__dataclass_fields__}
    values["center_id"] = line["center_id"] or channels.get(str(line["channel"]), "")
    values["arrived_at"] = datetime.fromisoformat(str(line["arrived_at"]))
    return Receipt(**values)
