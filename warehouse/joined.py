"""Texts of a group joined by 「、」, in order, on both engines; to be used as a window function."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SEPARATOR = "、"


class joined(FunctionElement[str]):  # noqa: N801 - written as SQL functions are
    """`joined(text).over(partition_by=..., order_by=..., rows=(None, None))`."""

    name = "joined"
    type = Text()
    inherit_cache = True


@compiles(joined)
def _standard(element: joined, compiler: Any, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, '{SEPARATOR}')"


@compiles(joined, "sqlite")
def _sqlite(element: joined, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, '{SEPARATOR}')"
