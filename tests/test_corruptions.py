"""Some hundreds of corrupted cells of the sample year: each is found in its cell and nowhere else.

For each kind of corruption the functions below say which cells it can befall, what is typed there, and
the exact set of findings that the whole system then has and the untouched year has not; a seed chooses
the cells. The sets follow from the forms' meaning and are computed here, never by the pipeline.
Corruptions that do not touch each other are tried in one year together.
"""

import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pytest

from samples.lines import lines_of
from samples.tables import table
from schemas.catalog import Catalog, load_catalog
from schemas.catalog_rows import Indicator
from schemas.forms.survey import SURVEY
from schemas.period import Period
from tasks.effects import Effects
from tasks.home import Home
from tasks.template.content import Content
from tasks.template.workbook import lines_workbook
from tasks.world import World
from tests import (
    corruption_cells,
    corruption_events,
    corruption_lines,
    corruption_spending,
    corruption_texts,
    corruption_unlike,
)
from tests.compiled import Compiled
from tests.conftest import NOON, ROOT, SAMPLES
from tests.corrupted_year import FOUND, STATES, Outcome, outcome_of
from tests.corruption_edits import Value, edit
from tests.corruption_kinds import KINDS, Kind, all_of, case, kind, whole
from tests.corruption_spending import PLANTED
from tests.corruptions import (
    BUDGET,
    LEDGER,
    PUBLISHED,
    PUBLISHED_BEFORE,
    Case,
    Found,
    Line,
    Page,
    Post,
    Posting,
    Year,
)
from tests.walking import query, walk
from warehouse.engine import connect

# Each of these has entered its kinds into the table.
MODULES_OF_KINDS = (
    corruption_cells,
    corruption_events,
    corruption_lines,
    corruption_spending,
    corruption_texts,
    corruption_unlike,
)
SEED = 20210401
LARGEST_GROUP = 150

ALREADY_REFUSED = "icc/月報_R04-01_インタークロス・クリエイティブ・センター.xlsx"
FIRST_OF_JULY = "electronics/月報_R03-07_エレクトロニクスセンター.xlsx"
SECOND_OF_JULY = "electronics/月報_R03-07_エレクトロニクスセンター_第2版.xlsx"
# Without its applications of June, the year's adoptions of July stand alone.
JUNE_OF_ELECTRONICS = "electronics/月報_R03-06_エレクトロニクスセンター.xlsx"

WHOLE_YEAR = range(12)
MARCH = 11
ADOPTED = ("3-03.adopted", "3-05.adopted")
REGISTERED, JOINED, LEFT = "4-02.registrations", "4-02.registrations_new", "4-02.registrations_left"
USERS = "4-02.cross_garden_users"
EXPORTS = "1-06.exports"


def typed(line: Line, heading: str, value: Value, *rules: str, also: Iterable[Found] = ()) -> Case:
    """Something typed into a cell of 実績, found by rules that blame that very cell."""
    found = {line.found(rule, heading) for rule in rules}
    return case(line.file, {line.at(heading): value}, found | set(also), touched(line))


def touched(line: Line) -> set[str]:
    """What else bears on the row: its indicator in other months, and the register that it moves."""
    name, place = line.indicator.indicator_id, line.place
    ends = {REGISTERED: (place, place + 1), JOINED: (place,), LEFT: (place,)}.get(name, ())
    return {name, *(f"register {end}" for end in ends)}


# --- 実績: what keeps a workbook out ------------------------------------------------------------------


@kind("words where a number belongs", 8)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.is_number:
            yield typed(line, "当月", "約5件ほど", "performance.value.readable")


@kind("a month left blank", 6)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.is_input:
            yield typed(line, "当月", None, "performance.value.required")


@kind("a negative count", 6)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.is_number:
            yield typed(line, "当月", "△5", "performance.value.negative")


@kind("half a person", 6)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.is_number and line.indicator.kind != "ratio":
            finer = 0.5 / 10**line.indicator.decimals
            yield typed(line, "当月", line.number + finer, "performance.value.whole")


@kind("a part raised by 7", 6)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.part_of and line.is_number:
            whole = year.line(line.indicator.part_of, line.place)
            also = [whole.found("performance.value.sum", "当月")]
            yield typed(line, "当月", line.number + 7, also=also)


@kind("a total raised by 7", 5)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.kind == "total":
            yield typed(line, "当月", line.number + 7, "performance.value.sum")


@kind("a numerator above its denominator", 6)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        for rate in year.rates_of(line.indicator.indicator_id):
            whole = year.line(rate.denominator[0], line.place)
            if line.indicator.indicator_id in rate.numerator and whole.number > 0:
                # Not also a rate that differs: a rate above 100 % is no rate.
                yield typed(line, "当月", whole.number + 1, "performance.value.part_exceeds_whole")


SHUT = {("seminar_room", 2), ("seminar_room", 5), ("cross_garden", 2)}


def is_shut(line: Line) -> bool:
    return (line.indicator.facility_id, line.place) in SHUT


@kind("users in a month of closure", 6)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if is_shut(line):
            yield typed(line, "当月", 18, "performance.value.closed")


@kind("a label mistyped", 6)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.decimals == 0 and line.indicator.kind != "ratio":
            yield typed(line, "項目", f"{line.indicator.label}等", "performance.indicator.known")


@kind("a label that resembles none", 4)
def _(year: Year) -> Iterator[Case]:
    # The row of the form is missing then, which is said once, at the heading.
    for line in year.lines:
        if line.indicator.decimals == 0 and line.indicator.kind != "ratio":
            also = [("sheet.missing_rows", line.file, "実績!B5")]
            yield typed(line, "項目", "ZZZ", "performance.indicator.known", also=also)


@kind("a row without a label", 2)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        also = [("sheet.missing_rows", line.file, "実績!B5")]
        yield typed(line, "項目", None, "performance.indicator.required", also=also)


@kind("results of no program", 2)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        yield typed(line, "区分", None, "performance.program.required")


@kind("a unit of something else", 6)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        yield typed(line, "単位", "坪", "performance.unit.known")


@kind("a unit left blank", 3)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.unit != "円" and not isinstance(line.value, str):
            yield typed(line, "単位", None, "performance.unit.required")


