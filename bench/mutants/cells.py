"""Every value cell of the sample year that people typed: what it holds, what stands around it, what names it.

Checks that the sheets compute (計, 累計, rates) are not among them: nothing is made of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from samples.tables import number_or_text, table
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.narrative import NARRATIVE
from schemas.forms.spending import SPENDING
from schemas.forms.survey import SURVEY
from tasks.template.book import Cell
from tests.corruption_edits import Value
from tests.corruption_events import series_of
from tests.corruption_lines import indicator_of
from tests.corruptions import (
    BUDGET,
    LEDGER,
    PUBLISHED,
    PUBLISHED_BEFORE,
    Entry,
    Line,
    Post,
    Posting,
    Sending,
    Year,
)

# A row of a file: its name, and the part of an address that all cells of the row share.
Row = tuple[str, str]

_ROW = re.compile(r"^(?:(?P<sheet>.+![A-Z]+)(?P<number>\d+)|(?P<line>line \d+):.*|(?P<posted>/rows/\d+)/.*)$")


@dataclass(frozen=True)
class ValueCell:
    """A value cell, the values that may slip into it, and the rows whose findings are about it.

    `kind` is the kind of figure. `right` is the address of the next column. `others` are the values of the
    same row in other months, the month before apart in `before`. `rows`: a finding there names this cell.
    `later`: rows of the printed edition and of stated values, where its consequences may show. Cells that
    share one of `touches` cannot be tried in one year. `source` is the sample's own row.
    """

    kind: str
    submission: str
    file: str
    at: str
    value: Value
    right: str = ""
    neighbour: Value = None
    above: Value = None
    before: Value = None
    others: tuple[Value, ...] = ()
    rows: frozenset[Row] = frozenset()
    later: frozenset[Row] = frozenset()
    touches: frozenset[str] = frozenset()
    source: Line | Post | Posting | Entry | None = field(default=None, compare=False)


def row_of(file: str, address: str) -> Row:
    """The row of an address: `実績!D8` and `実績!E8` are of one, as are `line 3:来場` and `line 3:備考`."""
    found = _ROW.match(address)
    if not found:
        return file, address
    sheet = found["sheet"] and f"{found['sheet'].rpartition('!')[0]}!{found['number']}"
    return file, sheet or found["line"] or found["posted"]


def value_cells(year: Year) -> Iterator[ValueCell]:
    """All value cells in force, form by form."""
    yield from _of_performance(year)
    yield from _of_spending(year)
    for sending in year.sendings:
        yield from _of_lines(year, sending)
    yield from _of_ledger(year)
    yield from _of_budget(year)
    yield from _of_published(year)


def related(year: Year, indicator_id: str) -> set[str]:
    """The indicators that a rule may compare with one: totals, rates and their parts, rules' partners."""
    found = {indicator_id}
    for row in year.catalog.indicators:
        components = {*row.numerator, *row.denominator, *year.catalog.parts.get(row.indicator_id, ())}
        if indicator_id in components:
            is_total = row.kind == "total"
            found |= {row.indicator_id} if is_total else {row.indicator_id, *components}
    for rule in year.catalog.rules:
        members = {*rule.parts, rule.whole}
        if indicator_id in members:
            found |= members
    return found


def _printed(year: Year, names: set[str]) -> frozenset[Row]:
    """Where the figures of some indicators stand in print or are stated by a center."""
    found = set()
    for name in names:
        found |= {row_of(file, at) for _, file, at in year.computed(year.catalog.indicator[name])}
    return frozenset(found)


# --- 実績 and 支出 --------------------------------------------------------------------------------------


def _of_performance(year: Year) -> Iterator[ValueCell]:
    rows: dict[str, set[Row]] = defaultdict(set)
    months: dict[str, dict[int, Line]] = defaultdict(dict)
    for line in year.lines:
        rows[line.indicator.indicator_id].add(row_of(line.file, line.at("当月")))
        months[line.indicator.indicator_id][line.place] = line
    for lines in year.lines_of.values():
        for above, line in zip([None, *lines], lines, strict=False):
            if line.indicator.is_input and line.is_number:
                names = related(year, line.indicator.indicator_id)
                ours = months[line.indicator.indicator_id]
                yield ValueCell(
                    kind=line.indicator.kind,
                    submission=f"{line.center_id} performance {line.place}",
                    file=line.file,
                    at=line.at("当月"),
                    value=plain(line.value),
                    right=line.at("累計"),
                    neighbour=plain(line.cumulative),
                    above=plain(above.value) if above else None,
                    before=plain(ours[line.place - 1].value) if line.place - 1 in ours else None,
                    others=tuple(
                        plain(o.value) for p, o in ours.items() if p not in (line.place, line.place - 1)
                    ),
                    rows=frozenset(row for name in names for row in rows[name]),
                    later=_printed(year, names),
                    touches=frozenset(names),
                    source=line,
                )


