"""What named persons decided: closings, releases, withdrawals, judgements again; and who, when, why."""

from typing import Any

from sqlalchemy import CTE, Select, case, func, select

from warehouse.marts.mart import Mart
from warehouse.tables import BRIDGE_CLOSING, FACT_DECISION

_KINDS = {"close": "締め", "release": "承認", "withdraw": "取下げ", "revalidate": "再判定", "explain": "説明"}


def query(current: CTE) -> Select[Any]:
    """One row a decision of a named person."""
    d, b = FACT_DECISION.c, BRIDGE_CLOSING.c
    closed = (
        select(
            b.decision_id,
            func.count().label("submissions"),
            func.count(current.c.submission_key).label("unchanged"),
        )
        .select_from(BRIDGE_CLOSING.outerjoin(current, current.c.submission_key == b.submission_key))
        .group_by(b.decision_id)
        .cte("closed")
    )
    return select(
        case(_KINDS, value=d.kind, else_=d.kind).label("kind"),
        d.decided_at,
        d.decided_by,
        d.why,
        d.period_id,
        d.sha256,
        d.form_id,
        func.coalesce(closed.c.submissions, 0).label("closed_submissions"),
        func.coalesce(closed.c.submissions - closed.c.unchanged, 0).label("replaced_since"),
        d.decision_id,
    ).select_from(FACT_DECISION.outerjoin(closed, closed.c.decision_id == d.decision_id))


MART = Mart(
    "mart_decision",
    "人の決定。1行=1決定",
    {
        "kind": "締め / 承認 / 取下げ / 再判定 / 説明",
        "decided_at": "決定の時刻（UTC）",
        "decided_by": "だれが",
        "why": "なぜ",
        "period_id": "締めた期間、説明した差異の年度。なければ空",
        "sha256": "対象のファイルのSHA-256。なければ空",
        "form_id": "対象の様式。ファイル全体なら空",
        "closed_submissions": "締めの目録にある提出物の数",
        "replaced_since": "そのうち、承認や取下げで今は有効でないもの",
        "decision_id": "決定ID",
    },
    query,
)
