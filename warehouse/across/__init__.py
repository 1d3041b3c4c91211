"""Questions between submissions, asked of the loaded, current state; one file a kind of rule."""

from warehouse.across import cumulative, event, ledger, narrative, revision, rules, years
from warehouse.across.scope import AcrossQuery, Years, within

QUERIES: tuple[AcrossQuery, ...] = (
    cumulative.performance,
    cumulative.expenditure,
    rules.le_year,
    rules.continuity,
    years.last_year,
    years.published,
    event.query,
    narrative.stated,
    narrative.not_carried_out,
    narrative.unwritten,
    ledger.query,
    revision.query,
    revision.behind,
)

__all__ = ["QUERIES", "AcrossQuery", "Years", "within"]
