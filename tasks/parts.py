"""parts: the rows of some files of one decision, from lake and journal into the star."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, select

from schemas.forms import FORMS
from schemas.keys import UNKNOWN, surrogate
from schemas.submission import Receipt, Unit
from tasks.bulk import add_facts, add_rows
from tasks.journal import Decision, Verdict
from tasks.store import FINDING, FINDING_SCHEMA, lake_schema, read_lake
from tasks.submissions import Register, decision_rows, explanation_rows, naive, read_register
from tasks.world import World
from warehouse.dimensions import yearly_rows
from warehouse.facts import FACTS, fact_rows
from warehouse.insert import upsert
from warehouse.tables import (
    BRIDGE_CLOSING,
    DIM_PERIOD,
    DIM_SUBMISSION,
    FACT_DECISION,
    FACT_EXPLANATION,
    FACT_FINDING,
    FACT_RECEIPT,
    RUN_CHANGE,
    RUN_DECISION,
)


@dataclass(frozen=True)
class Part:
    """Some files of a decision; with the last of them all that it decided is in."""

    decision: Decision
    units: Sequence[Unit]
    is_last: bool = True

    @classmethod
    def whole(cls, decision: Decision) -> Self:
        """All files of a decision."""
        return cls(decision, [verdict.unit for verdict in decision.verdicts])


def load_part(world: World, connection: Connection, part: Part) -> list[int]:
    """The facts, findings and dimension rows of some files of one decision; the submissions touched."""
    effects, decision = world.effects, part.decision
    is_withdrawal = decision.kind == "withdraw"
    register = read_register(world, [decision.sha256] if is_withdrawal else [unit[0] for unit in part.units])
    units = {*register.verdicts} if is_withdrawal else register.verdicts.keys() & part.units
    add_rows(effects, connection, FACT_DECISION, decision_rows(decision))
    add_rows(effects, connection, FACT_EXPLANATION, explanation_rows(decision))
    rows = register.rows(sorted(units))
    new = _add_years(world, connection, {row["fiscal_year"] for row in rows if row["state"] == "accepted"})
    by_key = {row["submission_key"]: row for row in [*_waiting_for(world, connection, new), *rows]}
    rows = within_periods(connection, [*by_key.values()])
    if rows:
        effects.execute(connection, upsert(connection, DIM_SUBMISSION), rows)
    arrived = [receipt for unit in sorted(units) for receipt in register.arrivals.get(unit, ())]
    add_receipts(world, connection, arrived)
    wanted = {
        entry.submission_id
        for verdict in decision.verdicts
        if verdict.unit in units and _holds(register, decision, verdict)
        for entry in verdict.entries
    }
    value_set = pa.array(sorted(wanted), pa.string())
    for form in FORMS:
        table = read_lake(world.home.lake, decision.lake.get(form.id, ()), lake_schema(form))
        records = table.filter(pc.is_in(table["submission_id"], value_set))
        add_facts(effects, connection, FACTS[form.id], fact_rows(form, records))
    _add_findings(world, connection, decision, units)
    add_rows(effects, connection, BRIDGE_CLOSING, _closed(decision))
    if part.is_last:
        _mark(world, connection, decision, {row["fiscal_year"] for row in rows})
    return [row["submission_key"] for row in rows]


def _holds(register: Register, decision: Decision, verdict: Verdict) -> bool:
    holding, final = register.verdicts[verdict.unit][-1]
    return final.state == "accepted" and holding.id == decision.id


def _add_years(world: World, connection: Connection, fiscal_years: set[int]) -> set[int]:
    """Add the dimension rows of years not met before; those years."""
    known = set(connection.scalars(select(DIM_PERIOD.c.fiscal_year).distinct()))
    for fiscal_year in sorted(fiscal_years - known):
        for table, rows in yearly_rows(world.catalog, fiscal_year).items():
            add_rows(world.effects, connection, table, rows)
    return fiscal_years - known


def _waiting_for(world: World, connection: Connection, fiscal_years: set[int]) -> list[dict[str, Any]]:
    """The rows of the refused files of some years that came before these years were known."""
    s = DIM_SUBMISSION.c
    is_early = (s.fiscal_year.in_(sorted(fiscal_years)), s.period_key == UNKNOWN)
    early = [*connection.scalars(select(s.sha256).where(*is_early).distinct())] if fiscal_years else []
    register = read_register(world, early)
    # What is let in comes with its facts, by the decision that lets it in.
    rows = register.rows(sorted(register.verdicts))
    return [row for row in rows if row["fiscal_year"] in fiscal_years and row["state"] != "accepted"]


def within_periods(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A refused file may name a year that has no periods here: its period is then unknown."""
    known = set(connection.scalars(select(DIM_PERIOD.c.period_key)))
    return [row if row["period_key"] in known else row | {"period_key": UNKNOWN} for row in rows]


def add_receipts(world: World, connection: Connection, receipts: Iterable[Receipt]) -> None:
    """The `fact_receipt` rows of some receipts."""
    rows = [
        {
            "receipt_id": receipt.receipt_id,
            "sha256": receipt.sha256,
            "file_name": receipt.file_name,
            "center_key": surrogate(receipt.center_id),
            "channel": receipt.channel,
            "sender": receipt.sender,
            "arrived_at": naive(receipt.arrived_at),
        }
        for receipt in receipts
    ]
    add_rows(world.effects, connection, FACT_RECEIPT, rows)


def _add_findings(world: World, connection: Connection, decision: Decision, units: set[Unit]) -> None:
    ids = {
        entry.submission_id
        for verdict in decision.verdicts
        if verdict.unit in units
        for entry in verdict.entries
    }
    table = read_lake(world.home.lake, decision.lake.get(FINDING, ()), FINDING_SCHEMA)
    rows = [
        {name: row[name] for name in FINDING_SCHEMA.names if name != "submission_id"}
        | {
            "submission_key": surrogate(row["submission_id"]),
            "rules_version": decision.versions["rules"],
        }
        for row in table.to_pylist()
        if row["submission_id"] in ids
    ]
    add_rows(world.effects, connection, FACT_FINDING, rows)


def _closed(decision: Decision) -> list[dict[str, Any]]:
    return [
        {"decision_id": decision.id, "submission_key": surrogate(name)} for name in sorted(decision.manifest)
    ]


def _mark(world: World, connection: Connection, decision: Decision, fiscal_years: set[int]) -> None:
    """Note that all of a decision is in, and which years it changed, beside those of its entries."""
    row = {"decision_id": decision.id, "kind": decision.kind, "decided_at": naive(decision.at)}
    add_rows(world.effects, connection, RUN_DECISION, [row])
    entries = [entry for verdict in decision.verdicts for entry in verdict.entries]
    of_entries = {entry.period.fiscal_year if entry.period else 0 for entry in entries}
    note_changes(world, connection, [decision.id], fiscal_years | of_entries)


def note_changes(
    world: World, connection: Connection, causes: Iterable[str], fiscal_years: Iterable[int]
) -> None:
    """Note that decisions or receipts changed submissions of some fiscal years."""
    rows = [{"cause": cause, "fiscal_year": year} for cause in causes for year in sorted(fiscal_years)]
    add_rows(world.effects, connection, RUN_CHANGE, rows)
