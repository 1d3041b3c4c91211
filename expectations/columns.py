"""Rules that every form's columns bring with them: types, code lists, required cells, repeated rows."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Column, Form
from schemas.submission import period_in
from schemas.values import NOT_APPLICABLE, REPORTED

LONGEST_NAME = 200

_KINDS = {
    "number": "数値",
    "yen": "金額（円の整数）",
    "integer": "整数",
    "date": "日付",
    "fiscal_year": "年度",
    "month": "月",
}
_HOW = {
    "number": "数字だけを入力してください。",
    "yen": "円単位の数字だけを入力してください。",
    "integer": "1、2 のような整数を入力してください。",
    "date": "「令和3年5月10日」のように入力してください。",
    "fiscal_year": "「令和3年度」のように入力してください。",
    "month": "「5月」のように入力してください。",
}
_LISTS = {
    "center": "センター名",
    "program": "このセンターの事業",
    "indicator": "この事業の項目",
    "account": "勘定科目",
    "unit": "この項目の単位",
    "choice": "選択肢",
    "series": "このセンターのこの様式の種別",
}


def column_rules(form: Form) -> Iterator[Rule]:
    """The rules of a form that follow from its columns alone."""
    for column in form.columns:
        if column.type not in ("text", "code", "client"):
            yield _readable(form, column)
        if column.is_required:
            yield _required(form, column)
    for column in form.columns:
        if column.type in ("text", "code") and column.id in form.key:
            yield _short(form, column)
        if column.type == "yen":
            yield _whole_yen(form, column)
            yield _stated_yen(form, column)
        if column.is_count:
            yield _counted(form, column)
        if column.type == "indicator":
            yield _in_form(form, column)
    if form.key:
        yield _unrepeated(form)


def add_column_facts(frame: pd.DataFrame, form: Form, catalog: Catalog) -> pd.DataFrame:
    """The frame with what the column rules look at: repeated rows, fractions, rows of other forms."""
    frame = frame.copy(deep=False)
    if form.key:
        key = ["submission_id", *form.key]
        first = frame.groupby(key, dropna=False)["row"].transform("first")
        comparable = frame[[c for c in form.key if form.column(c).is_required]].notna().all(axis=1)
        repeated = comparable & (first != frame["row"]) & ~frame["is_total"].astype(bool)
        frame["repeats"] = first.where(repeated)
    for column in form.columns:
        if column.is_required:
            frame[f"{column.id}_answer"] = _answer(frame, column, catalog)
        if column.type == "yen":
            frame[f"{column.id}_fraction"] = pd.to_numeric(frame[column.id]) % 1
        if column.is_count:
            _add_count(frame, column)
        if column.type == "indicator":
            _add_foreign(frame, form, catalog)
    return frame


def _answer(frame: pd.DataFrame, column: Column, catalog: Catalog) -> pd.Series:
    """What a row answers; those that only repeat what others say need not answer."""
    if column.is_measure:
        return frame[f"{column.id}_status"].mask(_is_check(frame, catalog), "")
    return frame[column.id].astype(object).mask(frame["is_total"].astype(bool) & frame[column.id].isna(), "")


def _add_count(frame: pd.DataFrame, column: Column) -> None:
    """A word is no count: 「－」 says that there was nothing, which a required count cannot say."""
    value, status = pd.to_numeric(frame[column.id]), frame[f"{column.id}_status"]
    words = [REPORTED] if column.is_required else [REPORTED, NOT_APPLICABLE]
    is_word = status.notna() & ~status.isin(words)
    frame[f"{column.id}_is_no_count"] = ((value < 0) | (value % 1 > 0) | is_word).astype(int)
    frame[f"{column.id}_counted"] = value.astype(object).where(value.notna(), status)
    frame[column.id] = value


def _is_check(frame: pd.DataFrame, catalog: Catalog) -> pd.Series:
    """Rows that only repeat what others say (計, 率): a formula may have been saved without its value."""
    if "indicator" not in frame:
        return frame["is_total"].astype(bool)
    computed = {row.indicator_id for row in catalog.indicators if not row.is_input}
    return frame["is_total"].astype(bool) | frame["indicator"].isin(computed)


def _add_foreign(frame: pd.DataFrame, form: Form, catalog: Catalog) -> None:
    """Rows that the form of that period has not: loaded, they would be counted a second time."""
    rows = catalog.indicator
    frame["indicator_label"] = frame["indicator"].map({i: row.label for i, row in rows.items()})
    asked = {i: row.frequency for i, row in rows.items() if row.source_form == form.id}
    submission, names = pd.factorize(frame["submission_id"])
    asks, frequencies = pd.factorize(frame["indicator"].map(asked))
    periods = [period_in(name) for name in names]
    # The last column is for what no row asks: pd.factorize gives it the number -1.
    has_row = np.array([[*(p.closes(f) for f in frequencies), False] for p in periods], bool)
    is_known = frame["indicator_label"].notna()
    frame["is_foreign"] = (is_known & ~has_row[submission, asks]).astype(int)


def _readable(form: Form, column: Column) -> Rule:
    if column.type in _KINDS:
        sentence = f"「{{seen}}」は{_KINDS[column.type]}として読めません。{_HOW[column.type]}"
        # How a number may be written depends on the unit of its row.
        depends = column.is_measure and not column.units
        needs = tuple(c.id for c in form.columns if depends and c.id in ("indicator", "unit"))
        return _unread_rule(form, column, "readable", sentence, needs)
    if form.has_layouts:
        return _mapped(form, column)
    listed = "、".join(column.choices)
    hint = f"（{listed}）" if listed else ""
    named_by = {"indicator": "program", "unit": "indicator", "series": "program"}.get(column.type)
    needs = tuple(other.id for other in form.columns if other.id == named_by)
    sentence = (
        f"「{{seen}}」は{_LISTS[column.type]}{hint}にありません。"
        "{nearest}様式の文言どおりに直してください。"
    )
    return _unread_rule(form, column, "known", sentence, needs)


def _mapped(form: Form, column: Column) -> Rule:
    """A code or name of the body's books without one of ours: nothing is put under 「その他」 in silence."""
    kind = {"account": "勘定科目", "program": "事業"}[column.type]
    sentence = (
        f"「{{seen}}」に当たる{kind}がありません（このファイルで{{expected}}）。"
        "会計ソフトで直すか、カタログの codes.csv に対応を加えてください。"
    )
    return replace(_unread_rule(form, column, "known", sentence, ()), expected=f"{column.id}_behind")


