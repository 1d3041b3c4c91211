"""The cover block: who it is from, for which period, and whether that agrees with the rest."""

import pandas as pd

from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.form import Form


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The cover rules; the frame has one row a sheet (see `tasks/frames.py`)."""
    return [
        marked(
            id="cover.month.required",
            severity="critical",
            blames="month",
            mark="month_missing",
            message="「対象月」が空白です。「5月」のように入力してください。",
        ),
        marked(
            id="cover.half.required",
            severity="critical",
            blames="half",
            mark="half_missing",
            message="「対象期」が空白です。「上期」か「下期」を入力してください。",
        ),
        Rule(
            id="cover.center_id.wrong_center",
            severity="critical",
            blames="center_id",
            expectation="ExpectColumnPairValuesToBeEqual",
            arguments=_pair("center_id", "channel_center_id"),
            message="表紙のセンターは「{center_name}」ですが、「{expected}」のフォルダに届きました。"
            "センター名を直すか、正しいフォルダに入れてください。",
            expected="channel_center_name",
        ),
        Rule(
            id="cover.fiscal_year.not_owed",
            severity="critical",
            blames="fiscal_year",
            expectation="ExpectColumnValuesToNotBeInSet",
            arguments={"column": "owed", "value_set": [0]},
            message="{seen}年度の「{form_title}」は「{center_name}」の提出物にありません。年度と様式を確認してください。",
            needs=("center_id",),
        ),
        Rule(
            id="cover.fiscal_year.differs_from_title",
            severity="critical",
            blames="fiscal_year",
            expectation="ExpectColumnPairValuesToBeEqual",
            arguments=_pair("year_number", "titled_year"),
            message="表紙の年度は「{seen}」ですが、表題は「{expected}」です。どちらかを直してください。",
            expected="title",
        ),
        Rule(
            id="cover.month.differs_from_title",
            severity="critical",
            blames="month",
            expectation="ExpectColumnPairValuesToBeEqual",
            arguments=_pair("month_number", "titled_month"),
            message="表紙の対象は{period_label}ですが、表題は「{expected}」です。どちらかを直してください。",
            needs=("fiscal_year",),
            expected="title",
        ),
        Rule(
            id="cover.half.differs_from_title",
            severity="critical",
            blames="half",
            expectation="ExpectColumnPairValuesToBeEqual",
            arguments=_pair("half_number", "titled_half"),
            message="表紙の対象期は{period_label}ですが、表題は「{expected}」です。どちらかを直してください。",
            needs=("fiscal_year",),
            expected="title",
        ),
        Rule(
            id="cover.month.not_begun",
            severity="critical",
            blames="month",
            expectation="ExpectColumnPairValuesAToBeGreaterThanB",
            arguments={
                "column_A": "arrived_ordinal",
                "column_B": "first_ordinal",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
            message="{period_label}はまだ始まっていません。年度と対象月を確認してください。",
            needs=("fiscal_year",),
        ),
        Rule(
            id="cover.month.differs_between_sheets",
            severity="critical",
            blames="month",
            expectation="ExpectColumnPairValuesToBeEqual",
            arguments=_pair("period_id", "file_period_id"),
            message="表紙の対象は{period_label}ですが、同じファイルの別のシートは{expected}です。どちらかを直してください。",
            needs=("fiscal_year",),
            expected="file_period_label",
        ),
        Rule(
            id="cover.template.old",
            severity="warning",
            blames="template",
            expectation="ExpectColumnPairValuesToBeEqual",
            arguments=_pair("template", "template_now"),
            message="様式の版「{seen}」は今年度の版「{expected}」と違います。読み取れたので受け付けましたが、"
            "次からは本部が配った最新の様式に記入してください。",
            needs=("fiscal_year", "center_id"),
            expected="template_now",
        ),
    ]


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The cover frame needs nothing added."""
    return frame


def _pair(a: str, b: str) -> dict[str, str]:
    return {"column_A": a, "column_B": b, "ignore_row_if": "either_value_is_missing"}
