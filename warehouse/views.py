"""CREATE VIEW and DROP VIEW as statements of SQLAlchemy, which has none of its own before 2.1."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement


class CreateView(ExecutableDDLElement):
    """A view of a name over a query, whose values are written into it."""

    inherit_cache = False

    def __init__(self, name: str, query: Select[Any]) -> None:
        self.name = name
        self.query = query


class DropView(ExecutableDDLElement):
    """The view of a name, dropped."""

    inherit_cache = False

    def __init__(self, name: str) -> None:
        self.name = name


@compiles(CreateView)
def _create(element: CreateView, compiler: Any, **_: Any) -> str:
    body = compiler.sql_compiler.process(element.query, literal_binds=True)
    return f"CREATE VIEW {compiler.preparer.quote(element.name)} AS {body}"


@compiles(DropView)
def _drop(element: DropView, compiler: Any, **_: Any) -> str:
    return f"DROP VIEW {compiler.preparer.quote(element.name)}"
