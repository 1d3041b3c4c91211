"""standardise: cells to records; headings to columns, text to values by the column's declared type.

A draft is one form found in one file. Nothing is judged here: what cannot be read is kept as seen
("<column>__unread") for the rules, each record knows its row, each draft where its columns stand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from schemas.catalog import Catalog
from schemas.form import Column, Form
from schemas.forms import FORMS
from schemas.forms.cover import HALVES
from schemas.period import Period, month_of
from schemas.submission import Receipt, Submission, file_submission_id
from schemas.values import NOT_APPLICABLE, folded
from tasks.convert import BLANK, Converted, Converter
from tasks.cover import Field, read_cover, title_of, title_period
from tasks.exports import cover_of_export, cover_of_object, export, posted
from tasks.grid import Cell, Grid, grid_of, shown
from tasks.guard.refused import Refused
from tasks.headings import Headings, locate
from tasks.ledgers import journal
from tasks.records import Records
from tasks.tables import table
from tasks.totals import OF_TOTALS, total_record

_NOTES = ("※", "注")
# A ledger has a year of lines, all else what people type, and notes below; beyond it something else is in the
# sheet.
MOST_ROWS, MOST_LINES_OF_A_LEDGER = 20_100, 200_000


@dataclass(frozen=True)
class BesideForms:
    """What a file holds beside its forms: sheets of forms that are hidden, and so not read; what a book has.

    It stands with the first draft of the file alone.
    """

    hidden: tuple[str, ...] = ()
    book: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """One form in one received file, standardised and not yet judged."""

    receipt: Receipt
    form: Form
    grid: Grid
    headings: Headings
    cover: dict[str, Field]
    title: Field
    titled: Period | None
    submission: Submission | None
    records: Records = field(default_factory=Records)
    total: dict[str, Any] | None = None
    beside: BesideForms = field(default_factory=BesideForms)

    @property
    def submission_id(self) -> str:
        return (
            self.submission.id
            if self.submission
            else file_submission_id(self.receipt.sha256, self.receipt.center_id)
        )

    @property
    def period(self) -> Period | None:
        return self.submission.period if self.submission else None

    @property
    def has_cover(self) -> bool:
        """Whether it is a sheet with a title and a cover; no export is, and no posted object."""
        return self.grid.kind == "sheet" and not self.form.has_layouts

    @property
    def has_title(self) -> bool:
        """Whether the form's title stands on the sheet; what is no sheet has none by nature."""
        return not self.has_cover or self.title.converted.value is not None

    @property
    def is_nil(self) -> bool:
        """Whether it says that there was nothing in the period; an object without rows does."""
        if self.grid.kind == "object" and not self.grid.rows:
            return self.form.may_be_nil
        rows = range(self.headings.first_row, self.grid.bottom)
        return not self.records and any(_is_nil(self, row) for row in rows)

    @property
    def repeated_headings(self) -> list[str]:
        """The headings of an export that stand for a column which another one stands for already."""
        known = self.form.by_heading
        if self.grid.kind != "lines":
            return []
        if self.grid.derived:
            names = [*map(folded, self.grid.headings)]
            return [name for at, name in enumerate(self.grid.headings) if name and names[at] in names[:at]]
        named = [(known[folded(name)].id, name) for name in self.grid.headings if folded(name) in known]
        ids = [column_id for column_id, _ in named]
        return [name for at, (column_id, name) in enumerate(named) if column_id in ids[:at]]

    @property
    def first_day(self) -> str:
        """What stands in the first cell that should tell an export's period."""
        position = self.headings.columns.get(self.form.period_column, 0)
        return self.grid.text(self.headings.first_row, position)

    def address(self, column_id: str, row: int) -> str:
        """The address of a column's cell in a row (counted from 1, as in the file; of totals OF_TOTALS)."""
        if self.grid.kind == "object" and row == OF_TOTALS:
            return f"/totals/{column_id}"
        position = self.headings.columns.get(column_id, self.grid.left)
        return self.grid.address(row - 1, position)

    def addresses(self, column_id: str) -> list[str]:
        """The addresses of a column's cells, one for each record."""
        position = self.headings.columns.get(column_id, self.grid.left)
        return self.grid.addresses([row - 1 for row in self.records["row"]], position)

    def heading_address(self, column_id: str = "") -> str:
        """The address of a column's heading, or of the table's first one."""
        position = self.headings.columns.get(column_id, min(self.headings.columns.values(), default=0))
        return self.grid.address(max(self.headings.row, 0), position)


