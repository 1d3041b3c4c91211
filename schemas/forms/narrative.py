"""事業概要・定性実績: each program's texts of the year, its status, and what the center computed itself.

A text may name a figure, 「［経営・融資相談（計）］」: print puts our value there, with its source.
"""

import re

from schemas.form import Column, Form

SUMMARY, OUTLINE, RESULT, HEADING, STATUS, STATED = (
    "総括",
    "概要",
    "実績",
    "見出し",
    "実施状況",
    "申告値",
)
NOT_CARRIED_OUT = "未実施"
FIGURE_NAME = re.compile(r"［([^［］]+)］")

NARRATIVE = Form(
    id="narrative",
    title="事業概要・定性実績報告書",
    number="様式第12号",
    frequency="year",
    grain="one text, status or stated value of a program in a year",
    columns=(
        Column("program", ("区分", "事業", "事業名"), "program"),
        Column(
            "kind",
            ("種別",),
            "choice",
            is_required=True,
            choices=(SUMMARY, OUTLINE, RESULT, HEADING, STATUS, STATED),
        ),
        Column("title", ("項目",), "text"),
        Column("qualifier", ("細目",), "text"),
        Column("text", ("本文", "本文・理由"), "text", is_cited=True),
        Column(
            "stated",
            ("申告値",),
            "number",
            units=("人", "名", "件", "回", "社", "％"),
            comment="センターが計算した値（照合用）",
        ),
        Column("print_line", ("掲載順",), "integer", is_optional=True),
        Column("note", ("備考",), "text", is_optional=True),
    ),
    key=("program", "kind", "title", "qualifier"),
)
