"""An edition of the report: a fiscal year as known at a moment, and what its tables share, asked for once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from schemas.catalog import Catalog
from warehouse.reconciliation.differences import Difference, differences
from warehouse.reports.events import events
from warehouse.reports.figure import Figure
from warehouse.reports.money import Scope, scopes
from warehouse.reports.performance_figures import Measured, measured
from warehouse.reports.programs import programs
from warehouse.reports.texts import Text, texts


@dataclass(frozen=True)
class Edition:
    """`as_of`: naive UTC; None = now. All queries must see one state of the warehouse."""

    connection: Connection
    catalog: Catalog
    fiscal_year: int
    as_of: datetime | None = None

    @cached_property
    def measured(self) -> dict[str, Measured]:
        """Indicator id to its figures, in print order."""
        return measured(self.connection, self.fiscal_year, self.as_of)

    @cached_property
    def texts(self) -> list[Text]:
        """All texts in the order of centers and of their files."""
        return texts(self.connection, self.catalog, self.fiscal_year, self.as_of, self.measured)

    @cached_property
    def events(self) -> list[tuple[dict[str, Any], Figure]]:
        """Each listed event's mart row and the figure of its months, in print order."""
        return events(self.connection, self.fiscal_year, self.as_of)

    @cached_property
    def programs(self) -> list[dict[str, Any]]:
        """Programs and their lettered parts in print order."""
        return programs(self.connection, self.fiscal_year, self.as_of)

    @cached_property
    def scopes(self) -> list[Scope]:
        """The yen of programs in print order, each center behind its last one, the foundation at the end."""
        return scopes(self.connection, self.fiscal_year, self.as_of, self.differences)

    @cached_property
    def differences(self) -> list[Difference]:
        """What centers report against what the ledger has, in print order."""
        return differences(self.connection, self.fiscal_year, self.as_of)
