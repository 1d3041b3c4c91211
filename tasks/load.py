"""load: decisions of the journal into the star, in one transaction, each submission whole or absent.

Loading is replaying: what is in SQL is a pure function of receipts, journal and lake. On a data error
what is pending is halved until the guilty file stands alone and is refused; on a lost connection or a
deadlock the whole transaction is tried again.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from expectations.structure import REFUSALS
from schemas.finding import Finding
from schemas.forms import FORMS
from schemas.keys import UNKNOWN, surrogate
from schemas.period import parse_id
from schemas.submission import Receipt, Unit
from tasks.across import refresh, years_of
from tasks.bulk import add_facts, add_rows, count_rows, present, slices
from tasks.garbage import uncollected
from tasks.journal import PIPELINE, Decision, Verdict, append_decision, read_journal
from tasks.known import known
from tasks.retry import retrying
from tasks.store import FINDING, FINDING_SCHEMA, lake_schema, read_lake, store
from tasks.submissions import Register, decision_rows, explanation_rows, naive, read_register
from tasks.versions import versions
from tasks.world import World
from warehouse import current
from warehouse.dimensions import timeless_rows, yearly_rows
from warehouse.facts import FACTS, fact_rows
from warehouse.insert import upsert
from warehouse.roles import grants
from warehouse.schema import creation, dictionary, is_present, removal, schema_version
from warehouse.tables import (
    BRIDGE_CLOSING,
    DATA_DICTIONARY,
    DIM_PERIOD,
    DIM_SUBMISSION,
    FACT_DECISION,
    FACT_EXPLANATION,
    FACT_FINDING,
    FACT_RECEIPT,
    RUN_CHANGE,
    RUN_DECISION,
    RUN_VERSION,
)

SLOTS_A_STATEMENT = 200


@dataclass(frozen=True)
class _Part:
    """Some files of a decision; with the last of them all that it decided is in."""

    decision: Decision
    units: Sequence[Unit]
    is_last: bool = True

    @classmethod
    def whole(cls, decision: Decision) -> Self:
        """All files of a decision."""
        return cls(decision, [verdict.unit for verdict in decision.verdicts])


def load(world: World) -> int:
    """Load every decision that SQL lacks, and receipts of files known already; the number of decisions.

    A warehouse of another version of schema or catalog is rebuilt first.
    """
    if world.home.journal.is_file():
        world.effects.settle(world.home.journal)
    if not _is_ready(world):
        retrying(lambda: _replay(world))
    count = 0
    while pending := _pending(world):
        _load(world, [_Part.whole(decision) for decision in pending])
        count += len(pending)
    retrying(lambda: _load_repeated_receipts(world))
    return count


def rebuild(world: World) -> int:
    """Make all of SQL again from the journal; nothing is judged. The number of decisions replayed."""
    return retrying(lambda: _replay(world)) + load(world)


def _is_ready(world: World) -> bool:
    with world.engine.connect() as connection:
        return is_present(connection) and _version(connection) == schema_version(world.catalog)


def _replay(world: World) -> int:
    """Drop and make everything, and load again what was loaded, in one transaction: readers see no gap."""
    with writing(world) as connection:
        loaded = _loaded(connection) if is_present(connection) else set()
        decisions = [decision for decision in read_journal(world.home) if decision.id in loaded]
        _remake(world, connection)
        _load_parts(world, connection, [_Part.whole(decision) for decision in decisions])
    return len(decisions)


def _pending(world: World) -> list[Decision]:
    """The decisions that SQL lacks; loading may add one, when the database refuses a file."""
    with world.engine.connect() as connection:
        loaded = _loaded(connection)
    with known(world) as of_files:
        return of_files.decisions_but(loaded)


def _loaded(connection: Connection) -> set[str]:
    return set(connection.scalars(select(RUN_DECISION.c.decision_id)))


@contextmanager
def writing(world: World) -> Iterator[Connection]:
    """A connection in a writing transaction, committed through the effects unless the block raises.

    There is one at a time: what the block reads of receipts and journal is what the last one left.
    """
    with world.engine.connect().execution_options(writes=True) as connection:
        connection.begin()
        if connection.dialect.name == "postgresql":
            # On the very connection that writes: it dies with the writer.
            lock = func.pg_advisory_xact_lock(surrogate("lock load"))
            world.effects.execute(connection, select(lock))
        yield connection
        world.effects.commit(connection)


def _version(connection: Connection) -> str | None:
    return connection.scalar(select(RUN_VERSION.c.version))


def _remake(world: World, connection: Connection) -> None:
    world.effects.define(
        connection, [*removal(connection), *creation(connection.dialect), *grants(connection)]
    )
    add_rows(world.effects, connection, DATA_DICTIONARY, dictionary())
    for table, rows in timeless_rows(world.catalog).items():
        add_rows(world.effects, connection, table, rows)
    world.effects.execute(connection, insert(RUN_VERSION), [{"version": schema_version(world.catalog)}])


def _load(world: World, parts: Sequence[_Part]) -> None:
    """Load parts of decisions at once; after a data error by halves, down to the file that is refused."""
    try:
        retrying(lambda: _load_at_once(world, parts))
    except (IntegrityError, DataError, OperationalError, OverflowError) as error:
        if isinstance(error, OperationalError) and not _is_of_the_data(error):
            raise
        if halves := _halves(parts):
            for half in halves:
                _load(world, half)
            return
        (part,) = parts
        _refuse(world, part.decision, part.units, error)
        if part.is_last:
            retrying(lambda: _load_at_once(world, [_Part(part.decision, [])]))


def _halves(parts: Sequence[_Part]) -> list[Sequence[_Part]]:
    """The parts in two halves, a single one by its files; nothing where a single file is left."""
    if middle := len(parts) // 2:
        return [parts[:middle], parts[middle:]]
    (part,) = parts
    if middle := len(part.units) // 2:
        first = _Part(part.decision, part.units[:middle], is_last=False)
        return [[first], [_Part(part.decision, part.units[middle:], part.is_last)]]
    return []


def _load_at_once(world: World, parts: Sequence[_Part]) -> None:
    """Parts of decisions in one transaction."""
    with writing(world) as connection:
        _load_parts(world, connection, parts)


def _is_of_the_data(error: OperationalError) -> bool:
    """Whether it says that a row is too much for the database (SQLSTATE class 54), not that it is gone."""
    return str(getattr(error.orig, "sqlstate", "") or "").startswith("54")


def _refuse(world: World, decision: Decision, units: Sequence[Unit], error: Exception) -> None:
    """Quarantine the one file that the database refuses, by a decision of its own."""
    if not units:
        raise error
    verdict = next(v for v in decision.verdicts if v.unit == units[0])
    why = f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"
    rule = REFUSALS["LOAD_FAILED"]
    sentence = rule.message.format(seen=why)
    refused = Verdict(*verdict.unit, "refused", rule.id, verdict.entries, sentence)
    findings = [
        Finding(rule.id, rule.severity, entry.submission_id, entry.sheet, why, "", sentence)
        for entry in verdict.entries
    ]
    decision_id = f"{decision.id}-{verdict.sha256[:8]}"
    append_decision(
        world,
        Decision(
            decision_id,
            "judge",
            world.clock(),
            PIPELINE,
            why,
            versions(world.catalog),
            store(world, decision_id, [], findings),
            (refused,),
        ),
    )


def _load_parts(world: World, connection: Connection, parts: Sequence[_Part]) -> None:
    """Parts of decisions, and then once what follows from all that they touched."""
    touched: list[int] = []
    for part in parts:
        with uncollected():
            touched += _load_part(world, connection, part)
    explained = {parse_id(p.decision.period_id).fiscal_year for p in parts if p.decision.explanations}
    _recompute(world, connection, touched, explained)


def _load_part(world: World, connection: Connection, part: _Part) -> list[int]:
    """The facts, findings and dimension rows of some files of one decision; the submissions touched."""
    effects, decision, units = world.effects, part.decision, set(part.units)
    is_withdrawal = decision.kind == "withdraw"
    register = read_register(world, [decision.sha256] if is_withdrawal else [unit[0] for unit in units])
    if is_withdrawal:
        units = {*register.final}
    add_rows(effects, connection, FACT_DECISION, decision_rows(decision))
    add_rows(effects, connection, FACT_EXPLANATION, explanation_rows(decision))
    rows = register.rows(sorted(units))
    _add_years(world, connection, {row["fiscal_year"] for row in rows if row["state"] == "accepted"})
    rows = _within_periods(connection, rows)
    if rows:
        effects.execute(connection, upsert(connection, DIM_SUBMISSION), rows)
    arrived = [receipt for unit in sorted(units) for receipt in register.arrivals.get(unit, ())]
    _add_receipts(world, connection, arrived)
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
    holding, final = register.final[verdict.unit]
    return final.state == "accepted" and holding.id == decision.id


def _add_years(world: World, connection: Connection, fiscal_years: set[int]) -> None:
    """The dimension rows of years not met before."""
    known = set(connection.scalars(select(DIM_PERIOD.c.fiscal_year).distinct()))
    for fiscal_year in sorted(fiscal_years - known):
        for table, rows in yearly_rows(world.catalog, fiscal_year).items():
            add_rows(world.effects, connection, table, rows)


def _within_periods(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A refused file may name a year that has no periods here: its period is then unknown."""
    known = set(connection.scalars(select(DIM_PERIOD.c.period_key)))
    return [row if row["period_key"] in known else row | {"period_key": UNKNOWN} for row in rows]


