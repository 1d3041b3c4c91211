"""The contents of the annual report: its printed tables, in order. A new table is entered here."""

from collections.abc import Callable

from warehouse.reports import (
    table_differences,
    table_events,
    table_overview,
    table_performance,
    table_reconciliation,
    table_settlement,
    table_summary,
)
from warehouse.reports.edition import Edition
from warehouse.reports.figure import Table

PrintedTable = Callable[[Edition], Table]

CONTENTS: tuple[PrintedTable, ...] = (
    table_summary.table,
    table_performance.table,
    table_overview.table,
    table_events.table,
    table_settlement.table,
    table_reconciliation.table,
    table_differences.table,
)
