"""支出: what a center spent in a month by program and account, in yen, by the month of inspection (検収)."""

from schemas.form import Column, Form

EXPENDITURE = Form(
    id="expenditure",
    title="支出報告書",
    number="様式第6号",
    frequency="month",
    grain="one submission x program x account x month of inspection",
    columns=(
        Column("program", ("区分", "事業", "事業名"), "program", is_required=True, is_merged=True),
        Column("account", ("科目", "勘定科目"), "account", is_required=True),
        Column(
            "amount_yen",
            ("支出額当月", "当月支出額", "当月"),
            "yen",
            is_required=True,
            may_be_none=True,
            comment="当月に検収した支出額（円）",
        ),
        Column(
            "cumulative_yen",
            ("支出額累計", "累計"),
            "yen",
            may_be_none=True,
            is_check=True,
            comment="報告された年度累計（円、照合用）",
        ),
        Column("note", ("備考",), "text", is_optional=True),
    ),
    key=("program", "account"),
    total_column="account",
    total_words=("計", "小計"),
    grand_total_words=("合計", "総計"),
)