def _of_spending(year: Year) -> Iterator[ValueCell]:
    months: dict[tuple[str, str], dict[int, Post]] = defaultdict(dict)
    for post in year.posts:
        months[post.program, post.account][post.place] = post
    for posts in year.posts_of.values():
        for above, post in zip([None, *posts], posts, strict=False):
            ours = months[post.program, post.account]
            if isinstance(post.values["当月"], str):
                continue
            yield ValueCell(
                kind="spending",
                submission=f"{post.center_id} expenditure {post.place}",
                file=post.file,
                at=post.at("当月"),
                value=plain(post.values["当月"]),
                right=post.at("累計"),
                neighbour=plain(post.values["累計"]),
                above=plain(above.values["当月"]) if above else None,
                before=plain(ours[post.place - 1].values["当月"]) if post.place else None,
                others=tuple(
                    plain(o.values["当月"]) for p, o in ours.items() if p not in (post.place, post.place - 1)
                ),
                rows=frozenset(
                    {row_of(o.file, o.at("当月")) for o in ours.values()}
                    | {
                        row_of(post.file, post.at("当月", row))
                        for row in (post.total_row, post.grand_total_row)
                    }
                ),
                touches=frozenset({f"spent {post.program} {post.account}", f"支出 {post.file}"}),
                source=post,
            )


# --- Forms of lines -------------------------------------------------------------------------------------


def _of_lines(year: Year, sending: Sending) -> Iterator[ValueCell]:
    columns = {
        EVENT: tuple(column.id for column in EVENT.measures),
        CLIENT: ("client", "times", "days"),
        SPENDING: ("amount_yen",),
        SURVEY: ("satisfaction",),
        NARRATIVE: ("stated",),
    }[sending.form]
    for entry in sending.entries:
        for column in columns:
            if entry[column] is not None:
                yield _of_line(year, entry, column)


def _of_line(year: Year, entry: Entry, column: str) -> ValueCell:
    sending = entry.sending
    names = [c.id for c in sending.form.columns]
    position = names.index(column)
    is_above = entry.number > 0
    before, others = _other_months(year, entry, column)
    return ValueCell(
        kind=_kind_of(column),
        submission=f"{sending.center_id} {sending.form.id} {sending.period.id}",
        file=entry.file,
        at=entry.at(column),
        value=_typed(entry[column]),
        right=entry.at(names[position + 1]) if position + 1 < len(names) else "",
        neighbour=_typed(_beside(entry, column)),
        above=_typed(sending.rows[entry.number - 1].get(column)) if is_above else None,
        before=before,
        others=others,
        rows=frozenset({row_of(entry.file, entry.at(column)), row_of(entry.file, sending.total(column))}),
        later=_printed(year, _figures(year, entry)),
        touches=frozenset({*_touches(year, entry), f"totals of {entry.file}"}),
        source=entry,
    )


def _kind_of(column: str) -> str:
    return {
        "peak": "peak",
        "client": "distinct",
        "times": "times, days",
        "days": "times, days",
        "satisfaction": "answer",
        "stated": "stated",
        "amount_yen": "line of spending",
    }.get(column, "event count")


def _beside(entry: Entry, column: str) -> Cell:
    """The next measure of the row that is filled, else the one before."""
    measures = [c.id for c in entry.sending.form.measures if c.id != column]
    filled: Iterator[Cell] = (entry[name] for name in measures if entry[name] is not None)
    return next(filled, None)


def _other_months(year: Year, entry: Entry, column: str) -> tuple[Value, tuple[Value, ...]]:
    """The value of the same series, client or row in the month (or half) before it, and in the others."""

    def thing(one: Entry) -> object:
        if one.sending.form is EVENT:
            return one["series"]
        if one.sending.form is SPENDING:
            return one["program"], one["account"], one["payee_code"]
        return (
            (one["indicator"], one["client"])
            if one.sending.form is CLIENT and column != "client"
            else one.number
        )

    ours: dict[int, Value] = {}
    theirs = (
        one
        for sending in year.sendings
        if sending.form is entry.sending.form and sending.center_id == entry.sending.center_id
        for one in sending.entries
    )
    for one in theirs:
        period = one.sending.period
        if period != entry.sending.period and thing(one) == thing(entry) and one[column] is not None:
            ours[period.first_day.toordinal()] = _typed(one[column])
    mine = entry.sending.period.first_day.toordinal()
    earlier = [day for day in sorted(ours) if day < mine]
    last = ours[earlier[-1]] if earlier else None
    return last, tuple(value for day, value in ours.items() if not earlier or day != earlier[-1])


def _figures(year: Year, entry: Entry) -> set[str]:
    """The indicators that a line makes."""
    if entry.sending.form is CLIENT:
        names = {indicator_of(year, entry)}
    elif entry.sending.form is EVENT:
        series_id = series_of(year, entry).series_id
        names = {feed.indicator_id for feed in year.catalog.feeds if feed.series_id == series_id}
    elif entry.sending.form is SURVEY:
        names = {row.indicator_id for row in year.catalog.indicators if row.source_form == SURVEY.id}
    else:
        names = set()
    return {other for name in names for other in related(year, name)}


