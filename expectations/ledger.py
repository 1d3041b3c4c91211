"""仕訳: each slip balances, each line lies in the year, each line of expense names a program."""

import pandas as pd

from expectations.rule import Rule
from expectations.sums import strict_sum
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.period import parse_id


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
        Rule(
            id="ledger.posted_on.outside_year",
            severity="critical",
            blames="posted_on",
            expectation="ExpectColumnValuesToNotBeInSet",
            arguments={"column": "is_outside_year", "value_set": [1]},
            message="取引日付「{seen}」は{expected}の外です。1年度分だけを出力してください。",
            expected="year_label",
        ),
        *(
            Rule(
                id=f"ledger.{side}_program.required",
                severity="critical",
                blames=f"{side}_program",
                expectation="ExpectColumnValuesToNotBeInSet",
                arguments={"column": f"{side}_program_missing", "value_set": [1]},
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
    balance = strict_sum(debit - credit, slip)
    is_last = frame["row"] == frame["row"].groupby(slip, dropna=False).transform("max")
    frame["slip_balance"] = balance.where(is_last)
    years = frame["submission_id"].map(lambda name: parse_id(name.split(".")[2]))
    frame["year_label"] = years.map(lambda period: period.label)
    months = frame["period_id"].map(parse_id)
    dated = frame["posted_on"].notna()
    frame["is_outside_year"] = [
        int(known and month.fiscal_year != year.fiscal_year)
        for known, month, year in zip(dated, months, years, strict=True)
    ]
    expense = {row.account_id for row in catalog.accounts if row.side == "支出"}
    for side in ("debit", "credit"):
        lacks = frame[f"{side}_program"].isna() & frame[f"{side}_program__unread"].isna()
        frame[f"{side}_program_missing"] = (frame[f"{side}_account"].isin(expense) & lacks).astype(int)
    return frame
