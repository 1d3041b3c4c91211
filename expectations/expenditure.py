"""支出: the sums that the sheet itself states must be the sums of its rows."""

import pandas as pd

from expectations.rule import Rule, marked
from expectations.sums import strict_sum
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.values import NOT_APPLICABLE

_MEASURES = ("amount_yen", "cumulative_yen")


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the month's spending."""
    return [
        marked(
            id="expenditure.program.counted_twice",
            severity="critical",
            blames="program",
            mark="is_of_parts",
            message="「{program_name}」は枝（ア、イ…）ごとの行もあり、二重に数えられます。枝の行だけにしてください。",
        ),
        *_sum_rules(),
    ]


def _sum_rules() -> list[Rule]:
    return [
        Rule(
            id=f"expenditure.{column}.sum",
            severity="critical",
            blames=column,
            expectation="ExpectColumnPairValuesToBeEqual",
            arguments={
                "column_A": f"{column}_total",
                "column_B": f"{column}_sum",
                "ignore_row_if": "either_value_is_missing",
            },
            message="計は「{seen}」円ですが、行の合計は「{expected}」円です。行か計を直してください。",
            expected=f"{column}_sum",
        )
        for column in _MEASURES
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with, on its total rows, the stated total and the sum of the rows that it is over."""
    frame = frame.copy(deep=False)
    is_total = frame["is_total"].astype(bool)
    is_program = is_total & frame["program"].isin(set(catalog.program))
    is_grand = is_total & (frame["program"] == "")
    _add_parents(frame, catalog)
    details = frame[~is_total]
    for column in _MEASURES:
        value = pd.to_numeric(details[column]).mask(details[f"{column}_status"] == NOT_APPLICABLE, 0)
        # What is not sound itself makes every sum over it unknown.
        is_named = details["program"].notna() & details["account"].notna()
        value = value.where(is_named & (value % 1 == 0))
        by_program = strict_sum(value, [details["submission_id"], details["program"]])
        overall = strict_sum(value, [details["submission_id"]])
        keys = pd.MultiIndex.from_frame(frame[["submission_id", "program"]])
        program_sums = by_program.groupby([details["submission_id"], details["program"]]).first()
        sums = overall.groupby(details["submission_id"]).first()
        in_program = pd.Series(program_sums.reindex(keys).to_numpy(), index=frame.index)
        in_all = frame["submission_id"].map(sums)
        frame[f"{column}_total"] = pd.to_numeric(frame[column]).where(is_total)
        frame[f"{column}_sum"] = in_program.where(is_program).fillna(in_all.where(is_grand))
    return frame


def _add_parents(frame: pd.DataFrame, catalog: Catalog) -> None:
    """Marks the rows of a program that the same submission also reports by its sub-programs."""
    parents = {row.program_id: row.parent_id for row in catalog.programs if row.parent_id}
    names = {row.program_id: f"{row.printed_number} {row.program_name}" for row in catalog.programs}
    spent_by_part = pd.MultiIndex.from_arrays([frame["submission_id"], frame["program"].map(parents)])
    own = pd.MultiIndex.from_arrays([frame["submission_id"], frame["program"]])
    frame["program_name"] = frame["program"].map(names)
    frame["is_of_parts"] = (own.isin(spent_by_part) & frame["program_name"].notna()).astype(int)
