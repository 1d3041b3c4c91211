"""Many rows into one table at once: COPY through a staging table on PostgreSQL, executemany on SQLite."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Table, column, select, table, text

from tasks.effects import Effects
from warehouse.insert import insert_new

ROWS_WORTH_COPYING = 50


def add_rows(
    effects: Effects, connection: Connection, target: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows whose key is not there yet."""
    if connection.dialect.name == "postgresql" and len(rows) >= ROWS_WORTH_COPYING:
        names = [c.name for c in target.columns]
        columns = {name: [row[name] for row in rows] for name in names}
        add_table(effects, connection, target, pa.table(columns))
    elif rows:
        effects.execute(connection, insert_new(connection, target), rows)


def add_table(effects: Effects, connection: Connection, target: Table, rows: pa.Table) -> None:
    """`add_rows` for many rows at hand by column."""
    if connection.dialect.name != "postgresql" or len(rows) < ROWS_WORTH_COPYING:
        add_rows(effects, connection, target, rows.to_pylist())
        return
    names = rows.column_names
    stage = table(f"stage_{target.name}", *map(column, names))
    effects.copy(connection, target.name, stage.name, rows)
    effects.execute(connection, insert_new(connection, target).from_select(names, select(stage)))


def count_rows(effects: Effects, connection: Connection) -> None:
    """Have PostgreSQL count the tables that this transaction made larger by a tenth or more.

    Of rows that it has not counted its planner expects hardly any, and joins a million of them one by one.
    """
    if connection.dialect.name != "postgresql":
        return
    grown = text(
        "SELECT t.relname FROM pg_stat_xact_user_tables t JOIN pg_class c ON c.oid = t.relid"
        " WHERE c.relpersistence = 'p' AND t.n_tup_ins >= :few AND t.n_tup_ins * 10 >= c.reltuples"
        " ORDER BY t.relname"
    )
    names = connection.scalars(grown, {"few": ROWS_WORTH_COPYING}).all()
    if names:
        effects.execute(connection, text(f"ANALYZE {', '.join(names)}"))
