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
        Rule(
            id="ledger.closing.known",
            severity="critical",
            blames="closing",
            expectation="ExpectColumnValuesToBeInSet",
            arguments={"column": "closing", "value_set": ["中決", "本決"]},
            message="決算の区分「{seen}」の意味が分かりません。会計ソフトの種類と区分を情報担当に知らせてください。",
        ),
        *(
            marked(
                id=f"ledger.{side}_account.needed",
                severity="critical",
                blames=f"{side}_account",
                mark=f"{side}_account_missing",
                message="金額がある行に勘定科目がありません。会計ソフトで直して出し直してください。",
            )
            for side in ("debit", "credit")
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
    frame = frame.copy(deep=False)
    debit, credit = pd.to_numeric(frame["debit_yen"]), pd.to_numeric(frame["credit_yen"])
    slip = [frame["submission_id"], frame["slip"].fillna(frame["row"].astype(str))]
    # What is not sound itself makes the balance of its slip unknown.
    balance = strict_sum((debit - credit).where((debit % 1 == 0) & (credit % 1 == 0)), slip)
    is_last = frame["row"] == frame["row"].groupby(slip, dropna=False).transform("max")
    frame["slip_balance"] = balance.where(is_last)
    add_outside(frame, "posted_on")
    _add_unmapped(frame)
    expense = {row.account_id for row in catalog.accounts if row.side == "支出"}
    for side in ("debit", "credit"):
        is_nobodys = frame[f"{side}_account"].isna() & frame[f"{side}_account__unread"].isna()
        moved = pd.to_numeric(frame[f"{side}_yen"]).fillna(0) != 0
        frame[f"{side}_account_missing"] = (is_nobodys & moved).astype(int)
        lacks = frame[f"{side}_program"].isna() & frame[f"{side}_program__unread"].isna()
        frame[f"{side}_program_missing"] = (frame[f"{side}_account"].isin(expense) & lacks).astype(int)
    return frame


def _add_unmapped(frame: pd.DataFrame) -> None:
    """How many lines and yen stand behind each code or name without one of ours."""
    for side in ("debit", "credit"):
        yen = pd.to_numeric(frame[f"{side}_yen"])
        for what in ("account", "program"):
            unread = frame[f"{side}_{what}__unread"]
            behind = yen.groupby([frame["submission_id"], unread])
            lines, total = behind.transform("size"), behind.transform("sum")
            frame[f"{side}_{what}_behind"] = [
                f"{n:.0f}行、{amount:,.0f}円" if known else ""
                for n, amount, known in zip(lines, total, unread.notna(), strict=True)
            ]
