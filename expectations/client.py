"""支援先: who stands in the list was helped at least once, and has a number like the others'."""

import pandas as pd

from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Form

_FEWEST = 3


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the list of clients."""
    return [
        marked(
            id="client.times.none",
            severity="critical",
            blames="times",
            mark="is_none",
            message="回数が 0 です。支援しなかった先の行は消してください。",
        ),
        marked(
            id="client.client.shape",
            severity="warning",
            blames="client",
            mark="is_odd",
            message="この番号だけ、同じ項目のほかの番号と桁数や形が違います。桁の抜けなどがないか確認してください。",
            needs=("indicator",),
            seen="",
        ),
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with marks for clients that were not helped, and for numbers unlike all others."""
    frame = frame.assign(is_none=(frame["times"] == 0).astype(int))
    frame["is_odd"] = _is_odd(frame).astype(int)
    return frame


def _is_odd(frame: pd.DataFrame) -> pd.Series:
    """Whether a number alone has its shape (every digit a 9), where some others share one."""
    group = [frame["submission_id"], frame["indicator"]]
    shape = frame["client"].astype("string").str.replace(r"\d", "9", regex=True)
    size = shape.groupby(group).transform("count")
    shapes = shape.groupby(group).transform("nunique")
    alike = shape.groupby([*group, shape]).transform("count")
    return ((size >= _FEWEST) & (shapes == 2) & (alike == 1)).fillna(False)
