"""イベント・セミナー: what was held, one line an occurrence, reported in the month in which it ends.

A course is one line. Lines of one 催事番号 are occurrences of one event and print as one row.
"""

from schemas.form import Column, Form

HOSTS = ("財団主催", "共催", "後援・協力")
PLACES = ("国内", "海外")
CANCELLED = "中止"
PEOPLE = ("名", "人")

EVENT = Form(
    id="event",
    title="イベント・セミナー一覧",
    number="様式第7号",
    frequency="month",
    grain="one occurrence of an event (or one course) that ended in the month",
    columns=(
        Column("program", ("区分", "事業", "事業名"), "program", is_required=True),
        Column(
            "event_no", ("催事番号",), "integer", is_required=True, comment="年度内の催事の番号（印字順）"
        ),
        Column("series", ("種別", "催事種別"), "series", is_required=True),
        Column("name", ("催事名", "イベント名", "名称"), "text", is_required=True, is_cited=True),
        Column("host", ("主催区分", "主催"), "choice", is_required=True, choices=HOSTS),
        Column("start_date", ("開始日", "開催日"), "date", is_required=True, is_cited=True),
        Column("end_date", ("終了日",), "date", is_required=True, is_cited=True),
        Column("place", ("国内／海外", "国内外"), "choice", is_required=True, choices=PLACES),
        Column("target", ("対象国", "対象国・地域"), "text"),
        Column(
            "onsite",
            ("来場", "来場者", "参加者（来場）"),
            "number",
            is_count=True,
            is_totaled=True,
            units=PEOPLE,
            comment="来場者数",
        ),
        Column(
            "online",
            ("オンライン", "参加者（オンライン）"),
            "number",
            is_count=True,
            is_totaled=True,
            units=PEOPLE,
            comment="オンラインの参加者数",
        ),
        Column(
            "firms",
            ("参加企業数（延べ）", "参加企業数"),
            "number",
            is_count=True,
            is_totaled=True,
            units=("社",),
            comment="参加企業数（延べ）",
        ),
        Column(
            "peak",
            ("同時視聴者（最大）", "同時視聴者"),
            "number",
            is_count=True,
            units=PEOPLE,
            comment="配信の同時視聴者の最大",
        ),
        Column("cancelled", ("中止",), "choice", is_optional=True, choices=(CANCELLED,)),
        Column("note", ("備考",), "text", is_optional=True),
    ),
    key=("program", "event_no", "start_date", "name"),
    period_column="end_date",
    channels=("sheet", "csv", "json"),
    choice_column="host",
    void_column="cancelled",
    may_be_nil=True,
)
