"""What each center owes, and whether it is in, refused or missing; judged without a "today"."""

from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, or_, select

from warehouse.marts.mart import Mart
from warehouse.tables import BRIDGE_EXPECTED, DIM_CENTER, DIM_PERIOD, DIM_SUBMISSION


def _in_force(current: CTE) -> CTE:
    """The current revision of each slot."""
    s = DIM_SUBMISSION.c
    return (
        select(s.form_id, s.center_key, s.period_key, func.max(s.revision).label("revision"))
        .select_from(DIM_SUBMISSION.join(current, current.c.submission_key == s.submission_key))
        .group_by(s.form_id, s.center_key, s.period_key)
        .cte("in_force")
    )


def _all_of() -> CTE:
    """What ever came for each slot: when first, since when known, how often refused."""
    s = DIM_SUBMISSION.c
    return (
        select(
            s.form_id,
            s.center_key,
            s.period_key,
            func.min(s.received_at).label("first_received_at"),
            func.min(case((s.state == "accepted", s.known_at))).label("first_known_at"),
            func.sum(case((s.state == "refused", 1), else_=0)).label("refused"),
            func.sum(case((and_(s.state == "held", s.withdrawn_at.is_(None)), 1), else_=0)).label("held"),
        )
        .group_by(s.form_id, s.center_key, s.period_key)
        .cte("all_of")
    )


def query(current: CTE) -> Select[Any]:
    """One row a form, center and period that is owed."""
    b, c, d = BRIDGE_EXPECTED.c, DIM_CENTER.c, DIM_PERIOD.c
    in_force, all_of = _in_force(current), _all_of()

    def slot(cte: CTE) -> Any:
        return and_(
            cte.c.form_id == b.form_id,
            cte.c.center_key == b.center_key,
            cte.c.period_key == b.period_key,
        )

    status = case(
        (in_force.c.revision.is_not(None), literal("受理")),
        (all_of.c.held > 0, literal("保留")),
        (all_of.c.refused > 0, literal("差戻し")),
        else_=literal("未着"),
    )
    is_late = or_(all_of.c.first_known_at.is_(None), all_of.c.first_known_at >= b.due_until)
    return select(
        d.fiscal_year,
        c.center_id,
        c.center_name,
        b.form_id,
        d.period_id,
        b.due_on,
        b.due_until,
        status.label("status"),
        case((is_late, 1), else_=0).label("is_late"),
        all_of.c.first_received_at,
        all_of.c.first_known_at,
        func.coalesce(all_of.c.refused, 0).label("refused"),
    ).select_from(
        BRIDGE_EXPECTED.join(DIM_CENTER, c.center_key == b.center_key)
        .join(DIM_PERIOD, d.period_key == b.period_key)
        .outerjoin(in_force, slot(in_force))
        .outerjoin(all_of, slot(all_of))
    )


MART = Mart(
    "mart_completeness",
    "提出状況。1行=提出すべき1様式×センター×期間",
    {
        "fiscal_year": "年度（西暦）",
        "center_id": "センターID",
        "center_name": "センター名",
        "form_id": "様式",
        "period_id": "対象期間",
        "due_on": "提出期限",
        "due_until": "提出期限の日の終わり（UTC）",
        "status": "受理 / 保留 / 差戻し / 未着",
        "is_late": "期限までに受理されたものがなければ1（期限前の未着も1）",
        "first_received_at": "最初に届いた時刻（UTC）",
        "first_known_at": "最初に受理された提出物の時刻（UTC）",
        "refused": "差戻しの数",
    },
    query,
)
