"""The schema as a whole: made, versioned, described. No migrations: another version is rebuilt."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import Connection, Dialect, MetaData, Table, inspect
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


def removal(connection: Connection) -> list[str]:
    """The statements that drop every view and table of ours, those of an older version included."""
    views = [name for name in inspect(connection).get_view_names() if name.startswith("mart_")]
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name.startswith(_PREFIXES))
    drops: list[ExecutableDDLElement] = [*map(DropView, views)]
    drops += map(DropTable, reversed(there.sorted_tables))
    return [_written(element, connection.dialect) for element in drops]


_CREATIONS: dict[str, tuple[str, ...]] = {}


def creation(dialect: Dialect) -> tuple[str, ...]:
    """The statements that make every table and view, commented where the engine can; written out once."""
    if dialect.name not in _CREATIONS:
        _CREATIONS[dialect.name] = tuple(_creation(dialect))
    return _CREATIONS[dialect.name]


def _creation(dialect: Dialect) -> Iterator[str]:
    for table in METADATA.sorted_tables:
        yield _written(CreateTable(table), dialect)
        yield from (_written(index, dialect) for index in _indexes(table))
        if dialect.supports_comments:
            comments: list[ExecutableDDLElement] = [SetTableComment(table)]
            comments += map(SetColumnComment, table.columns)
            yield ";\n".join(_written(comment, dialect) for comment in comments)
    for mart in MARTS:
        yield _written(CreateView(mart.name, mart.select()), dialect)
        if dialect.supports_comments:
            yield ";\n".join(_view_comments(dialect, mart.name, mart.comment, mart.comments))


def _indexes(table: Table) -> list[CreateIndex]:
    return [CreateIndex(index) for index in sorted(table.indexes, key=lambda index: str(index.name))]


def _written(element: ExecutableDDLElement, dialect: Dialect) -> str:
    """A statement as text that takes no parameters: a % is one."""
    text = str(element.compile(dialect=dialect))
    return text.replace("%%", "%") if dialect.paramstyle in ("format", "pyformat") else text


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


def _view_comments(dialect: Dialect, name: str, comment: str, columns: dict[str, str]) -> list[str]:
    quote = dialect.identifier_preparer.quote
    literal = DATA_DICTIONARY.c.comment.type.literal_processor(dialect)
    assert literal
    view = quote(name)
    targets = {f"VIEW {view}": comment} | {f"COLUMN {view}.{quote(c)}": text for c, text in columns.items()}
    return [f"COMMENT ON {target} IS {literal(text).replace('%%', '%')}" for target, text in targets.items()]
