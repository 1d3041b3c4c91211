"""The cells of what an edition published, by the names under which it is printed."""

from datetime import datetime

from sqlalchemy import Connection, select

from warehouse.current import current
from warehouse.facts import FACTS
from warehouse.reports.figure import Cell
from warehouse.reports.rules import PRIOR
from warehouse.tables import DIM_SUBMISSION

# Section, letter, indicator, qualifier.
Name = tuple[str, str, str, str]


def published_sources(connection: Connection, fiscal_year: int, as_of: datetime | None) -> dict[Name, Cell]:
    """Each published fact of a year with its cell, in the role of a value of the year before."""
    known = current(as_of, fiscal_year)
    f, s = FACTS["published"].c, DIM_SUBMISSION.c
    rows = connection.execute(
        select(f.section, f.letter, f.title, f.qualifier, s.sha256, s.file_name, f.value_at, f.value)
        .select_from(
            FACTS["published"]
            .join(known, known.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
        )
        .where(s.fiscal_year == fiscal_year)
    )
    return {
        (row.section, row.letter, row.title, row.qualifier): Cell(
            row.sha256, row.file_name, row.value_at, row.value, PRIOR
        )
        for row in rows
    }
