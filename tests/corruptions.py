"""What there is to corrupt in the sample year: every row of every form in force, its cells and values."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from samples.arrivals import MonthArrival, monthly_arrivals
from samples.dirt import dirt_of
from samples.lines import lines_of
from samples.tables import table
from schemas.catalog import Catalog
from schemas.catalog_rows import Indicator
from schemas.control import control_number
from schemas.form import Channel, Form
from schemas.forms import form_by_id
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.narrative import NARRATIVE, STATED
from schemas.forms.spending import SPENDING
from schemas.layout import load_layout
from schemas.period import FISCAL_MONTHS, Period, parse_id
from tasks.template.book import Cell
from tasks.template.head import letter
from tasks.template.lines_sheet import FIRST_ROW, HEADING_ROW, TOTAL_ROW
from tasks.template.performance_sheet import performance_rows
from tasks.template.workbook import SHEETS, monthly_forms
from tests.corruption_edits import Value

# Rule, file (its path in the inbox), and the address in it.
Found = tuple[str, str, str]


LEDGER = "foundation/仕訳データ_R03.csv"
APPROPRIATION = "foundation/支出予算書_R03.xlsx"
REVENUE = "foundation/収入予算書_R03.xlsx"
BUDGET = "foundation/予算異動明細書_R03_第2版.xlsx"
PUBLISHED = "foundation/公表値_R03.xlsx"
PUBLISHED_BEFORE = "foundation/公表値_R02.xlsx"
_FIRST_ROW = 7
_FIRST_YEARLY_ROW = 6
_LETTERS = {
    "実績": {name: "ABCDEFG"[n] for n, name in enumerate(("区分", "項目", "単位", "当月", "累計", "基準日"))},
    "支出": {name: "ABCDE"[n] for n, name in enumerate(("区分", "科目", "当月", "累計"))},
}
_ROUNDING = {"half_up": ROUND_HALF_UP, "floor": ROUND_DOWN}


@dataclass(frozen=True)
class Case:
    """One corruption of one cell (or of the few that change together), and all that must be found.

    `touches` names what the corruption bears on beyond its file: cases that share none of it, nor a
    cell's row, can be tried in one year.
    """

    file: str
    cells: Mapping[str, Value]
    found: frozenset[Found]
    touches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Line:
    """One row of a sheet 実績 that is in force; `place` counts the months from April, 0."""

    file: str
    center_id: str
    place: int
    indicator: Indicator
    row: int
    program_row: int
    value: Value
    cumulative: Value

    def at(self, heading: str) -> str:
        row = self.program_row if heading == "区分" else self.row
        return f"実績!{_LETTERS['実績'][heading]}{row}"

    def found(self, rule_id: str, heading: str) -> Found:
        return rule_id, self.file, self.at(heading)

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, float)

    @property
    def number(self) -> float:
        """The value as a number; marks count as nothing."""
        return self.value if isinstance(self.value, float) else 0.0


@dataclass(frozen=True)
class Post:
    """One account's row of a sheet 支出, with the rows of its program's 計 and of the 合計."""

    file: str
    center_id: str
    place: int
    program: str
    account: str
    row: int
    program_row: int
    total_row: int
    grand_total_row: int
    values: Mapping[str, float]

    def at(self, heading: str, row: int = 0) -> str:
        own = self.program_row if heading == "区分" else self.row
        return f"支出!{_LETTERS['支出'][heading]}{row or own}"

    def found(self, rule_id: str, heading: str, row: int = 0) -> Found:
        return rule_id, self.file, self.at(heading, row)


@dataclass(frozen=True)
class Posting:
    """One line of the ledger."""

    number: int
    cells: Mapping[str, str]
    last_of_slip: int

    def at(self, heading: str, number: int = 0) -> str:
        return f"line {number or self.number}:{heading}"

    def found(self, rule_id: str, heading: str, number: int = 0) -> Found:
        return rule_id, LEDGER, self.at(heading, number)

    @property
    def place(self) -> int:
        """The month from April, 0; written R.03/04/30, 20210430 or 2021/4/30."""
        text = self.cells["取引日付"]
        month = text[4:6] if text.isdecimal() else text.split("/")[1]
        return FISCAL_MONTHS.index(int(month))


@dataclass(frozen=True)
class Sending:
    """One form of lines (events, clients, answers, texts) as a sheet, CSV file or posted object in force.

    `rows` are as they were typed, by column id; rows count from 0, and the one after the last is free.
    """

    file: str
    form: Form
    center_id: str
    period: Period
    channel: Channel
    sheet: str
    rows: tuple[Mapping[str, Cell], ...]

    def at(self, row: int, column_id: str) -> str:
        column = self.form.column(column_id)
        if self.channel == "csv":
            return f"line {row + 2}:{column.heading}"
        if self.channel == "json":
            return f"/rows/{row}/{column_id}"
        return f"{self.sheet}!{letter(self.form.columns.index(column))}{FIRST_ROW + row}"

    def heading(self, column_id: str) -> str:
        """The address of a column's heading; in a posted object, where the first row names it."""
        column = self.form.column(column_id)
        if self.channel == "sheet":
            return f"{self.sheet}!{letter(self.form.columns.index(column))}{HEADING_ROW}"
        return f"line 1:{column.heading}" if self.channel == "csv" else self.at(0, column_id)

    def total(self, column_id: str) -> str:
        """The address of what is said of all rows of a column; "" where nothing is."""
        column = self.form.column(column_id)
        if self.channel == "csv" or not column.is_totaled:
            return ""
        if self.channel == "json":
            return f"/totals/{column_id}"
        return f"{self.sheet}!{letter(self.form.columns.index(column))}{TOTAL_ROW}"

    @cached_property
    def cells_of(self) -> dict[str, frozenset[str]]:
        """The addresses of each column's cells, and of the free one behind the last."""
        rows = range(len(self.rows) + 1)
        return {c.id: frozenset(self.at(row, c.id) for row in rows) for c in self.form.columns}

    @cached_property
    def total_of(self) -> dict[str, float | None]:
        """What is said of the rows as they are."""
        return {c.id: self.totaled(c.id, self.rows) for c in self.form.columns if c.is_totaled}

    def totaled(self, column_id: str, rows: Sequence[Mapping[str, Cell]]) -> float | None:
        """What a sheet or an object of such rows says there."""
        cells = [row.get(column_id) for n, row in enumerate(rows) if not self._is_text(n, row, column_id)]
        if self.form.column(column_id).is_measure:
            return sum(cell for cell in cells if isinstance(cell, int | float))
        return control_number(str(cell) for cell in cells if cell is not None)

    def _is_text(self, number: int, row: Mapping[str, Cell], column_id: str) -> bool:
        """Whether a number that is as it was typed was typed as text, such as 31名."""
        if self.sheet not in _dirt(self.file):
            return False
        is_as_typed = number < len(self.rows) and row.get(column_id) == self.rows[number].get(column_id)
        sheet, _, cell = self.at(number, column_id).rpartition("!")
        typed = _dirt(self.file).get(sheet, {}).get(cell)
        return is_as_typed and typed is not None and isinstance(typed.value, str)

    def new_heading(self, name: str) -> str:
        """The address of a heading of their own, behind the others."""
        if self.channel == "sheet":
            return f"{self.sheet}!{letter(len(self.form.columns))}{HEADING_ROW}"
        return f"line 1:{name}" if self.channel == "csv" else f"/rows/0/{name}"

    def typed(self, value: Cell) -> Value:
        """A value as it is typed into this file: a day as text."""
        if isinstance(value, date):
            return value.isoformat() if self.channel == "json" else f"{value.year}/{value.month}/{value.day}"
        return value

    @property
    def entries(self) -> list["Entry"]:
        return [Entry(self, number) for number in range(len(self.rows))]

    def written(self, row: int, cells: Mapping[str, Cell]) -> dict[str, Value]:
        """A whole row typed into the file."""
        values = {column.id: cells.get(column.id) for column in self.form.columns}
        return {self.at(row, name): self.typed(value) for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Entry:
    """One row of a form of lines."""

    sending: Sending
    number: int

    @property
    def file(self) -> str:
        return self.sending.file

    @property
    def cells(self) -> Mapping[str, Cell]:
        return self.sending.rows[self.number]

    def __getitem__(self, column_id: str) -> Any:
        return self.cells.get(column_id)

    def at(self, column_id: str) -> str:
        return self.sending.at(self.number, column_id)

    def found(self, rule_id: str, column_id: str) -> Found:
        return rule_id, self.file, self.at(column_id)

    def typed(self, changed: Mapping[str, Cell]) -> dict[str, Value]:
        return {self.at(name): self.sending.typed(value) for name, value in changed.items()}


@dataclass(frozen=True)
class Page:
    """A sheet with a cover: of a month's workbook, or of a form that is sent alone."""

    file: str
    sheet: str
    form: Form
    center_id: str
    period: Period


class Year:
    """The sample year as its files show it: every row of every sheet, where it stands and what it holds."""

    def __init__(self, inbox: Path, catalog: Catalog) -> None:
        self.inbox = inbox
        self.catalog = catalog.in_year(2021)

    @cached_property
    def months(self) -> list[MonthArrival]:
        """The workbooks in force: of several for a month, the last."""
        periods = [Period("month", 2021, number) for number in FISCAL_MONTHS]
        arrivals = sorted(monthly_arrivals(self.catalog, periods), key=lambda row: row.received_at)
        last = {(arrival.center_id, arrival.period.id): arrival for arrival in arrivals}
        return sorted(last.values(), key=lambda row: row.file)

    @cached_property
    def files(self) -> list[str]:
        return [arrival.file for arrival in self.months]

    @cached_property
    def pages(self) -> list[Page]:
        """Every sheet in force of the centers' workbooks, those of months first."""
        found = [
            Page(month.file, SHEETS[form.id], form, month.center_id, month.period)
            for month in self.months
            for form in monthly_forms(self.catalog, month.center_id)
            if (month.center_id, form.id, month.period.id) not in self._sent_alone
        ]
        alone = [sending for sending in self._alone if sending.channel == "sheet"]
        return found + [Page(s.file, s.sheet, s.form, s.center_id, s.period) for s in alone]

    @cached_property
    def sendings(self) -> list[Sending]:
        """Every form of lines in force."""
        in_months = [
            Sending(
                page.file,
                page.form,
                page.center_id,
                page.period,
                "sheet",
                page.sheet,
                tuple(lines_of(self.catalog, page.form.id, page.center_id, page.period)),
            )
            for page in self.pages
            if page.form in (EVENT, CLIENT, SPENDING)
        ]
        return in_months + self._alone

    @cached_property
    def _alone(self) -> list[Sending]:
        made = []
        for row in table("sendings"):
            form, period = form_by_id(row["form"]), parse_id(row["period_id"])
            channel: Any = row["channel"]
            file = f"{self.catalog.center[row['center_id']].channel}/{row['file']}"
            rows = tuple(lines_of(self.catalog, form.id, row["center_id"], period))
            made.append(Sending(file, form, row["center_id"], period, channel, form.title, rows))
        return made

    @cached_property
    def _sent_alone(self) -> set[tuple[str, str, str]]:
        return {(row["center_id"], row["form"], row["period_id"]) for row in table("sendings")}

    @cached_property
    def invoices(self) -> dict[str, Entry]:
        """The lines of 支出明細 by their number."""
        return {entry["reference"]: entry for entry in self.entries(SPENDING)}

    def entries(self, form: Form) -> list[Entry]:
        """Every row of a form of lines."""
        return [entry for sending in self.sendings if sending.form is form for entry in sending.entries]

    @cached_property
    def lines(self) -> list[Line]:
        return [line for lines in self.lines_of.values() for line in lines]

    @cached_property
    def posts(self) -> list[Post]:
        return [post for posts in self.posts_of.values() for post in posts]

    @cached_property
    def lines_of(self) -> dict[str, list[Line]]:
        return {arrival.file: list(self._lines(arrival)) for arrival in self.months}

    @cached_property
    def posts_of(self) -> dict[str, list[Post]]:
        return {arrival.file: list(self._posts(arrival)) for arrival in self.months}

    @cached_property
    def postings(self) -> list[Posting]:
        headings = load_layout("yayoi_25").columns
        text = (self.inbox / LEDGER).read_text(encoding="cp932")
        rows = [dict(zip(headings, row, strict=True)) for row in csv.reader(io.StringIO(text, newline=""))]
        last = {row["伝票No."]: number for number, row in enumerate(rows, start=1)}
        return [Posting(n, row, last[row["伝票No."]]) for n, row in enumerate(rows, start=1)]

    @cached_property
    def budget(self) -> dict[int, dict[str, str]]:
        """Row -> movement of the budget."""
        return dict(enumerate(table("budget"), start=_FIRST_YEARLY_ROW))

    @cached_property
    def published(self) -> dict[int, dict[str, str]]:
        """Row -> published fact."""
        return dict(enumerate(table("published_2021"), start=_FIRST_YEARLY_ROW))

    def line(self, indicator_id: str, place: int) -> Line:
        return self._by_place[indicator_id, place]

    def post(self, program: str, account: str, place: int) -> Post:
        return self._post_by_place[program, account, place]

    @cached_property
    def _by_place(self) -> dict[tuple[str, int], Line]:
        return {(line.indicator.indicator_id, line.place): line for line in self.lines}

    @cached_property
    def _post_by_place(self) -> dict[tuple[str, str, int], Post]:
        return {(post.program, post.account, post.place): post for post in self.posts}

    def printed(self, indicator: Indicator) -> set[Found]:
        """That the published figure of an indicator differs; nothing for one that is not printed."""
        program = self.catalog.program[indicator.program_id]
        wanted = (program.section, program.letter, indicator.indicator, indicator.qualifier)
        return {
            ("published.value.differs", PUBLISHED, f"公表値一覧!F{row}")
            for row, fact in self.published.items()
            if tuple(fact[name] for name in ("section", "letter", "title", "qualifier")) == wanted
        }

    def computed(self, indicator: Indicator) -> set[Found]:
        """That the figure of an indicator is another: in print, and where a center states it."""
        stated = {
            entry.found("narrative.stated.differs", "stated")
            for entry in self.entries(NARRATIVE)
            if entry["kind"] == STATED and entry["title"] == indicator.label
        }
        return self.printed(indicator) | stated

    def rates_of(self, indicator_id: str) -> list[Indicator]:
        """The rates that an indicator is a component of."""
        return [
            row
            for row in self.catalog.indicators
            if row.kind == "ratio" and indicator_id in (*row.numerator, *row.denominator)
        ]

    def rate(self, rate: Indicator, places: range, instead: Mapping[tuple[str, int], float]) -> Decimal:
        """The rate over some months, rounded as printed, with other values for some of its cells."""

        def total(ids: tuple[str, ...]) -> Decimal:
            cells = [(name, place) for name in ids for place in places]
            return sum(
                (Decimal(str(instead.get(cell, self.line(*cell).number))) for cell in cells), Decimal()
            )

        share = total(rate.numerator) / total(rate.denominator) * 100
        return share.quantize(Decimal(1).scaleb(-rate.decimals), _ROUNDING[rate.rounding])

    def sums_of(self, post: Post, heading: str) -> tuple[float, float, float]:
        """A row's amount, and those of its program and of its sheet."""
        sums = self._sums[post.file, heading]
        return _yen(post.values[heading]), sums[post.program], sums.total()

    @cached_property
    def _sums(self) -> dict[tuple[str, str], Counter[str]]:
        """File and heading -> program -> yen."""
        sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for post in self.posts:
            for heading, value in post.values.items():
                sums[post.file, heading][post.program] += round(_yen(value))
        return sums

    def _sheet(self, file: str, name: str) -> list[list[Any]]:
        sheet = CalamineWorkbook.from_path(str(self.inbox / file)).get_sheet_by_name(name)
        return list(sheet.to_python(skip_empty_area=False))

    def _lines(self, arrival: MonthArrival) -> Iterator[Line]:
        cells = self._sheet(arrival.file, "実績")
        place = FISCAL_MONTHS.index(arrival.period.number)
        program_row = _FIRST_ROW
        for indicator_id, row in performance_rows(self.catalog, arrival.center_id, arrival.period).items():
            if cells[row - 1][0]:
                program_row = row
            value, cumulative = cells[row - 1][3], cells[row - 1][4]
            indicator = self.catalog.indicator[indicator_id]
            yield Line(arrival.file, arrival.center_id, place, indicator, row, program_row, value, cumulative)

    def _posts(self, arrival: MonthArrival) -> Iterator[Post]:
        cells = self._sheet(arrival.file, "支出")
        place = FISCAL_MONTHS.index(arrival.period.number)
        names = {
            f"{program.printed_number} {program.program_name}": program.program_id
            for program in self.catalog.programs
        }
        totals = [n for n, row in enumerate(cells, start=1) if row[1] == "計"]
        end = next(n for n, row in enumerate(cells, start=1) if row[1] == "合計")
        program_row = _FIRST_ROW
        for row in range(_FIRST_ROW, end):
            name, account, amount, cumulative = cells[row - 1][:4]
            program_row = row if name else program_row
            if account != "計":
                values = {"当月": amount, "累計": cumulative}
                program = names[cells[program_row - 1][0]]
                total = min(n for n in totals if n > row)
                yield Post(
                    arrival.file,
                    arrival.center_id,
                    place,
                    program,
                    account,
                    row,
                    program_row,
                    total,
                    end,
                    values,
                )


_dirt = lru_cache(dirt_of)


def _yen(value: Value) -> float:
    """An amount, also where it was typed as text: △1,200."""
    return float(value.replace("△", "-").replace(",", "")) if isinstance(value, str) else float(value or 0)
