"""Kinds of corruption of clients and answers, and of all forms of lines: headings, repeated or no rows."""

from collections import defaultdict
from collections.abc import Iterator

from samples.lines import SURVEY_SERIES
from schemas.form import Form
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.narrative import NARRATIVE
from schemas.forms.spending import SPENDING
from schemas.forms.survey import SURVEY
from schemas.period import FISCAL_MONTHS
from tests.corruption_edits import ALL_ROWS, BELOW_HEADINGS, Value
from tests.corruption_events import printed
from tests.corruption_kinds import added, changed, kind, repeated, row_of, totals, whole
from tests.corruptions import Case, Entry, Found, Sending, Year

# Of each form a column that no row of it can do without.
INDISPENSABLE = {
    EVENT.id: "series",
    CLIENT.id: "times",
    SPENDING.id: "account",
    SURVEY.id: "satisfaction",
    NARRATIVE.id: "kind",
}


# --- Headings -----------------------------------------------------------------------------------------


def _headed(sending: Sending, name: str, rule: str) -> Case:
    """A heading of their own behind the others; in a posted object, a name in its first row."""
    at = sending.new_heading(name)
    return whole(sending.file, {at: name}, [(rule, sending.file, at)])


@kind("a heading that asks for a person", 1)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.rows:
            for name in ("担当者の氏名", "メールアドレス", "住 所"):
                yield _headed(sending, name, "sheet.personal_data")


@kind("a person's heading in 実績", 1)
def _(year: Year) -> Iterator[Case]:
    for file in year.files:
        yield whole(file, {"実績!H6": "電話番号"}, [("sheet.personal_data", file, "実績!H6")])


