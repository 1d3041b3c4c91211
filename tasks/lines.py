"""lines: files of JSON lines that only grow. Nobody reads a line that its writer has not made durable."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects in a file, oldest first; none without the file."""
    return [json.loads(line) for line in raw_lines(path)]


def raw_lines(path: Path) -> list[bytes]:
    """The lines of a file as they stand there, for those who remember what they made of each."""
    if not path.is_file():
        return []
    with locked(path, fcntl.LOCK_SH):
        content = path.read_bytes()
    return [line for line in content[: whole(content)].splitlines() if line]


def whole(content: bytes) -> int:
    """How many bytes are whole lines: a last line without its end was cut by a crash, and never said."""
    return content.rfind(b"\n") + 1


@contextmanager
def locked(path: Path, how: int) -> Iterator[None]:
    """Wait for the writer of a file (LOCK_SH) or for everybody (LOCK_EX), and keep them waiting."""
    with path.open("rb") as file:
        fcntl.flock(file, how)
        yield
