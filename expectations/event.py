"""イベント: each line lies in its month, states what its series is counted by, and is held or cancelled."""

import pandas as pd

from expectations.days import add_outside
from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms.event import EVENT

_DAYS_A_YEAR = 366


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the lines of events."""
    return [*_rules_of_days(), *_rules_of_counts()]


def _rules_of_days() -> list[Rule]:
    return [
        marked(
            id="event.end_date.before_start",
            severity="critical",
            blames="end_date",
            mark="ends_before",
            message="終了日「{seen}」が開始日「{expected}」より前です。どちらかを直してください。",
            needs=("start_date",),
            expected="start_date",
        ),
        marked(
            id="event.end_date.outside_month",
            severity="critical",
            blames="end_date",
            mark="is_outside",
            message="終了日「{seen}」は{expected}の日付ではありません。催事は終わった月に書いてください。",
            expected="period_label",
        ),
        marked(
            id="event.start_date.long_ago",
            severity="warning",
            blames="start_date",
            mark="is_long",
            message="開始日「{seen}」から終了日まで1年を超えます。年の誤りでないか確認してください。",
            needs=("end_date",),
        ),
    ]


def _rules_of_counts() -> list[Rule]:
    return [
        marked(
            id="event.target.required",
            severity="warning",
            blames="target",
            mark="target_missing",
            message="海外の催事ですが「対象国」が空白です。国・地域を入力してください。",
            needs=("place",),
        ),
        *(
            marked(
                id=f"event.{column.id}.needed",
                severity="critical",
                blames=column.id,
                mark=f"{column.id}_missing",
                message="この種別は{needed}の数で集計しますが、空白です。"
                "数を入力してください（なければ 0、中止なら「中止」）。",
                needs=("series",),
            )
            for column in EVENT.measures
        ),
        marked(
            id="event.cancelled.but_counted",
            severity="critical",
            blames="cancelled",
            mark="is_contradictory",
            message="中止とありますが、人数や社数が入っています。どちらかを消してください。",
        ),
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with marks for days that cannot be, and for counts that are missing or too many."""
    frame = frame.copy(deep=False)
    add_outside(frame, "end_date")
    start, end = (pd.to_datetime(frame[name]) for name in ("start_date", "end_date"))
    frame["ends_before"] = (end < start).astype(int)
    frame["is_long"] = ((end - start).dt.days > _DAYS_A_YEAR).astype(int)
    frame["target_missing"] = ((frame["place"] == "海外") & frame["target"].isna()).astype(int)
    is_cancelled = frame["cancelled"].notna() | frame["cancelled__unread"].notna()
    counted = pd.DataFrame({c.id: frame[c.id].notna() & (frame[c.id] != 0) for c in EVENT.measures})
    frame["is_contradictory"] = (is_cancelled & counted.any(axis=1)).astype(int)
    _add_needed(frame, is_cancelled, catalog)
    return frame


def _add_needed(frame: pd.DataFrame, is_cancelled: pd.Series, catalog: Catalog) -> None:
    """Blamed is the first column of a group (来場 or オンライン) of which a line states none."""
    frame["needed"] = ""
    for column in EVENT.measures:
        frame[f"{column.id}_missing"] = 0
    groups = {group for of_series in catalog.needed_measures.values() for group in of_series}
    for group in sorted(groups):
        series = [s for s, of_series in catalog.needed_measures.items() if group in of_series]
        blank = pd.Series(True, index=frame.index)
        for name in group:
            blank &= frame[name].isna() & frame[f"{name}__unread"].isna()
        missing = blank & frame["series"].isin(series) & ~is_cancelled
        frame.loc[missing, f"{group[0]}_missing"] = 1
        frame.loc[missing, "needed"] = "か".join(EVENT.column(name).heading for name in group)
