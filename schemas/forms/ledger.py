"""仕訳: the journal as the accounting package exports it, one row a line; the settled ledger is the 決算.

The headings of a package's export stand in `schemas/layouts/`, one file a package.
"""

from schemas.form import Column, Form

LEDGER = Form(
    id="ledger",
    title="仕訳データ",
    number="",
    frequency="year",
    grain="one line of the journal",
    columns=(
        Column("flag", ("識別フラグ",), "text", is_required=True),
        Column("slip_code", ("伝票No.",), "text"),
        Column("closing", ("決算",), "text"),
        Column("posted_on", ("取引日付",), "date", is_required=True),
        Column("debit_account", ("借方勘定科目",), "account"),
        Column("debit_program", ("借方部門",), "program"),
        Column("debit_yen", ("借方金額",), "yen", is_required=True, comment="借方金額（円、税込）"),
        Column("credit_account", ("貸方勘定科目",), "account"),
        Column("credit_program", ("貸方部門",), "program"),
        Column("credit_yen", ("貸方金額",), "yen", is_required=True, comment="貸方金額（円、税込）"),
        Column("memo", ("摘要",), "text"),
    ),
    layout="yayoi_25",
    period_column="posted_on",
)
