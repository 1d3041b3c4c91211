"""The budget's movements as decided; 予算現額 of a program is their sum."""

from typing import Any

from sqlalchemy import CTE, Select, select

from warehouse.facts import FACTS
from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER, DIM_PROGRAM


def query(current: CTE) -> Select[Any]:
    """One row a movement."""
    f, p, c = FACTS["budget"].c, DIM_PROGRAM.c, DIM_CENTER.c
    return select(
        p.fiscal_year,
        c.center_id,
        p.section,
        p.program_name.label("program"),
        f.movement,
        f.decision_code,
        f.decided_on,
        f.amount_yen,
        f.note,
    ).select_from(
        FACTS["budget"]
        .join(current, current.c.submission_key == f.submission_key)
        .join(DIM_PROGRAM, p.program_key == f.program_key)
        .join(DIM_CENTER, c.center_key == p.center_key)
    )


MART = Mart(
    "mart_budget",
    "予算の異動。1行=1決定×異動区分×事業。円",
    {
        "fiscal_year": "年度（西暦）",
        "center_id": "センターID",
        "section": "節番号",
        "program": "事業名",
        "movement": "当初 / 補正 / 流用 / 予備費充当 / 繰越",
        "decision_code": "決定番号",
        "decided_on": "決定日",
        "amount_yen": "増減額（円）",
        "note": "理由",
    },
    query,
)