@kind("a row written twice", 5)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        last = year.lines_of[line.file][-1].row
        program = year.catalog.program[line.indicator.program_id]
        cells: dict[str, Value] = {
            f"実績!A{last + 1}": f"{program.printed_number} {program.program_name}",
            f"実績!B{last + 1}": line.indicator.label,
            f"実績!C{last + 1}": line.indicator.unit,
            f"実績!D{last + 1}": line.value,
            f"実績!F{last + 1}": "令和3年4月1日" if line.indicator.rule == "last" else None,
        }
        if line.indicator.rule != "last":
            yield case(line.file, cells, [("performance.row.repeated", line.file, f"実績!B{last + 1}")])


@kind("words where a cumulative belongs", 4)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        yield typed(line, "累計", "前月と同じ", "performance.cumulative.readable")


@kind("a day that does not exist", 4)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.rule == "last":
            yield typed(line, "基準日", "令和3年2月30日", "performance.as_of_date.readable")


@kind("the heading of the cumulatives renamed", 4)
def _(year: Year) -> Iterator[Case]:
    for file in year.files:
        for sheet, letter in (("実績", "E"), ("支出", "D")):
            found = [
                ("sheet.missing_column", file, f"{sheet}!A5"),
                ("sheet.unknown_heading", file, f"{sheet}!{letter}6"),
            ]
            yield case(file, {f"{sheet}!{letter}6": "年度計"}, found)


# --- 実績: what comes in with a warning ---------------------------------------------------------------


def plain_flows(year: Year) -> Iterator[Line]:
    """Flows that nothing is computed from but their own year."""
    apart = {*ADOPTED, JOINED, LEFT, USERS, EXPORTS}
    for line in year.lines:
        name = line.indicator.indicator_id
        is_flow = line.indicator.rule == "sum" and not line.indicator.part_of
        if is_flow and line.is_number and name not in apart and not year.rates_of(name) and not is_shut(line):
            yield line


@kind("a flow raised by 7", 14, loads=True)
def _(year: Year) -> Iterator[Case]:
    # Found in that month's cumulative and in print; nothing in the month after.
    for line in plain_flows(year):
        also = {line.found("performance.cumulative.continues", "累計")} | year.printed(line.indicator)
        yield typed(line, "当月", line.number + 7, also=also)


@kind("a cumulative typed wrong", 10, loads=True)
def _(year: Year) -> Iterator[Case]:
    # Exactly one finding: the month after, which carries on from the right one, is not blamed.
    for line in year.lines:
        if line.indicator.rule in ("sum", "total") and isinstance(line.cumulative, float):
            yield typed(line, "累計", line.cumulative + 3, "performance.cumulative.continues")


@kind("a component of a rate changed", 8, loads=True)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        name = line.indicator.indicator_id
        for rate in year.rates_of(name):
            if line.number > 0 and not is_shut(line):
                yield _component(
                    year, line, rate, line.number - 3 if name in rate.numerator else line.number + 3
                )


def _component(year: Year, line: Line, rate: Indicator, value: float) -> Case:
    instead = {(line.indicator.indicator_id, line.place): value}
    month, of_year = range(line.place, line.place + 1), WHOLE_YEAR
    found: set[Found] = set()
    if line.indicator.rule == "sum":
        found.add(line.found("performance.cumulative.continues", "累計"))
    else:
        of_year = range(MARCH, MARCH + 1)
    if year.rate(rate, month, instead) != year.rate(rate, month, {}):
        found.add(year.line(rate.indicator_id, line.place).found("performance.value.rate", "当月"))
    if line.place in of_year and year.rate(rate, of_year, instead) != year.rate(rate, of_year, {}):
        found |= year.printed(rate)
    touches = [rate.indicator_id, *rate.numerator, *rate.denominator]
    return case(line.file, {line.at("当月"): value}, found, touches)


@kind("a rate typed otherwise", 6, loads=True)
def _(year: Year) -> Iterator[Case]:
    # The year's rate comes from the components and does not change.
    for line in year.lines:
        if line.indicator.kind == "ratio" and line.number > 1:
            yield typed(line, "当月", line.number - 2, "performance.value.rate")


