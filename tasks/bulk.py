"""Many rows at once, into a table or out of a query: COPY on PostgreSQL, executemany and rows on SQLite."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import (
    ARRAY,
    Column,
    Connection,
    ForeignKey,
    Select,
    Table,
    any_,
    column,
    insert,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.exc import IntegrityError

from tasks.effects import Effects
from warehouse.insert import insert_new
from warehouse.tables import DIM_SUBMISSION

ROWS_WORTH_COPYING = 50
KEYS_A_STATEMENT = 10_000

_T = TypeVar("_T")


def add_rows(
    effects: Effects, connection: Connection, target: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows whose key is not there yet."""
    if not rows:
        return
    if connection.dialect.name != "postgresql" or len(rows) < ROWS_WORTH_COPYING:
        effects.execute(connection, insert_new(connection, target), rows)
        return
    names = [c.name for c in target.columns]
    stage = table(f"stage_{target.name}", *map(column, names))
    columns = {name: [row[name] for row in rows] for name in names}
    effects.copy(connection, target.name, pa.table(columns), stage.name)
    effects.execute(connection, insert_new(connection, target).from_select(names, select(stage)))


def add_facts(effects: Effects, connection: Connection, fact: Table, rows: pa.Table) -> None:
    """Insert the facts of submissions that have none yet: those of a submission are there as a whole.

    IntegrityError for a key that its dimension has not.
    """
    submission = fact.c.submission_key
    there = present(connection, submission, pc.unique(rows["submission_key"]).to_pylist())
    new = rows.filter(pc.invert(pc.is_in(rows["submission_key"], pa.array(sorted(there), pa.int64()))))
    if not len(new):
        return
    if connection.dialect.name != "postgresql":
        effects.execute(connection, insert(fact), new.to_pylist())
        return
    for reference in sorted(fact.foreign_keys, key=lambda one: one.parent.name):
        _check_reference(connection, reference, new[reference.parent.name])
    effects.copy(connection, fact.name, new)


def _check_reference(connection: Connection, reference: ForeignKey, keys: pa.ChunkedArray) -> None:
    """What the database would check row by row, for four fifths of a load's time, asked once for each key."""
    wanted = pc.unique(keys).to_pylist()
    if lost := {*wanted} - present(connection, reference.column, wanted):
        what = f"{reference.parent}: {min(lost)} is not in {reference.column}"
        raise IntegrityError("COPY", None, ValueError(what))


def present(connection: Connection, keyed: Column[Any], keys: Sequence[_T]) -> set[_T]:
    """Those of some keys that a column has."""
    if connection.dialect.name == "postgresql":
        # One parameter for all of them: to write ten thousand takes longer than to look for them.
        wanted = keyed == any_(literal(list(keys), ARRAY(keyed.type)))
        return set(connection.scalars(select(keyed).where(wanted).distinct()))
    found: set[_T] = set()
    for some in slices(keys):
        found.update(connection.scalars(select(keyed).where(keyed.in_(some)).distinct()))
    return found


def slices(values: Sequence[_T], most: int = KEYS_A_STATEMENT) -> Iterator[Sequence[_T]]:
    """Values by so many as a statement may name."""
    return (values[start : start + most] for start in range(0, len(values), most))


def read_table(connection: Connection, query: Select[Any], schema: pa.Schema) -> pa.Table:
    """The rows of a query, whose columns are those of the schema in their order."""
    if connection.dialect.name != "postgresql":
        rows = connection.execute(query).all()
        of_rows = zip(*rows, strict=True) if rows else [()] * len(schema)
        columns = [pa.array(values).cast(field.type) for values, field in zip(of_rows, schema, strict=True)]
        return pa.table(columns, schema)
    from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

    asked = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(f"COPY ({asked}) TO STDOUT (FORMAT csv)", asked.params) as copy:
        content = b"".join(map(bytes, copy))
    if not content:
        return schema.empty_table()
    as_stated = ConvertOptions(
        column_types=schema,
        null_values=[""],
        true_values=["t"],
        false_values=["f"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    names, lines = ReadOptions(column_names=schema.names), ParseOptions(newlines_in_values=True)
    return read_csv(pa.BufferReader(content), names, lines, as_stated)


def count_rows(effects: Effects, connection: Connection) -> None:
    """Have PostgreSQL count the tables that this transaction made larger by a tenth or more.

    Of rows that it has not counted its planner expects hardly any, and joins a million of them one by one.
    Every question is about a fiscal year: of how many submissions each has, it is told whenever some came.
    """
    if connection.dialect.name != "postgresql":
        return
    grown = text(
        "SELECT t.relname, t.n_tup_ins * 10 >= c.reltuples AS by_much"
        " FROM pg_stat_xact_user_tables t JOIN pg_class c ON c.oid = t.relid"
        " WHERE c.relpersistence = 'p' AND t.n_tup_ins > 0 ORDER BY t.relname"
    )
    by_much = {row.relname: row.by_much for row in connection.execute(grown)}
    counted = [name for name, is_so in by_much.items() if is_so]
    if by_much.get(DIM_SUBMISSION.name) is False:
        counted.append(f"{DIM_SUBMISSION.name} ({DIM_SUBMISSION.c.fiscal_year.name})")
    if counted:
        effects.execute(connection, text(f"ANALYZE {', '.join(counted)}"))
