"""月次実績: what a center did in a month, one row an indicator.

Component rows (the numerator and denominator of a rate), half-year rows (in the September and
March sheets) and stocks with the day that they are of; totals and rates are typed only as a check.
"""

from schemas.form import Column, Form

PERFORMANCE = Form(
    id="performance",
    title="業務実績報告書",
    number="様式第5号",
    frequency="month",
    grain="one submission x indicator x period",
    columns=(
        Column("program", ("区分", "事業", "事業名"), "program", is_required=True, is_merged=True),
        Column("indicator", ("項目", "指標"), "indicator", is_required=True),
        Column("unit", ("単位",), "unit", is_required=True),
        Column(
            "value",
            ("実績当月", "当月", "当月実績"),
            "number",
            is_required=True,
            minimum=0,
            comment="当月（半期の行は当該半期）の実績",
        ),
        Column(
            "cumulative",
            ("実績累計", "累計"),
            "number",
            is_check=True,
            comment="報告された年度累計（照合用）",
        ),
        Column("as_of_date", ("基準日",), "date", is_optional=True, comment="現在高の基準日"),
        Column("note", ("備考",), "text", is_optional=True),
    ),
    key=("indicator",),
)
