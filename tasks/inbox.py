"""inbox: what lies in the folders of the channels, and its bytes, if it can be taken in at all.

An inbox is only read. `arrivals.csv` in it (file, channel, sender, received_at), where a gateway writes
one, says when and from whom a file came; else its folder and its time do. Files that an editor or a
download is still at work on are left alone, by their name.
"""

import csv
import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tasks.clock import TOKYO
from tasks.guard.limits import LARGEST_FILE
from tasks.world import World

ARRIVALS = "arrivals.csv"
_UNFINISHED = (".part", ".tmp", ".crdownload")
_OF_EDITORS = ("~$", ".")
_OF_SYSTEMS = ("thumbs.db", "desktop.ini")
# Never through a link, never waiting for a pipe's other end, never a terminal of ours.
_HOW = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class StillArriving(Exception):
    """The file changed while it was looked at."""


@dataclass(frozen=True)
class Arrival:
    """Something in the inbox. `name` is its path there, as text; `refused` why it cannot be taken in."""

    path: str
    name: str
    channel: str
    sender: str
    arrived_at: datetime
    size: int
    mtime_ns: int
    refused: str

    @property
    def stamp(self) -> dict[str, str | int]:
        """What tells that it has not changed since it was last seen."""
        return {"path": self.name, "size": self.size, "mtime_ns": self.mtime_ns}


def arrivals(world: World, center_id: str = "") -> list[Arrival]:
    """All that lies in the inbox (of one center, if one is given), by name; FileNotFoundError without one."""
    if not world.inbox.is_dir():
        raise FileNotFoundError(
            f"受付フォルダ「{world.inbox}」がありません。--inbox か NENPO_INBOX を確認してください。"
        )
    stated = _stated(world.inbox / ARRIVALS)
    channels = {c.channel for c in world.catalog.centers if c.center_id == center_id}
    found = (_arrival(world.inbox, path, stated) for path in _paths(world.inbox))
    return [arrival for arrival in found if arrival and (not center_id or arrival.channel in channels)]


def take(arrival: Arrival) -> bytes:
    """The bytes of a file that has not changed since it was seen; StillArriving, or OSError from the disk."""
    handle = os.open(arrival.path, _HOW)
    try:
        before = os.fstat(handle)
        with os.fdopen(os.dup(handle), "rb") as file:
            content = file.read(arrival.size + 1)
        after = os.fstat(handle)
    finally:
        os.close(handle)
    seen = {(s.st_size, s.st_mtime_ns, stat.S_ISREG(s.st_mode)) for s in (before, after)}
    if seen != {(arrival.size, arrival.mtime_ns, True)} or len(content) != arrival.size:
        raise StillArriving(arrival.name)
    return content


def name_of(path: str) -> str:
    """A path as text that tells every path from every other: bytes that are no UTF-8 stand escaped.

    So do controls and marks of direction, which would show another name than the one there is.
    """
    text = os.fsencode(path).decode("utf-8", "surrogateescape")
    return text if text.isprintable() and "\\" not in text else "".join(map(_shown, text))


def _shown(letter: str) -> str:
    if letter == "\\":
        return "\\\\"
    if "\udc80" <= letter <= "\udcff":
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter if letter == "　" or letter.isprintable() else f"\\u{ord(letter):04x}"


def _paths(inbox: Path) -> Iterator[str]:
    """What lies in the inbox, by its path there."""
    for folder, folders, files in os.walk(inbox):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        folders[:] = sorted(name for name in folders if name not in links and not _is_left(name))
        within = "" if folder == str(inbox) else f"{os.path.relpath(folder, inbox)}/"
        for name in sorted([*files, *links]):
            if not _is_left(name) and within + name != ARRIVALS:
                yield within + name


def _is_left(name: str) -> bool:
    """Whether a name says that an editor, a download or the system made it, and not a center."""
    return name.startswith(_OF_EDITORS) or name.endswith(_UNFINISHED) or name.lower() in _OF_SYSTEMS


def _arrival(inbox: Path, within: str, stated: dict[str, tuple[str, str, datetime]]) -> Arrival | None:
    path = f"{inbox}/{within}"
    try:
        seen = os.lstat(path)
    except FileNotFoundError:
        return None  # taken away since the folder was listed
    name = name_of(within)
    folder = name.partition("/")[0] if "/" in name else ""
    channel, sender, arrived_at = stated.get(name) or (folder, "", _moment(seen.st_mtime))
    return Arrival(
        path, name, channel, sender, arrived_at, seen.st_size, seen.st_mtime_ns, _why_not(path, seen)
    )


def _why_not(path: str, seen: os.stat_result) -> str:
    """The code of what keeps a thing from being taken in: it is no file of one name, too large, or locked."""
    if not stat.S_ISREG(seen.st_mode) or seen.st_nlink != 1:
        return "NOT_A_FILE"
    if seen.st_size > LARGEST_FILE:
        return "TOO_LARGE"
    return "" if os.access(path, os.R_OK) else "NO_PERMISSION"


def _moment(seconds: float) -> datetime:
    """A file's time; one that no calendar has counts as the oldest."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _stated(file: Path) -> dict[str, tuple[str, str, datetime]]:
    """What a gateway says of each file; a line that cannot be read is as if it were not there."""
    if not file.is_file() or file.is_symlink():
        return {}
    stated = {}
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            moment = _utc(datetime.fromisoformat(row["received_at"]))
            stated[row["file"]] = (row["channel"], row["sender"] or "", moment)
        except (KeyError, TypeError, ValueError, OverflowError):
            logging.getLogger(__name__).warning(
                "%s の%d行目が読めません（file,channel,sender,received_at）。ファイルの時刻で受け付けます。",
                ARRIVALS,
                number,
            )
    return stated


def _utc(moment: datetime) -> datetime:
    """A moment without an offset is Japanese time, wherever the machine stands."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)).astimezone(UTC)
