"""decide: one batch of received files from bytes to a decision in the journal."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from expectations.structure import REFUSALS
from schemas.finding import Finding
from schemas.submission import Receipt, Unit, file_submission_id
from tasks.answer import Cells
from tasks.closings import CLOSED, Closing, closing_of, closings
from tasks.garbage import uncollected
from tasks.guard.refused import Refused
from tasks.journal import (
    PIPELINE,
    Decision,
    Entry,
    State,
    Verdict,
    append_decision,
)
from tasks.known import known
from tasks.read import read_files
from tasks.standardise import Draft, hidden_forms, standardise
from tasks.store import store
from tasks.versions import versions
from tasks.world import World

if TYPE_CHECKING:
    from tasks.validate import Judged

# So much of a batch fits in half a gigabyte: its files, and their bytes together.
MOST_FILES, MOST_BYTES = 500, 13 * 2**20


def undecided(world: World, center_id: str = "") -> list[list[str]]:
    """The received files without a verdict, in batches: receipt ids, one for each file and channel."""
    with known(world) as of_files:
        return _batches(r for r in of_files.undecided() if center_id in ("", r.center_id))


def quarantined(world: World) -> list[list[str]]:
    """The files that were refused, in batches, for another judgement."""
    with known(world) as of_files:
        return _batches(of_files.refused())


def _batches(receipts: Iterable[Receipt]) -> list[list[str]]:
    """The ids of the first receipts of each file, in their order, cut where a batch would be too large."""
    first: dict[Unit, Receipt] = {}
    for receipt in receipts:
        first.setdefault(receipt.unit, receipt)
    batches: list[list[str]] = []
    size = 0
    for receipt in first.values():
        if not batches or len(batches[-1]) == MOST_FILES or size + receipt.size > MOST_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(receipt.receipt_id)
        size += receipt.size
    return batches


@uncollected()
def decide(
    world: World,
    receipt_ids: list[str],
    kind: Literal["judge", "revalidate"] = "judge",
    by: str = PIPELINE,
    why: str = "",
) -> str:
    """Judge the files of some receipts and write the decision; its id.

    Judging again what a crash left undecided gives the same batch id, and so the same lake files.
    """
    current = versions(world.catalog)
    with known(world) as of_files:
        receipts = of_files.receipts_named(receipt_ids)
        # Each judgement is a decision of its own.
        earlier = of_files.times_judged(receipt.unit for receipt in receipts)
    batch_id = _batch_id(receipts, f"{kind} {earlier}", current)
    judged, refusals = _judge(world, receipts)
    with known(world) as of_files:
        closed = closings(of_files.closings())
    verdicts = tuple(
        _held(_verdict(receipt, judged[receipt.receipt_id], refusals.get(receipt.receipt_id)), closed)
        for receipt in receipts
    )
    accepted = [
        entry.draft
        for verdict, receipt in zip(verdicts, receipts, strict=True)
        if verdict.state in ("accepted", "held")
        for entry in judged[receipt.receipt_id]
    ]
    lake = store(world, batch_id, accepted, [*refusals.values(), *_findings(judged)])
    append_decision(world, Decision(batch_id, kind, world.clock(), by, why, current, lake, verdicts))
    return batch_id


def _judge(world: World, receipts: list[Receipt]) -> tuple[dict[str, list["Judged"]], dict[str, Finding]]:
    """By receipt: the judged forms of its file, and why the file as a whole is out, if it is."""
    # With pandas, a second of imports that a night with nothing new does not spend.
    from tasks.validate import validate

    drafts: list[Draft] = []
    refusals: dict[str, Finding] = {}
    paths = [world.home.original(r.sha256, r.file_name) for r in receipts if not r.refused]
    with closing(read_files(world.effects, paths)) as received:
        for receipt in receipts:
            read = _not_taken(receipt) if receipt.refused else next(received)
            cells, found = _drafts(world, receipt, read)
            if refusal := _refusal(receipt, cells, found):
                refusals[receipt.receipt_id] = refusal
            else:
                drafts.extend(found)
    judged: dict[str, list[Judged]] = {receipt.receipt_id: [] for receipt in receipts}
    for entry in validate(drafts, world.catalog) if drafts else []:
        judged[entry.draft.receipt.receipt_id].append(entry)
    return judged, refusals


def _not_taken(receipt: Receipt) -> Cells:
    return {"refused": receipt.refused, "seen": f"{receipt.size / 10**6:,.1f} MB"}


def _drafts(world: World, receipt: Receipt, cells: Cells) -> tuple[Cells, list[Draft]]:
    """The forms of a file. What nobody foresaw in it costs this one file, which then cannot be read."""
    if "refused" in cells or not receipt.center_id:
        return cells, []
    try:
        return cells, standardise(cells, receipt, world.catalog)
    except Refused as refused:
        return {"refused": refused.code, "seen": refused.seen}, []
    except Exception:
        logging.getLogger(__name__).exception("%s", receipt.file_name)
        return {"refused": "CANNOT_READ"}, []


def _batch_id(receipts: list[Receipt], kind: str, current: dict[str, str]) -> str:
    digest = hashlib.sha256(f"{kind} {sorted(current.items())}".encode())
    for receipt in receipts:
        digest.update(f"\0{receipt.sha256}\0{receipt.center_id}".encode())
    return digest.hexdigest()[:16]


def _refusal(receipt: Receipt, cells: Cells, drafts: list[Draft]) -> Finding | None:
    """Why a whole file is out before its rows are looked at, if it is."""
    code, seen = cells.get("refused", ""), cells.get("seen", "")
    if not receipt.center_id:
        code, seen = "UNKNOWN_CHANNEL", receipt.channel or "（受付フォルダの直下）"
    elif not code and not drafts:
        code, seen = _formless(cells)
    elif not code and (ragged := next((d.grid.beside.ragged for d in drafts if d.grid.beside.ragged), 0)):
        code, seen = "RAGGED", f"{ragged}行目"
    elif not code and (twice := next((name for d in drafts for name in d.repeated_headings), "")):
        code, seen = "REPEATED_HEADING", twice
    elif not code and (unknown := [d for d in drafts if d.grid.kind == "lines" and not d.submission]):
        has_days = bool(unknown[0].form.period_column)
        code, seen = ("NO_DAY", unknown[0].first_day) if has_days else ("NO_YEAR", "")
    if not code:
        return None
    rule = REFUSALS[code]
    message = f"{receipt.file_name}: {rule.message.format(seen=seen)}"
    return Finding(
        rule.id,
        rule.severity,
        file_submission_id(receipt.sha256, receipt.center_id),
        receipt.file_name,
        seen,
        "",
        message,
    )


def _formless(cells: Cells) -> tuple[str, str]:
    """Why there is no form in a file, and what was seen instead."""
    if _has_only_headings(cells):
        return "NO_LINES", ""
    hidden = hidden_forms(cells)
    return ("HIDDEN_FORM", hidden[0]) if hidden else ("NO_FORM", "")


def _has_only_headings(cells: Cells) -> bool:
    exports = [sheet["rows"] for sheet in cells.get("sheets", ()) if sheet["kind"] == "lines"]
    return any(sum(any(row) for row in rows) == 1 for rows in exports)


def _findings(by_receipt: dict[str, list["Judged"]]) -> Iterator[Finding]:
    for judged in by_receipt.values():
        for entry in judged:
            yield from entry.findings


def _verdict(receipt: Receipt, judged: list["Judged"], refusal: Finding | None) -> Verdict:
    entries = {entry.draft.submission_id: _entry(entry.draft) for entry in judged}
    critical = [f for entry in judged for f in entry.findings if f.severity == "critical"]
    reason = refusal or next(iter(critical), None)
    if refusal:
        unread = file_submission_id(receipt.sha256, receipt.center_id)
        entries.setdefault(unread, Entry(unread, "", "", 1, "", ""))
    state: State = "ignored" if receipt.refused else "refused" if reason else "accepted"
    rule_id, why = (reason.rule_id, reason.message) if reason else ("", "")
    return Verdict(receipt.sha256, receipt.center_id, state, rule_id, tuple(entries.values()), why)


def _held(verdict: Verdict, closed: list[Closing]) -> Verdict:
    """The verdict on a file that is in order but came after a period of it was closed: it waits."""
    if verdict.state != "accepted":
        return verdict
    found = next((c for entry in verdict.entries if (c := closing_of(entry.period, closed))), None)
    return replace(verdict, state="held", reason=CLOSED, why=found.sentence) if found else verdict


def _entry(draft: Draft) -> Entry:
    submission = draft.submission
    if submission is None:
        return Entry(draft.submission_id, "", "", 1, "", draft.grid.name)
    return Entry(
        submission.id,
        submission.form_id,
        submission.period.id,
        submission.revision,
        submission.stated_on.isoformat() if submission.stated_on else "",
        submission.sheet,
        _content(draft),
    )


def _content(draft: Draft) -> str:
    columns = {column.id: draft.records[column.id] for column in draft.form.columns}
    return hashlib.sha256(json.dumps(columns, default=str).encode()).hexdigest()[:16]
