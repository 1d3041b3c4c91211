"""Effects that see whether a run touches its home or its warehouse behind their back."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from tasks.effects import Effects

QUESTIONS = ("SELECT", "WITH", "PRAGMA", "BEGIN")
TOUCHING = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link", "os.symlink")
FOLLOWED = {"create": "write", "write": "fsync", "rename": "fsync", "mkdir": "fsync"}
"""What a power cut could undo, and what must come at once so that it cannot."""

STARTING = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")


class Watched(Effects):
    """`unseen` lists what happened outside of every effect, `order` the effects by name."""

    def __init__(self) -> None:
        super().__init__()
        self.unseen: list[str] = []
        self.order: list[str] = []
        self._inside = threading.local()

    @contextmanager
    def _effect(
        self, name: str, connection: Connection | None = None, half: Callable[[], None] | None = None
    ) -> Iterator[None]:
        self._inside.it = True
        self.order.append(name)
        try:
            with super()._effect(name, connection, half):
                yield
        finally:
            self._inside.it = False

    def watch(self, root: Path, locks: Path, engine: Engine) -> None:
        """From here on, for good: a process cannot be told to look no more."""

        def audited(name: str, arguments: tuple[Any, ...]) -> None:
            if name in STARTING or (_writes(name, arguments) and _is_below(arguments[0], root, locks)):
                self._note(f"{name} {arguments[0]}")

        sys.addaudithook(audited)
        event.listen(engine, "before_cursor_execute", self._asked)
        event.listen(engine, "commit", lambda _: self._note("commit"))

    def undurable(self) -> Iterator[str]:
        """Where a file is put in place before it is on the disk, or not seen to be there for good."""
        for first, second in pairwise(self.order):
            if FOLLOWED.get(first, second) != second or (second == "rename" and first != "fsync"):
                yield f"{first} is followed by {second}: a power cut could undo it"

    def _asked(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(QUESTIONS):
            self._note(statement[:80])

    def _note(self, what: str) -> None:
        if not getattr(self._inside, "it", False):
            self.unseen.append(f"outside of the effects: {what}")


def _writes(name: str, arguments: tuple[Any, ...]) -> bool:
    if name != "open":
        return name in TOUCHING
    return bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _is_below(path: Any, root: Path, locks: Path) -> bool:
    if isinstance(path, int) or path is None:
        return False
    return os.fsdecode(path).startswith(f"{root}/") and not os.fsdecode(path).startswith(f"{locks}/")
