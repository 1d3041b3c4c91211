"""支出明細: what a center accepted and owes, one line an invoice; a month's lines make its 支出 sheet.

Accounts that head office allocates (人件費) have no lines: what a center reports of them it was told.
"""

from schemas.form import Column, Form

SPENDING = Form(
    id="spending",
    title="支出明細書",
    number="様式第13号",
    frequency="month",
    grain="one invoice (or part of one) of a program and account, by month of inspection",
    columns=(
        Column("program", ("区分", "事業", "事業名"), "program", is_required=True),
        Column("account", ("科目", "勘定科目"), "account", is_required=True),
        Column(
            "reference",
            ("伺番号", "支出伺番号"),
            "code",
            is_required=True,
            comment="支出伺番号。会計の摘要に「伺」に続けて書かれる番号",
        ),
        Column("invoice_code", ("請求書番号",), "code"),
        Column("payee_code", ("相手方コード", "相手方"), "code"),
        Column("inspected_on", ("検収日",), "date", is_required=True),
        Column(
            "amount_yen",
            ("税込額", "金額", "税込額(円)"),
            "yen",
            is_required=True,
            is_totaled=True,
            comment="税込額（円）。返金は負の額",
        ),
        Column("tax_rate", ("税率", "税率(％)"), "code", is_optional=True, comment="消費税率（％）"),
        Column("memo", ("摘要",), "text", is_optional=True),
    ),
    period_column="inspected_on",
    channels=("sheet", "csv", "json"),
    may_be_nil=True,
)
