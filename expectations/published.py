"""公表値: a numeric fact has a value, and is one that the catalog knows, or it could never be compared."""

import pandas as pd

from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Form


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of an edition's published figures."""
    return [
        marked(
            id="published.value.numeric",
            severity="critical",
            blames="value",
            mark="value_missing",
            message="数値の項目ですが公表値が空白です。印字された値を入力してください。",
            needs=("kind",),
        ),
        marked(
            id="published.title.unknown",
            severity="warning",
            blames="title",
            mark="is_unknown",
            message="「{seen}」（細目「{qualifier}」）はカタログにないため、計算値と比べられません。節・枝・名称を確認してください。",
            needs=("kind", "section"),
        ),
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with marks for numbers without a value and names without an indicator."""
    frame = frame.copy(deep=False)
    numeric = frame["kind"].isin(["numeric", "expenditure"])
    frame["value_missing"] = (numeric & frame["value"].isna() & frame["value__unread"].isna()).astype(int)
    known = {
        (program.section, program.letter, row.indicator, row.qualifier)
        for row in catalog.indicators
        for program in (catalog.program[row.program_id],)
    }
    named = frame[["section", "letter", "title", "qualifier"]].fillna("")
    names = pd.Series(list(named.itertuples(index=False, name=None)), index=frame.index)
    unknown = ~names.isin(known)
    # A total is known by its center's section alone.
    sections = {row.section for row in catalog.centers}
    of_nobody = (frame["kind"] == "expenditure") & ~frame["section"].isin(sections)
    frame["is_unknown"] = (((frame["kind"] == "numeric") & unknown) | of_nobody).astype(int)
    frame["qualifier"] = frame["qualifier"].fillna("")
    return frame
