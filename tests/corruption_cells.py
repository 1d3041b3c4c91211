"""Kinds of corruption that are one cell typed wrong: form, column, what is typed, the rule that finds it.

Each is tried in a sheet, in a CSV file and in a posted object, wherever the form comes in one.
"""

from collections.abc import Iterator

from schemas.form import Form
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.narrative import NARRATIVE
from schemas.forms.spending import SPENDING
from schemas.forms.survey import SURVEY
from tests.corruption_edits import Value
from tests.corruption_kinds import KINDS, Kind, case, changed, kind, whole
from tests.corruptions import APPROPRIATION, BUDGET, LEDGER, PUBLISHED, REVENUE, Case, Year

NO_PROGRAM, NO_DAY = "9-(9) 新規事業", "令和3年2月30日"

LINES: tuple[tuple[Form, str, Value, str], ...] = (
    (EVENT, "program", NO_PROGRAM, "event.program.known"),
    (EVENT, "program", None, "event.program.required"),
    (EVENT, "event_no", "A-1", "event.event_no.readable"),
    (EVENT, "event_no", 1.5, "event.event_no.readable"),
    (EVENT, "event_no", None, "event.event_no.required"),
    (EVENT, "series", "お楽しみ会", "event.series.known"),
    (EVENT, "series", None, "event.series.required"),
    (EVENT, "name", None, "event.name.required"),
    (EVENT, "host", "協賛", "event.host.known"),
    (EVENT, "host", None, "event.host.required"),
    (EVENT, "start_date", NO_DAY, "event.start_date.readable"),
    (EVENT, "start_date", None, "event.start_date.required"),
    (EVENT, "end_date", "未定", "event.end_date.readable"),
    (EVENT, "end_date", None, "event.end_date.required"),
    (EVENT, "place", "道外", "event.place.known"),
    (EVENT, "place", None, "event.place.required"),
    (EVENT, "onsite", "約30名", "event.onsite.readable"),
    (EVENT, "onsite", -3, "event.onsite.count"),
    (EVENT, "onsite", 12.5, "event.onsite.count"),
    (EVENT, "online", "多数", "event.online.readable"),
    (EVENT, "online", "△3", "event.online.count"),
    (EVENT, "online", "12.5名", "event.online.count"),
    (EVENT, "firms", "10件", "event.firms.readable"),
    (EVENT, "firms", -1, "event.firms.count"),
    (EVENT, "peak", "1３9人位", "event.peak.readable"),
    (EVENT, "peak", 0.5, "event.peak.count"),
    (EVENT, "cancelled", "延期", "event.cancelled.known"),
    (CLIENT, "program", NO_PROGRAM, "client.program.known"),
    (CLIENT, "program", None, "client.program.required"),
    (CLIENT, "indicator", "支援した企業", "client.indicator.known"),
    (CLIENT, "indicator", None, "client.indicator.required"),
    (CLIENT, "client", None, "client.client.required"),
    (CLIENT, "times", "数回", "client.times.readable"),
    (CLIENT, "times", None, "client.times.required"),
    (CLIENT, "times", -1, "client.times.count"),
    (CLIENT, "times", 1.5, "client.times.count"),
    (CLIENT, "times", 0, "client.times.none"),
    (CLIENT, "days", "半日", "client.days.readable"),
    (CLIENT, "days", 0.5, "client.days.count"),
    (SPENDING, "program", NO_PROGRAM, "spending.program.known"),
    (SPENDING, "program", None, "spending.program.required"),
    (SPENDING, "account", "交際費", "spending.account.known"),
    (SPENDING, "account", None, "spending.account.required"),
    (SPENDING, "account", "給料手当", "spending.account.allocated"),
    (SPENDING, "reference", None, "spending.reference.required"),
    (SPENDING, "inspected_on", NO_DAY, "spending.inspected_on.readable"),
    (SPENDING, "inspected_on", None, "spending.inspected_on.required"),
    (SPENDING, "amount_yen", "精査中", "spending.amount_yen.readable"),
    (SPENDING, "amount_yen", None, "spending.amount_yen.required"),
    (SPENDING, "amount_yen", 1200.5, "spending.amount_yen.whole"),
    (SPENDING, "amount_yen", "未報告", "spending.amount_yen.stated"),
    (SURVEY, "answer_code", None, "survey.answer_code.required"),
    (SURVEY, "answered_on", "2021/2/30", "survey.answered_on.readable"),
    (SURVEY, "answered_on", None, "survey.answered_on.required"),
    (SURVEY, "series", "来場者の声", "survey.series.known"),
    (SURVEY, "series", None, "survey.series.required"),
    (SURVEY, "satisfaction", "大満足", "survey.satisfaction.known"),
    (SURVEY, "satisfaction", None, "survey.satisfaction.required"),
    (NARRATIVE, "program", NO_PROGRAM, "narrative.program.known"),
    (NARRATIVE, "kind", "あらまし", "narrative.kind.known"),
    (NARRATIVE, "kind", None, "narrative.kind.required"),
    (NARRATIVE, "stated", "およそ100人", "narrative.stated.readable"),
    (NARRATIVE, "print_line", "一番上", "narrative.print_line.readable"),
)