@kind("more applications than consultations", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.indicator_id == "2-01-e.applications":
            above = year.line("2-01-e.consultations", line.place).number + 1
            also = {line.found("performance.cumulative.continues", "累計")} | year.printed(line.indicator)
            # So many are unlike the other months' applications, too.
            yield typed(line, "当月", above, "performance.value.le", "performance.value.unlike", also=also)


@kind("more adopted than applied over the year", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.indicator_id in ADOPTED:
            also = {line.found("performance.cumulative.continues", "累計")} | year.printed(line.indicator)
            made = typed(line, "当月", line.number + 9, "performance.value.le_year", also=also)
            # Without all of the applications, nothing can be said.
            applied = line.indicator.indicator_id.replace("adopted", "applied")
            yield Case(made.file, made.cells, made.found, made.touches | {applied})


@kind("a computed cell left blank", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    # A formula may have been saved without its value; the sum or rate is computed from its parts anyway.
    for line in year.lines:
        if not line.indicator.is_input:
            yield typed(line, "当月", None)


@kind("a register that does not continue", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    # Nobody can know which of the two ends is wrong: this month's, and the next one's start.
    for place in WHOLE_YEAR:
        line = year.line(REGISTERED, place)
        ends = [year.line(REGISTERED, at) for at in (place, place + 1) if 0 < at <= MARCH]
        also = {end.found("performance.value.continuity", "当月") for end in ends}
        if place == MARCH:
            also |= year.printed(line.indicator)
        yield typed(line, "当月", line.number + 7, also=also)


@kind("a joining or leaving that the register has not", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    for name in (JOINED, LEFT):
        for place in range(1, 12):
            line, register = year.line(name, place), year.line(REGISTERED, place)
            also = {
                line.found("performance.cumulative.continues", "累計"),
                register.found("performance.value.continuity", "当月"),
            }
            also |= year.printed(line.indicator)
            yield typed(line, "当月", line.number + 7, also=also)


@kind("more joined than there are", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    for place in range(1, 12):
        line, register = year.line(JOINED, place), year.line(REGISTERED, place)
        also = {
            line.found("performance.cumulative.continues", "累計"),
            register.found("performance.value.continuity", "当月"),
        }
        also |= year.printed(line.indicator)
        yield typed(line, "当月", line.number + 100, "performance.value.le_year", also=also)


@kind("users raised by 7", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    # 1,302 over 11 open months is 118 a month and no longer 117; and 2,193 below the year before.
    derived = [row for row in year.catalog.indicators if USERS in row.numerator]
    for place in WHOLE_YEAR:
        line = year.line(USERS, place)
        if not is_shut(line):
            also = {line.found("performance.cumulative.continues", "累計")} | year.printed(line.indicator)
            for row in derived:
                also |= year.computed(row)
            yield typed(line, "当月", line.number + 7, also=also)


@kind("yen said to be thousands", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    # The second half's cumulative does not continue the first's, whichever of the two is wrong.
    for place in (5, 11):
        line = year.line(EXPORTS, place)
        also = {year.line(EXPORTS, 11).found("performance.cumulative.continues", "累計")}
        yield typed(line, "単位", "千円", also=also | year.printed(line.indicator))


@kind("a day outside the month", 6, loads=True)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.rule == "last":
            yield typed(line, "基準日", "令和2年12月31日", "performance.as_of_date.outside_month")


@kind("a stock without its day", 5, loads=True)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.indicator.rule == "last":
            yield typed(line, "基準日", None, "performance.as_of_date.required")


@kind("a row removed", 6, loads=True)
def _(year: Year) -> Iterator[Case]:
    # What would need the row is silent: the next cumulative, the printed figure, rates and registers.
    for line in year.lines:
        if not (line.file == JUNE_OF_ELECTRONICS and line.indicator.indicator_id.endswith("applied")):
            cells = {line.at(heading): None for heading in ("項目", "単位", "当月", "累計", "基準日")}
            touches = [line.indicator.indicator_id, line.indicator.part_of, line.indicator.program_id]
            touches += [rate.indicator_id for rate in year.rates_of(line.indicator.indicator_id)]
            yield case(
                line.file, cells, [("sheet.missing_rows", line.file, "実績!B5")], filter(None, touches)
            )


@kind("a number written otherwise", 8, loads=True)
def _(year: Year) -> Iterator[Case]:
    # The same number: nothing is found.
    ways: tuple[Callable[[Line], Value], ...] = (
        lambda line: f"{line.number:,.0f}".translate(str.maketrans("0123456789,", "０１２３４５６７８９，")),
        lambda line: f" {line.number:,.0f}{line.indicator.unit}",
        lambda line: f"{line.number:.0f}",
    )
    for n, line in enumerate(year.lines):
        if line.is_number and line.number.is_integer() and line.indicator.decimals == 0:
            yield typed(line, "当月", ways[n % len(ways)](line))


@kind("a column of their own", 6, loads=True)
def _(year: Year) -> Iterator[Case]:
    for file in year.files:
        for sheet, letter in (("実績", "H"), ("支出", "F")):
            at = f"{sheet}!{letter}6"
            yield case(file, {at: "前年同月"}, [("sheet.unknown_heading", file, at)])


@kind("the heading of the notes renamed", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    for file in year.files:
        for at in ("実績!G5", "支出!E5"):
            yield case(file, {at: "メモ"}, [("sheet.unknown_heading", file, at)])


# --- 支出 ---------------------------------------------------------------------------------------------


def spent(post: Post, cells: Mapping[str, Value], found: Iterable[Found] = ()) -> Case:
    return case(post.file, cells, found, [f"{post.program} {post.account}"])


def numbers(year: Year) -> Iterator[Post]:
    return (post for post in year.posts if isinstance(post.values["当月"], float))


@kind("an amount raised by 7", 6)
def _(year: Year) -> Iterator[Case]:
    for post in numbers(year):
        found = [post.found("expenditure.amount_yen.sum", "当月", row) for row in _totals(post)]
        yield spent(post, {post.at("当月"): post.values["当月"] + 7}, found)


def _totals(post: Post) -> tuple[int, int]:
    return post.total_row, post.grand_total_row


@kind("a cumulative amount raised by 7", 4)
def _(year: Year) -> Iterator[Case]:
    for post in numbers(year):
        found = [post.found("expenditure.cumulative_yen.sum", "累計", row) for row in _totals(post)]
        yield spent(post, {post.at("累計"): post.values["累計"] + 7}, found)


@kind("a sum of spending changed", 6)
def _(year: Year) -> Iterator[Case]:
    # The sum of all is over the accounts, not over the programs' sums.
    for post in numbers(year):
        for row in _totals(post):
            found = [post.found("expenditure.amount_yen.sum", "当月", row)]
            yield spent(post, {post.at("当月", row): 7}, found)


@kind("words where an amount belongs", 5)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        found = [post.found("expenditure.amount_yen.readable", "当月")]
        yield spent(post, {post.at("当月"): "精査中"}, found)


@kind("an amount left blank", 4)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        yield spent(post, {post.at("当月"): None}, [post.found("expenditure.amount_yen.required", "当月")])


@kind("a sum of spending left blank", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    # A formula saved without its value.
    for post in numbers(year):
        for row in _totals(post):
            yield spent(post, {post.at("当月", row): None})


@kind("an account that is none", 5)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        yield spent(post, {post.at("科目"): "交際費"}, [post.found("expenditure.account.known", "科目")])


@kind("an account left blank", 3)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        yield spent(post, {post.at("科目"): None}, [post.found("expenditure.account.required", "科目")])


@kind("an account written twice", 4)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        if post.row > post.program_row:
            above = next(p for p in year.posts_of[post.file] if p.row == post.program_row)
            found = [post.found("expenditure.row.repeated", "科目")]
            yield spent(post, {post.at("科目"): above.account}, found)


def not_the_ledgers(year: Year, post: Post) -> str:
    """The rule that finds an amount of 支出 to be another: by its lines, or if allocated by the ledger."""
    accounts = {row.account_name: row for row in year.catalog.accounts}
    if not accounts[post.account].is_allocated:
        return "expenditure.amount_yen.lines"
    return "difference.unknown" if post.values["当月"] else "difference.only_reported"


@kind("an amount changed with all its sums", 8, loads=True)
def _(year: Year) -> Iterator[Case]:
    # The settled ledger knows better, and the month after goes on from the old cumulative.
    for post in numbers(year):
        found = {post.found(not_the_ledgers(year, post), "当月")}
        if post.place < MARCH:
            after = year.post(post.program, post.account, post.place + 1)
            found.add(after.found("expenditure.cumulative_yen.continues", "累計"))
        yield spent(post, _raised(year, post, ("当月", "累計"), 7), found)


@kind("a cumulative amount changed with all its sums", 5, loads=True)
def _(year: Year) -> Iterator[Case]:
    for post in numbers(year):
        found = [post.found("expenditure.cumulative_yen.continues", "累計")]
        yield spent(post, _raised(year, post, ("累計",), 7), found)


def _raised(year: Year, post: Post, headings: Iterable[str], by: float) -> dict[str, Value]:
    """A row and the two sums over it, all raised by the same."""
    cells: dict[str, Value] = {}
    for heading in headings:
        for row, total in zip((post.row, *_totals(post)), year.sums_of(post, heading), strict=True):
            cells[post.at(heading, row)] = total + by
    return cells


# --- Covers -------------------------------------------------------------------------------------------


def on_covers(year: Year, cell: str, value: Value, *rules: str) -> Iterator[Case]:
    """Something typed into a cell that every cover has."""
    for page in year.pages:
        at = f"{page.sheet}!{cell}"
        yield whole(page.file, {at: value}, [(rule, page.file, at) for rule in rules])


def monthly(year: Year) -> Iterator[Page]:
    return (page for page in year.pages if page.period.frequency == "month")


@kind("the cover of another center", 6)
def _(year: Year) -> Iterator[Case]:
    names = {row.center_id: row.center_name for row in year.catalog.centers if row.role == "center"}
    for page in year.pages:
        at = f"{page.sheet}!B2"
        for center_id, name in names.items():
            if center_id != page.center_id:
                yield whole(page.file, {at: name}, [("cover.center_id.wrong_center", page.file, at)])


@kind("a center that does not exist", 3)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "B2", "企画調整課", "cover.center_id.known")


@kind("no center on the cover", 3)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "B2", None, "cover.center_id.required")


@kind("a month on the cover that is not the title's", 5)
def _(year: Year) -> Iterator[Case]:
    for page in monthly(year):
        other = page.period.number % 12 + 1
        at = f"{page.sheet}!G2"
        yield whole(page.file, {at: f"{other}月"}, [("cover.month.differs_from_title", page.file, at)])


@kind("a title of another month", 4)
def _(year: Year) -> Iterator[Case]:
    for page in monthly(year):
        found = [("cover.month.differs_from_title", page.file, f"{page.sheet}!G2")]
        other = page.period.number % 12 + 1
        year_of = 3 if other >= 4 else 4
        title = f"令和{year_of}年{other}月分 {page.form.title}"
        yield whole(page.file, {f"{page.sheet}!A1": title}, found)


@kind("a title of another year", 4)
def _(year: Year) -> Iterator[Case]:
    for page in year.pages:
        found = [("cover.fiscal_year.differs_from_title", page.file, f"{page.sheet}!E2")]
        before = f"令和2年{page.period.number}月分" if page.period.number else "令和2年度"
        yield whole(page.file, {f"{page.sheet}!A1": f"{before} {page.form.title}"}, found)


def untitled(form_id: str) -> None:
    @kind(f"a title taken away: {form_id}", 1)
    def _(year: Year) -> Iterator[Case]:
        # What it is can be told from its headings.
        for page in year.pages:
            if page.form.id == form_id:
                at = f"{page.sheet}!A1"
                yield whole(page.file, {at: None}, [("sheet.missing_title", page.file, at)])


for _form_id in ("performance", "expenditure", "event", "client", "narrative"):
    untitled(_form_id)


@kind("the year after on the cover", 3)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "E2", "令和4年度", "cover.fiscal_year.differs_from_title")


@kind("no month on the cover", 3)
def _(year: Year) -> Iterator[Case]:
    for page in monthly(year):
        at = f"{page.sheet}!G2"
        yield whole(page.file, {at: None}, [("cover.month.required", page.file, at)])


@kind("a thirteenth month", 3)
def _(year: Year) -> Iterator[Case]:
    for page in monthly(year):
        at = f"{page.sheet}!G2"
        yield whole(page.file, {at: "13月"}, [("cover.month.readable", page.file, at)])


@kind("a year that is none", 3)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "E2", "本年度", "cover.fiscal_year.readable")


@kind("no year on the cover", 3)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "E2", None, "cover.fiscal_year.required")


@kind("last year's form", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "G3", "R02-0badf00d", "cover.template.old")


@kind("a cover without the form's version", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "G3", None)


@kind("a day of submission that is none", 4)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "G1", "月初め", "cover.stated_on.readable")


@kind("no day of submission", 3)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "G1", None, "cover.stated_on.required")


@kind("a revision that is no number", 4)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "B3", "最終版", "cover.revision.readable")


@kind("the second version refused", 1, alone=True)
def _(year: Year) -> Iterator[Case]:
    # The first one counts then, which had 5 adopted instead of 7.
    adopted = year.line("3-05.adopted", 4)
    also = {adopted.found("performance.cumulative.continues", "累計")} | year.printed(adopted.indicator)
    for line in year.lines:
        if line.file == SECOND_OF_JULY and line.is_number:
            made = typed(line, "当月", "約5件ほど", "performance.value.readable", also=also)
            yield Case(made.file, made.cells, made.found, frozenset(["3-05.adopted"]))


@kind("two versions with one number", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    # Either may be meant; the one stated later counts, as before.
    found = [("cover.revision.same", file, file) for file in (FIRST_OF_JULY, SECOND_OF_JULY)]
    yield case(SECOND_OF_JULY, {"実績!B3": 1}, found)


# --- Head office: budget, published figures, ledger ---------------------------------------------------

TRANSFERS = ("流用", "予備費充当")


def of_budget(row: int, letter: str, value: Value, *rules: str, also: Iterable[Found] = ()) -> Case:
    at = f"予算異動明細書!{letter}{row}"
    return case(BUDGET, {at: value}, {*((rule, BUDGET, at) for rule in rules), *also}, [f"budget {row}"])


@kind("a transfer that does not come to zero", 3)
def _(year: Year) -> Iterator[Case]:
    for row, movement in year.budget.items():
        if movement["movement"] in TRANSFERS:
            decision = [n for n, m in year.budget.items() if m["decision_code"] == movement["decision_code"]]
            at, last = f"予算異動明細書!E{row}", f"予算異動明細書!E{max(decision)}"
            found = [("budget.amount_yen.balance", BUDGET, last)]
            yield case(BUDGET, {at: 1}, found, {f"budget {row}" for row in decision})


@kind("half a yen in a transfer", 1)
def _(year: Year) -> Iterator[Case]:
    # What cannot be right cannot be said to balance, at the decision's last row.
    for row, movement in year.budget.items():
        decision = [n for n, m in year.budget.items() if m["decision_code"] == movement["decision_code"]]
        if movement["movement"] in TRANSFERS and row < max(decision):
            found = [("budget.amount_yen.whole", BUDGET, f"予算異動明細書!E{row}")]
            cells: dict[str, Value] = {f"予算異動明細書!E{row}": 1200.5}
            yield case(BUDGET, cells, found, {f"budget {n}" for n in decision})


@kind("words where a budget belongs", 3)
def _(year: Year) -> Iterator[Case]:
    for row in year.budget:
        yield of_budget(row, "E", "未定", "budget.amount_yen.readable")


@kind("a budget for no program", 3)
def _(year: Year) -> Iterator[Case]:
    for row in year.budget:
        yield of_budget(row, "D", "9-(9) 新規事業", "budget.program.known")


@kind("a movement that is none", 3)
def _(year: Year) -> Iterator[Case]:
    for row, movement in year.budget.items():
        if movement["movement"] not in TRANSFERS:
            yield of_budget(row, "C", "増額", "budget.movement.known")


@kind("a decision on no day", 3)
def _(year: Year) -> Iterator[Case]:
    for row in year.budget:
        yield of_budget(row, "B", "令和3年13月1日", "budget.decided_on.readable")


@kind("a movement written twice", 2)
def _(year: Year) -> Iterator[Case]:
    for row, movement in year.budget.items():
        above = year.budget.get(row - 1, movement)
        same = ("decision_code", "movement")
        if row - 1 in year.budget and all(movement[name] == above[name] for name in same):
            program = year.catalog.program[above["program_id"]]
            name = f"{program.printed_number} {program.program_name}"
            made = of_budget(row, "D", name, "budget.row.repeated")
            yield Case(made.file, made.cells, made.found, made.touches | {f"budget {row - 1}"})


def of_published(row: int, letter: str, value: Value, *rules: str, also: Iterable[Found] = ()) -> Case:
    at = f"公表値一覧!{letter}{row}"
    found = {*((rule, PUBLISHED, at) for rule in rules), *also}
    return case(PUBLISHED, {at: value}, found, [f"published {row}"])


@kind("a published figure left blank", 3)
def _(year: Year) -> Iterator[Case]:
    for row, fact in year.published.items():
        if fact["kind"] in ("numeric", "expenditure"):
            yield of_published(row, "F", None, "published.value.numeric")


@kind("words where a published figure belongs", 3)
def _(year: Year) -> Iterator[Case]:
    for row in year.published:
        yield of_published(row, "F", "多数", "published.value.readable")


@kind("a kind of fact that is none", 3)
def _(year: Year) -> Iterator[Case]:
    for row in year.published:
        yield of_published(row, "E", "数値", "published.kind.known")


def reported(year: Year) -> Iterator[tuple[int, Indicator]]:
    """The rows of published figures that the centers' sheets give, and what they are of."""
    for row in year.catalog.indicators:
        for _, _, at in year.printed(row) if row.source_form == "performance" else ():
            yield int(at.rpartition("F")[2]), row


@kind("a published title that is none", 5, loads=True)
def _(year: Year) -> Iterator[Case]:
    # Of what is printed in running text (context) a title may be anything.
    for row, indicator in reported(year):
        shared = [name for name in year.published.values() if name["title"] == indicator.indicator]
        if len(shared) == 1 and shared[0]["kind"] == "numeric":
            found = of_published(row, "C", "名称未定", "published.title.unknown")
            yield Case(found.file, found.cells, found.found, frozenset([indicator.indicator_id]))


@kind("a published text that no center wrote", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    # Whether title or qualifier is another: it is said at the value, which is blank.
    for row, fact in year.published.items():
        if fact["kind"] == "qualitative":
            for letter in ("C", "D"):
                found = [("published.title.unwritten", PUBLISHED, f"公表値一覧!F{row}")]
                touches = [f"published {row}", f"text {fact['title']}"]
                yield case(PUBLISHED, {f"公表値一覧!{letter}{row}": "名称未定"}, found, touches)


@kind("a published figure that the reports do not give", 6, loads=True)
def _(year: Year) -> Iterator[Case]:
    for row, indicator in reported(year):
        found = of_published(row, "F", 1_000_001, "published.value.differs")
        yield Case(found.file, found.cells, found.found, frozenset([indicator.indicator_id]))


@kind("a figure of the year before", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    # This year's difference, printed and stated by the center, is against it.
    found: set[Found] = set()
    for row in year.catalog.indicators:
        found |= year.computed(row) if row.kind == "difference" else set()
    yield case(PUBLISHED_BEFORE, {"公表値一覧!F6": 1500}, found, [USERS])


def expenses(year: Year) -> Iterator[tuple[Posting, Post]]:
    """The lines of the ledger that a center's cell is the only one of, and that cell."""
    departments = {row.department: row for row in year.catalog.programs}
    posts = {(p.program, p.account, p.place): p for p in year.posts}
    for line in year.postings[1:]:
        program = departments.get(line.cells["借方部門"])
        post = posts.get((program.program_id if program else "", line.cells["借方勘定科目"], line.place))
        if post and not PLANTED & {line.cells["摘要"][1:8]}:
            yield line, post


def of_ledger(line: Posting, heading: str, value: Value, *rules: str) -> Case:
    found = {line.found(rule, heading) for rule in rules}
    return case(LEDGER, {line.at(heading): value}, found, [f"slip {line.cells['伝票No.']}"])


@kind("a slip that does not balance", 4)
def _(year: Year) -> Iterator[Case]:
    for line, _ in expenses(year):
        found = line.found("ledger.debit_yen.slip_balance", "借方金額", line.last_of_slip)
        cells = {line.at("借方金額"): int(line.cells["借方金額"]) + 7}
        yield case(LEDGER, cells, [found], [f"slip {line.cells['伝票No.']}"])


@kind("a day outside the year", 3)
def _(year: Year) -> Iterator[Case]:
    for line, _ in expenses(year):
        yield of_ledger(line, "取引日付", "R.04/04/05", "ledger.posted_on.outside_year")


@kind("a posting on no day", 3)
def _(year: Year) -> Iterator[Case]:
    for line, _ in expenses(year):
        yield of_ledger(line, "取引日付", "R.03/09/31", "ledger.posted_on.readable")


@kind("an account that the books have not", 3)
def _(year: Year) -> Iterator[Case]:
    for line, _ in expenses(year):
        yield of_ledger(line, "借方勘定科目", "交際費", "ledger.debit_account.known")


@kind("a department that does not exist", 3)
def _(year: Year) -> Iterator[Case]:
    for line, _ in expenses(year):
        yield of_ledger(line, "借方部門", "9-(9)", "ledger.debit_program.known")


@kind("an expense without a department", 3)
def _(year: Year) -> Iterator[Case]:
    for line, _ in expenses(year):
        yield of_ledger(line, "借方部門", None, "ledger.debit_program.required")


@kind("a posting without an amount", 3)
def _(year: Year) -> Iterator[Case]:
    for line, _ in expenses(year):
        yield of_ledger(line, "借方金額", None, "ledger.debit_yen.required")


def held_against(year: Year, line: Posting, post: Post, rule: str) -> list[Found]:
    """Where a posting that is another is told: at the line of its number, or the cell if allocated."""
    mark, _, _ = line.cells["摘要"].removeprefix("伺").partition("　")
    line = year.invoices.get(mark)
    return [line.found(rule, "amount_yen") if line else post.found(rule, "当月")]


@kind("a posting of another amount", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    for line, post in expenses(year):
        amount = int(line.cells["借方金額"]) + 7
        found = held_against(year, line, post, "difference.unknown")
        touches = [f"{post.program} {post.account}"]
        yield case(LEDGER, {line.at("借方金額"): amount, line.at("貸方金額"): amount}, found, touches)


@kind("a posting in the month after", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    for line, post in expenses(year):
        if line.place < 8:
            found = held_against(year, line, post, "difference.other_month")
            touches = [f"{post.program} {post.account}"]
            yield case(LEDGER, {line.at("取引日付"): f"R.03/{line.place + 5:02d}/15"}, found, touches)


# --- What the system is known to do otherwise ---------------------------------------------------------


@kind("a program that is not the center's", 3)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        yield typed(line, "区分", "9-(9) 新規事業", "performance.program.known")


@kind("spending of no program", 3)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        yield spent(
            post, {post.at("区分"): "9-(9) 新規事業"}, [post.found("expenditure.program.known", "区分")]
        )


@kind("spending under a blank", 2)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        yield spent(post, {post.at("区分"): None}, [post.found("expenditure.program.required", "区分")])


@kind("a decision without its number", 2)
def _(year: Year) -> Iterator[Case]:
    for row in year.budget:
        yield of_budget(row, "A", None, "budget.decision_code.required")


@kind("a month on the first cover", 2)
def _(year: Year) -> Iterator[Case]:
    for arrival in year.months:
        other = arrival.period.number % 12 + 1
        found = [("cover.month.differs_from_title", arrival.file, "実績!G2")]
        yield case(arrival.file, {"実績!G2": f"{other}月"}, found)


@kind("a year in which nothing is owed", 2)
def _(year: Year) -> Iterator[Case]:
    yield from on_covers(year, "E2", "令和2年度", "cover.fiscal_year.not_owed")


@kind("a heading renamed", 2)
def _(year: Year) -> Iterator[Case]:
    for file in year.files:
        found = [("sheet.missing_column", file, "実績!A5"), ("sheet.unknown_heading", file, "実績!D6")]
        yield case(file, {"実績!D6": "今月分"}, found)


@kind("the heading of the days renamed", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for arrival in year.months:
        if arrival.center_id != "projects":
            found = [("sheet.unknown_heading", arrival.file, "実績!F5")]
            yield case(arrival.file, {"実績!F5": "締め"}, found)


@kind("an amount with half a yen", 2)
def _(year: Year) -> Iterator[Case]:
    for post in numbers(year):
        found = [post.found("expenditure.amount_yen.whole", "当月")]
        yield spent(post, {post.at("当月"): post.values["当月"] + 0.5}, found)


@kind("a label of an area mistyped", 2)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.is_number and not line.number.is_integer():
            yield typed(line, "項目", f"{line.indicator.label}等", "performance.indicator.known")


@kind("a sum called otherwise", 2)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        found = [post.found("expenditure.account.known", "科目", post.total_row)]
        yield spent(post, {post.at("科目", post.total_row): "けい"}, found)


@kind("a sum called by another of its names", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for post in year.posts:
        yield spent(post, {post.at("科目", post.total_row): "小計"})


@kind("half of a transfer called otherwise", 1)
def _(year: Year) -> Iterator[Case]:
    for row, movement in year.budget.items():
        if movement["movement"] in TRANSFERS:
            yield of_budget(row, "C", "振替", "budget.movement.known")


@kind("the month of the applications refused", 1, alone=True)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        if line.file == JUNE_OF_ELECTRONICS and line.is_number:
            yield typed(line, "当月", "約5件ほど", "performance.value.readable")


@kind("a published fact written twice", 1)
def _(year: Year) -> Iterator[Case]:
    for row, fact in year.published.items():
        above = year.published.get(row - 1)
        same = ("section", "letter", "qualifier")
        if above and fact["kind"] == "qualitative" and all(fact[name] == above[name] for name in same):
            at = f"公表値一覧!C{row}"
            found = [("published.row.repeated", PUBLISHED, f"公表値一覧!D{row}")]
            yield case(PUBLISHED, {at: above["title"]}, found, [f"published {n}" for n in (row - 1, row)])


@kind("a heading of one line", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    for file in year.files:
        yield case(file, {"実績!H5": "前年同月"}, [("sheet.unknown_heading", file, "実績!H5")])


# --- Pairs and groups ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """One cell and one corruption of it, in the group of those that are tried together."""

    kind: Kind
    case: Case
    group: str

    @property
    def id(self) -> str:
        """Such as: a unit left blank, icc R03-05 s1 C12 (s1: the first sheet, 実績)."""
        text = f"{self.case.file} {next(iter(self.case.cells))}"
        for number, sheet in enumerate(("実績", "支出", "イベント", "支援先"), start=1):
            text = text.replace(f" {sheet}!", f" s{number} ")
        name = f"{self.kind.name}, {text}".replace("第2版", "v2").replace(".xlsx", "")
        return re.sub(r"[ _/]+", " ", re.sub(r"[^ -~]+", " ", name)).strip()


def _chosen(year: Year) -> Iterator[tuple[Kind, Case]]:
    """The seed's choice of cells for each kind and type of file, spread over files and what they touch."""
    taken: Counter[tuple[str, str]] = Counter()
    for entry in KINDS:
        of_type: dict[str, list[Case]] = defaultdict(list)
        for found in entry.cases(year):
            if _is_fit(entry, found):
                of_type[found.file.rpartition(".")[2]].append(found)
        assert of_type, entry.name
        for cases in of_type.values():
            random.Random(f"{SEED} {entry.name}").shuffle(cases)
            places = [[(entry.family, name) for name in _places(found)] for found in cases]
            left = list(range(len(cases)))
            for _ in range(min(entry.count, len(cases))):
                n = min(left, key=lambda n: max(map(taken.__getitem__, places[n])))
                left.remove(n)
                taken.update(places[n])
                yield entry, cases[n]


def _is_fit(entry: Kind, found: Case) -> bool:
    """Neither the month of the applications nor the second version: their refusals are kinds of their own."""
    special = (JUNE_OF_ELECTRONICS, SECOND_OF_JULY)
    return entry.alone or not entry.refuses or found.file not in special


@lru_cache
def catalog() -> Catalog:
    return load_catalog(ROOT / "schemas" / "catalog")


@lru_cache
def pairs() -> tuple[Pair, ...]:
    """All pairs, packed into as few groups as they fit in without touching each other: the crowded first."""
    groups: dict[tuple[str, int], list[Case]] = {}
    made: list[Pair] = []
    chosen = list(_chosen(Year(SAMPLES, catalog())))
    crowds = Counter((entry.family, name) for entry, found in chosen for name in _places(found))
    chosen.sort(
        key=lambda one: (not _is_whole(one[1]), -sum(crowds[one[0].family, n] for n in _places(one[1])))
    )
    for entry, found in chosen:
        n = next(n for n in range(1_000) if _fits(found, groups.get((entry.family, n), [])))
        groups.setdefault((entry.family, n), []).append(found)
        made.append(Pair(entry, found, f"{entry.family} {n}"))
    return tuple(sorted(made, key=lambda pair: pair.group))


def _places(found: Case) -> set[str]:
    """What a case shares with no other case in its group."""
    return {*found.touches, found.file} - {LEDGER, BUDGET, PUBLISHED} or {""}


def _fits(found: Case, others: list[Case]) -> bool:
    if len(others) >= LARGEST_GROUP:
        return False
    return all(
        (found.file != other.file or _share_a_file(found, other))
        and not found.touches & other.touches
        and not found.found & other.found
        for other in others
    )


def _is_whole(found: Case) -> bool:
    """Whether it bears on all of its file, so that nothing else of the group is in it."""
    return all_of(found.file) in found.touches


def _share_a_file(one: Case, other: Case) -> bool:
    """Rows of most forms know nothing of each other; in a month's workbook one thing is tried at a time."""
    is_month = "月報" in one.file
    return not is_month and all_of(one.file) not in one.touches | other.touches


# --- The tests ----------------------------------------------------------------------------------------


Judge = Callable[[str], Outcome]
UNTOUCHED = ""
BUDGET_REFUSED = "the budget refused"


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory, compiled: Compiled) -> Judge:
    """The outcome of a group: the year with all of its corruptions; of no group: the untouched year."""

    @lru_cache
    def outcome(group: str) -> Outcome:
        cells: dict[str, dict[str, Value]] = {}
        if group == BUDGET_REFUSED:
            cells[BUDGET] = {"予算異動明細書!B6": "未定"}
        for pair in pairs():
            if pair.group == group:
                cells.setdefault(pair.case.file, {}).update(pair.case.cells)
        return outcome_of(cells, catalog(), tmp_path_factory.mktemp("year"), compiled)

    return outcome


def following(group: str, judge: Judge) -> set[Found]:
    """Where the budget's second revision is refused, the first one counts, and more was spent."""
    refused = {pair.case.file for pair in pairs() if pair.group == group and pair.kind.refuses}
    if BUDGET not in refused or LEDGER in refused:
        return set()
    found = judge(BUDGET_REFUSED).found - judge(UNTOUCHED).found
    exceeded = {entry for entry in found if entry[0] == "budget.amount_yen.exceeded"}
    assert exceeded
    assert len(found - exceeded) == 1
    return exceeded


@pytest.mark.parametrize("pair", [pytest.param(p, id=p.id) for p in pairs()])
def test_a_corruption_is_found_in_its_cell_and_nowhere_else(pair: Pair, judge: Judge) -> None:
    outcome = judge(pair.group)
    beside = [p.case for p in pairs() if p.group == pair.group and p is not pair]
    others = {found for other in beside for found in other.found}
    # In a file that several cases share, what none of them foresaw is left to the test of the group.
    files = {other.file for other in beside}
    new = outcome.found - judge(UNTOUCHED).found - others - following(pair.group, judge)
    ours = {found for found in new if found in pair.case.found or found[1] not in files}
    assert ours == pair.case.found
    reason = outcome.refused.get(pair.case.file, "")
    if pair.kind.refuses:
        assert reason in {rule for rule, file, _ in pair.case.found | others if file == pair.case.file}
    else:
        assert reason == ""


@pytest.mark.parametrize("group", sorted({pair.group for pair in pairs()}))
def test_nothing_else_is_found_and_every_other_file_comes_in(group: str, judge: Judge) -> None:
    ours = [pair for pair in pairs() if pair.group == group]
    outcome, before = judge(group), judge(UNTOUCHED)
    foreseen = {f for pair in ours for f in pair.case.found} | following(group, judge)
    assert outcome.found - before.found == foreseen
    refused = {pair.case.file for pair in ours if pair.kind.refuses}
    assert set(outcome.refused) == {ALREADY_REFUSED} | refused
    assert set(outcome.states) == set(before.states)


@pytest.mark.parametrize("group", sorted({pair.group for pair in pairs()}))
def test_no_sentence_names_a_client(group: str, judge: Judge) -> None:
    numbers = re.compile(
        "|".join({line["client"] for line in table("clients")} | {"KGY", "SKH"}), re.IGNORECASE
    )
    words = judge(group).words
    assert not [text for text in words.values() if numbers.search(unicodedata.normalize("NFKC", text))]
    twice = [text for (rule, _, _), text in words.items() if rule == "client.row.repeated"]
    assert all(text.startswith("（非公開）|") for text in twice)


SURVEY_SHEET = SURVEY.title
FIRST_HALF = Period("half", 2021, 1)
# What is typed into the survey of the first half, sent as a sheet; what is found, and at which cell.
TYPED_INTO_A_SURVEY: tuple[tuple[dict[str, Value], str, str], ...] = (
    ({}, "", ""),
    ({"G2": None}, "cover.half.required", "G2"),
    ({"G2": "通年"}, "cover.half.known", "G2"),
    ({"G2": "下期"}, "cover.half.differs_from_title", "G2"),
    ({"A1": f"令和3年度下期 {SURVEY_SHEET}"}, "cover.half.differs_from_title", "G2"),
    ({"A1": f"令和2年度上期 {SURVEY_SHEET}"}, "cover.fiscal_year.differs_from_title", "E2"),
    ({"A1": None}, "sheet.missing_title", "A1"),
    ({"E2": None}, "cover.fiscal_year.required", "E2"),
    ({"G3": "R02-0badf00d"}, "cover.template.old", "G3"),
    ({"B7": "令和3年10月1日"}, "survey.answered_on.outside_half", "B7"),
    ({"B7": "令和3年4月31日"}, "survey.answered_on.readable", "B7"),
    ({"A7": "A0001"}, "survey.row.repeated", "A7"),
    ({"A7": "Ａ０００１"}, "survey.row.repeated", "A7"),
    ({"C8": "来場者の声"}, "survey.series.known", "C8"),
    ({"E8": "大満足"}, "survey.satisfaction.known", "E8"),
    ({"E8": None}, "survey.satisfaction.required", "E8"),
    ({"F5": "回答者の氏名"}, "sheet.personal_data", "F5"),
    ({"F5": "天気"}, "sheet.unknown_heading", "F5"),
)


@pytest.fixture(scope="module")
def judged_surveys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, set[tuple[str, str]]]]:
    """File -> its state, and rules with addresses: every survey of the table in one inbox."""
    root = tmp_path_factory.mktemp("surveys")
    (root / "inbox" / "industry").mkdir(parents=True)
    rows = lines_of(catalog().in_year(2021), SURVEY.id, "industry", FIRST_HALF)
    for number, (cells, _, _) in enumerate(TYPED_INTO_A_SURVEY):
        content = Content(lines={SURVEY.id: rows}, stated_on="令和3年10月6日", submitter=f"総務係 {number}")
        path = root / "inbox" / "industry" / f"{number}.xlsx"
        path.write_bytes(lines_workbook(catalog(), "industry", SURVEY, FIRST_HALF, content))
        edit(path, {f"{SURVEY_SHEET}!{at}": value for at, value in cells.items()})
    home = Home(root)
    world = World(root / "inbox", home, catalog(), lambda: NOON, Effects(), connect(home.warehouse_url))
    walk(world)
    judged = {file: (state, set[tuple[str, str]]()) for file, state, _ in query(world, STATES)}
    for rule, file, address, *_ in query(world, FOUND):
        judged[file][1].add((rule, address))
    world.engine.dispose()
    return judged


@pytest.mark.parametrize("number", range(len(TYPED_INTO_A_SURVEY)))
def test_a_survey_sent_as_a_sheet_is_judged_as_one(
    number: int, judged_surveys: dict[str, tuple[str, set[tuple[str, str]]]]
) -> None:
    _, rule, at = TYPED_INTO_A_SURVEY[number]
    state, found = judged_surveys[f"industry/{number}.xlsx"]
    assert found == ({(rule, f"{SURVEY_SHEET}!{at}")} if rule else set())
    comes_in = rule in ("", "cover.template.old", "sheet.unknown_heading")
    assert state == ("accepted" if comes_in else "refused")


def test_the_table_holds_hundreds_of_pairs_of_all_centers_and_forms() -> None:
    assert len({pair.id for pair in pairs()}) >= 600
    assert {pair.kind.name for pair in pairs()} == {entry.name for entry in KINDS}
    assert len({entry.name for entry in KINDS}) == len(KINDS) >= 200
    folders = {pair.case.file.partition("/")[0] for pair in pairs()}
    assert folders == {"industry", "sme", "electronics", "icc", "projects", "foundation"}
    year = Year(SAMPLES, catalog())
    ways = {(sending.form.id, sending.channel) for sending in year.sendings}
    tried = {pair.case.file for pair in pairs()}
    assert {(s.form.id, s.channel) for s in year.sendings if s.file in tried} == ways


def test_the_untouched_year_has_its_one_planted_error_and_one_surprise(judge: Judge) -> None:
    # The planted differences to the ledger are the subject of tests/test_reconciliation.py.
    found = {entry for entry in judge(UNTOUCHED).found if not entry[0].startswith("difference.")}
    assert found == {
        ("performance.value.readable", ALREADY_REFUSED, "実績!D8"),
        (
            "performance.value.last_year",
            "icc/月報_R04-03_インタークロス・クリエイティブ・センター.xlsx",
            "実績!E8",
        ),
    }
    assert judge(UNTOUCHED).refused == {ALREADY_REFUSED: "performance.value.readable"}
