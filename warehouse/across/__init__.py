"""Questions between submissions, asked of the loaded, current state; one file a kind of rule."""

from warehouse.across import (
    appropriation,
    budget,
    cumulative,
    difference,
    event,
    narrative,
    revision,
    rules,
    spending,
    unlike,
    years,
)
from warehouse.across.scope import AcrossQuery, Years, within

QUERIES: tuple[AcrossQuery, ...] = (
    cumulative.performance,
    cumulative.expenditure,
    rules.le_year,
    rules.continuity,
    years.last_year,
    years.published,
    years.settlement,
    unlike.flows,
    unlike.stocks,
    unlike.unstated,
    unlike.guests,
    unlike.times,
    appropriation.changed,
    appropriation.unbalanced,
    appropriation.printed,
    budget.changed,
    budget.exceeded,
    event.query,
    narrative.stated,
    narrative.not_carried_out,
    narrative.unwritten,
    spending.lines,
    difference.unexplained,
    revision.query,
    revision.behind,
)

__all__ = ["QUERIES", "AcrossQuery", "Years", "within"]
