"""利用者アンケート: each answer lies in its half-year."""

import pandas as pd

from expectations.rule import Rule
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.period import parse_id


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of a survey's answers."""
    return [
        Rule(
            id="survey.answered_on.outside_half",
            severity="critical",
            blames="answered_on",
            expectation="ExpectColumnValuesToNotBeInSet",
            arguments={"column": "is_outside", "value_set": [1]},
            message="回答日「{seen}」は{expected}の日付ではありません。1つの半期分だけにしてください。",
            expected="period_label",
        )
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with marks for answers of another half-year."""
    frame = frame.copy()
    halves = frame["submission_id"].map(lambda name: parse_id(name.split(".")[2]))
    day = pd.to_datetime(frame["answered_on"])
    first = pd.to_datetime(halves.map(lambda half: half.first_day))
    last = pd.to_datetime(halves.map(lambda half: half.last_day))
    frame["is_outside"] = ((day < first) | (day > last)).astype(int)
    frame["period_label"] = halves.map(lambda half: half.label)
    return frame
