"""receipts: every arrival so far, one line each beside the raw store; a receipt never changes."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from schemas.submission import Receipt
from tasks.home import Home
from tasks.world import World

Line = dict[str, Any]


def read_receipts(world: World) -> list[Receipt]:
    """Every receipt so far, in order of arrival; of a channel unknown then, the center that has it now."""
    channels = {center.channel: center.center_id for center in world.catalog.centers}
    receipts = [_receipt(line, channels) for line in read_lines(world.home) if "receipt_id" in line]
    return sorted(receipts, key=lambda receipt: (receipt.arrived_at, receipt.receipt_id))


def read_lines(home: Home) -> list[Line]:
    """All lines: receipts, and stamps (path, size, mtime_ns) of files that had come before."""
    if not home.receipts.is_file():
        return []
    # A line without its end was cut by a crash: that arrival is taken in again.
    whole = home.receipts.read_text(encoding="utf-8").rpartition("\n")[0]
    return [json.loads(line) for line in whole.split("\n") if line]


def append_lines(world: World, lines: Sequence[Line]) -> None:
    world.effects.append(world.home.receipts, [json.dumps(line, ensure_ascii=False) for line in lines])


def as_line(receipt: Receipt) -> Line:
    return asdict(receipt) | {"arrived_at": receipt.arrived_at.isoformat()}


def _receipt(line: Line, channels: dict[str, str]) -> Receipt:
    values = {name: line[name] for name in Receipt.__dataclass_fields__}
    values["center_id"] = line["center_id"] or channels.get(str(line["channel"]), "")
    values["arrived_at"] = datetime.fromisoformat(str(line["arrived_at"]))
    return Receipt(**values)
