"""収入予算書: what its columns say holds; the rest is compared with other submissions."""

import pandas as pd

from expectations.rule import Rule
from schemas.catalog import Catalog
from schemas.form import Form


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """None of its own."""
    return []


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame as it is."""
    return frame
