"""Many rows into one table at once: COPY through a staging table on PostgreSQL, executemany on SQLite."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, column, select, table

from tasks.effects import Effects
from warehouse.insert import insert_new

ROWS_WORTH_COPYING = 50


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
    effects.copy(connection, target.name, stage.name, names, rows)
    effects.execute(connection, insert_new(connection, target).from_select(names, select(stage)))
