"""Kinds of corruption of the lines of 支出明細, and of the postings that they are held against."""

from collections.abc import Iterator
from datetime import date

from schemas.choices import written
from schemas.forms.spending import SPENDING
from schemas.period import FISCAL_MONTHS
from tests.corruption_kinds import case, changed, kind
from tests.corruptions import LEDGER, Case, Entry, Post, Posting, Year

# The numbers under which something is planted (samples/patterns/differences.csv).
PLANTED = {"109-020", "111-052", "209-005", "306-008", "310-031", "410-022", "512-002"}


def invoices(year: Year) -> Iterator[tuple[Entry, Post]]:
    """The lines that tie to the ledger, each with its cell of 支出."""
    programs = {written(row): row.program_id for row in year.catalog.programs}
    for entry in year.entries(SPENDING):
        if entry["reference"] not in PLANTED:
            place = FISCAL_MONTHS.index(entry.sending.period.number)
            yield entry, year.post(programs[entry["program"]], entry["account"], place)


def postings(year: Year) -> Iterator[tuple[Posting, Entry]]:
    """The postings of one line each, with the line."""
    lines = {entry["reference"]: entry for entry, _ in invoices(year)}
    for posting in year.postings[1:]:
        mark, _, _ = posting.cells["摘要"].removeprefix("伺").partition("　")
        if mark in lines and posting.cells["借方部門"]:
            yield posting, lines[mark]


def touched(post: Post) -> list[str]:
    return [f"{post.program} {post.account}", f"{post.file} {post.program} {post.account}"]


@kind("a line inspected in another month", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for entry, post in invoices(year):
        found = [entry.found("spending.inspected_on.outside_month", "inspected_on")]
        yield changed(entry, {"inspected_on": date(2022, 4, 1)}, found, touched(post))


@kind("a line's amount raised by 7", 4, loads=True)
def _(year: Year) -> Iterator[Case]:
    for entry, post in invoices(year):
        found = [
            entry.found("difference.unknown", "amount_yen"),
            post.found("expenditure.amount_yen.lines", "当月"),
        ]
        yield changed(entry, {"amount_yen": entry["amount_yen"] + 7}, found, touched(post))


@kind("a line left out", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    by_reference = {entry["reference"]: posting for posting, entry in postings(year)}
    for entry, post in invoices(year):
        if posting := by_reference.get(entry["reference"]):
            found = [
                posting.found("difference.only_booked", "借方金額"),
                post.found("expenditure.amount_yen.lines", "当月"),
            ]
            yield changed(entry, dict.fromkeys(entry.cells), found, touched(post))


@kind("a line under a program that has no row for it", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    have = {(post.program, post.account) for post in year.posts}
    for entry, post in invoices(year):
        for program in year.catalog.programs:
            if program.center_id == post.center_id and (program.program_id, post.account) not in have:
                found = [
                    entry.found("spending.amount_yen.without_cell", "amount_yen"),
                    entry.found("difference.other_program", "amount_yen"),
                    post.found("expenditure.amount_yen.lines", "当月"),
                ]
                touches = [*touched(post), f"{program.program_id} {post.account}"]
                yield changed(entry, {"program": written(program)}, found, touches)
                break


@kind("a posting under another program", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    programs = {row.department: row for row in year.catalog.programs}
    for posting, entry in postings(year):
        ours = programs[posting.cells["借方部門"]]
        others = [p for p in programs.values() if p.center_id == ours.center_id and p is not ours]
        if others:
            found = [entry.found("difference.other_program", "amount_yen")]
            touches = [f"slip {posting.cells['伝票No.']}", f"{entry.file} {entry.number}"]
            yield case(LEDGER, {posting.at("借方部門"): others[0].department}, found, touches)
