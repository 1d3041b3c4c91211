"""支出明細: each line was inspected in its month, and is of an account that the center itself spends on."""

import pandas as pd

from expectations.days import add_outside
from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Form


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the lines of spending."""
    return [
        marked(
            id="spending.inspected_on.outside_month",
            severity="warning",
            blames="inspected_on",
            mark="is_outside",
            message="検収日「{seen}」は{expected}の日付ではありません。検収した月の明細に書いてください。",
            expected="period_label",
        ),
        marked(
            id="spending.account.allocated",
            severity="critical",
            blames="account",
            mark="is_allocated",
            message="この科目は本部が配賦します。明細から除き、支出の欄に配賦通知の額を書いてください。",
        ),
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with marks on days out of the month and on accounts that head office allocates."""
    frame = frame.copy(deep=False)
    add_outside(frame, "inspected_on")
    allocated = {row.account_id for row in catalog.accounts if row.is_allocated}
    frame["is_allocated"] = frame["account"].isin(allocated).astype(int)
    return frame
