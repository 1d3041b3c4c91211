"""What must hold in a home at any moment, whatever has just failed in it; each check says what does not."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from schemas.forms import FORMS
from schemas.keys import surrogate
from tasks.journal import Decision, final_verdicts, read_journal
from tasks.lines import raw_lines, whole
from tasks.receipts import receipt_in
from tasks.store import lake_schema, read_lake
from tasks.world import World
from tests.torture.night import Remains
from tests.walking import query
from warehouse.facts import FACTS, fact_rows
from warehouse.schema import is_present
from warehouse.tables import DIM_SUBMISSION, RUN_DECISION

STATUSES = [
    ("spending", 1, "有効"),
    ("performance", 1, "旧版"),
    ("performance", 2, "有効"),
    ("expenditure", 1, "有効"),
    ("event", 1, "差戻し"),
]
GROWING = ("raw/receipts.jsonl", "raw/journal.jsonl")


def broken(world: World, sent: dict[str, bytes]) -> Iterator[str]:
    """Right after a fault, before anything is mended: I1 and I2."""
    yield from _lost_bytes(world, sent)
    yield from _half_loads(world)


def differences(found: Remains, expected: Remains) -> Iterator[str]:
    """After the repetition: in what the home is not that of the run that never failed (I1, I3 to I6)."""
    for name in sorted(found.files.keys() | expected.files.keys()):
        if found.files.get(name) != expected.files.get(name):
            yield f"{name}: {_said(found.files.get(name))}, not {_said(expected.files.get(name))}"
    for name in sorted(found.tables.keys() | expected.tables.keys()):
        if found.tables.get(name) != expected.tables.get(name):
            yield f"{name}: other rows"


def rewritten(before: dict[str, bytes], after: Remains) -> Iterator[str]:
    """I7: what receipts and journal said stands there still, and no received byte is another."""
    for name, content in before.items():
        kept = after.files.get(name, b"")
        if name in GROWING and not kept.startswith(content[: whole(content)]):
            yield f"{name}: a line that stood there does so no more (I7)"
        elif _is_original(name) and kept != content:
            yield f"{name}: was {_said(content)}, is {_said(kept)} (I7)"


def _is_original(name: str) -> bool:
    return name.startswith("raw/") and name.count("/") == 2 and "/." not in name


def untrue(world: World) -> Iterator[str]:
    """Of the run that never failed, to which all others are compared: I4, I5, I6."""
    statuses = query(
        world, "select form_id, revision, status from mart_submission order by form_id desc, revision"
    )
    if statuses != STATUSES:
        yield f"the latest revision is not the current one: {statuses} (I4)"
    critical = query(world, "select message from fact_finding where severity = 'critical'")
    if not any("20人位" in message for (message,) in critical):
        yield f"the refusal has no reason: {critical} (I5)"
    told = query(world, "select sum(value) from mart_performance_month where fiscal_year = 2021")
    accepted = query(
        world,
        "select sum(f.value) from fact_performance f join dim_submission s using (submission_key)"
        " where s.revision = 2",
    )
    if told != accepted:
        yield f"the totals {told} are not those of what was let in, {accepted} (I6)"


def _lost_bytes(world: World, sent: dict[str, bytes]) -> Iterator[str]:
    inbox = {p.relative_to(world.inbox).as_posix(): p.read_bytes() for p in _files(world.inbox)}
    if inbox != sent:
        yield "the inbox has changed (I1)"
    lines = [line for line in raw_lines(world.home.receipts) if b'"receipt_id"' in line]
    for receipt in map(receipt_in, lines):
        stored = world.home.original(receipt.sha256, receipt.file_name)
        content = stored.read_bytes() if stored.is_file() else b""
        if not receipt.refused and hashlib.sha256(content).hexdigest() != receipt.sha256:
            yield f"{receipt.file_name}: receipt without its bytes (I1)"
    for decision in read_journal(world.home):
        for name in (name for names in decision.lake.values() for name in names):
            if not (world.home.lake / name).is_file():
                yield f"{name}: named by a decision and not in the lake (I1)"


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _half_loads(world: World) -> Iterator[str]:
    """I2: a decision is in SQL with every fact of it, or with nothing."""
    decisions = read_journal(world.home)
    with world.engine.connect() as connection:
        if not is_present(connection):
            return
        loaded = set(connection.scalars(select(RUN_DECISION.c.decision_id)))
        known = set(connection.scalars(select(DIM_SUBMISSION.c.submission_key)))
        facts: Counter[tuple[str, int]] = Counter()
        for form_id, table in FACTS.items():
            key = table.c.submission_key
            for submission_key, number in connection.execute(select(key, func.count()).group_by(key)):
                facts[form_id, submission_key] = number
    for unseen in loaded - {decision.id for decision in decisions}:
        yield f"{unseen}: in SQL and not in the journal (I2)"
    for decision in decisions:
        expected = _facts_of(world, decision) if decision.id in loaded else Counter()
        keys = {surrogate(entry.submission_id) for v in decision.verdicts for entry in v.entries}
        there = Counter({(form_id, key): n for (form_id, key), n in facts.items() if key in keys})
        if there != expected:
            yield f"{decision.id}: facts {there}, not {expected} (I2)"
        if (decision.id in loaded) != (keys <= known) or (decision.id not in loaded and keys & known):
            yield f"{decision.id}: loaded without its submissions, or these without it (I2)"


def _facts_of(world: World, decision: Decision) -> Counter[tuple[str, int]]:
    final = final_verdicts(read_journal(world.home))
    wanted = {
        entry.submission_id
        for verdict in decision.verdicts
        if final[verdict.unit][1].state == "accepted"
        for entry in verdict.entries
    }
    expected: Counter[tuple[str, int]] = Counter()
    for form in FORMS:
        table = read_lake(world.home.lake, decision.lake.get(form.id, ()), lake_schema(form))
        rows = fact_rows(form, table)["submission_key"].to_pylist()
        names = zip(table["submission_id"].to_pylist(), rows, strict=True)
        expected.update((form.id, key) for name, key in names if name in wanted)
    return expected


def _said(content: bytes | None) -> str:
    return f"{len(content)} bytes ({hashlib.sha256(content).hexdigest()[:8]})" if content else "nothing"
