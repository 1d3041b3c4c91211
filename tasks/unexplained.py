"""What does not tie, as the table that the accountant looks at: differences that nobody has explained."""

from typing import Any

from sqlalchemy import select

from schemas.period import fiscal_year_label
from tasks.world import World
from warehouse.current import current
from warehouse.marts import difference
from warehouse.reconciliation.differences import OPEN


def unexplained(world: World) -> list[dict[str, Any]]:
    """One row a difference, the largest of the newest year first; one that says so if all is explained."""
    mart = difference.query(current()).cte("mart")
    m = mart.c
    with world.engine.connect() as connection:
        found = connection.execute(
            select(mart)
            .where(m.status == OPEN)
            .order_by(m.fiscal_year.desc(), m.amount_yen.desc(), m.difference_id)
        ).mappings()
        rows = [
            {
                "年度": fiscal_year_label(row["fiscal_year"]),
                "差異番号": row["difference_id"],
                "分類": f"{row['code']} {row['category']}",
                "額（円）": row["amount_yen"],
                "担当": row["owner"],
                "内容": row["sentence"],
                "ファイル": row["file_name"],
                "セル": row["address"],
            }
            for row in found
        ]
    return rows or [{"年度": "－", "内容": "未説明の差異はありません"}]
