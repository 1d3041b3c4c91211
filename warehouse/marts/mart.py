"""A mart: one wide view a subject, with a stable name and a comment on every column."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Select

from warehouse.current import current


@dataclass(frozen=True)
class Mart:
    """A view's name, comments and query. The query takes the current submissions, of now or of a day."""

    name: str
    comment: str
    comments: dict[str, str]
    query: Callable[[CTE], Select[Any]]

    def select(self) -> Select[Any]:
        """The query with as_of open: what the view shows."""
        return self.query(current())
