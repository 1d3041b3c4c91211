"""What was reported of each indicator in each month or half, from the current submissions."""

from typing import Any

from sqlalchemy import CTE, Select, select

from warehouse.facts import FACTS
from warehouse.marts.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER, DIM_INDICATOR, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION


def query(current: CTE) -> Select[Any]:
    """One row an indicator and period."""
    f, i, p, c, d = FACTS["performance"].c, DIM_INDICATOR.c, DIM_PROGRAM.c, DIM_CENTER.c, DIM_PERIOD.c
    return select(
        i.fiscal_year,
        year_label(i.fiscal_year).label("fiscal_year_label"),
        c.center_id,
        c.center_name,
        p.section,
        p.letter.label("sub_program"),
        p.program_name.label("program"),
        i.indicator_id,
        i.indicator,
        i.qualifier,
        i.label,
        i.kind,
        d.period_id,
        d.first_day.label("period_start"),
        f.value,
        f.cumulative,
        i.unit,
        f.value_status.label("status"),
        DIM_SUBMISSION.c.file_name.label("source_file"),
        f.value_at.label("source_cell"),
    ).select_from(
        FACTS["performance"]
        .join(current, current.c.submission_key == f.submission_key)
        .join(DIM_SUBMISSION, DIM_SUBMISSION.c.submission_key == f.submission_key)
        .join(DIM_INDICATOR, i.indicator_key == f.indicator_key)
        .join(DIM_PROGRAM, p.program_key == i.program_key)
        .join(DIM_CENTER, c.center_key == p.center_key)
        .join(DIM_PERIOD, d.period_key == f.period_key)
    )


MART = Mart(
    "mart_performance_month",
    "月（または半期）ごとの実績の報告値。1行=1指標×期間",
    {
        "fiscal_year": "年度（西暦）",
        "fiscal_year_label": "年度（令和）",
        "center_id": "センターID",
        "center_name": "センター名",
        "section": "節番号",
        "sub_program": "枝（ア、イ…）",
        "program": "事業名",
        "indicator_id": "指標ID",
        "indicator": "公表名",
        "qualifier": "公表名の細目",
        "label": "項目名",
        "kind": "種類",
        "period_id": "期間",
        "period_start": "期間の初日",
        "value": "報告値（保管の単位）",
        "cumulative": "報告された累計",
        "unit": "単位",
        "status": "報告、該当なしなど",
        "source_file": "出所のファイル",
        "source_cell": "出所のセル",
    },
    query,
)
