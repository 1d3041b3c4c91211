"""Workbooks of any center of any catalog: a month's with all its forms, or one form of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms import FORMS
from schemas.forms.client import CLIENT
from schemas.forms.cover import HALVES
from schemas.forms.event import EVENT
from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.performance import PERFORMANCE
from schemas.forms.spending import SPENDING
from schemas.period import FISCAL_MONTHS, Period
from tasks.template.book import NOTE, Book, Page, Typed
from tasks.template.content import Content, ProgramAccount
from tasks.template.expenditure_sheet import ExpenditureSheet, blocks_of
from tasks.template.head import cover_of, widths_of, write_cover, write_headings
from tasks.template.lines_sheet import HEADING_ROW, LinesSheet
from tasks.template.lists import Lists
from tasks.template.performance_sheet import BEFORE_SHEET, PerformanceSheet, performance_rows, shut_values
from tasks.template.prefilled import prefilled, spare_rows

SHEETS = {
    PERFORMANCE.id: "実績",
    EXPENDITURE.id: "支出",
    EVENT.id: "イベント",
    CLIENT.id: "支援先",
    SPENDING.id: "支出明細",
}
BLANK = Content()

AllTyped = Mapping[str, Mapping[str, Typed]]


def monthly_workbook(
    catalog: Catalog,
    center_id: str,
    period: Period,
    content: Content = BLANK,
    spending_rows: Sequence[ProgramAccount] | None = None,
    forms: Sequence[str] | None = None,
    typed: AllTyped | None = None,
) -> bytes:
    """The month of a center: a sheet for each monthly form that it owes (of `forms`, if given).

    `spending_rows`: the (program, account) rows of a blank 支出; a filled one has those of its content.
    `typed`: sheet -> cell -> what a person typed there instead.
    """
    making = _Making(catalog.in_year(period.fiscal_year), center_id, period, content, Book(typed), Lists())
    with making.book:
        owed = monthly_forms(making.catalog, center_id)
        wanted = [form for form in owed if forms is None or form.id in forms]
        pairs = [*content.spending] if spending_rows is None else spending_rows
        _write_month(making, wanted, pairs)
        making.lists.write(making.book)
    return making.book.content


def lines_workbook(
    catalog: Catalog,
    center_id: str,
    form: Form,
    period: Period,
    content: Content = BLANK,
    typed: AllTyped | None = None,
) -> bytes:
    """One form of its own: that of a half or of a year."""
    making = _Making(catalog.in_year(period.fiscal_year), center_id, period, content, Book(typed), Lists())
    with making.book:
        _write_lines(making, form, form.title)
        making.lists.write(making.book)
    return making.book.content


def monthly_forms(catalog: Catalog, center_id: str) -> list[Form]:
    """The monthly forms that a center owes, in the order of their sheets."""
    owed = [form for form in FORMS if form.frequency == "month" and catalog.owes(center_id, form.id)]
    order = [*SHEETS, *(form.id for form in owed)]
    return sorted(owed, key=lambda form: order.index(form.id))


def file_stem(title: str, period: Period, center_name: str) -> str:
    """A workbook's name without suffix: 月報_R03-05_産業振興センター, ..._R03上期_..., ..._R03_...."""
    if period.frequency == "month":
        return f"{title}_R{period.calendar_year - 2018:02d}-{period.number:02d}_{center_name}"
    half = ("", *HALVES)[period.number]
    return f"{title}_R{period.fiscal_year - 2018:02d}{half}_{center_name}"


@dataclass(frozen=True)
class _Making:
    """A workbook in the making; `catalog` is that of the year."""

    catalog: Catalog
    center_id: str
    period: Period
    content: Content
    book: Book
    lists: Lists

    @property
    def is_first_month(self) -> bool:
        return self.period.number == FISCAL_MONTHS[0]

    def begun(self, name: str, form: Form, heading_rows: int) -> Page:
        """A sheet with its cover block and, where they are of two lines, its headings."""
        page = self.book.page(name)
        page.print_setup(widths_of(form), frozen_rows=HEADING_ROW + heading_rows - 1)
        write_cover(page, form, cover_of(self.catalog, self.center_id, form, self.period, self.content))
        if heading_rows == 2:
            write_headings(page, form, HEADING_ROW)
        return page


def _write_month(making: _Making, forms: Sequence[Form], pairs: Sequence[ProgramAccount]) -> None:
    """The sheets of some forms, and the hidden 前月 of those that add up the year."""
    adding: list[PerformanceSheet | ExpenditureSheet] = []
    for form in forms:
        name = SHEETS.get(form.id, form.title)
        if form.id == PERFORMANCE.id:
            adding.append(_performance(making, making.begun(name, form, 2)))
        elif form.id == EXPENDITURE.id:
            adding.append(_expenditure(making, making.begun(name, form, 2), pairs))
        else:
            _write_lines(making, form, name)
    for sheet in adding:
        sheet.write()
    before = making.book.page(BEFORE_SHEET)
    before.sheet.hide()
    before.put("A1", "※前月までの累計です。計算式が使うので、消さないでください。", **NOTE)
    for sheet in adding:
        sheet.write_before(before)


def _performance(making: _Making, page: Page) -> PerformanceSheet:
    rows = performance_rows(making.catalog, making.center_id, making.period)
    is_blank, before = making.content.is_blank, making.content.cumulative_before
    values = shut_values(making.catalog, rows, making.period) if is_blank else making.content.performance
    known = {} if before is None and making.is_first_month else before
    return PerformanceSheet(page, making.catalog, making.period, rows, values, known)


def _expenditure(making: _Making, page: Page, pairs: Sequence[ProgramAccount]) -> ExpenditureSheet:
    content = making.content
    blocks = blocks_of(making.catalog, making.center_id, pairs, spare=content.is_blank)
    known = {} if content.spending_before is None and making.is_first_month else content.spending_before
    return ExpenditureSheet(
        page, making.catalog, making.center_id, making.lists, blocks, content.spending, known
    )


def _write_lines(making: _Making, form: Form, name: str) -> None:
    page = making.begun(name, form, 1)
    sheet = LinesSheet(page, form, making.catalog, making.center_id, making.period, making.lists)
    if making.content.is_blank:
        sheet.write(prefilled(form, making.catalog, making.center_id), spare_rows(form))
    else:
        sheet.write(making.content.lines.get(form.id, ()))
