"""The days on which a facility was shut in a year, as footnotes of the figures that it bears on."""

from schemas.catalog import Catalog
from schemas.catalog_rows import Closure
from schemas.period import Period

# Shorter ones are the holidays of every year.
SHORTEST_DAYS = 7


def closure_notes(catalog: Catalog, fiscal_year: int) -> dict[str, str]:
    """Facility id to its footnote, for the facilities that were shut for a week or more."""
    year = Period("year", fiscal_year)
    notes = {}
    for facility in catalog.in_year(fiscal_year).facilities:
        shut = [
            row
            for row in catalog.closures
            if row.facility_id == facility.facility_id
            and row.closed_from <= year.last_day
            and row.closed_to >= year.first_day
            and (row.closed_to - row.closed_from).days >= SHORTEST_DAYS
        ]
        if shut:
            days = "、".join(map(_days, shut))
            reasons = "、".join(dict.fromkeys(row.reason for row in shut))
            notes[facility.facility_id] = f"{facility.facility_name}: {days} {reasons}"
    return notes


def _days(row: Closure) -> str:
    start, end = row.closed_from, row.closed_to
    return f"{start.year}年{start.month}月{start.day}日～{end.month}月{end.day}日"
