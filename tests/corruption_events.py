"""Kinds of corruption of events: days, counts, names and hosts, in sheets, CSV files and posted objects."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from schemas.catalog_rows import Feed, Series
from schemas.forms.event import CANCELLED, EVENT
from schemas.values import folded
from tasks.template.book import Cell
from tests.corruption_kinds import changed, kind, repeated, whole
from tests.corruptions import Case, Entry, Found, Year

COUNTS = tuple(column.id for column in EVENT.measures)
NEEDED = {
    "onsite": "event.onsite.needed",
    "online": "event.online.needed",
    "firms": "event.firms.needed",
    "peak": "event.peak.needed",
}


def events(year: Year) -> list[Entry]:
    return year.entries(EVENT)


def held(year: Year) -> Iterator[Entry]:
    return (event for event in events(year) if event["cancelled"] is None)


def series_of(year: Year, event: Entry) -> Series:
    """The series that a line names; a name may belong to several programs."""
    program_id = year.catalog.program_by_name[folded(event["program"])]
    named = year.catalog.series_named(event.sending.center_id, EVENT.id, event["series"])
    return next(row for row in named if row.program_id == program_id)


# --- What is found elsewhere because of a line ---------------------------------------------------------


def names(year: Year, event: Entry, cells: Mapping[str, Cell]) -> set[Found]:
    """With some cells of an event changed: the occurrences that are not described as their first one."""
    occurrences: dict[Any, list[tuple[Any, str, Found]]] = defaultdict(list)
    # No other event of the untouched year is described in two ways.
    moved = {**event.cells, **cells}
    numbers = {_number(event.cells), _number(moved)}
    for one in (one for one in events(year) if _number(one.cells) in numbers):
        line = moved if one == event else one.cells
        described = f"{line['name']}（{line['place']}{line['target'] or ''}）"
        order = (line["start_date"], line["end_date"], line["name"])
        found = one.found("event.name.differs", "name")
        occurrences[_number(line)].append((order, described, found))
    differing = set()
    for ordered in map(sorted, occurrences.values()):
        differing |= {found for _, described, found in ordered if described != ordered[0][1]}
    return differing


def _number(cells: Mapping[str, Any]) -> tuple[Any, Any]:
    return cells["program"], cells["event_no"]


def printed(year: Year, event: Entry, cells: Mapping[str, Cell]) -> tuple[set[Found], set[str]]:
    """With some cells changed: the printed figures that are no longer ours, and all that it touches."""
    found: set[Found] = set()
    touches = {f"event {event['program']} {event['event_no']}"}
    series_id = series_of(year, event).series_id
    for feed in year.catalog.feeds:
        is_moved = _counted(feed, event.cells) != _counted(feed, {**event.cells, **cells})
        if feed.series_id == series_id and is_moved:
            for name in {feed.indicator_id, year.catalog.indicator[feed.indicator_id].part_of} - {""}:
                found |= year.printed(year.catalog.indicator[name])
                touches.add(name)
    return found, touches


def _counted(feed: Feed, cells: Mapping[str, Any]) -> int:
    """What a line adds to an indicator."""
    if cells["cancelled"] or (feed.choices and cells["host"] not in feed.choices):
        return 0
    return sum(cells[name] or 0 for name in feed.measures) if feed.measures else 1


def consequent(year: Year, event: Entry, cells: Mapping[str, Cell], *rules: tuple[str, str]) -> Case:
    """Cells changed in an event that comes in: what rules find there, and all that follows."""
    found, touches = printed(year, event, cells)
    found |= names(year, event, cells) | {event.found(rule, column) for rule, column in rules}
    if "event_no" in cells:
        touches.add(f"event {event['program']} {cells['event_no']}")
    return changed(event, cells, found, touches)


# --- Days ---------------------------------------------------------------------------------------------


@kind("an event that ends before it starts", 2)
def _(year: Year) -> Iterator[Case]:
    for event in events(year):
        start, end = event["start_date"], event["end_date"]
        before = start - timedelta(days=1)
        if before.month == end.month:
            yield changed(
                event, {"end_date": before}, [event.found("event.end_date.before_start", "end_date")]
            )


@kind("an event of the month after", 2)
def _(year: Year) -> Iterator[Case]:
    # The lines of a CSV file are of the month that most are of, or the earlier of two.
    for event in events(year):
        after = event["end_date"].replace(day=1) + timedelta(days=40)
        if event.sending.channel != "csv" or len(event.sending.rows) > 1:
            found = [event.found("event.end_date.outside_month", "end_date")]
            yield changed(event, {"end_date": after}, found)


@kind("an event of the month before", 1)
def _(year: Year) -> Iterator[Case]:
    for event in events(year):
        before = event["end_date"].replace(day=1) - timedelta(days=1)
        if event.sending.channel != "csv" or len(event.sending.rows) > 2:
            found = [event.found("event.end_date.outside_month", "end_date")]
            cells = {"start_date": before - timedelta(days=1), "end_date": before}
            yield changed(event, cells, found)


@kind("an event that began more than a year ago", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for event in events(year):
        long_ago = event["end_date"] - timedelta(days=367)
        yield consequent(year, event, {"start_date": long_ago}, ("event.start_date.long_ago", "start_date"))


@kind("an event that began just a year ago", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    for event in events(year):
        yield consequent(year, event, {"start_date": event["end_date"] - timedelta(days=366)})


# --- Counts -------------------------------------------------------------------------------------------


def _without_counts(column: str, rule: str) -> None:
    @kind(f"an event without {column}", 2)
    def _(year: Year) -> Iterator[Case]:
        for event in held(year):
            for group in year.catalog.needed_measures.get(series_of(year, event).series_id, ()):
                if group[0] == column:
                    yield changed(event, dict.fromkeys(group), [event.found(rule, column)])


for _column, _rule in NEEDED.items():
    _without_counts(_column, _rule)


@kind("an event cancelled but counted", 2)
def _(year: Year) -> Iterator[Case]:
    for event in held(year):
        if any(event[name] for name in COUNTS):
            found = [event.found("event.cancelled.but_counted", "cancelled")]
            yield changed(event, {"cancelled": CANCELLED}, found)


@kind("an event cancelled, with zeros", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    # That nobody came to it may be said: found is what print says otherwise.
    for event in held(year):
        counted = [name for name in COUNTS if event[name]]
        if "peak" not in counted:
            yield consequent(year, event, {**dict.fromkeys(counted, 0), "cancelled": CANCELLED})


@kind("7 more at an event", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    for event in held(year):
        for name in COUNTS:
            if event[name]:
                yield consequent(year, event, {name: event[name] + 7})


@kind("a count of an event written otherwise", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for event in held(year):
        for name, unit in (("onsite", "名"), ("online", "人"), ("firms", "社"), ("peak", "名")):
            if event[name]:
                full = str(event[name]).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
                yield changed(event, {name: f" {full} {unit}"})


# --- Names, places and hosts --------------------------------------------------------------------------


@kind("an event overseas without a target", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for event in events(year):
        yield consequent(year, event, {"place": "海外", "target": None}, ("event.target.required", "target"))


@kind("an event under another name", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    # If it is the first of the year, all that come after it differ.
    for event in events(year):
        if names(year, event, {"name": f"{event['name']}（新）"}):
            yield consequent(year, event, {"name": f"{event['name']}（新）"})


@kind("an event under the number of another", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for event in events(year):
        number = event["event_no"] - 1
        if number and names(year, event, {"event_no": number}):
            yield consequent(year, event, {"event_no": number})


@kind("an event of another host", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    for event in events(year):
        if event["host"] == "財団主催":
            yield consequent(year, event, {"host": "共催"})


@kind("an event written twice", 2)
def _(year: Year) -> Iterator[Case]:
    for event in events(year):
        yield repeated(event, {}, "name", "event.row.repeated")


# --- What a web form posts beside its rows --------------------------------------------------------------

POSTED: tuple[tuple[str, Any, str], ...] = (
    ("center_id", "中小企業支援センター", "cover.center_id.wrong_center"),
    ("center_id", "企画調整課", "cover.center_id.known"),
    ("center_id", None, "cover.center_id.required"),
    ("fiscal_year", 2020, "cover.fiscal_year.not_owed"),
    ("fiscal_year", "本年度", "cover.fiscal_year.readable"),
    ("month", None, "cover.month.required"),
    ("month", 13, "cover.month.readable"),
    ("revision", "最終版", "cover.revision.readable"),
    ("stated_on", "月初め", "cover.stated_on.readable"),
    ("stated_on", None, "cover.stated_on.required"),
)


def _posted(name: str, value: Any, rule: str) -> None:
    @kind(f"posted: {rule}", 1)
    def _(year: Year) -> Iterator[Case]:
        for sending in year.sendings:
            if sending.channel == "json":
                at = f"/{name}"
                yield whole(sending.file, {at: value}, [(rule, sending.file, at)])


for _line in POSTED:
    _posted(*_line)


@kind("posted: last year's form", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.channel == "json":
            found = [("cover.template.old", sending.file, "/template")]
            yield whole(sending.file, {"/template": "R02-0badf00d"}, found)


@kind("posted: another month than that of its rows", 1)
def _(year: Year) -> Iterator[Case]:
    for sending in year.sendings:
        if sending.channel == "json":
            found = {event.found("event.end_date.outside_month", "end_date") for event in sending.entries}
            other = sending.period.number % 12 + 1
            yield whole(sending.file, {"/month": other}, found)