# Heading of the ledger, what is typed, rule: in a line that is an expense and has its slip to itself.
POSTINGS: tuple[tuple[str, Value, str], ...] = (
    ("識別フラグ", None, "ledger.slip.required"),
    ("取引日付", None, "ledger.posted_on.required"),
    ("借方勘定科目", None, "ledger.debit_account.needed"),
    ("貸方勘定科目", None, "ledger.credit_account.needed"),
    ("決算", "仮決", "ledger.closing.known"),
    ("借方金額", "精査中", "ledger.debit_yen.readable"),
    ("借方金額", "1200.5", "ledger.debit_yen.whole"),
    ("貸方勘定科目", "交際費", "ledger.credit_account.known"),
    ("貸方部門", "9-(9)", "ledger.credit_program.known"),
    ("貸方金額", "精査中", "ledger.credit_yen.readable"),
    ("貸方金額", None, "ledger.credit_yen.required"),
    ("貸方金額", "1200.5", "ledger.credit_yen.whole"),
    ("貸方金額", "未報告", "ledger.credit_yen.stated"),
)

# File, sheet, column's letter, what is typed, rule.
HEAD_OFFICE: tuple[tuple[str, str, Value, str], ...] = (
    (APPROPRIATION, "A", None, "appropriation.fund.required"),
    (APPROPRIATION, "B", None, "appropriation.heading.required"),
    (APPROPRIATION, "C", None, "appropriation.path.required"),
    (APPROPRIATION, "D", "9-(9)", "appropriation.program.known"),
    (APPROPRIATION, "E", None, "appropriation.amount_yen.required"),
    (APPROPRIATION, "E", "精査中", "appropriation.amount_yen.readable"),
    (APPROPRIATION, "E", 1200.5, "appropriation.amount_yen.whole"),
    (APPROPRIATION, "E", "未報告", "appropriation.amount_yen.stated"),
    (REVENUE, "A", None, "revenue.fund.required"),
    (REVENUE, "B", None, "revenue.heading.required"),
    (REVENUE, "C", None, "revenue.path.required"),
    (REVENUE, "D", "9-(9)", "revenue.program.known"),
    (REVENUE, "E", None, "revenue.amount_yen.required"),
    (REVENUE, "E", "精査中", "revenue.amount_yen.readable"),
    (REVENUE, "E", 1200.5, "revenue.amount_yen.whole"),
    (REVENUE, "E", "未報告", "revenue.amount_yen.stated"),
    (BUDGET, "B", None, "budget.decided_on.required"),
    (BUDGET, "C", None, "budget.movement.required"),
    (BUDGET, "D", None, "budget.program.required"),
    (BUDGET, "E", None, "budget.amount_yen.required"),
    (BUDGET, "E", 1200.5, "budget.amount_yen.whole"),
    (PUBLISHED, "A", None, "published.section.required"),
    (PUBLISHED, "C", None, "published.title.required"),
    (PUBLISHED, "E", None, "published.kind.required"),
)

# Heading of 支出, what is typed, rule.
CELLS_OF_SPENDING: tuple[tuple[str, Value, str], ...] = (
    ("累計", "前月と同じ", "expenditure.cumulative_yen.readable"),
    ("累計", 1200.5, "expenditure.cumulative_yen.whole"),
    ("累計", "未報告", "expenditure.cumulative_yen.stated"),
)


def _of_lines(year: Year, form: Form, column: str, value: Value, rule: str) -> Iterator[Case]:
    # A cell without its program or kind is no error of its own; a cancelled event has no counts.
    for entry in year.entries(form):
        if column in ("program", "kind") and entry["program"] is None:
            continue
        if entry["cancelled"] is None:
            yield changed(entry, {column: value}, [entry.found(rule, column)])


def _of_ledger(year: Year, heading: str, value: Value, rule: str) -> Iterator[Case]:
    departments = {row.department for row in year.catalog.programs}
    for line in year.postings[1:]:
        if line.cells["借方部門"] in departments:
            found = [line.found(rule, heading)]
            yield case(LEDGER, {line.at(heading): value}, found, [f"slip {line.cells['伝票No.']}"])


def _of_head_office(year: Year, file: str, letter: str, value: Value, rule: str) -> Iterator[Case]:
    name, sheet, rows = {
        BUDGET: ("budget", "予算異動明細書", year.budget),
        PUBLISHED: ("published", "公表値一覧", year.published),
        APPROPRIATION: ("appropriation", "支出予算書", range(6, 20)),
        REVENUE: ("revenue", "収入予算書", range(6, 20)),
    }[file]
    for row in rows:
        at = f"{sheet}!{letter}{row}"
        yield case(file, {at: value}, [(rule, file, at)], [f"{name} {row}"])


@kind("another total than that of the items of a budget", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for file, rule, sheet in (
        (APPROPRIATION, "appropriation.amount_yen.total", "支出予算書"),
        (REVENUE, "revenue.amount_yen.total", "収入予算書"),
    ):
        yield whole(file, {f"{sheet}!E4": 7}, [(rule, file, f"{sheet}!E4")])


def _of_spending(year: Year, heading: str, value: Value, rule: str) -> Iterator[Case]:
    for post in year.posts:
        found = [post.found(rule, heading)]
        yield case(post.file, {post.at(heading): value}, found, [f"{post.program} {post.account}"])


def _kind(name: str, cases: object, *arguments: object) -> Kind:
    return Kind(name, 1, lambda year: cases(year, *arguments))  # type: ignore[operator]


KINDS.extend(
    _kind(f"{rule}, {'blank' if row[-2] is None else row[-2]}", cases, *row)
    for cases, table in (
        (_of_lines, LINES),
        (_of_ledger, POSTINGS),
        (_of_head_office, HEAD_OFFICE),
        (_of_spending, CELLS_OF_SPENDING),
    )
    for row in table
    for rule in (row[-1],)
)
