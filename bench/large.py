"""The year of a national body, 10,000 workbooks, beside a night of 1,000: part of `make bench-large`."""

import sys
import tempfile
from pathlib import Path

from bench.measure import Cost, cost, goal, note
from bench.postgres import Databases, databases
from bench.serving import compile_all
from bench.workload import A, C, Size, make

SHARE, MEBIBYTES = 1.0, 800.0


def main() -> int:
    """Measure and print; 1 if a goal is unmet."""
    compile_all()
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-") as name, databases() as new:
        found = {size.name: _walked(Path(name) / size.name, new, size) for size in (A, C)}
        speeds = {size.name: size.rows / found[size.name].seconds for size in (A, C)}
        for size in (A, C):
            note(f"large-{size.name}-seconds", found[size.name].seconds)
            note(f"large-{size.name}-rows-a-second", round(speeds[size.name]))
        for step, seconds in found["C"].said["steps"].items():
            note(f"large-C-{step}-seconds", seconds)
        met = [
            goal("C-rows-a-second-beside-A", speeds["C"] / speeds["A"], SHARE, at_least=True),
            goal("C-mebibytes", found["C"].mebibytes, MEBIBYTES),
        ]
    return 0 if all(met) else 1


def _walked(folder: Path, new: Databases, size: Size) -> Cost:
    """Everything from nothing, in a process of its own; RuntimeError unless every row is loaded."""
    make(folder, size)
    found = cost([sys.executable, "-m", "bench.ours", folder, new(), folder / "home"])
    if found.said["rows"] != size.rows:
        raise RuntimeError(f"{found.said['rows']} rows loaded, not {size.rows}")
    return found


if __name__ == "__main__":
    sys.exit(main())
