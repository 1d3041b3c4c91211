"""The receipts and the journal of a body at rest, as the nights that took it in would have left them.

One decision a period: some 500 files of a national body's month. The originals are not there; nothing that
runs at night opens the original of a file that is decided.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, insert, select

from bench.body import FORMS_AT_REST, lake_file
from schemas.period import parse_id
from schemas.submission import Receipt
from tasks.clock import TOKYO
from tasks.journal import PIPELINE, Decision, Entry, Verdict, append_decision
from tasks.receipts import append_lines, as_line
from tasks.submissions import naive
from tasks.versions import versions
from tasks.world import World
from warehouse.schema import schema_version
from warehouse.tables import DIM_CENTER, DIM_PERIOD, DIM_SUBMISSION, RUN_CHANGE, RUN_DECISION, RUN_VERSION

BYTES = 25_000


def write_past(world: World) -> int:
    """Receipts and journal of what the warehouse holds, which from then on needs no load; how many files."""
    decisions = [_decision(world, period_id, rows) for period_id, rows in _by_period(world)]
    for decision in decisions:
        append_lines(world, [_line(world, verdict, decision.at) for verdict in decision.verdicts])
        append_decision(world, decision)
    with world.engine.begin() as connection:
        connection.execute(insert(RUN_VERSION), [{"version": schema_version(world.catalog)}])
        for decision in decisions:
            row = {"decision_id": decision.id, "kind": decision.kind, "decided_at": naive(decision.at)}
            connection.execute(insert(RUN_DECISION), [row])
            year = parse_id(decision.id).fiscal_year
            connection.execute(insert(RUN_CHANGE), [{"cause": decision.id, "fiscal_year": year}])
    return sum(len(decision.verdicts) for decision in decisions)


def _by_period(world: World) -> list[tuple[str, list[Row[Any]]]]:
    s = DIM_SUBMISSION.c
    query = (
        select(*s, DIM_CENTER.c.center_id, DIM_PERIOD.c.period_id)
        .join(DIM_CENTER, DIM_CENTER.c.center_key == s.center_key)
        .join(DIM_PERIOD, DIM_PERIOD.c.period_key == s.period_key)
        .where(s.submission_key != 0)
        .order_by(DIM_PERIOD.c.last_day, s.period_key, DIM_CENTER.c.center_id, s.sha256, s.form_id)
    )
    with world.engine.connect() as connection:
        rows = connection.execute(query).all()
    return [(period_id, list(ours)) for period_id, ours in groupby(rows, lambda row: str(row.period_id))]


def _decision(world: World, period_id: str, rows: Sequence[Row[Any]]) -> Decision:
    period = parse_id(period_id)
    files = groupby(rows, lambda row: (str(row.sha256), str(row.center_id)))
    verdicts = tuple(Verdict(*unit, "accepted", "", _entries(ours, period_id)) for unit, ours in files)
    forms = {entry.form_id for verdict in verdicts for entry in verdict.entries}
    lake = {form.id: [lake_file(form, period)] for form in FORMS_AT_REST if form.id in forms}
    at = max(row.known_at for row in rows).replace(tzinfo=TOKYO)
    return Decision(period_id, "judge", at, PIPELINE, "", versions(world.catalog), lake, verdicts)


def _entries(rows: Iterable[Row[Any]], period_id: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            submission_id=row.submission_id,
            form_id=row.form_id,
            period_id=period_id,
            revision=row.revision,
            stated_on=row.stated_on.isoformat(),
            sheet=row.form_id,
            content="-" * 16,
        )
        for row in rows
    )


def _line(world: World, verdict: Verdict, at: datetime) -> dict[str, Any]:
    """What collect wrote of a file: its stamp and its receipt, with the id that the warehouse has for it."""
    name = f"{verdict.center_id}/{verdict.sha256[:12]}.xlsx"
    channel = world.catalog.center[verdict.center_id].channel
    receipt = Receipt(verdict.sha256, verdict.sha256, name, BYTES, channel, verdict.center_id, "", at)
    return {"path": name, "size": BYTES, "mtime_ns": 0} | as_line(receipt)
