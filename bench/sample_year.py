"""What the sample year costs, and a night with nothing new: `make bench`.

Prints one line a goal: `goal NAME met|unmet VALUE LIMIT`. The flow runs as a command does, against a
Prefect server that is running already, with everything compiled to bytecode.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from bench.measure import ROOT, cost, goal, note
from bench.serving import compile_all, server
from flows.command import ALL_IN, WITH_REFUSALS

INBOX = ROOT / "samples" / "inbox"

YEARS, QUIET_NIGHTS = 3, 5
YEAR_SECONDS, QUIET_SECONDS, MEBIBYTES = 15.0, 2.75, 550.0


def main() -> int:
    """Measure and print; 1 if a goal is unmet."""
    compile_all()
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-") as folder, server(Path(folder)) as environment:
        years, quiet = [], []
        for number in range(YEARS):
            home = Path(folder) / f"home{number}"
            years.append(cost(_command(home), environment, WITH_REFUSALS))
        for _ in range(QUIET_NIGHTS):
            quiet.append(cost(_command(home), environment, ALL_IN))
        imported = _imports_of_a_quiet_night(home, environment)
    goals = [
        goal("sample-year-seconds", median(one.seconds for one in years), YEAR_SECONDS),
        goal("quiet-night-seconds", median(one.seconds for one in quiet), QUIET_SECONDS),
        goal("quiet-night-imports-of-great-expectations", imported, 0),
        goal("sample-year-mebibytes", median(one.mebibytes for one in years), MEBIBYTES),
    ]
    note("quiet-night-mebibytes", median(one.mebibytes for one in quiet))
    return 0 if all(goals) else 1


def _command(home: Path, *options: str) -> list[str]:
    return [sys.executable, *options, "-m", "flows.nightly", "--inbox", str(INBOX), "--home", str(home)]


def _imports_of_a_quiet_night(home: Path, environment: Mapping[str, str]) -> int:
    """How many modules of Great Expectations a night with nothing new imports."""
    done = subprocess.run(
        _command(home, "-X", "importtime"),
        cwd=ROOT,
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    names = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines()]
    return sum(name.partition(".")[0] == "great_expectations" for name in names)


if __name__ == "__main__":
    sys.exit(main())
