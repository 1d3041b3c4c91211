"""利用者アンケート: each answer lies in its half-year."""

import pandas as pd

from expectations.days import add_outside
from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Form


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of a survey's answers."""
    return [
        marked(
            id="survey.answered_on.outside_half",
            severity="critical",
            blames="answered_on",
            mark="is_outside",
            message="回答日「{seen}」は{expected}の日付ではありません。1つの半期分だけにしてください。",
            expected="period_label",
        )
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with marks for answers of another half-year."""
    frame = frame.copy(deep=False)
    add_outside(frame, "answered_on")
    return frame
