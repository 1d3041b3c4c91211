"""validate: the submission rules over a whole batch; one Great Expectations run a form.

One wrong cell gives one finding: a rule that blames a cell which is already wrong, or needs one, is
listed as a consequence there and says nothing of its own.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from expectations.rule import Rule, StructureRule
from expectations.structure import (
    CELL_RULES,
    MISSING_COLUMN,
    MISSING_ROWS,
    MISSING_TITLE,
    NO_ROWS,
    NO_ROWS_UNSAID,
    PERSONAL_DATA,
    PERSONAL_WORDS,
    REPEATED_FORM,
    UNKNOWN_HEADING,
)
from expectations.suites import rules_of
from schemas.catalog import Catalog
from schemas.finding import Finding
from schemas.form import Form
from schemas.forms.cover import COVER
from schemas.submission import center_of
from schemas.values import folded, plain
from tasks.frames import cover_frame, record_frame
from tasks.oddities import CONFIDENTIAL, lost_labels, oddities
from tasks.standardise import Draft
from tasks.suite import Context, broken_rows, new_context

# To find the nearest name costs milliseconds: a sheet in which every row is wrong has another fault.
MOST_HINTS = 200
LONGEST_NAME = 100


@dataclass
class Judged:
    """A draft with its findings; its file may come in unless one of them is critical."""

    draft: Draft
    findings: list[Finding] = field(default_factory=list)

    @property
    def has_wrong_cover(self) -> bool:
        critical = (f for f in self.findings if f.severity == "critical")
        return any(
            rule_id.startswith(f"{COVER.id}.") for f in critical for rule_id in (f.rule_id, *f.consequences)
        )


def validate(drafts: list[Draft], catalog: Catalog) -> list[Judged]:
    """The drafts, in their order, with what is wrong in each."""
    judged = [Judged(draft, [*_structure(draft, catalog), *oddities(draft, catalog)]) for draft in drafts]
    _find_repeated_forms(judged)
    context = new_context()
    covers = cover_frame(drafts, catalog)
    _apply(context, COVER, covers.assign(draft=range(len(drafts))), judged, catalog)
    for form in dict.fromkeys(draft.form for draft in drafts):
        # Which year's catalog and which month's days its rows are held against, only a sound cover says.
        ours = [entry for entry in judged if entry.draft.form is form and not entry.has_wrong_cover]
        frame = record_frame(form, [entry.draft for entry in ours], catalog)
        if len(frame):
            _apply(context, form, frame, ours, catalog)
    return judged


def _structure(draft: Draft, catalog: Catalog) -> Iterator[Finding]:
    """What is wrong with the sheet's headings and the set of its rows."""
    headings, form = draft.headings, draft.form
    if not draft.has_title:
        yield _structural(MISSING_TITLE, draft, draft.title.address, "", form.title)
    for column in form.columns:
        if column.id not in headings.columns and not column.is_optional:
            near = _nearest(column.heading, headings.unknown.values())
            hint = f"「{near}」のことなら、" if near else ""
            yield _structural(
                MISSING_COLUMN, draft, draft.heading_address(), "", column.heading, nearest=hint
            )
    for position, name in headings.unknown.items():
        near = _nearest(name, [h for column in form.columns for h in column.headings])
        address = draft.grid.address(_heading_row(draft, position), position)
        is_personal = any(folded(word) in folded(name) for word in PERSONAL_WORDS)
        rule = PERSONAL_DATA if is_personal else UNKNOWN_HEADING
        hint = f"最も近い見出しは「{near}」です。" if near and folded(near) != folded(name) else ""
        yield _structural(rule, draft, address, name, near, nearest=hint)
    yield from _rows(draft, catalog)


def _rows(draft: Draft, catalog: Catalog) -> Iterator[Finding]:
    """What is wrong with the set of a sheet's rows."""
    headings, form = draft.headings, draft.form
    if draft.submission and headings.columns and not draft.records and not draft.is_nil:
        rule = NO_ROWS_UNSAID if form.may_be_nil else NO_ROWS
        yield _structural(rule, draft, draft.heading_address(), "", "")
    if form.key == ("indicator",) and "indicator" in headings.columns and draft.submission and draft.records:
        period = draft.submission.period
        owed = catalog.in_year(period.fiscal_year).rows_of(draft.submission.center_id, form.id, period)
        there = {*draft.records["indicator"]}
        unread = {folded(text or "") for text in {*draft.records["indicator__unread"]}}
        missing = [row.label for row in owed if row.indicator_id not in there]
        # A label that was only mistyped is blamed at its own cell, not here as well.
        missing = [label for label in missing if not _nearest(folded(label), unread - {""})]
        if len(missing) <= lost_labels(draft):
            missing = []
        if missing:
            yield _structural(MISSING_ROWS, draft, draft.heading_address("indicator"), "", "、".join(missing))


def _heading_row(draft: Draft, position: int) -> int:
    """The row of a heading: the lower one of two lines, unless it stands in the upper one alone."""
    upper, lower = max(draft.headings.row, 0), max(draft.headings.first_row - 1, 0)
    return upper if draft.grid.cell(lower, position) is None else lower


