"""A month's workbook of any center of any catalog: 実績, 支出 and the hidden 前月 of the formulas."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from samples.head import Cover, letter_of, widths_of, write_cover, write_headings
from samples.page import NOTE, Book, Page, Typed
from samples.performance_sheet import PerformanceSheet, Value, performance_rows
from samples.spending_sheet import SpendingSheet, spending_rows
from samples.spread import ProgramAccount
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.performance import PERFORMANCE
from schemas.period import Period

PERFORMANCE_SHEET, SPENDING_SHEET, BEFORE_SHEET = "実績", "支出", "前月"
_HEADING_ROW = 5


def write_monthly(
    path: Path,
    catalog: Catalog,
    center_id: str,
    period: Period,
    performance: Mapping[str, Value],
    cumulative_before: Mapping[str, int | float],
    spending: Mapping[ProgramAccount, int],
    spending_before: Mapping[ProgramAccount, int],
    revision: int = 1,
    stated_on: str | date = "",
    submitter: str = "総務係",
    typed: Mapping[str, Mapping[str, Typed]] | None = None,
) -> None:
    """Write one month of one center.

    `performance`: indicator id -> number or text (also a total or rate, then typed and no formula);
    `spending`: (leaf program id, account id) -> yen, a row for each key of the center; the `_before`
    ones: sums of the year up to the month before. `typed`: sheet -> cell -> what a person typed
    there instead.
    """
    catalog = catalog.in_year(period.fiscal_year)
    cover = Cover(catalog.center[center_id].center_name, period, revision, submitter, stated_on)
    with Book(path, typed) as book:
        page = _begun(book, PERFORMANCE_SHEET, PERFORMANCE, cover)
        rows = performance_rows(catalog, center_id, period)
        done = PerformanceSheet(page, catalog, period, rows, performance, cumulative_before)
        done.write()
        page = _begun(book, SPENDING_SHEET, EXPENDITURE, cover)
        lines = spending_rows(catalog, center_id, list(spending))
        spent = SpendingSheet(page, catalog, lines, spending, spending_before)
        spent.write()
        _write_before(book.page(BEFORE_SHEET), done, spent)


def _begun(book: Book, name: str, form: Form, cover: Cover) -> Page:
    page = book.page(name)
    page.print_setup(widths_of(form), frozen_rows=_HEADING_ROW + 1)
    write_cover(page, form, cover)
    write_headings(page, form, _HEADING_ROW)
    return page


def _write_before(page: Page, done: PerformanceSheet, spent: SpendingSheet) -> None:
    """The cumulatives of the month before, each in the row and column of the one that adds to it."""
    page.sheet.hide()
    page.put("A1", "※前月までの累計です。計算式が使うので、消さないでください。", **NOTE)
    column = letter_of(PERFORMANCE, "cumulative")
    for indicator_id, row in done.rows.items():
        if done.catalog.indicator[indicator_id].rule in ("sum", "total"):
            page.put(f"{column}{row}", done.cumulative_before(indicator_id))
    column = letter_of(EXPENDITURE, "cumulative_yen")
    for key, row in spent.rows.items():
        if key[1]:
            page.put(f"{column}{row}", spent.before.get(key, 0))