def _touches(year: Year, entry: Entry) -> set[str]:
    if entry.sending.form is EVENT:
        return {f"series {series_of(year, entry).series_id}", *_figures(year, entry)}
    if entry.sending.form is CLIENT:
        return {f"clients {entry.file}", *_figures(year, entry)}
    return {f"{entry.file} {entry.number}", *_figures(year, entry)}


# --- Head office ----------------------------------------------------------------------------------------


def _of_ledger(year: Year) -> Iterator[ValueCell]:
    accounts = {row.account_name for row in year.catalog.accounts if row.side == "支出"}
    programs = {row.department: row.program_id for row in year.catalog.programs if row.department}
    slips: dict[str, set[Row]] = defaultdict(set)
    spent: dict[tuple[str, str, int], set[Row]] = defaultdict(set)
    months: dict[tuple[str, str], dict[int, Posting]] = defaultdict(dict)
    for posting in year.postings:
        slips[posting.cells["伝票No."]].add(row_of(LEDGER, posting.at("借方金額")))
        months[_what(posting)].setdefault(posting.place, posting)
    for post in year.posts:
        spent[post.program, post.account, post.place].add(row_of(post.file, post.at("当月")))
    for above, posting in zip([None, *year.postings], year.postings, strict=False):
        ours = months[_what(posting)]
        sides = [
            (posting.cells[f"{side}部門"], posting.cells[f"{side}勘定科目"]) for side in ("借方", "貸方")
        ]
        costs = [(programs[department], name) for department, name in sides if name in accounts]
        for side, other in (("借方", "貸方"), ("貸方", "借方")):
            name = f"{side}金額"
            yield ValueCell(
                kind="ledger",
                submission="foundation ledger",
                file=LEDGER,
                at=posting.at(name),
                value=_number(posting.cells[name]),
                right=posting.at(f"{side}税金額"),
                neighbour=_number(posting.cells[f"{other}金額"]),
                above=_number(above.cells[name]) if above else None,
                before=_number(ours[posting.place - 1].cells[name]) if posting.place - 1 in ours else None,
                others=tuple(
                    _number(o.cells[name])
                    for p, o in ours.items()
                    if p not in (posting.place, posting.place - 1)
                ),
                rows=frozenset(slips[posting.cells["伝票No."]])
                | {row for cost in costs for row in spent[*cost, posting.place]},
                touches=frozenset(
                    {
                        f"slip {posting.cells['伝票No.']}",
                        *(f"spent {program} {name}" for program, name in costs),
                    }
                ),
                source=posting,
            )


def _what(posting: Posting) -> tuple[str, str]:
    cells = posting.cells
    return f"{cells['借方勘定科目']} {cells['借方部門']}", f"{cells['貸方勘定科目']} {cells['貸方部門']}"


def _of_budget(year: Year) -> Iterator[ValueCell]:
    sheet = "予算異動明細書"
    for row, movement in year.budget.items():
        decided = [n for n, o in year.budget.items() if o["decision_code"] == movement["decision_code"]]
        yield ValueCell(
            kind="budget",
            submission="foundation budget",
            file=BUDGET,
            at=f"{sheet}!E{row}",
            value=_number(movement["amount_yen"]),
            right=f"{sheet}!F{row}",
            above=_number(year.budget[row - 1]["amount_yen"]) if row - 1 in year.budget else None,
            rows=frozenset(
                (BUDGET, f"{sheet}!{n}")
                for n in (decided if movement["movement"] in ("流用", "予備費充当") else [row])
            ),
            touches=frozenset({f"budget of {movement['program_id']}", movement["decision_code"]}),
        )


def _of_published(year: Year) -> Iterator[ValueCell]:
    sheet = "公表値一覧"
    editions = (
        (PUBLISHED, year.published),
        (PUBLISHED_BEFORE, dict(enumerate(table("published_2020"), start=6))),
    )
    for file, facts in editions:
        for row, fact in facts.items():
            if fact["value"]:
                yield ValueCell(
                    kind="published",
                    submission=file,
                    file=file,
                    at=f"{sheet}!F{row}",
                    value=plain(number_or_text(fact["value"])),
                    right=f"{sheet}!G{row}",
                    above=_above(facts, row),
                    rows=frozenset({(file, f"{sheet}!{row}")}),
                    touches=frozenset(
                        {*_named(year, fact), f"{fact['section']} {fact['title']} {fact['qualifier']}"}
                    ),
                )


def _above(facts: Mapping[int, Mapping[str, str]], row: int) -> Value:
    text = facts[row - 1]["value"] if row - 1 in facts else ""
    return plain(number_or_text(text)) if text else None


def _named(year: Year, fact: Mapping[str, str]) -> set[str]:
    """The indicators that a published fact may be compared with."""
    return {
        other
        for row in year.catalog.indicators
        if row.indicator == fact["title"] and year.catalog.program[row.program_id].section == fact["section"]
        for other in related(year, row.indicator_id)
    }


# --- Values ---------------------------------------------------------------------------------------------


def plain(value: Value) -> Value:
    """A number as a person types it: 5, not 5.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _typed(value: Cell) -> Value:
    return value if isinstance(value, str | int | float) else None


def _number(text: str) -> Value:
    return plain(float(text)) if text else None
