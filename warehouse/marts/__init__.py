"""The marts that BI tools read, in the order in which they are created."""

from warehouse.marts import (
    budget,
    completeness,
    decision,
    difference,
    difference_evidence,
    event,
    event_occurrence,
    expenditure,
    expenditure_month,
    finding,
    income,
    narrative,
    performance,
    performance_half,
    performance_month,
    reconciliation,
    submission,
)
from warehouse.marts.mart import Mart

MARTS: tuple[Mart, ...] = (
    performance.MART,
    performance_half.MART,
    performance_month.MART,
    event.MART,
    event_occurrence.MART,
    narrative.MART,
    expenditure.MART,
    expenditure_month.MART,
    income.MART,
    budget.MART,
    reconciliation.MART,
    difference.MART,
    difference_evidence.MART,
    finding.MART,
    submission.MART,
    completeness.MART,
    decision.MART,
)
