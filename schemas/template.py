"""The version of a blank form as it was made for one center and year; it stands on the form's cover."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import get_args

from schemas.catalog import Catalog
from schemas.form import Form
from schemas.period import Frequency, Period, periods_of


def template_version(catalog: Catalog, center_id: str, form: Form, period: Period) -> str:
    """E.g. R03-5f3a9c21: another when a heading, a choice, a name or a row of that center's form is another.

    `catalog` is that of the year. The same for all periods of a year.
    """
    digest = hashlib.sha256(f"{form.id} {form.title} {center_id}".encode())
    for column in form.columns:
        digest.update(repr((column.heading, column.type, column.choices)).encode())
    programs = [(p.printed_number, p.program_name) for p in catalog.programs if p.center_id == center_id]
    names = [row.series_name for row in catalog.series_of(center_id, form.id)]
    months = [month for month in periods_of(period.fiscal_year) if month.frequency == "month"]
    rows = ", ".join(_rows_by_month(catalog, center_id, form, months))
    digest.update(f"({programs!r}, {names!r}, [{rows}])".encode())
    return f"R{period.fiscal_year - 2018:02d}-{digest.hexdigest()[:8]}"


def _rows_by_month(catalog: Catalog, center_id: str, form: Form, months: Sequence[Period]) -> Iterator[str]:
    """The rows of each month's form, written once for all months that ask for the same."""
    written: dict[tuple[bool, ...], str] = {}
    for month in months:
        asked = tuple(map(month.closes, get_args(Frequency)))
        if asked not in written:
            rows = catalog.rows_of(center_id, form.id, month)
            written[asked] = repr([(row.label, row.unit) for row in rows])
        yield written[asked]
