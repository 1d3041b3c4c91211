"""The schema as a whole: made, versioned, described. No migrations: another version is rebuilt."""

import hashlib
from functools import lru_cache

from sqlalchemy import DDL, Connection, Dialect, MetaData, Table, inspect
from sqlalchemy.schema import (
    CreateIndex,
    CreateTable,
    DropTable,
    ExecutableDDLElement,
    SetColumnComment,
    SetTableComment,
)

from schemas.catalog import Catalog
from warehouse.facts import FACTS
from warehouse.marts import MARTS
from warehouse.tables import DATA_DICTIONARY, METADATA, RUN_VERSION
from warehouse.views import CreateView, DropView

_PREFIXES = ("dim_", "fact_", "bridge_", "run_", DATA_DICTIONARY.name)

assert FACTS  # the fact tables stand in METADATA once their module is imported


def schema_version(catalog: Catalog) -> str:
    """Changes with any table, view or comment, and with the catalog whose rows the dimensions are."""
    return hashlib.sha256(f"{catalog.sha256} {_shape()}".encode()).hexdigest()[:16]


@lru_cache
def _shape() -> str:
    """A digest of all tables and views, which take a quarter of a second to write out."""
    digest = hashlib.sha256()
    for table in METADATA.sorted_tables:
        digest.update(str(CreateTable(table)).encode())
        digest.update(repr([table.comment, *(column.comment for column in table.columns)]).encode())
    for mart in MARTS:
        digest.update(str(mart.select()).encode() + repr(mart.comments).encode())
    return digest.hexdigest()


def is_present(connection: Connection) -> bool:
    return bool(inspect(connection).has_table(RUN_VERSION.name))


def removal(connection: Connection) -> list[ExecutableDDLElement]:
    """What drops every view and table of ours, those of an older version included."""
    views = [name for name in inspect(connection).get_view_names() if name.startswith("mart_")]
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name.startswith(_PREFIXES))
    return [*map(DropView, views), *map(DropTable, reversed(there.sorted_tables))]


def creation(dialect: Dialect) -> list[ExecutableDDLElement]:
    """What makes every table and view, commented where the engine can."""
    statements: list[ExecutableDDLElement] = []
    for table in METADATA.sorted_tables:
        statements += [CreateTable(table), *map(CreateIndex, table.indexes)]
        if dialect.supports_comments:
            statements += [SetTableComment(table), *map(SetColumnComment, table.columns)]
    for mart in MARTS:
        statements.append(CreateView(mart.name, mart.select()))
        if dialect.supports_comments:
            statements += _view_comments(dialect, mart.name, mart.comment, mart.comments)
    return statements


def dictionary() -> list[dict[str, str]]:
    """The rows of the data dictionary: every table, view and column in words."""
    rows = [row for table in METADATA.sorted_tables for row in _described(table)]
    for mart in MARTS:
        rows.append(_entry(mart.name, "", mart.comment))
        rows += [_entry(mart.name, name, comment) for name, comment in mart.comments.items()]
    return rows


def _described(table: Table) -> list[dict[str, str]]:
    columns = [_entry(table.name, column.name, column.comment or "") for column in table.columns]
    return [_entry(table.name, "", table.comment or ""), *columns]


def _entry(object_name: str, column_name: str, comment: str) -> dict[str, str]:
    return {"object_name": object_name, "column_name": column_name, "comment": comment}


def _view_comments(dialect: Dialect, name: str, comment: str, columns: dict[str, str]) -> list[DDL]:
    quote = dialect.identifier_preparer.quote
    literal = DATA_DICTIONARY.c.comment.type.literal_processor(dialect)
    assert literal
    view = quote(name)
    targets = {f"VIEW {view}": comment} | {f"COLUMN {view}.{quote(c)}": text for c, text in columns.items()}
    comments = [f"COMMENT ON {target} IS {literal(text)}" for target, text in targets.items()]
    return [DDL(comment.replace("%", "%%")) for comment in comments]  # type: ignore[no-untyped-call]
