"""予算: the movements of each program's budget in yen; 予算現額 is their sum and never a row."""

from schemas.form import Column, Form

MOVEMENTS = ("当初", "補正", "流用", "予備費充当", "繰越")

BUDGET = Form(
    id="budget",
    title="予算異動明細書",
    number="様式第9号",
    frequency="year",
    grain="one movement of one program's budget, by decision",
    columns=(
        Column("decision_code", ("決定番号",), "text", is_required=True),
        Column("decided_on", ("決定日",), "date", is_required=True),
        Column("movement", ("異動区分", "区分"), "choice", is_required=True, choices=MOVEMENTS),
        Column("program", ("事業", "事業名"), "program", is_required=True),
        Column("amount_yen", ("金額", "金額(円)"), "yen", is_required=True, comment="増減額（円）"),
        Column("note", ("理由", "備考"), "text", is_optional=True),
    ),
    key=("decision_code", "movement", "program"),
    is_ahead=True,
)
