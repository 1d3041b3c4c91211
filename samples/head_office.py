"""Head office's workbooks: the movements of the budget and the figures as published."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from samples.head import Cover, letter, widths_of, write_cover
from samples.page import BOX, LABEL, Book, Cell, Typed, number_format
from samples.tables import number_or_text, table
from samples.wording import wareki
from schemas.catalog import Catalog
from schemas.form import Form

_HEADING_ROW = 5


def write_table(
    path: Path,
    form: Form,
    cover: Cover,
    rows: Sequence[Mapping[str, Cell]],
    typed: Mapping[str, Mapping[str, Typed]] | None = None,
) -> None:
    """A yearly form of one sheet: the cover block, one row of headings, and rows by column id."""
    with Book(path, typed) as book:
        page = book.page(form.title)
        page.print_setup(widths_of(form), frozen_rows=_HEADING_ROW)
        write_cover(page, form, cover)
        for position, column in enumerate(form.columns):
            page.put(f"{letter(position)}{_HEADING_ROW}", column.heading, **LABEL)
            for number, row in enumerate(rows, start=_HEADING_ROW + 1):
                value = row.get(column.id)
                look = {"num_format": number_format(1 if isinstance(value, float) else 0)}
                page.put(f"{letter(position)}{number}", value, **BOX, **(look if column.is_measure else {}))


def budget_rows(catalog: Catalog, until: date) -> list[Mapping[str, Cell]]:
    """The movements decided up to a day, the program by number and name, the day in wareki."""
    rows: list[Mapping[str, Cell]] = []
    for row in table("budget"):
        decided_on, program = date.fromisoformat(row["decided_on"]), catalog.program[row["program_id"]]
        if decided_on <= until:
            rows.append(
                {
                    **row,
                    "decided_on": wareki(decided_on),
                    "program": f"{program.printed_number} {program.program_name}",
                    "amount_yen": int(row["amount_yen"]),
                }
            )
    return rows


def published_rows(fiscal_year: int) -> list[Mapping[str, Cell]]:
    """The figures of an edition of the annual report; texts have no value."""
    rows = table(f"published_{fiscal_year}")
    return [{**row, "value": number_or_text(row["value"]) if row["value"] else None} for row in rows]
