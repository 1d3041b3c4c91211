"""The marts that BI tools read, in the order in which they are created."""

from warehouse.marts import (
    budget,
    completeness,
    expenditure,
    expenditure_month,
    finding,
    performance,
    performance_month,
    reconciliation,
    submission,
)
from warehouse.marts.mart import Mart

MARTS: tuple[Mart, ...] = (
    performance.MART,
    performance_month.MART,
    expenditure.MART,
    expenditure_month.MART,
    budget.MART,
    reconciliation.MART,
    finding.MART,
    submission.MART,
    completeness.MART,
)
