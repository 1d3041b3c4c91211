"""The published FY2021 report as committed with the sample year: what the walk must give back."""

import csv
from pathlib import Path

PATTERNS = Path(__file__).parents[1] / "samples" / "patterns"
CENTER_TOTALS = {
    "industry": 346_390,
    "sme": 78_941,
    "electronics": 214_812,
    "icc": 47_764,
    "projects": 10_453,
}

Key = tuple[str, str, str, str]


def published_numbers() -> dict[Key, float]:
    """(section, letter, indicator, qualifier) to the printed number, for the 88 numeric facts."""
    with (PATTERNS / "published_2021.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["section"], row["letter"], row["title"], row["qualifier"]): float(row["value"])
            for row in csv.DictReader(file)
            if row["kind"] == "numeric"
        }
