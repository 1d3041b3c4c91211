"""The sample's own tables: the CSV files of `samples/patterns/`, read into plain rows."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from schemas.period import FISCAL_MONTHS

PATTERNS = Path(__file__).parent / "patterns"
_FOLDER = ContextVar("folder", default=PATTERNS)


@contextmanager
def patterns_of(folder: Path) -> Iterator[None]:
    """Within the block, the tables are those of another folder: a year of other numbers."""
    before = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(before)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a pattern file, by heading."""
    with (_FOLDER.get() / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def number_or_text(text: str) -> int | float | str:
    """What a cell of a pattern file holds: a count, a size (with a decimal point) or a mark such as －."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def performance_by_month() -> dict[int, dict[str, int | float | str]]:
    """Calendar month -> indicator id -> the value to type; without indicators that a month has no row for."""
    rows = table("performance")
    return {
        month: {row["indicator_id"]: number_or_text(row[str(month)]) for row in rows if row[str(month)]}
        for month in FISCAL_MONTHS
    }


def cumulated(months: Iterable[dict[str, int | float | str]]) -> dict[str, int | float]:
    """Sums by key over months; marks count as nothing."""
    sums: dict[str, int | float] = {}
    for values in months:
        for key, value in values.items():
            sums[key] = sums.get(key, 0) + (0 if isinstance(value, str) else value)
    return sums