def _find_repeated_forms(judged: list[Judged]) -> None:
    """Two sheets of one file for the same form and period: nobody can know which one is meant."""
    first: dict[tuple[str, str], Draft] = {}
    for entry in judged:
        draft = entry.draft
        known = first.setdefault((draft.receipt.receipt_id, draft.submission_id), draft)
        if known is not draft and draft.submission:
            at = draft.heading_address()
            entry.findings.append(_structural(REPEATED_FORM, draft, at, draft.grid.name, known.grid.name))


def _structural(
    rule: StructureRule, draft: Draft, address: str, seen: str, expected: str, nearest: str = ""
) -> Finding:
    sentence = rule.message.format(seen=seen, expected=expected, nearest=nearest)
    return Finding(
        rule.id, rule.severity, draft.submission_id, address, seen, expected, f"{address}: {sentence}"
    )


def _nearest(text: str, known: Any) -> str:
    if len(text) > LONGEST_NAME:
        return ""
    return next(iter(difflib.get_close_matches(text, list(known), 1)), "")


def _apply(context: Context, form: Form, frame: pd.DataFrame, judged: list[Judged], catalog: Catalog) -> None:
    """Run the form's suite once and lay its failures on the drafts."""
    rules = rules_of(form, catalog)
    failed = broken_rows(context, form.id, rules, frame)
    wrong = _known_faults(judged)
    records = {index: frame.loc[index] for index in sorted({index for rows in failed for index in rows})}
    for rule, rows in zip(rules, failed, strict=True):
        for index in rows:
            _blame(rule, records[index], form, judged, wrong, catalog)


def _known_faults(judged: list[Judged]) -> dict[tuple[int, str], int]:
    """The cells whose value is lost, by number of the draft and address: where their finding stands."""
    lost = {rule.id for rule in CELL_RULES}
    return {
        (number, found.address): at
        for number, entry in enumerate(judged)
        for at, found in enumerate(entry.findings)
        if found.rule_id in lost
    }


def _blame(
    rule: Rule,
    record: Any,
    form: Form,
    judged: list[Judged],
    wrong: dict[tuple[int, str], int],
    catalog: Catalog,
) -> None:
    number = int(record["draft"])
    entry = judged[number]
    needed = dict.fromkeys((rule.blames, *rule.needs))
    if form is not COVER and not needed.keys() <= entry.draft.headings.columns.keys():
        return  # a column that is not there was found as such
    if rule.is_of_column and _has_wrong_cell(entry.draft, rule.blames, number, wrong):
        return
    addresses = [_address(form, entry.draft, column, record) for column in needed]
    for address in addresses:
        at = wrong.get((number, address))
        if at is not None:
            known = entry.findings[at]
            if rule.id not in (known.rule_id, *known.consequences):
                entry.findings[at] = replace(known, consequences=(*known.consequences, rule.id))
            wrong.setdefault((number, addresses[0]), at)
            return
    wrong[number, addresses[0]] = len(entry.findings)
    entry.findings.append(_finding(rule, record, form, entry, addresses[0], catalog))


def _has_wrong_cell(draft: Draft, column_id: str, number: int, wrong: Mapping[tuple[int, str], int]) -> bool:
    cells = (draft.address(column_id, row) for row in draft.records["row"])
    return any((number, cell) in wrong for cell in cells)


def _address(form: Form, draft: Draft, column_id: str, record: Any) -> str:
    if form is COVER:
        return draft.cover[column_id].address
    return draft.address(column_id, int(record["row"]))


def _finding(rule: Rule, record: Any, form: Form, entry: Judged, address: str, catalog: Catalog) -> Finding:
    values = {name: plain(value) for name, value in record.items()}
    seen = values.get(rule.seen_column, "")
    if _is_confidential(form, rule, seen):
        seen = CONFIDENTIAL
    expected = values.get(rule.expected, rule.expected)
    near = ""
    if len(entry.findings) < MOST_HINTS:
        near = _nearest_code(form.column(rule.blames).type, form.id, seen, record, catalog)
    hint = f"「{near}」のことではありませんか。" if near else ""
    if near and folded(near) == folded(seen):
        hint = "区分の事業と合っていません。"
    sentence = rule.message.format(**(values | {"seen": seen, "expected": expected, "nearest": hint}))
    return Finding(
        rule.id,
        rule.severity,
        entry.draft.submission_id,
        address,
        seen,
        expected,
        f"{address}: {sentence}",
    )


def _is_confidential(form: Form, rule: Rule, seen: str) -> bool:
    """What a confidential column holds, or what may have been typed one column off."""
    holds_secrets = any(column.is_confidential for column in form.columns)
    is_misplaced = holds_secrets and rule.seen.endswith("__unread") and any(map(str.isdigit, seen))
    return bool(seen) and (form.column(rule.blames).is_confidential or is_misplaced)


def _nearest_code(column_type: str, form_id: str, seen: str, record: Any, catalog: Catalog) -> str:
    """The code of the catalog whose name is nearest to what was typed."""
    match column_type:
        case "center":
            names = [row.center_name for row in catalog.centers]
        case "program":
            names = [f"{row.printed_number} {row.program_name}" for row in catalog.programs]
        case "account":
            names = [row.account_name for row in catalog.accounts]
        case "indicator":
            names = [row.label for row in catalog.indicators if row.program_id == record.get("program")]
        case "series":
            center_id = center_of(str(record["submission_id"]))
            names = [row.series_name for row in catalog.series_of(center_id, form_id)]
        case _:
            return ""
    return _nearest(seen, names)
