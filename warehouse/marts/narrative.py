"""The texts, headings, statuses and stated values that centers gave for the year, in print order."""

from typing import Any

from sqlalchemy import CTE, Select, select

from schemas.forms.narrative import NARRATIVE
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER, DIM_PROGRAM, DIM_SUBMISSION


def query(current: CTE) -> Select[Any]:
    """One row a text (or status, or stated value) of a program, or of a center as a whole."""
    f, s, p, c = FACTS[NARRATIVE.id].c, DIM_SUBMISSION.c, DIM_PROGRAM.c, DIM_CENTER.c
    return select(
        s.fiscal_year,
        year_label(s.fiscal_year).label("fiscal_year_label"),
        c.center_id,
        c.center_name,
        c.section.label("chapter"),
        p.program_id,
        p.section,
        p.letter.label("sub_program"),
        p.program_name.label("program"),
        f.kind,
        f.title,
        f.qualifier,
        f.text,
        f.stated.label("stated_value"),
        f.print_line,
        f.line_no,
        s.file_name.label("source_file"),
        f.text_at.label("source_cell"),
        s.sha256,
    ).select_from(
        of_current(FACTS[NARRATIVE.id], current)
        .join(DIM_PROGRAM, p.program_key == f.program_key)
        .join(DIM_CENTER, c.center_key == s.center_key)
    )


MART = Mart(
    "mart_narrative",
    "年次の文章・実施状況・申告値。1行=1つの文章など",
    {
        "fiscal_year": "年度（西暦）",
        "fiscal_year_label": "年度（令和）",
        "center_id": "センターID",
        "center_name": "センター名",
        "chapter": "章番号",
        "program_id": "事業ID（カタログ）",
        "section": "節番号。総括は空",
        "sub_program": "枝（ア、イ…）",
        "program": "事業名",
        "kind": "総括 / 概要 / 実績 / 見出し / 実施状況 / 申告値",
        "title": "項目",
        "qualifier": "細目",
        "text": "本文（［項目名］は印字のとき数値になる）",
        "stated_value": "センターが計算した値（照合用）",
        "print_line": "掲載順。なければ空",
        "line_no": "原本の行",
        "source_file": "出所のファイル",
        "source_cell": "出所のセル（本文）",
        "sha256": "原本のSHA-256",
    },
    query,
)