def standardise(cells: dict[str, Any], receipt: Receipt, catalog: Catalog) -> list[Draft]:
    """The drafts of one file, one for each form found in its visible sheets; none if none is known.

    Raises Refused (TOO_LARGE) for a form with more rows than anyone types.
    """
    grids = [grid_of(sheet) for sheet in cells.get("sheets", ())]
    drafts = [_draft(grid, form, receipt, catalog) for grid, form in _forms(grids, receipt, catalog)]
    if drafts:
        book = tuple(name for name, is_so in cells.get("book", {}).items() if is_so)
        drafts[0] = replace(drafts[0], beside=BesideForms(_hidden(grids), book))
    return drafts


def hidden_forms(cells: dict[str, Any]) -> tuple[str, ...]:
    """The names of hidden sheets that hold a form and are not read."""
    return _hidden(grid_of(sheet) for sheet in cells.get("sheets", ()))


def _hidden(grids: Iterable[Grid]) -> tuple[str, ...]:
    hidden = (grid for grid in grids if not grid.is_visible)
    return tuple(grid.name for grid in hidden if _forms_on(grid) or any(journal(grid)))


def _forms_on(grid: Grid) -> list[Form]:
    return _titled(grid) or _alike(grid)


def _titled(grid: Grid) -> list[Form]:
    return [form for form in FORMS if title_of(grid, form)]


def _forms(grids: Iterable[Grid], receipt: Receipt, catalog: Catalog) -> Iterator[tuple[Grid, Form]]:
    for grid in grids:
        if titled := _titled(grid) if grid.kind == "sheet" and grid.is_visible else []:
            yield from ((grid, form) for form in titled)
        elif tables := [*table(grid, catalog.layouts, receipt.file_name)]:
            yield from tables
        elif journals := [*journal(grid)] if grid.is_visible else []:
            yield from journals
        elif grid.kind == "lines":
            yield from export(grid)
        elif grid.kind == "object":
            yield from posted(grid)
        elif grid.is_visible:
            yield from ((grid, form) for form in _alike(grid))


def _alike(grid: Grid) -> list[Form]:
    """The form whose columns a sheet without a title has, required ones and most: it must not go unread."""
    needed = {form: [c for c in form.columns if c.is_required] for form in FORMS if not form.has_layouts}
    likely = [form for form, columns in needed.items() if all(_stands(c, grid) for c in columns)]
    found = {form: locate(grid, form).columns.keys() for form in likely}
    whole = [form for form in likely if {c.id for c in needed[form]} <= found[form]]
    most = max((len(found[form]) for form in whole), default=0)
    return [form for form in whole if len(found[form]) == most]


def _stands(column: Column, grid: Grid) -> bool:
    return any(folded(heading) in grid.names for heading in column.headings)


def _draft(grid: Grid, form: Form, receipt: Receipt, catalog: Catalog) -> Draft:
    headings = locate(grid, form)
    converter = Converter(catalog, receipt.center_id, form.id)
    title, titled = Field(BLANK, grid.address(grid.top, grid.left)), None
    if _is_export(grid, form):
        cover = cover_of_export(grid, headings, form, receipt)
    elif grid.kind == "object":
        cover = cover_of_object(grid, converter)
    else:
        cover = read_cover(grid, headings.row, converter)
        before, at = title_of(grid, form) or (None, (grid.top, grid.left))
        title, titled = Field(Converted(before), grid.address(*at)), title_period(before or "")
    _check_length(grid, form, headings)
    submission = _submission(grid, form, receipt, cover)
    total = total_record(grid, form, headings)
    draft = Draft(receipt, form, grid, headings, cover, title, titled, submission, total=total)
    if not submission:
        return draft
    in_year = catalog.in_year(submission.period.fiscal_year)
    return replace(draft, records=_records(draft, Converter(in_year, receipt.center_id, form.id)))


def _is_export(grid: Grid, form: Form) -> bool:
    """Whether it comes from another system, and says nothing of itself."""
    return grid.kind == "lines" or form.has_layouts


def _check_length(grid: Grid, form: Form, headings: Headings) -> None:
    rows = grid.bottom - headings.first_row
    if rows > (MOST_LINES_OF_A_LEDGER if form.has_layouts else MOST_ROWS):
        raise Refused("TOO_LARGE", f"{grid.name or form.title}に{rows:,}行あります")


def _submission(grid: Grid, form: Form, receipt: Receipt, cover: dict[str, Field]) -> Submission | None:
    # The channel says whose it is; a cover that says otherwise is refused by its rule.
    said = {name: value.converted.value for name, value in cover.items()}
    within = {"month": said["month"], "half": _half(said["half"]), "year": 0}[form.frequency]
    if said["fiscal_year"] is None or within is None or said["stated_on"] is None:
        return None
    period = Period(form.frequency, said["fiscal_year"], within)
    revision = 1 if said["revision"] is None else said["revision"]
    # The same export may have come before, by another receipt: its day is then that of the first.
    stated_on = None if _is_export(grid, form) else said["stated_on"]
    return Submission(receipt.sha256, form.id, receipt.center_id, period, revision, stated_on, grid.name)


