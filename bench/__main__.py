"""The bench: `python -m bench [--large]`. Runs its parts, keeps what they print, writes the README's section.

Each part is a program of its own that prints `goal NAME met|unmet VALUE LIMIT` and `note NAME VALUE`. What it
printed stands in docs/speed/PART.txt, under when, where and with what. Exit code 1: a goal is unmet.
"""

import argparse
import os
import platform
import subprocess
import sys
from datetime import datetime
from importlib.metadata import version

from bench.measure import ROOT
from bench.page import KEPT, write_page
from tasks.clock import TOKYO

PARTS = ("side_by_side", "sample_year", "guard")
LARGE_PARTS = ("large", "growth", "readers")
PACKAGES = ("prefect", "great-expectations", "pandas", "pyarrow", "sqlalchemy", "python-calamine", "psycopg")


def main() -> int:
    """Run the parts; 1 if a goal of one is unmet or one did not come to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--only", choices=(*PARTS, *LARGE_PARTS))
    given = parser.parse_args()
    parts = LARGE_PARTS if given.large else PARTS
    codes = [_run(part) for part in ([given.only] if given.only else parts)]
    write_page()
    return max(codes)


def _run(part: str) -> int:
    """Run a part, showing its lines as they come; they are kept if it came to its end."""
    lines = [f"measured {datetime.now(TOKYO):%Y-%m-%d}", f"machine {_machine()}", f"versions {_versions()}"]
    command = [sys.executable, "-m", f"bench.{part}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            if line.startswith(("goal ", "note ")):
                lines.append(line.rstrip())
    if running.returncode in (0, 1) and any(line.startswith("goal ") for line in lines):
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{part}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return running.returncode


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"


def _versions() -> str:
    ours = [f"{name} {version(name)}" for name in PACKAGES]
    return ", ".join([f"Python {platform.python_version()}", *ours])


if __name__ == "__main__":
    sys.exit(main())
