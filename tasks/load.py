"""load: decisions of the journal into the star, in one transaction, each submission whole or absent.

Loading is replaying: what is in SQL is a pure function of receipts, journal and lake. On a data error
what is pending is halved until the guilty file stands alone and is refused; on a lost connection or a
deadlock the whole transaction is tried again.
"""

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from expectations.structure import REFUSALS
from schemas.finding import Finding
from schemas.keys import surrogate
from schemas.period import parse_id
from schemas.submission import Unit
from tasks.across import refresh, years_of
from tasks.bulk import add_rows, count_rows, present, slices
from tasks.garbage import uncollected
from tasks.journal import PIPELINE, Decision, Verdict, append_decision, read_journal
from tasks.known import known
from tasks.parts import Part, add_receipts, load_part, note_changes, within_periods
from tasks.retry import retrying
from tasks.store import store
from tasks.submissions import read_register
from tasks.versions import versions
from tasks.world import World
from warehouse import current
from warehouse.dimensions import timeless_rows
from warehouse.insert import upsert
from warehouse.roles import grants
from warehouse.schema import creation, dictionary, is_present, removal, schema_version
from warehouse.tables import (
    DATA_DICTIONARY,
    DIM_SUBMISSION,
    FACT_RECEIPT,
    RUN_DECISION,
    RUN_VERSION,
)

SLOTS_A_STATEMENT = 200


def load(world: World) -> int:
    """Load every decision that SQL lacks, and receipts of files known already; the number of decisions.

    A warehouse of another version of schema or catalog is rebuilt first.
    """
    if world.home.journal.is_file():
        world.effects.settle(world.home.journal)
    if not _is_ready(world):
        _make_again(world)
    count = 0
    while pending := _pending(world):
        _load(world, [Part.whole(decision) for decision in pending])
        count += len(pending)
    retrying(lambda: _load_repeated_receipts(world))
    return count


def rebuild(world: World) -> int:
    """Make all of SQL again from the journal; nothing is judged. The number of decisions replayed."""
    return _make_again(world) + load(world)


def _make_again(world: World) -> int:
    """Replay what was loaded; RuntimeError where a catalog no longer has what a submission let in is of."""
    try:
        return retrying(lambda: _replay(world))
    except IntegrityError as error:
        raise RuntimeError(
            "倉庫を作り直せません。受理した提出物が使っている行（センター・事業・指標・勘定科目・種別）が、"
            f"今のカタログにありません（{str(error.orig)[:200]}）。消した行や変えたIDを元に戻し、"
            "やめる行には最後の年度（to_fy）を書いてください。倉庫は元のままです。"
        ) from error


def _is_ready(world: World) -> bool:
    with world.engine.connect() as connection:
        return is_present(connection) and _version(connection) == schema_version(world.catalog)


def _replay(world: World) -> int:
    """Drop and make everything, and load again what was loaded, in one transaction: readers see no gap."""
    with writing(world) as connection:
        loaded = _loaded(connection) if is_present(connection) else set()
        decisions = [decision for decision in read_journal(world.home) if decision.id in loaded]
        _remake(world, connection)
        _load_parts(world, connection, [Part.whole(decision) for decision in decisions])
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


def _load(world: World, parts: Sequence[Part]) -> None:
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
            retrying(lambda: _load_at_once(world, [Part(part.decision, [])]))


def _halves(parts: Sequence[Part]) -> list[Sequence[Part]]:
    """The parts in two halves, a single one by its files; nothing where a single file is left."""
    if middle := len(parts) // 2:
        return [parts[:middle], parts[middle:]]
    (part,) = parts
    if middle := len(part.units) // 2:
        first = Part(part.decision, part.units[:middle], is_last=False)
        return [[first], [Part(part.decision, part.units[middle:], part.is_last)]]
    return []


def _load_at_once(world: World, parts: Sequence[Part]) -> None:
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
    decision_id = f"{decision.id}-{verdict.center_id}-{verdict.sha256[:8]}"
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


def _load_parts(world: World, connection: Connection, parts: Sequence[Part]) -> None:
    """Parts of decisions, and then once what follows from all that they touched."""
    touched: list[int] = []
    for part in parts:
        with uncollected():
            touched += load_part(world, connection, part)
    explained = {parse_id(p.decision.period_id).fiscal_year for p in parts if p.decision.explanations}
    _recompute(world, connection, touched, explained)


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


def _load_repeated_receipts(world: World) -> None:
    """Arrivals of files that were decided before: counted, and the earliest one holds."""
    with writing(world) as connection:
        with known(world) as of_files:
            repeated = of_files.repeated()
        loaded = present(connection, FACT_RECEIPT.c.receipt_id, [r.receipt_id for r in repeated])
        new = [receipt for receipt in repeated if receipt.receipt_id not in loaded]
        register = read_register(world, [receipt.sha256 for receipt in new])
        decided = [receipt for receipt in new if receipt.unit in register.verdicts]
        if decided:
            add_receipts(world, connection, decided)
            rows = register.rows(dict.fromkeys(receipt.unit for receipt in decided))
            rows = within_periods(connection, rows)
            world.effects.execute(connection, upsert(connection, DIM_SUBMISSION), rows)
            _recompute(world, connection, [row["submission_key"] for row in rows])
            years = {row["fiscal_year"] for row in rows}
            note_changes(world, connection, [receipt.receipt_id for receipt in decided], years)