def _half(word: str | None) -> int | None:
    return HALVES.index(word) + 1 if word else None


def _records(draft: Draft, converter: Converter) -> Records:
    form, first = draft.form, draft.headings.first_row
    stand = draft.headings.columns
    cells = {
        column.id: draft.grid.column(stand[column.id], first) for column in form.columns if column.id in stand
    }
    kept = _kept(draft, cells)
    if not kept:
        return Records()
    totals, blank = _totals(form, cells, kept), [None] * len(kept)
    columns: dict[str, list[Any]] = {
        "submission_id": [draft.submission_id] * len(kept),
        "row": [first + at + 1 for at in kept],
        "is_total": [False] * len(kept),
    }
    for n in totals:
        columns["is_total"][n] = True
    for column in form.columns:
        ours = [cells[column.id][at] for at in kept] if column.id in cells else blank
        found = converter.convert_all(column, ours, columns)
        for n in totals if column.id in form.key else ():
            found.put(n, _of_total(draft, column, ours[n], converter, first + kept[n]))
        columns[column.id] = found.values
        columns[f"{column.id}__unread"] = found.unread
        if column.is_measure:
            columns[f"{column.id}_status"] = found.statuses
    columns["period_id"] = _periods(draft, columns, converter.catalog)
    return Records(columns)


def _totals(form: Form, cells: Mapping[str, Sequence[Cell]], kept: Sequence[int]) -> list[int]:
    """Which of the rows that are kept only repeat sums."""
    words = {*map(folded, (*form.total_words, *form.grand_total_words))}
    column = cells.get(form.total_column, ())
    of_totals = {cell for cell in {*column} if folded(shown(cell)) in words}
    return [n for n, at in enumerate(kept) if column[at] in of_totals] if of_totals else []


def _kept(draft: Draft, cells: Mapping[str, Sequence[Cell]]) -> list[int]:
    """Which rows below the headings, counted from 0, are records: neither blank nor a note nor 該当なし."""
    form, grid, first = draft.form, draft.grid, draft.headings.first_row
    telling = [cells[column.id] for column in form.columns if column.id in cells and not column.is_merged]
    blank = (None,) * len(telling)
    says = [row != blank for row in zip(*telling, strict=True)]
    if not telling:
        return []
    if grid.beside.uncomputed:
        says = [said or _is_uncomputed(draft, first + at) for at, said in enumerate(says)]
    if grid.kind == "sheet" and not grid.derived:
        beside = grid.column(grid.left, first)
        notes = {cell for cell in {*beside} if shown(cell).startswith(_NOTES)}
        says = [said and cell not in notes for said, cell in zip(says, beside, strict=True)]
    kept = [at for at, said in enumerate(says) if said]
    return [at for at in kept if not _is_nil(draft, first + at)] if form.may_be_nil else kept


def _is_uncomputed(draft: Draft, row: int) -> bool:
    """Whether a row would say something if its formulas had come with their values."""
    return any(
        (row, draft.grid.source(draft.headings.columns[column.id])) in draft.grid.beside.uncomputed
        for column in draft.form.columns
        if column.id in draft.headings.columns and not column.is_check
    )


def _is_nil(draft: Draft, row: int) -> bool:
    """Whether a row says 該当なし and nothing else."""
    if not draft.form.may_be_nil:
        return False
    texts = [draft.grid.text(row, position) for position in draft.headings.columns.values()]
    return [folded(text) for text in texts if text] == [NOT_APPLICABLE]


def _of_total(draft: Draft, column: Column, cell: Cell, converter: Converter, row: int) -> Converted:
    """What a total is over: a part, everything (""), or something unknown (None)."""
    if column.id == draft.form.total_column:
        return Converted(shown(cell))
    if _is_total(draft, row, draft.form.grand_total_words):
        return Converted("")
    return Converted(converter.convert(column, cell, {}).value)


def _is_total(draft: Draft, row: int, words: tuple[str, ...]) -> bool:
    position = draft.headings.columns.get(draft.form.total_column)
    return position is not None and folded(draft.grid.text(row, position)) in map(folded, words)


def _periods(draft: Draft, columns: Mapping[str, Sequence[Any]], catalog: Catalog) -> list[str]:
    """The period that each record is of: the cover's, or what the indicator or the record's day says."""
    period, form = draft.period, draft.form
    assert period
    if "indicator" in columns and period.frequency == "month":
        own, wider = period.id, {"half": period.half.id, "year": period.year.id}
        seldom = {i: wider[frequency] for i, frequency in catalog.seldom_counted.items()}
        return [seldom.get(indicator, own) for indicator in columns["indicator"]]
    if form.frequency == "year" and form.period_column:
        days = columns[form.period_column]
        months = {day: month_of(day).id for day in {*days} if isinstance(day, date)}
        return [months.get(day, period.id) for day in days]
    return [period.id] * len(columns["row"])
