"""Statements compiled once for all cases: to compile them anew in each would be a third of its time."""

from typing import Any

Key = tuple[Any, ...]


class Compiled(dict[Key, Any]):
    """SQLAlchemy's cache of compiled statements, shared by engines: known by the name of a dialect alone."""

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        super().__setitem__(_of_any_engine(key), compiled)


def _of_any_engine(key: Key) -> Key:
    dialect, *statement = key
    return dialect.name, *statement
