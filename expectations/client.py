"""支援先: who stands in the list was helped at least once."""

import pandas as pd

from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Form


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the list of clients."""
    return [
        marked(
            id="client.times.none",
            severity="critical",
            blames="times",
            mark="is_none",
            message="回数が 0 です。支援しなかった先の行は消してください。",
        )
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with a mark for clients that were not helped."""
    return frame.assign(is_none=(frame["times"] == 0).astype(int))
