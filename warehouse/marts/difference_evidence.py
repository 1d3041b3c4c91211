"""The evidence of each difference: its cells and journal lines, and what each adds to reported - booked."""

from typing import Any

from sqlalchemy import CTE, Select, select

from warehouse.marts.mart import Mart
from warehouse.tables import (
    DIM_ACCOUNT,
    DIM_DIFFERENCE,
    DIM_PERIOD,
    DIM_PROGRAM,
    DIM_SUBMISSION,
    FACT_RECONCILIATION,
)


def query(current: CTE) -> Select[Any]:
    """One row a cell that bears on a difference."""
    f, d, p, s = FACT_RECONCILIATION.c, DIM_DIFFERENCE.c, DIM_PROGRAM.c, DIM_SUBMISSION.c
    return select(
        d.fiscal_year,
        d.difference_id,
        f.evidence_no,
        f.side,
        p.printed_number,
        p.program_name.label("program"),
        DIM_ACCOUNT.c.account_name.label("account"),
        DIM_PERIOD.c.period_id,
        f.amount_yen,
        f.cell_yen,
        f.reference,
        f.document,
        s.file_name,
        f.address,
        s.sha256,
    ).select_from(
        FACT_RECONCILIATION.join(DIM_DIFFERENCE, d.difference_key == f.difference_key)
        .join(DIM_PROGRAM, p.program_key == f.program_key)
        .join(DIM_ACCOUNT, DIM_ACCOUNT.c.account_key == f.account_key)
        .join(DIM_PERIOD, DIM_PERIOD.c.period_key == f.period_key)
        .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
    )


MART = Mart(
    "mart_difference_evidence",
    "差異の証拠。1行=1セル（仕訳なら1行の片側）",
    {
        "fiscal_year": "年度（西暦、4月始まり）",
        "difference_id": "差異番号",
        "evidence_no": "証拠の番号（1が指摘するセル）",
        "side": "reported=センター, booked=会計",
        "printed_number": "印字する事業番号",
        "program": "事業名",
        "account": "勘定科目",
        "period_id": "月",
        "amount_yen": "報告額－会計の額に加わる額（円）。同じ請求の別の行なら0",
        "cell_yen": "セルの額（円）",
        "reference": "伺番号",
        "document": "請求書番号または摘要",
        "file_name": "ファイル",
        "address": "セル",
        "sha256": "原本のSHA-256",
    },
    query,
)
