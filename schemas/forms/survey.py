"""利用者アンケート: one line an answer, by half-year, without anything that names a person."""

from schemas.form import Column, Form

SATISFACTION = ("満足", "やや満足", "普通", "やや不満", "不満", "無回答")

SURVEY = Form(
    id="survey",
    title="利用者アンケート集計表",
    number="様式第11号",
    frequency="half",
    grain="one answer to a survey",
    columns=(
        Column("answer_code", ("回答番号", "回答ID"), "code", is_required=True),
        Column("answered_on", ("回答日", "回答日時", "タイムスタンプ"), "date", is_required=True),
        Column("series", ("アンケート名", "アンケート"), "series", is_required=True),
        Column("room", ("利用施設", "利用室"), "text", is_optional=True),
        Column(
            "satisfaction",
            ("総合満足度", "満足度"),
            "choice",
            is_required=True,
            is_cited=True,
            choices=SATISFACTION,
        ),
    ),
    key=("answer_code",),
    period_column="answered_on",
    channels=("sheet", "csv"),
    choice_column="satisfaction",
    may_be_nil=True,
)
