"""Corrupting the sample year: cells edited in place, and what the whole system then finds where.

A cell is edited in the file's own bytes, so that the values that Excel kept for formulas stay as they
were: a damaged file, not a recalculated one.
"""

import csv
import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

from samples.arrivals import MonthArrival, monthly_arrivals
from samples.tables import table
from schemas.catalog import Catalog
from schemas.catalog_rows import Indicator
from schemas.layout import load_layout
from schemas.period import FISCAL_MONTHS, Period
from tasks.template.performance_sheet import performance_rows

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_AT = re.compile(r"^(.+)!([A-Z]+)(\d+)$")
_LINE = re.compile(r"^line (\d+):(.+)$")

Value = str | int | float | None
# Rule, file (its path in the inbox), and the address in it.
Found = tuple[str, str, str]


def edit(path: Path, cells: Mapping[str, Value]) -> None:
    """Put values into cells, addressed as findings address them: `実績!D8` or `line 12:借方金額`."""
    if path.suffix == ".csv":
        _edit_lines(path, cells)
    else:
        _edit_workbook(path, cells)


def _edit_lines(path: Path, cells: Mapping[str, Value]) -> None:
    headings = load_layout("yayoi_25")
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="cp932"), newline="")))
    for address, value in cells.items():
        number, heading = _parts(_LINE, address)
        lines[int(number) - 1][headings.index(heading)] = "" if value is None else str(value)
    with path.open("w", encoding="cp932", newline="") as out:
        csv.writer(out, lineterminator="\r\n").writerows(lines)


def _edit_workbook(path: Path, cells: Mapping[str, Value]) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheets = ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{{{_MAIN}}}sheet")
    part_of = {sheet.get("name"): f"xl/worksheets/sheet{n}.xml" for n, sheet in enumerate(sheets, start=1)}
    ElementTree.register_namespace("", _MAIN)
    ElementTree.register_namespace("r", _RELATIONS)
    roots = {name: ElementTree.fromstring(parts[name]) for name in part_of.values()}
    for address, value in cells.items():
        sheet, letters, row = _parts(_AT, address)
        _put(roots[part_of[sheet]], letters, int(row), value)
    for name, root in roots.items():
        parts[name] = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name), content)


def _parts(pattern: re.Pattern[str], address: str) -> tuple[Any, ...]:
    found = pattern.match(address)
    assert found, address
    return found.groups()


def _put(root: ElementTree.Element, letters: str, row: int, value: Value) -> None:
    data = root.find(f"{{{_MAIN}}}sheetData")
    assert data is not None
    line = _child(data, "row", str(row), int)
    cell = _child(line, "c", f"{letters}{row}", lambda name: (len(name), name))
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        inline = ElementTree.SubElement(cell, f"{{{_MAIN}}}is")
        ElementTree.SubElement(inline, f"{{{_MAIN}}}t").text = value
    elif value is not None:
        ElementTree.SubElement(cell, f"{{{_MAIN}}}v").text = repr(value)


def _child(
    parent: ElementTree.Element, tag: str, name: str, place: Callable[[str], Any]
) -> ElementTree.Element:
    """The row or cell of a name; a new one is put where the order of the sheet wants it."""
    children = list(parent)
    for child in children:
        if child.get("r") == name:
            return child
    position = sum(place(child.get("r", "")) < place(name) for child in children)
    made = ElementTree.Element(f"{{{_MAIN}}}{tag}", {"r": name})
    parent.insert(position, made)
    return made


LEDGER = "foundation/仕訳データ_R03.csv"
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
        headings = load_layout("yayoi_25")
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


def _yen(value: Value) -> float:
    """An amount, also where it was typed as text: △1,200."""
    return float(value.replace("△", "-").replace(",", "")) if isinstance(value, str) else float(value or 0)