def _unread_rule(form: Form, column: Column, name: str, sentence: str, needs: tuple[str, ...]) -> Rule:
    return Rule(
        id=f"{form.id}.{column.id}.{name}",
        severity="critical",
        blames=column.id,
        expectation="ExpectColumnValuesToBeNull",
        arguments={"column": f"{column.id}__unread"},
        message=sentence,
        needs=needs,
        seen=f"{column.id}__unread",
    )


def _required(form: Form, column: Column) -> Rule:
    absent = (
        "実績がないときは 0、該当しないときは「－」を入力してください。"
        if column.is_measure
        else "入力してください。"
    )
    return Rule(
        id=f"{form.id}.{column.id}.required",
        severity="critical",
        blames=column.id,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": f"{column.id}_answer"},
        message=f"「{column.heading}」が空白です。{absent}",
    )


def _short(form: Form, column: Column) -> Rule:
    """A name that tells rows apart is a name: databases do not take a page of text for one."""
    return Rule(
        id=f"{form.id}.{column.id}.short",
        severity="critical",
        blames=column.id,
        expectation="ExpectColumnValueLengthsToBeBetween",
        arguments={"column": column.id, "max_value": LONGEST_NAME},
        message=f"長すぎます。{LONGEST_NAME}字までにしてください（詳しいことは本文や備考へ）。",
        seen="",
    )


def _whole_yen(form: Form, column: Column) -> Rule:
    return Rule(
        id=f"{form.id}.{column.id}.whole",
        severity="critical",
        blames=column.id,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": f"{column.id}_fraction", "value_set": [0]},
        message="「{seen}」は円未満の端数があります。円単位の整数で入力してください。",
    )


def _counted(form: Form, column: Column) -> Rule:
    return marked(
        id=f"{form.id}.{column.id}.count",
        severity="critical",
        blames=column.id,
        mark=f"{column.id}_is_no_count",
        message="「{seen}」は数えた数ではありません。0 以上の整数を入力してください。",
        seen=f"{column.id}_counted",
    )


def _in_form(form: Form, column: Column) -> Rule:
    return marked(
        id=f"{form.id}.{column.id}.not_in_form",
        severity="critical",
        blames=column.id,
        mark="is_foreign",
        message="「{seen}」はこの月の様式の行ではありません（別の様式の項目か、半期・年度の月だけの行です）。"
        "行を消してください。",
        needs=("program",),
        seen="indicator_label",
    )


def _stated_yen(form: Form, column: Column) -> Rule:
    """Money that is not reported is not 0: the sums over it would be wrong without anyone being told."""
    return Rule(
        id=f"{form.id}.{column.id}.stated",
        severity="critical",
        blames=column.id,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={
            "column": f"{column.id}_status",
            "value_set": [REPORTED, NOT_APPLICABLE] if column.may_be_none else [REPORTED],
        },
        message="「{seen}」は金額ではありません。円単位の数字を入力してください。",
        seen=f"{column.id}_status",
    )


def _unrepeated(form: Form) -> Rule:
    return Rule(
        id=f"{form.id}.row.repeated",
        severity="critical",
        blames=form.key[-1],
        expectation="ExpectColumnValuesToBeNull",
        arguments={"column": "repeats"},
        message="同じ行が {expected} 行目にもあります。どちらかを消すか、1行にまとめてください。",
        needs=form.key,
        expected="repeats",
    )
