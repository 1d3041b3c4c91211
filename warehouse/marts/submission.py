"""What became of every received file: each submission in it, each further arrival of the same bytes."""

from typing import Any

from sqlalchemy import CTE, Select, case, func, literal, null, select, union_all

from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER, DIM_PERIOD, DIM_SUBMISSION, FACT_RECEIPT

_STATES = {"refused": "差戻し", "ignored": "対象外"}


def query(current: CTE) -> Select[Any]:
    """One row a submission, and one a repeated arrival."""
    rows = union_all(_submissions(current), _repeated()).cte("rows_of_both")
    return select(*rows.c)


def _submissions(current: CTE) -> Select[Any]:
    s, c, d = DIM_SUBMISSION.c, DIM_CENTER.c, DIM_PERIOD.c
    is_current = s.submission_key.in_(select(current.c.submission_key))
    status = case(
        *((s.state == state, literal(word)) for state, word in _STATES.items()),
        (s.withdrawn_at.is_not(None), literal("取下げ")),
        (s.state == "held", literal("保留")),
        (is_current, literal("有効")),
        else_=literal("旧版"),
    )
    is_superseded = (s.state == "accepted") & s.withdrawn_at.is_(None) & ~is_current
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
            status.label("status"),
            s.reason,
            case((is_superseded, literal("より新しい版が有効です。")), else_=s.why).label("why"),
            receipts.label("receipts"),
            s.file_name,
            s.received_at,
            s.known_at,
            s.sha256,
            s.guard_version,
            s.parser_version,
            s.rules_version,
            s.submission_id,
        )
        .select_from(
            DIM_SUBMISSION.join(DIM_CENTER, c.center_key == s.center_key).join(
                DIM_PERIOD, d.period_key == s.period_key
            )
        )
        .where(s.submission_key != 0, s.state != "replaced")
    )


def _repeated() -> Select[Any]:
    """Every arrival of bytes that had come before through the same channel."""
    c = DIM_CENTER.c
    place = func.row_number().over(
        partition_by=(FACT_RECEIPT.c.sha256, FACT_RECEIPT.c.center_key),
        order_by=(FACT_RECEIPT.c.arrived_at, FACT_RECEIPT.c.receipt_id),
    )
    placed = select(*FACT_RECEIPT.c, place.label("place")).cte("placed")
    first_of_them = placed.alias("first_of_them")
    r, first = placed.c, first_of_them.c
    return (
        select(
            literal(0),
            c.center_id,
            c.center_name,
            literal(""),
            literal(""),
            literal(0),
            null(),
            literal("重複"),
            literal("file.received_before"),
            literal("同じ内容を「") + first.file_name + literal("」として受け取っています。"),
            literal(0),
            r.file_name,
            r.arrived_at,
            null(),
            r.sha256,
            *(literal("") for _ in range(4)),
        )
        .join_from(placed, DIM_CENTER, c.center_key == r.center_key)
        .join(
            first_of_them,
            (first.sha256 == r.sha256) & (first.center_key == r.center_key) & (first.place == 1),
        )
        .where(r.place > 1)
    )


MART = Mart(
    "mart_submission",
    "受け取ったファイルがどうなったか。1行=1提出物（同じ内容が再び届いたら、その受付も1行）",
    {
        "fiscal_year": "年度（西暦）。読めなければ0",
        "center_id": "センターID",
        "center_name": "センター名",
        "form_id": "様式",
        "period_id": "対象期間",
        "revision": "版",
        "stated_on": "提出日（表紙）",
        "status": "有効 / 旧版 / 取下げ / 保留 / 差戻し / 対象外（受け取れないもの）/ 重複",
        "reason": "有効でない理由（規則ID）",
        "why": "有効でない理由（文）",
        "receipts": "同じ内容が届いた回数",
        "file_name": "ファイル名",
        "received_at": "最初に届いた時刻（UTC）",
        "known_at": "有効になった時刻（UTC）",
        "sha256": "原本のSHA-256（対象外は、名前・大きさ・時刻のSHA-256）",
        "guard_version": "判定した検査の版",
        "parser_version": "読み取ったパーサの版",
        "rules_version": "判定した規則の版",
        "submission_id": "提出物ID",
    },
    query,
)