def _add_receipts(world: World, connection: Connection, receipts: Iterable[Receipt]) -> None:
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


def _recompute(
    world: World, connection: Connection, submission_keys: Sequence[int], years: Set[int] = frozenset()
) -> None:
    """The intervals of the slots that some submissions fill, and what is found between them, anew.

    `years`: fiscal years of which more is found anew.
    """
    slots: set[current.Slot] = set()
    for keys in slices(submission_keys):
        slots.update(current.touched(connection, keys))
        years |= years_of(connection, keys)
    for some in slices(sorted(slots), SLOTS_A_STATEMENT):
        world.effects.execute(connection, current.clear(some))
        world.effects.execute(connection, current.fill(some))
    count_rows(world.effects, connection)
    refresh(world, connection, years)


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
    _note_changes(world, connection, [decision.id], fiscal_years | of_entries)


def _note_changes(
    world: World, connection: Connection, causes: Iterable[str], fiscal_years: Iterable[int]
) -> None:
    rows = [{"cause": cause, "fiscal_year": year} for cause in causes for year in sorted(fiscal_years)]
    add_rows(world.effects, connection, RUN_CHANGE, rows)


def _load_repeated_receipts(world: World) -> None:
    """Arrivals of files that were decided before: counted, and the earliest one holds."""
    with writing(world) as connection:
        with known(world) as of_files:
            repeated = of_files.repeated()
        loaded = present(connection, FACT_RECEIPT.c.receipt_id, [r.receipt_id for r in repeated])
        new = [receipt for receipt in repeated if receipt.receipt_id not in loaded]
        register = read_register(world, [receipt.sha256 for receipt in new])
        decided = [receipt for receipt in new if receipt.unit in register.final]
        if decided:
            _add_receipts(world, connection, decided)
            rows = register.rows(dict.fromkeys(receipt.unit for receipt in decided))
            rows = _within_periods(connection, rows)
            world.effects.execute(connection, upsert(connection, DIM_SUBMISSION), rows)
            _recompute(world, connection, [row["submission_key"] for row in rows])
            years = {row["fiscal_year"] for row in rows}
            _note_changes(world, connection, [receipt.receipt_id for receipt in decided], years)
