"""The suite of each form: its columns' rules and its own, as one Great Expectations suite."""

from types import ModuleType

import pandas as pd

from expectations import (
    appropriation,
    budget,
    client,
    cover,
    event,
    expenditure,
    ledger,
    narrative,
    performance,
    published,
    revenue,
    spending,
    survey,
)
from expectations.columns import add_column_facts, column_rules
from expectations.rule import Rule
from expectations.totals import add_totals, total_rules
from schemas.catalog import Catalog
from schemas.form import Form

SUITES: dict[str, ModuleType] = {
    "cover": cover,
    "performance": performance,
    "event": event,
    "client": client,
    "survey": survey,
    "narrative": narrative,
    "expenditure": expenditure,
    "spending": spending,
    "budget": budget,
    "appropriation": appropriation,
    "revenue": revenue,
    "ledger": ledger,
    "published": published,
}


def rules_of(form: Form, catalog: Catalog) -> list[Rule]:
    """All rules of a form, in the order in which they blame: critical ones first."""
    own: list[Rule] = SUITES[form.id].rules(form, catalog)
    ranks = ("critical", "warning", "info")
    return sorted(
        [*column_rules(form), *own, *total_rules(form)], key=lambda rule: ranks.index(rule.severity)
    )


def prepared(form: Form, frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with everything that the form's rules look at."""
    frame = add_totals(add_column_facts(frame, form, catalog), form)
    prepared_frame: pd.DataFrame = SUITES[form.id].prepare(frame, catalog)
    return prepared_frame
