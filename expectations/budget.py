"""予算: transfers between programs, and what is taken out of the reserve, come to zero in each decision."""

import pandas as pd

from expectations.rule import Rule
from expectations.sums import strict_sum
from schemas.catalog import Catalog
from schemas.form import Form

_NEUTRAL = ("流用", "予備費充当")


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the budget's movements."""
    return [
        Rule(
            id="budget.amount_yen.balance",
            severity="critical",
            blames="amount_yen",
            expectation="ExpectColumnValuesToBeInSet",
            arguments={"column": "decision_balance", "value_set": [0]},
            message="決定「{decision_code}」の{movement}は合計が 0 円になるはずですが、"
            "「{expected}」円です。増減を確認してください。",
            needs=("decision_code", "movement", "program"),
            expected="decision_balance",
        )
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with, on the last row of each transferring decision, what its movements come to."""
    frame = frame.copy(deep=False)
    key = [frame["submission_id"], frame["decision_code"], frame["movement"]]
    # Of a decision with a movement that is unknown, no movement can be said to balance.
    decision = [frame["submission_id"], frame["decision_code"]]
    unknown = frame["movement"].isna().groupby(decision, dropna=False).transform("any").astype(bool)
    value = pd.to_numeric(frame["amount_yen"]).mask(unknown)
    value = value.where(value % 1 == 0)
    balance = strict_sum(value, key)
    is_last = frame["row"] == frame["row"].groupby(key, dropna=False).transform("max")
    frame["decision_balance"] = balance.where(is_last & frame["movement"].isin(_NEUTRAL))
    return frame
