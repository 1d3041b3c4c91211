"""Every line of the events as reported: when it was held, for whom, how many came; cancelled ones too."""

from typing import Any

from sqlalchemy import CTE, Select, case, literal, select

from schemas.forms.event import EVENT
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER, DIM_PERIOD, DIM_PROGRAM, DIM_SERIES, DIM_SUBMISSION


def query(current: CTE) -> Select[Any]:
    """One row an occurrence (a course is one)."""
    f, s, p, c, t = FACTS[EVENT.id].c, DIM_SUBMISSION.c, DIM_PROGRAM.c, DIM_CENTER.c, DIM_SERIES.c
    return select(
        p.fiscal_year,
        year_label(p.fiscal_year).label("fiscal_year_label"),
        c.center_id,
        c.center_name,
        p.program_id,
        p.section,
        p.letter.label("sub_program"),
        p.program_name.label("program"),
        t.series_id,
        t.series_name,
        t.is_listed,
        f.event_no,
        f.name,
        f.host,
        f.place.label("domestic_or_overseas"),
        f.target,
        f.start_date,
        f.end_date,
        DIM_PERIOD.c.period_id,
        *(f[column.id].label(f"{column.id}_count") for column in EVENT.measures),
        case((f.cancelled != "", literal(1)), else_=literal(0)).label("is_cancelled"),
        s.file_name.label("source_file"),
        f.start_date_at.label("source_cell"),
    ).select_from(
        of_current(FACTS[EVENT.id], current)
        .join(DIM_PROGRAM, p.program_key == f.program_key)
        .join(DIM_CENTER, c.center_key == p.center_key)
        .join(DIM_SERIES, t.series_key == f.series_key)
        .join(DIM_PERIOD, DIM_PERIOD.c.period_key == f.period_key)
    )


MART = Mart(
    "mart_event_occurrence",
    "催事の開催。1行=1回の開催（講座は1行）",
    {
        "fiscal_year": "年度（西暦）",
        "fiscal_year_label": "年度（令和）",
        "center_id": "センターID",
        "center_name": "センター名",
        "program_id": "事業ID（カタログ）",
        "section": "節番号",
        "sub_program": "枝（ア、イ…）",
        "program": "事業名",
        "series_id": "種別ID",
        "series_name": "種別",
        "is_listed": "実施催事一覧に印字する種別か",
        "event_no": "催事番号",
        "name": "催事名",
        "host": "主催区分",
        "domestic_or_overseas": "国内 / 海外",
        "target": "対象国",
        "start_date": "開始日",
        "end_date": "終了日",
        "period_id": "報告された月（終了した月）",
        "onsite_count": "来場者数",
        "online_count": "オンラインの参加者数",
        "firms_count": "参加企業数（延べ）",
        "peak_count": "同時視聴者（最大）",
        "is_cancelled": "中止なら1",
        "source_file": "出所のファイル",
        "source_cell": "出所のセル（開始日）",
    },
    query,
)
