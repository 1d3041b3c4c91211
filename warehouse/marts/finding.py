"""What is wrong now: findings of current and refused submissions, and those between submissions."""

from typing import Any

from sqlalchemy import CTE, Select, and_, literal, or_, select, union_all

from warehouse.marts.mart import Mart
from warehouse.tables import BRIDGE_FINDING, DIM_CENTER, DIM_PERIOD, DIM_SUBMISSION, FACT_FINDING


def query(current: CTE) -> Select[Any]:
    """One row a rule and cell."""
    s, c, d = DIM_SUBMISSION.c, DIM_CENTER.c, DIM_PERIOD.c
    f, b = FACT_FINDING.c, BRIDGE_FINDING.c
    is_current = s.submission_key.in_(select(current.c.submission_key))
    names = ("rule_id", "address", "severity", "seen", "expected", "message")
    own = (
        select(f.submission_key, literal("提出物の中").label("kind"), *(f[name] for name in names))
        .select_from(FACT_FINDING.join(DIM_SUBMISSION, s.submission_key == f.submission_key))
        .where(
            f.rules_version == s.rules_version,
            or_(
                # What the database once refused and then took has none any more that is critical.
                and_(is_current, f.severity != "critical"),
                s.state.not_in(("accepted", "replaced")),
            ),
        )
    )
    between = select(b.submission_key, literal("提出物の間"), *(b[name] for name in names))
    rows = union_all(own, between).cte("rows_of_both")
    r = rows.c
    return select(
        s.fiscal_year,
        c.center_id,
        c.center_name,
        s.form_id,
        d.period_id,
        s.state,
        r.kind,
        *(r[name] for name in names),
        s.file_name,
        s.submission_id,
    ).select_from(
        rows.join(DIM_SUBMISSION, s.submission_key == r.submission_key)
        .join(DIM_CENTER, c.center_key == s.center_key)
        .join(DIM_PERIOD, d.period_key == s.period_key)
    )


MART = Mart(
    "mart_finding",
    "今見つかっていること。1行=1規則×セル",
    {
        "fiscal_year": "年度（西暦）",
        "center_id": "センターID",
        "center_name": "センター名",
        "form_id": "様式",
        "period_id": "対象期間",
        "state": "accepted=受理, held=保留, refused=差戻し, ignored=対象外",
        "kind": "提出物の中 / 提出物の間",
        "rule_id": "規則ID",
        "address": "セル",
        "severity": "critical=差戻し, warning=警告, info=参考",
        "seen": "書かれていたもの",
        "expected": "期待したもの",
        "message": "提出者への文",
        "file_name": "ファイル名",
        "submission_id": "提出物ID",
    },
    query,
)
