"""A sheet of lines (events, clients, answers, texts): headings, filled rows, spare ones, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.catalog import Catalog
from schemas.choices import names_for
from schemas.control import LAST_ROW, control_formula, control_number
from schemas.form import Column, Form
from schemas.period import Period
from schemas.values import NOT_APPLICABLE
from tasks.template.book import BOX, DAY, ENTRY, LABEL, NOTE, SUM, Cell, Page, number_format
from tasks.template.head import letter
from tasks.template.lists import Lists, Rule, count, day, serial
from tasks.template.notes import notes_of
from tasks.totals import WORD

HEADING_ROW = 5
TOTAL_ROW, FIRST_ROW = HEADING_ROW - 1, HEADING_ROW + 1


@dataclass(frozen=True)
class LinesSheet:
    """One form of one center and period; `catalog` is that of the year."""

    page: Page
    form: Form
    catalog: Catalog
    center_id: str
    period: Period
    lists: Lists

    def write(self, rows: Sequence[Mapping[str, Cell]], spare: int = 0) -> None:
        """Headings, rows by column id, `spare` rows to fill in, what each column takes, and the notes."""
        end = FIRST_ROW + len(rows) + spare - 1
        for position, column in enumerate(self.form.columns):
            place = letter(position)
            self.page.put(f"{place}{HEADING_ROW}", column.heading, **LABEL)
            for number, row in enumerate([*rows, *[{}] * spare], start=FIRST_ROW):
                value = row.get(column.id)
                self.page.put(f"{place}{number}", value, **_look(column, value, is_entry=spare > 0))
            if column.is_totaled:
                self._write_total(place, column, rows)
            rule = self._rule(column)
            if rule and end >= FIRST_ROW:
                self.page.restrict(f"{place}{FIRST_ROW}", f"{place}{end}", rule)
        for number, note in enumerate(notes_of(self.form), start=end + 2):
            self.page.put(f"A{number}", note, **NOTE)

    def _write_total(self, place: str, column: Column, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Above the heading, where rows that are added below count too."""
        cells = f"{place}{FIRST_ROW}:{place}{LAST_ROW}"
        below = [
            self.page.shown(f"{place}{n}", row.get(column.id)) for n, row in enumerate(rows, start=FIRST_ROW)
        ]
        self.page.put(f"A{TOTAL_ROW}", WORD, **LABEL)
        total: float | None
        if column.is_measure:
            formula, total = f"SUM({cells})", sum(cell for cell in below if isinstance(cell, int | float))
        else:
            formula, total = (
                control_formula(cells),
                control_number(str(cell) for cell in below if cell is not None),
            )
        self.page.formula(f"{place}{TOTAL_ROW}", f"={formula}", "" if total is None else total, **SUM)

    def _rule(self, column: Column) -> Rule | None:
        """What the cells of a column take; None for anything."""
        names = names_for(column, self.form, self.catalog, self.center_id)
        if names and column == self.form.columns[0] and self.form.may_be_nil:
            names = (*names, NOT_APPLICABLE)
        if names:
            return self.lists.choice(names)
        if column.type == "date":
            return day(date(self.period.fiscal_year - 1, 4, 1))
        if column.type == "integer":
            return serial()
        return count() if column.is_count else None


def _look(column: Column, value: Cell, is_entry: bool) -> dict[str, Any]:
    look = ENTRY if is_entry else BOX
    if column.is_measure:
        return {**look, "num_format": number_format(1 if isinstance(value, float) else 0)}
    return {**look, "num_format": DAY} if column.type == "date" and is_entry else look
