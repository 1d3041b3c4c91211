"""Lines as other systems send them: a form service's CSV export and the JSON that a web form posts.

The same rows give the same bytes.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date

from samples.wording import written
from schemas.catalog import Catalog
from schemas.form import Column, Form
from schemas.period import Period
from tasks.template.book import Cell

Rows = Sequence[Mapping[str, Cell]]


def exported(form: Form, rows: Rows) -> bytes:
    """One line of headings, one line a row; CP932 with CRLF. UnicodeEncodeError for a letter beyond it."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(column.heading for column in form.columns)
    for row in rows:
        writer.writerow(_as_exported(row.get(column.id)) for column in form.columns)
    return lines.getvalue().encode("cp932")


def posted(
    form: Form,
    catalog: Catalog,
    center_id: str,
    period: Period,
    rows: Rows,
    revision: int,
    stated_on: date,
    submitter: str,
) -> bytes:
    """The cover, rows and totals by column id; blanks are left out, and the month of a longer period too."""
    fields: dict[str, object] = {
        "form": form.id,
        "center_id": catalog.center[center_id].center_name,
        "fiscal_year": period.fiscal_year,
    }
    if period.frequency == "month":
        fields["month"] = period.number
    fields |= {
        "revision": revision,
        "stated_on": stated_on.isoformat(),
        "submitter": submitter,
        "rows": [_as_posted(form, row) for row in rows],
    }
    if totals := {column.id: _total(column, rows) for column in form.columns if column.is_totaled}:
        fields["totals"] = totals
    return (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()


def _total(column: Column, rows: Rows) -> float:
    """As the web form adds up what was typed as a number."""
    return sum(value for row in rows if isinstance(value := row.get(column.id), int | float))


def _as_exported(value: Cell) -> Cell:
    return written(value, "slash") if isinstance(value, date) else value


def _as_posted(form: Form, row: Mapping[str, Cell]) -> dict[str, Cell]:
    filled = {column.id: row.get(column.id) for column in form.columns}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in filled.items()
        if value not in (None, "")
    }
