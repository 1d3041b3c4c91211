"""What is no sheet: an export's lines, known by their headings, and what a web form posts.

An export says nothing of itself: its center is the channel's, its period that of most of its lines, the
day on which it is stated that of its arrival. A posted object says all that a cover does.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms import FORMS
from schemas.forms.cover import COVER, HALVES
from schemas.period import Period, period_of
from schemas.submission import Receipt
from schemas.values import folded
from tasks.clock import tokyo_day
from tasks.convert import BLANK, Converted, Converter
from tasks.cover import Field
from tasks.grid import Grid
from tasks.headings import Headings

# A mistyped heading must not make a form unknown: so much of it is enough.
KNOWN_SHARE = 0.6
LOOKED_AT = 1_000


def export(grid: Grid) -> Iterator[tuple[Grid, Form]]:
    """The form of a file of lines, by the headings in its first line."""
    if not grid.rows:
        return
    first = tuple(grid.text(0, column) for column in range(len(grid.rows[0])))
    shares = {form: _share(form, first) for form in FORMS if "csv" in form.channels}
    best = max(shares, key=lambda form: shares[form])
    has_lines = any(cell is not None for row in grid.rows[1:] for cell in row)
    if shares[best] >= KNOWN_SHARE and has_lines:
        yield replace(grid, headings=first), best


def _share(form: Form, headings: tuple[str, ...]) -> float:
    known = form.by_heading
    found = {known[folded(heading)].id for heading in headings if folded(heading) in known}
    return len(found) / sum(not column.is_optional for column in form.columns)


def posted(grid: Grid) -> Iterator[tuple[Grid, Form]]:
    """The form that a posted object names; columns that no row has stand behind those that one has."""
    for form in FORMS:
        if "json" in form.channels and grid.fields.get("form") == form.id:
            ids = [column.id for column in form.columns if column.id not in grid.headings]
            yield replace(grid, headings=(*grid.headings, *ids)), form


def cover_of_export(grid: Grid, headings: Headings, form: Form, receipt: Receipt) -> dict[str, Field]:
    """The cover that an export has not, blamed on the first cell that tells its period."""
    period, address = _period(grid, headings, form)
    is_half = period is not None and period.frequency == "half"
    values = {
        "center_id": receipt.center_id or None,
        "fiscal_year": period.fiscal_year if period else None,
        "month": period.number if period and period.frequency == "month" else None,
        "half": HALVES[period.number - 1] if period and is_half else None,
        "stated_on": tokyo_day(receipt.arrived_at),
    }
    return {column.id: Field(Converted(values.get(column.id)), address) for column in COVER.columns}


def _period(grid: Grid, headings: Headings, form: Form) -> tuple[Period | None, str]:
    """The period that most lines are of (the earlier one of two), and the cell that first says so."""
    if not form.period_column:
        year = grid.derived.fiscal_year if grid.derived else None
        return Period("year", year) if year else None, grid.address(0, grid.left)
    position = headings.columns.get(form.period_column, 0)
    column, converter = form.column(form.period_column), Converter(Catalog(), "")
    periods: dict[int, Period] = {}
    for row in range(headings.first_row, min(grid.bottom, headings.first_row + LOOKED_AT)):
        day = converter.convert(column, grid.cell(row, position), {}).value
        if isinstance(day, date):
            periods[row] = period_of(day, form.frequency)
    if not periods:
        return None, grid.address(headings.first_row, position)
    counts = Counter(periods.values())
    most = min(counts, key=lambda period: (-counts[period], period.first_day))
    row = next(row for row, period in periods.items() if period == most)
    return most, grid.address(row, position)


def cover_of_object(grid: Grid, converter: Converter) -> dict[str, Field]:
    """The cover that an object's fields are."""
    cover = {}
    for column in COVER.columns:
        cell = grid.fields.get(column.id)
        found = BLANK if cell is None else converter.convert(column, cell, {})
        cover[column.id] = Field(found, f"/{column.id}")
    return cover
