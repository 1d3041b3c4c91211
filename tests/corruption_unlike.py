"""Kinds of corruption of values that differ from their like: other months, other events, earlier budgets."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from schemas.forms.client import CLIENT
from schemas.period import FISCAL_MONTHS
from tests.corruption_events import COUNTS, consequent, held, series_of
from tests.corruption_kinds import case, changed, kind
from tests.corruption_lines import indicator_of
from tests.corruptions import BUDGET, PUBLISHED, Case, Entry, Line, Year

LAST = len(FISCAL_MONTHS) - 1
FIRST_REVISION = "当初"


def months_of(year: Year, line: Line) -> list[float]:
    """The numbers of the other months of a row."""
    name = line.indicator.indicator_id
    rows = [other for other in year.lines if other.indicator.indicator_id == name and other is not line]
    return [other.number for other in rows if other.is_number]


@kind("a month of a flow ten times as much", 6, loads=True)
def _(year: Year) -> Iterator[Case]:
    for line in year.lines:
        row, value = line.indicator, line.number * 10
        is_flow = row.rule == "sum" and row.frequency == "month" and not row.part_of and not row.facility_id
        if not is_flow or year.rates_of(row.indicator_id) or not line.is_number:
            continue
        others = months_of(year, line)
        is_unlike = min(others) > 0 and value > 2 * max(others) and value - max(others) >= 5
        if is_unlike and not any(row.indicator_id in rule.parts for rule in year.catalog.rules):
            found = {
                line.found("performance.value.unlike", "当月"),
                line.found("performance.cumulative.continues", "累計"),
            }
            yield case(line.file, {line.at("当月"): value}, found | year.printed(row), [row.indicator_id])


@kind("a stock twice as much for a month", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    registers = {rule.whole for rule in year.catalog.rules if rule.kind == "continuity"}
    for line in year.lines:
        row = line.indicator
        is_stock = row.rule == "last" and row.frequency == "month" and row.indicator_id not in registers
        if is_stock and not year.rates_of(row.indicator_id) and line.number >= 10 and line.place < LAST:
            found = [line.found("performance.value.returns", "当月")]
            yield case(line.file, {line.at("当月"): line.number * 2}, found, [row.indicator_id])


@kind("ten times the guests at an event", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    guests: dict[str, list[tuple[Entry, int]]] = defaultdict(list)
    for event in held(year):
        if event["onsite"] is not None or event["online"] is not None:
            people = (event["onsite"] or 0) + (event["online"] or 0)
            guests[series_of(year, event).series_id].append((event, people))
    for series_id, events in guests.items():
        for event, people in events:
            filled = [name for name in COUNTS if event[name]]
            most = max(n for other, n in events if other is not event) if len(events) > 1 else 0
            if len(events) > 6 and filled in (["onsite"], ["online"]) and people * 10 > 2 * most:
                (name,) = filled
                made = consequent(year, event, {name: people * 10}, ("event.onsite.unlike", name))
                yield Case(made.file, made.cells, made.found, made.touches | {f"guests {series_id}"})


@kind("a decision on the budget with another amount than before", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for row, movement in year.budget.items():
        if movement["movement"] == FIRST_REVISION:
            at, value = f"予算異動明細書!E{row}", int(movement["amount_yen"]) + 1_000
            touches = [f"budget {row}", f"budget of {movement['program_id']}"]
            yield case(BUDGET, {at: value}, [("budget.amount_yen.changed", BUDGET, at)], touches)


@kind("a budget below what was spent", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    programs = year.catalog.program
    for row, movement in year.budget.items():
        top = programs[movement["program_id"]].parent_id or movement["program_id"]
        ours = [
            number
            for number, other in year.budget.items()
            if top in (other["program_id"], programs[other["program_id"]].parent_id)
        ]
        if movement["movement"] == FIRST_REVISION and int(movement["amount_yen"]) > 1_000_000:
            at = f"予算異動明細書!E{row}"
            found = [
                ("budget.amount_yen.changed", BUDGET, at),
                ("budget.amount_yen.exceeded", BUDGET, f"予算異動明細書!E{max(ours)}"),
            ]
            touches = [f"budget {row}", *(f"budget of {year.budget[n]['program_id']}" for n in ours)]
            yield case(BUDGET, {at: 1}, found, touches)


@kind("a published settlement that is not the ledger's", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for row, fact in year.published.items():
        if fact["kind"] == "expenditure":
            at, value = f"公表値一覧!F{row}", int(fact["value"]) + 1
            found = [("published.value.settlement", PUBLISHED, at)]
            yield case(PUBLISHED, {at: value}, found, [f"published {row}", "the ledger's yen"])


@kind("a stock said to be none for a month", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    registers = {rule.whole for rule in year.catalog.rules if rule.kind == "continuity"}
    for line in year.lines:
        row = line.indicator
        is_stock = row.rule == "last" and row.frequency == "month" and row.indicator_id not in registers
        if is_stock and not year.rates_of(row.indicator_id) and line.place < LAST:
            found = [line.found("performance.value.unstated", "当月")]
            yield case(line.file, {line.at("当月"): "－"}, found, [row.indicator_id])


@kind("a client helped a hundred times", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    lists: Counter[object] = Counter(client["indicator"] for client in year.entries(CLIENT))
    for client in year.entries(CLIENT):
        if lists[client["indicator"]] > 6:
            found = [client.found("client.times.unlike", "times")]
            yield changed(client, {"times": 100}, found, [f"times {client['indicator']}"])


@kind("a client's number a digit short", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for client in year.entries(CLIENT):
        name = indicator_of(year, client)
        ours = [other for other in year.entries(CLIENT) if other["indicator"] == client["indicator"]]
        beside = [other for other in ours if other.sending == client.sending and other != client]
        numbers = Counter(other["client"].upper() for other in ours)
        if len(beside) >= 2:
            found = {client.found("client.client.shape", "client")}
            if numbers[client["client"].upper()] > 1:
                found |= year.printed(year.catalog.indicator[name])
            yield changed(client, {"client": client["client"][:-1]}, found, [name])
