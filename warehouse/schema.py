"""The schema as a whole: made, versioned, described. No migrations: another version is rebuilt."""

import hashlib
from functools import lru_cache

from sqlalchemy import Connection, MetaData, Table, inspect
from sqlalchemy.schema import CreateTable

from schemas.catalog import Catalog
from warehouse.facts import FACTS
from warehouse.marts import MARTS
from warehouse.roles import grant_marts
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


def drop_all(connection: Connection) -> None:
    """Drop every view and table of ours, those of an older version included."""
    for name in inspect(connection).get_view_names():
        if name.startswith("mart_"):
            connection.execute(DropView(name))
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name.startswith(_PREFIXES))
    there.drop_all(connection)


def create_all(connection: Connection) -> list[dict[str, str]]:
    """Create every table and view, commented where the engine can; the rows of the data dictionary."""
    METADATA.create_all(connection)
    for mart in MARTS:
        connection.execute(CreateView(mart.name, mart.select()))
    dictionary = [row for table in METADATA.sorted_tables for row in _described(table)]
    for mart in MARTS:
        dictionary.append(_entry(mart.name, "", mart.comment))
        dictionary += [_entry(mart.name, name, comment) for name, comment in mart.comments.items()]
        if connection.dialect.supports_comments:
            _comment_view(connection, mart.name, mart.comment, mart.comments)
    grant_marts(connection, [mart.name for mart in MARTS])
    return dictionary


def _described(table: Table) -> list[dict[str, str]]:
    columns = [_entry(table.name, column.name, column.comment or "") for column in table.columns]
    return [_entry(table.name, "", table.comment or ""), *columns]


def _entry(object_name: str, column_name: str, comment: str) -> dict[str, str]:
    return {"object_name": object_name, "column_name": column_name, "comment": comment}


def _comment_view(connection: Connection, name: str, comment: str, columns: dict[str, str]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    literal = DATA_DICTIONARY.c.comment.type.literal_processor(connection.dialect)
    assert literal
    connection.exec_driver_sql(f"COMMENT ON VIEW {quote(name)} IS {literal(comment)}".replace("%", "%%"))
    for column, text in columns.items():
        target = f"{quote(name)}.{quote(column)}"
        connection.exec_driver_sql(f"COMMENT ON COLUMN {target} IS {literal(text)}".replace("%", "%%"))
