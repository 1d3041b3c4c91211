"""The 合計 above the lines of a sheet: it must be what the lines come to."""

from collections.abc import Iterator

import pandas as pd

from expectations.rule import Rule
from schemas.form import Form


def total_rules(form: Form) -> Iterator[Rule]:
    """For each column with a total; silent where a cell of the column is known to be wrong."""
    for column in form.columns:
        if column.is_totaled:
            yield Rule(
                id=f"{form.id}.{column.id}.total",
                severity="warning",
                blames=column.id,
                expectation="ExpectColumnPairValuesToBeEqual",
                arguments={
                    "column_A": f"{column.id}__stated",
                    "column_B": f"{column.id}__counted",
                    "ignore_row_if": "either_value_is_missing",
                },
                message=_NUMBERS if column.is_measure else _CODES,
                expected=f"{column.id}__counted" if column.is_measure else "",
                seen=f"{column.id}__stated" if column.is_measure else "",
                is_of_column=True,
            )


_NUMBERS = (
    "上の合計は「{seen}」ですが、下の行の合計は「{expected}」です。"
    "書き換わった行がないか確認し、行か合計を直してください。"
)
_CODES = "上の検算の数が、下の番号と合いません。書き換わった番号がないか確認してください。"


def add_totals(frame: pd.DataFrame, form: Form) -> pd.DataFrame:
    """The frame with the columns of the totals, also where no sheet has the row of 合計."""
    for column in form.columns:
        if column.is_totaled:
            for name in (f"{column.id}__stated", f"{column.id}__counted"):
                frame[name] = pd.to_numeric(frame[name]) if name in frame else float("nan")
    return frame
