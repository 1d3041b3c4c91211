"""What was reported of each indicator in each month or half, from the current submissions.

Rows of the month's sheet have their cell; what lines make is summed (clients counted once a month), 0
where a submission has no line for it.
"""

from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, null, select, union_all

from schemas.catalog_rows import INPUT_RULES
from schemas.forms.performance import PERFORMANCE
from schemas.values import NOT_APPLICABLE, REPORTED
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.observations import OF_LINES, lines
from warehouse.tables import DIM_CENTER, DIM_INDICATOR, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION


def query(current: CTE) -> Select[Any]:
    """One row an indicator and period."""
    rows = union_all(_stated(current), _made_of_lines(current)).cte("months")
    m, i, p, c, d = rows.c, DIM_INDICATOR.c, DIM_PROGRAM.c, DIM_CENTER.c, DIM_PERIOD.c
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
        m.value,
        m.cumulative,
        i.unit,
        m.status,
        DIM_SUBMISSION.c.file_name.label("source_file"),
        m.source_cell,
        m.source_cells,
    ).select_from(
        rows.join(DIM_SUBMISSION, DIM_SUBMISSION.c.submission_key == m.submission_key)
        .join(DIM_INDICATOR, and_(i.indicator_key == m.indicator_key, i.fiscal_year == m.fiscal_year))
        .join(DIM_PROGRAM, p.program_key == i.program_key)
        .join(DIM_CENTER, and_(c.center_key == p.center_key, c.center_id == m.center_id))
        .join(DIM_PERIOD, d.period_key == m.period_key)
    )


def _stated(current: CTE) -> Select[Any]:
    f, s, c = FACTS[PERFORMANCE.id].c, DIM_SUBMISSION.c, DIM_CENTER.c
    return select(
        s.fiscal_year,
        c.center_id,
        f.submission_key,
        f.indicator_key,
        f.period_key,
        f.value,
        f.cumulative,
        f.value_status.label("status"),
        f.value_at.label("source_cell"),
        literal(1).label("source_cells"),
    ).select_from(of_current(FACTS[PERFORMANCE.id], current).join(DIM_CENTER, c.center_key == s.center_key))


def _made_of_lines(current: CTE) -> Select[Any]:
    """Each submission of lines with each indicator that its center's lines make."""
    seen = lines(current)
    o, i, p, s, c = seen.c, DIM_INDICATOR.c, DIM_PROGRAM.c, DIM_SUBMISSION.c, DIM_CENTER.c
    is_seen = and_(
        o.fiscal_year == s.fiscal_year,
        o.submission_key == s.submission_key,
        o.indicator_key == i.indicator_key,
    )
    value = case(
        (i.annual_rule == "distinct", func.count(o.client_key.distinct())),
        (i.annual_rule == "max", func.max(o.value)),
        else_=func.coalesce(func.sum(o.value), 0),
    )
    return (
        select(
            s.fiscal_year,
            c.center_id,
            s.submission_key,
            i.indicator_key,
            s.period_key,
            value.label("value"),
            null().label("cumulative"),
            case((value.is_(None), NOT_APPLICABLE), else_=REPORTED).label("status"),
            func.coalesce(func.min(o.address), "").label("source_cell"),
            func.count(o.address).label("source_cells"),
        )
        .select_from(
            DIM_SUBMISSION.join(current, current.c.submission_key == s.submission_key)
            .join(DIM_INDICATOR, and_(i.source_form == s.form_id, i.fiscal_year == s.fiscal_year))
            .join(DIM_PROGRAM, and_(p.program_key == i.program_key, p.center_key == s.center_key))
            .join(DIM_CENTER, c.center_key == s.center_key)
            .outerjoin(seen, is_seen)
        )
        .where(i.source_form.in_(OF_LINES), i.annual_rule.in_(INPUT_RULES))
        .group_by(s.fiscal_year, c.center_id, s.submission_key, i.indicator_key, s.period_key, i.annual_rule)
    )


MART = Mart(
    "mart_performance_month",
    "月（または半期・年度）ごとの実績の報告値と明細の集計。1行=1指標×期間",
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
        "source_cell": "出所のセル（いくつもあるときは最初のもの）",
        "source_cells": "出所のセルの数",
    },
    query,
)
