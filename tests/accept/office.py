"""One LibreOffice without a window, in a profile of its own, that opens, fills in and saves workbooks."""

import json
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired, run
from types import TracebackType
from typing import Any, Self

SCRIPT = Path(__file__).with_name("fill_in_libreoffice.py")
SYSTEM_PYTHON = "/usr/bin/python3"  # the one that the distribution's python3-uno belongs to
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>ja-JP</value></prop>
</item>
</oor:items>
"""

Typing = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Job:
    """A workbook to open, where to save it, and what to type: sheet -> cell -> number, text or date."""

    path: Path
    saved: Path
    cells: Typing = field(default_factory=dict)


class Office:
    """A running LibreOffice, Japanese as at a center; it ends with the `with`, by its process id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pipe = f"nenpo_{os.getpid()}"
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")

    def __enter__(self) -> Self:
        command = [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            f"-env:UserInstallation={(self._folder / 'profile').as_uri()}",
            f"--accept=pipe,name={self._pipe};urp",
        ]
        self._process = Popen(command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True)
        return self

    def do(self, jobs: Sequence[Job]) -> list[list[list[str]]]:
        """Open, type and save; of each job what LibreOffice would not have taken: sheet, cell, text."""
        for job in jobs:
            job.saved.parent.mkdir(parents=True, exist_ok=True)
        file = self._folder / "jobs.json"
        file.write_text(json.dumps([asdict(job) for job in jobs], default=_plain), encoding="utf-8")
        done = run([SYSTEM_PYTHON, SCRIPT, self._pipe, file], stdout=PIPE, timeout=900, check=True)
        return list(json.loads(done.stdout))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(30)
            except TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _plain(value: Any) -> Any:
    return {"date": value.isoformat()[:10]} if isinstance(value, date) else str(value)
