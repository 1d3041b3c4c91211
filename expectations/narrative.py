"""年次報告: each kind of row has what it needs, and each figure named in a text is one that we know."""

import pandas as pd

from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms.narrative import (
    FIGURE_NAME,
    HEADING,
    NOT_CARRIED_OUT,
    OUTLINE,
    RESULT,
    STATED,
    STATUS,
    SUMMARY,
)
from schemas.submission import center_of

_NEEDS_TITLE = (RESULT, HEADING, STATED)
_NEEDS_TEXT = (SUMMARY, OUTLINE, STATUS)


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the year's texts."""
    return [*_needs(), *_names()]


def _needs() -> list[Rule]:
    needed = {
        "program": f"「{SUMMARY}」のほかは「区分」に事業を入力してください。",
        "title": "この種別の行には「項目」を入力してください。",
        "text": "この種別の行には「本文」を入力してください（実施状況なら理由）。",
        "stated": f"「{STATED}」の行には申告値を入力してください。",
    }
    return [
        marked(
            id=f"narrative.{column}.needed",
            severity="critical",
            blames=column,
            mark=f"{column}_missing",
            message=message,
            needs=("kind",),
        )
        for column, message in needed.items()
    ]


def _names() -> list[Rule]:
    return [
        marked(
            id="narrative.qualifier.status",
            severity="critical",
            blames="qualifier",
            mark="is_no_status",
            message=f"実施状況「{{seen}}」は使えません。実施しなかった事業は「{NOT_CARRIED_OUT}」と入力してください。",
            needs=("kind",),
        ),
        marked(
            id="narrative.title.unknown",
            severity="critical",
            blames="title",
            mark="is_unknown",
            message="「{seen}」はこの事業の計算値（月平均、前年度比など）ではありません。様式の文言どおりに直してください。",
            needs=("kind", "program"),
        ),
        Rule(
            id="narrative.text.unknown_figure",
            severity="critical",
            blames="text",
            expectation="ExpectColumnValuesToBeNull",
            arguments={"column": "unknown_figure"},
            message="［{expected}］はどの項目の数値か分かりません。"
            "様式の項目名（同じ名が複数あるときは番号と項目名）を［ ］に入れてください。",
            needs=("program",),
            expected="unknown_figure",
        ),
        marked(
            id="narrative.text.open_bracket",
            severity="warning",
            blames="text",
            mark="is_open",
            message="閉じていない［ ］か、半角の[ ]があります。"
            "数値を入れる項目名は、全角の［ ］で囲んでください。",
        ),
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with marks for what a row of its kind lacks, and the names that nobody knows."""
    frame = frame.copy(deep=False)
    kind = frame["kind"]
    wanting = {
        "program": kind.notna() & (kind != SUMMARY),
        "title": kind.isin(_NEEDS_TITLE),
        "text": kind.isin(_NEEDS_TEXT),
        "stated": kind == STATED,
    }
    for column, is_wanted in wanting.items():
        held = "stated_status" if column == "stated" else column
        blank = frame[held].isna() & frame[f"{column}__unread"].isna()
        frame[f"{column}_missing"] = (is_wanted & blank).astype(int)
    is_status = kind == STATUS
    frame["is_no_status"] = (is_status & (frame["qualifier"] != NOT_CARRIED_OUT)).astype(int)
    centers = frame["submission_id"].map(center_of)
    program, title, text = (frame[name].fillna("") for name in ("program", "title", "text"))
    derived = {
        (row.program_id, row.label) for row in catalog.indicators if row.rule in ("mean", "difference")
    }
    is_derived = [pair in derived for pair in zip(program, title, strict=True)]
    frame["is_unknown"] = ((kind == STATED) & (title != "") & ~pd.Series(is_derived, frame.index)).astype(int)
    left = text.str.replace(FIGURE_NAME, "", regex=True)
    frame["is_open"] = left.str.contains(r"[［］\[\]]").astype(int)
    frame["unknown_figure"] = [
        _unknown(catalog, center, of_program, body)
        for center, of_program, body in zip(centers, program, text, strict=True)
    ]
    return frame


def _unknown(catalog: Catalog, center_id: str, program_id: str, text: str) -> str | None:
    """The first figure that a text names and nobody knows."""
    names = FIGURE_NAME.findall(text)
    return next((name for name in names if not catalog.figure_named(center_id, program_id, name)), None)
