"""Kinds of corruption of the year's texts, and what is stated in them."""

from collections.abc import Iterator

from schemas.catalog_rows import Program
from schemas.choices import written
from schemas.forms.narrative import (
    HEADING,
    NARRATIVE,
    NOT_CARRIED_OUT,
    OUTLINE,
    RESULT,
    STATED,
    STATUS,
    SUMMARY,
)
from tests.corruption_kinds import added, changed, kind, repeated
from tests.corruptions import PUBLISHED, Case, Entry, Found, Sending, Year


def texts(year: Year, *kinds: str) -> Iterator[Entry]:
    return (text for text in year.entries(NARRATIVE) if text["kind"] in kinds)


def sendings(year: Year) -> Iterator[Sending]:
    """The year's texts of centers that have programs of their own."""
    return (sending for sending in year.sendings if sending.form is NARRATIVE and len(sending.rows) > 1)


def any_program(sending: Sending) -> str:
    return str(sending.rows[-1]["program"])


# --- What keeps the texts out -------------------------------------------------------------------------


@kind("an outline or summary without text", 3)
def _(year: Year) -> Iterator[Case]:
    for text in texts(year, OUTLINE, SUMMARY):
        yield changed(text, {"text": None}, [text.found("narrative.text.needed", "text")])


@kind("a status without its reason", 1)
def _(year: Year) -> Iterator[Case]:
    for text in texts(year, STATUS):
        yield changed(text, {"text": None}, [text.found("narrative.text.needed", "text")])


@kind("a result without a title", 3)
def _(year: Year) -> Iterator[Case]:
    for text in texts(year, RESULT, HEADING, STATED):
        yield changed(text, {"title": None}, [text.found("narrative.title.needed", "title")])


@kind("a text of no program", 3)
def _(year: Year) -> Iterator[Case]:
    for text in texts(year, OUTLINE, RESULT, HEADING, STATUS, STATED):
        yield changed(text, {"program": None}, [text.found("narrative.program.needed", "program")])


@kind("a figure that nobody knows", 3)
def _(year: Year) -> Iterator[Case]:
    for text in texts(year, OUTLINE, SUMMARY, RESULT):
        body = f"{text['text'] or ''}来場者は［来場者数］であった。"
        yield changed(text, {"text": body}, [text.found("narrative.text.unknown_figure", "text")])


@kind("a status that is none", 2)
def _(year: Year) -> Iterator[Case]:
    for text in texts(year, STATUS):
        found = [text.found("narrative.qualifier.status", "qualifier")]
        yield changed(text, {"qualifier": "休止"}, found)
        yield changed(text, {"qualifier": None}, found)
    for sending in sendings(year):
        cells = {"program": any_program(sending), "kind": STATUS, "qualifier": "一部実施", "text": "縮小した"}
        yield added(sending, cells, {"qualifier": "narrative.qualifier.status"})


@kind("a stated value of nothing that is computed", 2)
def _(year: Year) -> Iterator[Case]:
    # Neither what nobody knows, nor what is counted and not computed.
    for sending in sendings(year):
        for title in ("来場者数", "クロスガーデン利用者数"):
            cells = {"program": any_program(sending), "kind": STATED, "title": title, "stated": 7}
            yield added(sending, cells, {"title": "narrative.title.unknown"})
    for text in texts(year, STATED):
        found = [text.found("narrative.title.unknown", "title")]
        yield changed(text, {"title": "クロスガーデン利用者数"}, found)


@kind("a stated value without value", 2)
def _(year: Year) -> Iterator[Case]:
    for text in texts(year, STATED):
        yield changed(text, {"stated": None}, [text.found("narrative.stated.needed", "stated")])


@kind("a text written twice", 2)
def _(year: Year) -> Iterator[Case]:
    for text in year.entries(NARRATIVE):
        yield repeated(text, {}, "qualifier", "narrative.row.repeated")


# --- What comes in with a warning -----------------------------------------------------------------------


@kind("a stated value that differs", 2, loads=True)
def _(year: Year) -> Iterator[Case]:
    for text in texts(year, STATED):
        found = [text.found("narrative.stated.differs", "stated")]
        yield changed(
            text,
            {"stated": text["stated"] + 1},
            found,
            ["4-02.cross_garden_users", "4-02.cross_garden_open_days"],
        )


@kind("not carried out, and yet counted", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    for program in year.catalog.programs:
        yield from _not_carried_out(year, program, {program.program_id})


@kind("not carried out, and yet counted in its parts", 1, loads=True)
def _(year: Year) -> Iterator[Case]:
    for program in year.catalog.programs:
        parts = {row.program_id for row in year.catalog.programs if row.parent_id == program.program_id}
        yield from _not_carried_out(year, program, parts)


def _not_carried_out(year: Year, program: Program, counted: set[str]) -> Iterator[Case]:
    """A status of a program of which something was counted; its figures are no longer compared with print."""
    ours = [row for row in year.catalog.indicators if row.program_id in counted]
    cells = {
        "program": written(program),
        "kind": STATUS,
        "title": STATUS,
        "qualifier": NOT_CARRIED_OUT,
        "text": "中止したため",
    }
    for sending in sendings(year):
        if program.center_id == sending.center_id and any(row.rule == "sum" for row in ours):
            rules = {"text": "narrative.qualifier.but_reported"}
            yield added(sending, cells, rules, (), {row.indicator_id for row in ours})


@kind("a published text under another title", 3, loads=True)
def _(year: Year) -> Iterator[Case]:
    # The edition is told that no center wrote it.
    for text in texts(year, RESULT, HEADING):
        found = _unwritten(year, text)
        yield changed(text, {"title": f"{text['title']}等"}, found, [f"text {text['title']}"])


def _unwritten(year: Year, text: Entry) -> set[Found]:
    return {
        ("published.title.unwritten", PUBLISHED, f"公表値一覧!F{row}")
        for row, fact in year.published.items()
        if (fact["title"], fact["qualifier"]) == (text["title"], text["qualifier"] or "")
        and fact["kind"] == "qualitative"
    }
