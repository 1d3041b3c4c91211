"""The top of every sheet: the title, the cover block and the headings of the form's columns."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from schemas.catalog import Catalog
from schemas.form import Column, Form, Type
from schemas.forms.cover import COVER, HALVES
from schemas.period import Period, fiscal_year_label
from schemas.template import template_version
from tasks.template.book import BOX, LABEL, TITLE, Page
from tasks.template.content import Content

_WIDTHS: dict[Type, int] = {
    "text": 24,
    "series": 30,
    "client": 24,
    "program": 36,
    "indicator": 46,
    "account": 24,
    "number": 15,
    "yen": 16,
    "date": 16,
}


@dataclass(frozen=True)
class Cover:
    """Who states what: a center's name, the period, the revision, a section, a day; the form's version."""

    center_name: str
    period: Period
    revision: int
    submitter: str
    stated_on: str | date
    template: str


def cover_of(catalog: Catalog, center_id: str, form: Form, period: Period, content: Content) -> Cover:
    """The cover of a center's sheet; `catalog` is that of the year."""
    template = template_version(catalog, center_id, form, period)
    name = catalog.center[center_id].center_name
    return Cover(name, period, content.revision, content.submitter, content.stated_on, template)


def letter(position: int) -> str:
    """A for 0; forms are narrower than 26 columns."""
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[position]


def letter_of(form: Form, column_id: str) -> str:
    """The sheet's column that a form's column stands in."""
    return letter([column.id for column in form.columns].index(column_id))


def write_cover(page: Page, form: Form, cover: Cover) -> None:
    """Rows 1 to 3; a yearly form has neither month nor half."""
    frequency, number = cover.period.frequency, cover.period.number
    spoken = f"{cover.period.label}分" if frequency == "month" else cover.period.label
    form_number = f"（{form.number}）" if form.number else ""
    page.merge("A1", "E1", f"{spoken} {form.title}{form_number}", **TITLE)
    page.merge("B2", "C2", cover.center_name, **BOX)
    labelled: list[tuple[str, str, str | int | date | None]] = [
        ("F1", "stated_on", cover.stated_on),
        ("A2", "center_id", None),
        ("D2", "fiscal_year", fiscal_year_label(cover.period.fiscal_year)),
        ("A3", "revision", cover.revision),
        ("D3", "submitter", cover.submitter),
        ("F3", "template", cover.template),
    ]
    if frequency == "month":
        labelled.append(("F2", "month", f"{number}月"))
    if frequency == "half":
        labelled.append(("F2", "half", HALVES[number - 1]))
    for cell, column_id, value in labelled:
        page.put(cell, COVER.column(column_id).heading, **LABEL)
        if value is not None:
            page.put(f"{chr(ord(cell[0]) + 1)}{cell[1:]}", value, **BOX, align="left")


def two_lines(column: Column) -> tuple[str, str]:
    """A heading as upper and lower line: 実績 over 当月; the lower is empty for one of one line."""
    for lower in column.headings[1:]:
        if column.heading.endswith(lower):
            return column.heading.removesuffix(lower), lower
    return column.heading, ""


def write_headings(page: Page, form: Form, first_row: int) -> None:
    """Two rows of headings; neighbours under one upper line share it, others reach over both rows."""
    position = 0
    for upper, group in groupby(map(two_lines, form.columns), key=lambda lines: lines[0]):
        lowers = [lower for _, lower in group]
        first, last = letter(position), letter(position + len(lowers) - 1)
        if lowers == [""]:
            page.merge(f"{first}{first_row}", f"{first}{first_row + 1}", upper, **LABEL)
        else:
            page.merge(f"{first}{first_row}", f"{last}{first_row}", upper, **LABEL)
            for at, lower in enumerate(lowers, start=position):
                page.put(f"{letter(at)}{first_row + 1}", lower, **LABEL)
        position += len(lowers)


def widths_of(form: Form) -> list[int]:
    """Column widths in characters, wide enough for the cover block too."""
    widths = [_width(column) for column in form.columns]
    return [max(width, 12) for width in [*widths, *[14] * (7 - len(widths))]]


def _width(column: Column) -> int:
    if column.type == "text" and column.is_cited:
        return 60
    return 18 if column.id == "note" else _WIDTHS.get(column.type, 14)
