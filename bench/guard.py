"""What guarded and isolated reading costs beside the bare parser: `make bench`, or `python -m bench.guard`.

1,000 workbooks of a full month, made by our own writers, are read by calamine in one process, and by the
reader processes behind the guard; the sample year is walked with them and without. All in one run, so that
ratios hold on a busy machine too. Prints one line a goal: `goal NAME met|unmet VALUE LIMIT`.
"""

import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from python_calamine import CalamineWorkbook

from bench.measure import goal, note
from samples.lines import lines_of
from samples.make_year import CATALOG, INBOX
from samples.spread import spending_by_month
from samples.tables import performance_by_month
from schemas.catalog import Catalog, load_catalog
from schemas.period import FISCAL_MONTHS, Period
from tasks import decide
from tasks.collect import collect
from tasks.effects import Effects
from tasks.guard.book import guard_workbook
from tasks.home import Home
from tasks.load import load
from tasks.read import read_files
from tasks.reader import read_cells
from tasks.template.content import Content
from tasks.template.workbook import monthly_workbook
from tasks.world import World
from warehouse.engine import connect

BOOKS, ROUNDS = 1_000, 3
FULLEST = "industry"
RATIO, WALK_RATIO = 2.1, 1.15


def main() -> int:
    """Measure and print; 1 if a goal is unmet."""
    catalog = load_catalog(CATALOG)
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-") as folder:
        paths = list(_write(Path(folder), catalog))
        rounds = [_round(paths) for _ in range(ROUNDS)]
        walks = {name: _walked(Path(folder) / name, catalog, reading) for name, reading in _READINGS.items()}
    bare, guard, isolated, processor = (median(found) for found in zip(*rounds, strict=True))
    ratio = median(found[2] / found[0] for found in rounds)
    note("bare-milliseconds-a-workbook", bare * 1000 / BOOKS)
    note("guard-milliseconds-a-workbook", guard * 1000 / BOOKS)
    note("guarded-and-isolated-milliseconds-a-workbook", isolated * 1000 / BOOKS)
    note("processor-of-all-beside-bare", processor / bare)
    for name, seconds in walks.items():
        note(f"walk-of-the-sample-year-{name}-seconds", seconds)
    goals = [
        goal("guarded-and-isolated-beside-bare", ratio, RATIO),
        goal(
            "walk-guarded-and-isolated-beside-bare", walks["guarded-and-isolated"] / walks["bare"], WALK_RATIO
        ),
    ]
    return 0 if all(goals) else 1


def _write(folder: Path, catalog: Catalog) -> Iterator[Path]:
    """Each with another revision and month, named by its hash as in the raw store."""
    performance, spending = performance_by_month(), spending_by_month()
    of_year = catalog.in_year(2021)
    lines_by_month = {
        month: {
            name: lines_of(of_year, name, FULLEST, Period("month", 2021, month))
            for name in ("event", "client", "spending")
        }
        for month in FISCAL_MONTHS
    }
    for number in range(BOOKS):
        period = Period("month", 2021, FISCAL_MONTHS[number % 12])
        lines = lines_by_month[period.number]
        content = Content(
            performance[period.number], {}, spending[period.number], {}, lines, number + 1, "R4.4.1", "総務係"
        )
        made = monthly_workbook(catalog, FULLEST, period, content)
        path = folder / f"{hashlib.sha256(made).hexdigest()}.xlsx"
        path.write_bytes(made)
        yield path


def _round(paths: list[Path]) -> tuple[float, float, float, float]:
    """Seconds of the bare parser, of the guard alone, of both in isolation; and their processor seconds."""
    bare = _seconds(lambda: [_parsed(path) for path in paths])
    guard = _seconds(lambda: [guard_workbook(path.read_bytes()) and None for path in paths])
    before = _processor()
    isolated = _seconds(lambda: [None for cells in read_files(Effects(), paths) if _sound(cells)])
    return bare, guard, isolated, _processor() - before


def _seconds(run: Callable[[], Any]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _processor() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _parsed(path: Path) -> int:
    workbook = CalamineWorkbook.from_path(str(path))
    return sum(len(workbook.get_sheet_by_index(n).to_python()) for n in range(len(workbook.sheet_names)))


def _sound(cells: dict[str, Any]) -> bool:
    if "refused" in cells:
        raise RuntimeError(cells)
    return True


def _walked(folder: Path, catalog: Catalog, reading: Callable[..., Any]) -> float:
    """Seconds of collecting, judging and loading the sample year."""
    folder.mkdir()
    home = Home(folder)
    engine = connect(home.warehouse_url)
    world = World(INBOX, home, catalog, lambda: datetime(2022, 7, 1, tzinfo=UTC), Effects(), engine)
    usual, decide.read_files = decide.read_files, reading  # type: ignore[attr-defined]
    try:
        return _seconds(lambda: _walk(world))
    finally:
        decide.read_files = usual  # type: ignore[attr-defined]
        engine.dispose()


def _walk(world: World) -> None:
    collect(world)
    for batch in decide.undecided(world):
        decide.decide(world, batch)
    load(world)


def unguarded(effects: Effects, paths: Iterable[Path]) -> Iterator[Any]:
    """What the walk would read by the bare parser, in its own process."""
    for path in paths:
        yield _bare_cells(path) if path.suffix == ".xlsx" else read_cells(str(path))


def _bare_cells(path: Path) -> dict[str, Any]:
    workbook = CalamineWorkbook.from_path(str(path))
    return {"sheets": [_bare_sheet(workbook, n) for n in range(len(workbook.sheet_names))]}


def _bare_sheet(workbook: CalamineWorkbook, number: int) -> dict[str, Any]:
    sheet, known = workbook.get_sheet_by_index(number), workbook.sheets_metadata[number]
    top, left = sheet.start or (0, 0)
    return {
        "name": known.name,
        "kind": "sheet",
        "is_visible": "Visible" in str(known.visible),
        "top": top,
        "left": left,
        "rows": [[_day(value) for value in row] for row in sheet.to_python()],
        "merged": [[*start, *end] for start, end in sheet.merged_cell_ranges or []],
    }


def _day(value: Any) -> Any:
    return {"date": value.isoformat()[:10]} if hasattr(value, "isoformat") else value


# The first walk imports Great Expectations: it is not counted.
_READINGS: dict[str, Callable[..., Any]] = {
    "first": read_files,
    "guarded-and-isolated": read_files,
    "bare": unguarded,
}

if __name__ == "__main__":
    sys.exit(main())
