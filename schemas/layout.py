"""The headings of exports that carry none: one CSV file a package in `schemas/layouts/`."""

import csv
from functools import lru_cache
from pathlib import Path


@lru_cache
def load_layout(name: str) -> tuple[str, ...]:
    """The headings of a layout, from left to right."""
    path = Path(__file__).parent / "layouts" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(row["heading"] for row in csv.DictReader(file))
