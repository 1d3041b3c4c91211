"""The cover block: which center, year, month (or half) and revision a sheet is for, and who states it."""

from schemas.form import Column, Form

HALVES = ("上期", "下期")

COVER = Form(
    id="cover",
    title="表紙",
    number="",
    frequency="year",
    grain="one submission",
    columns=(
        Column("center_id", ("センター名", "施設名", "提出元"), "center", is_required=True),
        Column("fiscal_year", ("年度", "対象年度"), "fiscal_year", is_required=True),
        Column("month", ("対象月", "月"), "month", is_optional=True),
        Column("half", ("対象期", "半期"), "choice", is_optional=True, choices=HALVES),
        Column("revision", ("版", "改訂", "改訂番号"), "integer", is_optional=True),
        Column("submitter", ("提出者", "担当"), "text", is_optional=True),
        Column("stated_on", ("提出日",), "date", is_required=True),
        Column("template", ("様式の版",), "code", is_optional=True),
    ),
)
