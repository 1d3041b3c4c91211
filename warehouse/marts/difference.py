"""What centers report against what the ledger has: each difference, who should clear it, how it stands."""

from typing import Any

from sqlalchemy import CTE, Select, select

from warehouse.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER, DIM_DIFFERENCE, DIM_SUBMISSION


def query(current: CTE) -> Select[Any]:
    """One row a difference between current submissions."""
    d, s, c = DIM_DIFFERENCE.c, DIM_SUBMISSION.c, DIM_CENTER.c
    return select(
        d.fiscal_year,
        year_label(d.fiscal_year).label("fiscal_year_label"),
        d.difference_id,
        d.code,
        d.category,
        d.status,
        d.owner,
        d.place,
        d.reported,
        d.booked,
        d.amount_yen,
        d.net_yen,
        d.sentence,
        c.center_id,
        s.file_name,
        d.address,
        d.first_seen_at,
        d.explanation,
        d.explained_by,
        d.explained_at,
    ).select_from(
        DIM_DIFFERENCE.join(DIM_SUBMISSION, s.submission_key == d.submission_key).join(
            DIM_CENTER, c.center_key == s.center_key
        )
    )


MART = Mart(
    "mart_difference",
    "センターの報告と会計の差異。1行=1差異",
    {
        "fiscal_year": "年度（西暦、4月始まり）",
        "fiscal_year_label": "年度（令和）",
        "difference_id": "差異番号",
        "code": "分類の符号（T=時期、C=区分、X=税、M=記載漏れ、D・E=重複・誤記、U=未分類）",
        "category": "分類",
        "status": "未説明 / 説明済 / 解消 / 期間待ち",
        "owner": "確かめる人（センター / 経理）",
        "place": "月・事業・科目",
        "reported": "センターの額（円）。なければ「なし」",
        "booked": "会計の額（円）。なければ「なし」",
        "amount_yen": "差異の額（円）",
        "net_yen": "財団の年度の報告額－会計の額に残る額（円）",
        "sentence": "何がどこで違い、どうすればよいか",
        "center_id": "指摘するファイルの提出元",
        "file_name": "指摘するファイル",
        "address": "指摘するセル",
        "first_seen_at": "両方がそろい、初めて分かった時刻（UTC）",
        "explanation": "説明。なければ空",
        "explained_by": "説明した人。なければ空",
        "explained_at": "説明した時刻（UTC）",
    },
    query,
)
