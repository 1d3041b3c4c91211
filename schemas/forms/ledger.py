"""仕訳: the journal as the accounting package exports it, one row a line; the settled ledger is the 決算.

How each package names and groups its lines is data: `schemas/layouts/`, one file a package.
"""

from schemas.form import Column, Form

LEDGER = Form(
    id="ledger",
    title="仕訳データ",
    number="",
    frequency="year",
    grain="one line of the journal",
    columns=(
        Column("slip", ("伝票",), "code", is_required=True, comment="ファイルの中で何番目の伝票か"),
        Column("slip_code", ("伝票番号",), "text", is_optional=True),
        Column("closing", ("決算",), "text", is_optional=True, comment="決算仕訳の区分（中決、本決）"),
        Column("posted_on", ("取引日付",), "date", is_required=True),
        Column("debit_account", ("借方勘定科目",), "account"),
        Column("debit_sub_account", ("借方補助科目",), "text", is_optional=True),
        Column("debit_program", ("借方部門",), "program"),
        Column("debit_counterparty", ("借方取引先",), "text", is_optional=True),
        Column("debit_tax", ("借方税区分",), "text", is_optional=True),
        Column("debit_tax_rate", ("借方税率",), "text", is_optional=True, comment="借方の消費税率（％）"),
        Column("debit_yen", ("借方金額",), "yen", is_required=True, comment="借方金額（円、税込）"),
        Column("credit_account", ("貸方勘定科目",), "account"),
        Column("credit_sub_account", ("貸方補助科目",), "text", is_optional=True),
        Column("credit_program", ("貸方部門",), "program"),
        Column("credit_counterparty", ("貸方取引先",), "text", is_optional=True),
        Column("credit_tax", ("貸方税区分",), "text", is_optional=True),
        Column("credit_tax_rate", ("貸方税率",), "text", is_optional=True, comment="貸方の消費税率（％）"),
        Column("credit_yen", ("貸方金額",), "yen", is_required=True, comment="貸方金額（円、税込）"),
        Column("memo", ("摘要",), "text"),
        Column("reference", ("伺番号",), "code", is_optional=True, comment="摘要の「伺」に続く支出伺番号"),
        Column("internal", ("内部取引区分",), "text", is_optional=True),
        Column("allocation", ("配賦",), "text", is_optional=True),
    ),
    has_layouts=True,
    period_column="posted_on",
)