@kind("a heading of their own among lines", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.rows:
            yield _headed(sending, "天気", "sheet.unknown_heading")


@kind("a heading of lines renamed", 1)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.channel != "json":
            heading = sending.heading(INDISPENSABLE[sending.form.id])
            # In a CSV file the heading is the address.
            at = "line 1:ZZZ" if sending.channel == "csv" else heading
            first = sending.heading(sending.form.columns[0].id)
            found = [
                ("sheet.missing_column", sending.file, first),
                ("sheet.unknown_heading", sending.file, at),
            ]
            yield whole(sending.file, {heading: "ZZZ"}, found)


@kind("a name misspelt in a posted row", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.channel == "json":
            at = sending.new_heading("memo")
            found = [("sheet.unknown_heading", sending.file, at)]
            yield whole(sending.file, {at: "雨天"}, found)


# --- No rows ------------------------------------------------------------------------------------------


@kind("a nil month that does not say so", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.form.may_be_nil and sending.channel == "sheet" and not sending.rows:
            first = sending.form.columns[0].id
            found = [("sheet.no_rows_unsaid", sending.file, sending.heading(first))]
            yield whole(sending.file, {sending.at(0, first): None}, found)


@kind("a month posted without its rows", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.channel == "json":
            # An object without rows says that there was nothing; its totals and the published figures do not.
            found = totals(sending, [], ())
            touches: set[str] = set()
            for event in sending.entries:
                of_event = printed(year, event, {"cancelled": "中止"})
                found |= of_event[0]
                touches |= of_event[1]
            yield whole(sending.file, {ALL_ROWS: None}, found, touches)


@kind("an export of headings alone", 1)
def _(year: Year) -> Iterator[Case]:
    # Two of a form would be the same file.
    for sending in year.sendings:
        if sending.channel == "csv":
            found = [("file.NO_LINES", sending.file, sending.file)]
            yield whole(sending.file, {BELOW_HEADINGS: None}, found, [f"headings of {sending.form.id}"])


@kind("a month without results", 1)
def _(year: Year) -> Iterator[Case]:
    for file, lines in year.lines_of.items():
        headings = ("項目", "単位", "当月", "累計", "基準日")
        cells: dict[str, Value] = {line.at(heading): None for line in lines for heading in headings}
        yield whole(file, cells, [("sheet.no_rows", file, "実績!A5")])


@kind("a year without texts", 1)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.form is NARRATIVE:
            cells = {
                entry.at(column.id): None
                for entry in sending.entries
                for column in NARRATIVE.columns
                if entry[column.id] is not None
            }
            found = [("sheet.no_rows", sending.file, sending.heading("program"))]
            yield whole(sending.file, cells, found)


# --- 合計 ---------------------------------------------------------------------------------------------


TOTALED = (
    (EVENT, "onsite", "event.onsite.total"),
    (EVENT, "online", "event.online.total"),
    (EVENT, "firms", "event.firms.total"),
    (CLIENT, "client", "client.client.total"),
    (CLIENT, "times", "client.times.total"),
    (CLIENT, "days", "client.days.total"),
    (SPENDING, "amount_yen", "spending.amount_yen.total"),
)


def _totaled(form: Form, column: str, rule: str) -> None:
    @kind(f"another total than that of the lines: {rule}", 1, loads=True)
    def _(year: Year) -> Iterator[Case]:
        for sending in year.sendings:
            if sending.form is form and sending.channel != "csv" and sending.rows:
                at, total = sending.total(column), sending.totaled(column, sending.rows)
                if total is not None:
                    yield whole(sending.file, {at: total + 7}, [(rule, sending.file, at)])


for _line in TOTALED:
    _totaled(*_line)


# --- 支援先 -------------------------------------------------------------------------------------------


def clients(year: Year) -> list[Entry]:
    return year.entries(CLIENT)


@kind("a client written twice", 3)
def _(year: Year) -> Iterator[Case]:
    for client in clients(year):
        yield repeated(client, {}, "client", "client.row.repeated")


@kind("a client written twice in another way", 1)
def _(year: Year) -> Iterator[Case]:
    for client in clients(year):
        number = client["client"].lower().replace("-", "－")
        yield repeated(client, {"client": number}, "client", "client.row.repeated")


def indicator_of(year: Year, client: Entry) -> str:
    """The indicator that a line names; labels of the lists are given once in the catalog."""
    (found,) = (
        row.indicator_id
        for row in year.catalog.indicators
        if row.source_form == CLIENT.id and row.label == client["indicator"]
    )
    return found


@kind("clients of what is counted elsewhere", 2)
def _(year: Year) -> Iterator[Case]:
    for client in clients(year):
        program = year.catalog.indicator[indicator_of(year, client)].program_id
        for row in year.catalog.indicators:
            if row.program_id == program and row.source_form != CLIENT.id:
                found = [client.found("client.indicator.not_in_form", "indicator")]
                yield changed(client, {"indicator": row.label}, found)


DISPATCHED, DAYS = "2-01-d.firms_dispatched", "2-01-d.dispatch_days"


def _distinct(lines: list[Entry], instead: Entry | None = None, number: str = "") -> int:
    """How many clients some lines are of, one line's number being another."""
    return len({number if line is instead else line["client"] for line in lines})


@kind("a client under a number of its own", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    # A client who came once is another then; one who came before is counted twice.
    ours: dict[str, list[Entry]] = defaultdict(list)
    for client in clients(year):
        ours[indicator_of(year, client)].append(client)
    for name, lines in ours.items():
        for client in lines:
            is_other = _distinct(lines, client, "KGY-00001") != _distinct(lines)
            if name != DISPATCHED:
                found = year.printed(year.catalog.indicator[name]) if is_other else ()
                yield changed(client, {"client": "KGY-00001"}, found, [name])


@kind("a client's number written otherwise", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    wide = str.maketrans("0123456789KGYSH", "０１２３４５６７８９ＫＧＹＳＨ")
    for client in clients(year):
        yield changed(client, {"client": f" {client['client'].translate(wide).lower()}"})


@kind("more firms than days", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    # One adviser's day in October for two firms; by November there are two days, and two firms.
    for client in clients(year):
        place = FISCAL_MONTHS.index(client.sending.period.number)
        days = sum(year.line(DAYS, month).number for month in range(place + 1))
        if indicator_of(year, client) == DISPATCHED and days == 1:
            also = {client.found("performance.value.le_year", "client")}
            also |= year.printed(year.catalog.indicator[DISPATCHED])
            cells = {**client.cells, "client": "KGY-00002"}
            yield added(client.sending, cells, {}, also, [DISPATCHED, DAYS])


# --- アンケート ---------------------------------------------------------------------------------------


@kind("an answer of another half", 2)
def _(year: Year) -> Iterator[Case]:
    for answer in year.entries(SURVEY):
        other = "2021/10/1" if answer.sending.period.number == 1 else "2021/9/30"
        yield changed(
            answer, {"answered_on": other}, [answer.found("survey.answered_on.outside_half", "answered_on")]
        )


@kind("a code given to two answers", 2)
def _(year: Year) -> Iterator[Case]:
    for answer in year.entries(SURVEY):
        if answer.number:
            code = answer.sending.rows[0]["answer_code"]
            found = [answer.found("survey.row.repeated", "answer_code")]
            yield changed(answer, {"answer_code": code}, found, [row_of(answer.sending, 0)])


@kind("an answer of another mark", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    # One of a hundred: found only where it moves the printed rate.
    for answer in year.entries(SURVEY):
        for mark in ("不満", "満足", "無回答"):
            rates = [_satisfied(answer.sending), _satisfied(answer.sending, answer.number, mark)]
            half = answer.sending.period.number
            found: set[Found] = set()
            for row in year.catalog.indicators:
                if row.kind == "ratio" and row.source_form == SURVEY.id and row.half == half:
                    found |= year.printed(row) if rates[0] != rates[1] else set()
            yield changed(answer, {"satisfaction": mark}, found, [f"{SURVEY_SERIES} {half}"])


def _satisfied(sending: Sending, number: int = -1, mark: str = "") -> int:
    """The share of the satisfied among the valid answers, in whole percent, half up."""
    marks = [mark if n == number else row["satisfaction"] for n, row in enumerate(sending.rows)]
    satisfied = sum(word in ("満足", "やや満足") for word in marks)
    valid = sum(word != "無回答" for word in marks)
    return (satisfied * 200 + valid) // (valid * 2)
