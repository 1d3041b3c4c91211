"""支出予算書: a body's budget of spending as it is passed, one line an item under its headings."""

from schemas.form import Column, Form


def budget_columns() -> tuple[Column, ...]:
    """The columns of a budget book, of spending as of income."""
    return (
        Column("fund", ("会計", "会計区分"), "text", is_required=True),
        Column("heading", ("款", "大科目"), "text", is_required=True),
        Column("path", ("科目", "科目（款から節まで）"), "text", is_required=True),
        Column("program", ("事業", "事業名"), "program", is_optional=True),
        Column("amount_yen", ("予算額", "予算額(円)"), "yen", is_required=True, is_totaled=True),
        Column("note", ("備考",), "text", is_optional=True),
    )


APPROPRIATION = Form(
    id="appropriation",
    title="支出予算書",
    number="様式第14号",
    frequency="year",
    grain="one item of the budget of spending",
    columns=budget_columns(),
    is_ahead=True,
)
