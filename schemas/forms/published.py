"""公表値: the figures, texts and totals of one edition of the annual report, as printed."""

from schemas.form import Column, Form

KINDS = ("numeric", "expenditure", "appropriation", "revenue", "qualitative", "context")

PUBLISHED = Form(
    id="published",
    title="公表値一覧",
    number="様式第10号",
    frequency="year",
    grain="one fact as printed in an edition",
    columns=(
        Column("section", ("節",), "code", is_required=True),
        Column("letter", ("枝",), "code"),
        Column("title", ("項目",), "text", is_required=True),
        Column("qualifier", ("細目",), "text"),
        Column("kind", ("種別",), "choice", is_required=True, choices=KINDS),
        Column("value", ("公表値", "値"), "number", comment="印字された値（印字単位）"),
        Column("unit_printed", ("単位",), "text"),
        Column("note", ("注",), "text", is_optional=True),
    ),
    key=("section", "letter", "title", "qualifier"),
)
