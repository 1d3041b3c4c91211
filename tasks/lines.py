"""lines: files of JSON lines that only grow. Nobody reads a line that its writer has not made durable."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def raw_lines(path: Path) -> list[bytes]:
    """The lines of a file, oldest first; none without the file."""
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
