"""Statements compiled once for all worlds: to compile them anew in each is a tenth to a third of its time."""

from typing import Any

from sqlalchemy import Engine

from warehouse.engine import connect

Key = tuple[Any, ...]


class Compiled(dict[Key, Any]):
    """SQLAlchemy's cache of compiled statements, shared by engines: known by the name of a dialect alone."""

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        super().__setitem__(_of_any_engine(key), compiled)


def connected(url: str, compiled: Compiled) -> Engine:
    """An engine that takes its compiled statements from there."""
    return connect(url).execution_options(compiled_cache=compiled)


def _of_any_engine(key: Key) -> Key:
    dialect, *statement = key
    return dialect.name, *statement
