"""collect: received bytes into the raw store under their SHA-256, each arrival as a receipt.

The inbox has one folder a channel and is only read. `arrivals.csv` in it (file, channel, sender,
received_at), where a gateway writes one, says when and from whom a file came; else the file's time does.
"""

import csv
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.submission import Receipt
from tasks.clock import TOKYO
from tasks.world import World

ARRIVALS = "arrivals.csv"
_UNFINISHED = (".part", ".tmp", ".crdownload")
_OF_EDITORS = ("~$", ".")


@dataclass(frozen=True)
class _Arrival:
    path: Path
    file_name: str
    channel: str
    sender: str
    arrived_at: datetime


def read_receipts(world: World) -> list[Receipt]:
    """Every receipt so far, in order of arrival; of a channel unknown then, the center that has it now."""
    channels = {center.channel: center.center_id for center in world.catalog.centers}
    lines = [line for line in _lines(world.home.receipts) if "receipt_id" in line]
    receipts = [_receipt(line, channels) for line in lines]
    return sorted(receipts, key=lambda receipt: (receipt.arrived_at, receipt.receipt_id))


def collect(world: World, center_id: str = "") -> list[str]:
    """Take in what is new in the inbox (of one center, if one is given); the ids of the new receipts."""
    lines = _lines(world.home.receipts)
    seen = {(line["path"], line["size"], line["mtime_ns"]) for line in lines}
    ids = {line.get("receipt_id") for line in lines}
    new: list[dict[str, object]] = []
    for arrival in _arrivals(world, center_id):
        stat = arrival.path.stat()
        stamp = {
            "path": arrival.file_name,
            "size": stat.st_size,
            "mtime_ns": stat.st_mtime_ns,
        }
        if tuple(stamp.values()) in seen:
            continue
        receipt = _take_in(world, arrival)
        known = receipt.receipt_id in ids
        ids.add(receipt.receipt_id)
        new.append(stamp if known else stamp | _as_line(receipt))
    if new:
        world.effects.append(world.home.receipts, [json.dumps(line, ensure_ascii=False) for line in new])
    return [str(line["receipt_id"]) for line in new if "receipt_id" in line]


def _take_in(world: World, arrival: _Arrival) -> Receipt:
    content = arrival.path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    stored = world.home.original(sha256, arrival.file_name)
    if not stored.is_file():
        world.effects.publish(stored, content)
    channels = {center.channel: center.center_id for center in world.catalog.centers}
    return Receipt(
        receipt_id=hashlib.sha256(f"{arrival.file_name}\0{sha256}".encode()).hexdigest()[:16],
        sha256=sha256,
        file_name=arrival.file_name,
        size=len(content),
        channel=arrival.channel,
        center_id=channels.get(arrival.channel, ""),
        sender=arrival.sender,
        arrived_at=arrival.arrived_at,
    )


def _arrivals(world: World, center_id: str) -> Iterator[_Arrival]:
    if not world.inbox.is_dir():
        raise FileNotFoundError(
            f"受付フォルダ「{world.inbox}」がありません。--inbox か NENPO_INBOX を確認してください。"
        )
    stated = _stated_arrivals(world.inbox)
    channels = {c.channel for c in world.catalog.centers if c.center_id == center_id}
    for path in sorted(world.inbox.rglob("*")):
        # A name in bytes that are no UTF-8 (a zip from Windows) is shown with its bytes escaped.
        name = os.fsencode(path.relative_to(world.inbox).as_posix()).decode("utf-8", "backslashreplace")
        if not path.is_file() or path.is_symlink() or "/" not in name or _is_unfinished(path):
            continue
        channel, sender, arrived_at = stated.get(
            name,
            (name.partition("/")[0], "", datetime.fromtimestamp(path.stat().st_mtime, UTC)),
        )
        if not center_id or channel in channels:
            yield _Arrival(path, name, channel, sender, arrived_at)


def _is_unfinished(path: Path) -> bool:
    return path.name.startswith(_OF_EDITORS) or path.suffix in _UNFINISHED


def _stated_arrivals(inbox: Path) -> dict[str, tuple[str, str, datetime]]:
    if not (inbox / ARRIVALS).is_file():
        return {}
    with (inbox / ARRIVALS).open(encoding="utf-8-sig", newline="") as file:
        return {
            row["file"]: (
                row["channel"],
                row["sender"],
                _utc(datetime.fromisoformat(row["received_at"])),
            )
            for row in csv.DictReader(file)
        }


def _utc(moment: datetime) -> datetime:
    """A moment without an offset is Japanese time, wherever the machine stands."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)).astimezone(UTC)


def _lines(path: Path) -> list[dict[str, object]]:
    if not path.is_file():
        return []
    # A line without its end was cut by a crash: that arrival is taken in again.
    whole = path.read_text(encoding="utf-8").rpartition("\n")[0]
    return [json.loads(line) for line in whole.split("\n") if line]


def _as_line(receipt: Receipt) -> dict[str, object]:
    return asdict(receipt) | {"arrived_at": receipt.arrived_at.isoformat()}


def _receipt(line: dict[str, object], channels: dict[str, str]) -> Receipt:
    values = {name: line[name] for name in Receipt.__dataclass_fields__}
    values["center_id"] = line["center_id"] or channels.get(str(line["channel"]), "")
    values["arrived_at"] = datetime.fromisoformat(str(line["arrived_at"]))
    return Receipt(**values)  # type: ignore[arg-type]
