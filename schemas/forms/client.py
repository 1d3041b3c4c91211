"""支援先一覧: which firm or production was helped in a month, by number; 実 is the distinct ones of a year.

The number is known to the center alone: lake and warehouse keep a digest of it, print nothing.
"""

from schemas.form import Column, Form

CLIENT = Form(
    id="client",
    title="支援先一覧",
    number="様式第8号",
    frequency="month",
    grain="one client of one indicator in a month",
    columns=(
        Column("program", ("区分", "事業", "事業名"), "program", is_required=True),
        Column("indicator", ("項目", "指標"), "indicator", is_required=True),
        Column(
            "client",
            ("企業管理番号・作品番号", "企業管理番号", "作品番号", "管理番号"),
            "client",
            is_required=True,
            is_cited=True,
            is_confidential=True,
            is_totaled=True,
            comment="支援先の番号のダイジェスト",
        ),
        Column(
            "times",
            ("回数",),
            "number",
            is_required=True,
            is_count=True,
            is_totaled=True,
            units=("回",),
            comment="支援した回数",
        ),
        Column(
            "days",
            ("日数",),
            "number",
            is_optional=True,
            is_count=True,
            is_totaled=True,
            units=("日",),
            comment="支援した日数",
        ),
        Column("note", ("備考",), "text", is_optional=True, is_confidential=True),
    ),
    key=("indicator", "client"),
    may_be_nil=True,
)
