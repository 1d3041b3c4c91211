"""仕訳: each slip balances, each line lies in the year, each line of expense names a program."""

import pandas as pd

from expectations.days import add_outside
from expectations.rule import Rule, marked
from expectations.sums import strict_sum
from schemas.catalog import Catalog
from schemas.form import Form


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the journal."""
    return [
        Rule(
            id="ledger.debit_yen.slip_balance",
            severity="critical",
            blames="debit_yen",
            expectation="ExpectColumnValuesToBeInSet",
            arguments={"column": "slip_balance", "value_set": [0]},
            message="伝票「{slip_code}」の借方と貸方が「{expected}」円違います。会計ソフトで伝票を直して出し直してください。",
            expected="slip_balance",
        ),
        marked(
            id="ledger.posted_on.outside_year",
            severity="critical",
            blames="posted_on",
            mark="is_outside",
            message="取引日付「{seen}」は{expected}の外です。1年度分だけを出力してください。",
            expected="period_label",
        ),
        *(
            marked(
                id=f"ledger.{side}_program.required",
                severity="critical",
                blames=f"{side}_program",
                mark=f"{side}_program_missing",
                message="支出科目の行に部門がありません。事業の部門を付けて出し直してください。",
                needs=(f"{side}_account",),
            )
            for side in ("debit", "credit")
        ),
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with each slip's balance on its last line, and what lacks a program."""
    frame = frame.copy()
    debit, credit = pd.to_numeric(frame["debit_yen"]), pd.to_numeric(frame["credit_yen"])
    slip = [frame["submission_id"], frame["slip_code"].fillna(frame["row"].astype(str))]
    # What is not sound itself makes the balance of its slip unknown.
    balance = strict_sum((debit - credit).where((debit % 1 == 0) & (credit % 1 == 0)), slip)
    is_last = frame["row"] == frame["row"].groupby(slip, dropna=False).transform("max")
    frame["slip_balance"] = balance.where(is_last)
    add_outside(frame, "posted_on")
    expense = {row.account_id for row in catalog.accounts if row.side == "支出"}
    for side in ("debit", "credit"):
        lacks = frame[f"{side}_program"].isna() & frame[f"{side}_program__unread"].isna()
        frame[f"{side}_program_missing"] = (frame[f"{side}_account"].isin(expense) & lacks).astype(int)
    return frame
