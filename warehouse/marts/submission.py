"""What became of every submission: current, superseded, withdrawn or refused, and why."""

from typing import Any

from sqlalchemy import CTE, Select, case, func, literal, select

from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER, DIM_PERIOD, DIM_SUBMISSION, FACT_RECEIPT


def query(current: CTE) -> Select[Any]:
    """One row a submission."""
    s, c, d = DIM_SUBMISSION.c, DIM_CENTER.c, DIM_PERIOD.c
    state = case(
        (s.state == "refused", literal("差戻し")),
        (s.withdrawn_at.is_not(None), literal("取下げ")),
        (s.submission_key.in_(select(current.c.submission_key)), literal("有効")),
        else_=literal("旧版"),
    )
    receipts = (
        select(func.count())
        .where(FACT_RECEIPT.c.sha256 == s.sha256, FACT_RECEIPT.c.center_key == s.center_key)
        .scalar_subquery()
    )
    return (
        select(
            s.fiscal_year,
            c.center_id,
            c.center_name,
            s.form_id,
            d.period_id,
            s.revision,
            s.stated_on,
            state.label("status"),
            s.reason,
            receipts.label("receipts"),
            s.file_name,
            s.received_at,
            s.known_at,
            s.sha256,
            s.submission_id,
        )
        .select_from(
            DIM_SUBMISSION.join(DIM_CENTER, c.center_key == s.center_key).join(
                DIM_PERIOD, d.period_key == s.period_key
            )
        )
        .where(s.submission_key != 0)
    )


MART = Mart(
    "mart_submission",
    "提出物の状態。1行=1提出物",
    {
        "fiscal_year": "年度（西暦）。読めなければ0",
        "center_id": "センターID",
        "center_name": "センター名",
        "form_id": "様式",
        "period_id": "対象期間",
        "revision": "版",
        "stated_on": "提出日（表紙）",
        "status": "有効 / 旧版 / 取下げ / 差戻し",
        "reason": "差戻しの理由（規則ID）",
        "receipts": "同じ内容が届いた回数",
        "file_name": "ファイル名",
        "received_at": "最初に届いた時刻（UTC）",
        "known_at": "有効になった時刻（UTC）",
        "sha256": "原本のSHA-256",
        "submission_id": "提出物ID",
    },
    query,
)
