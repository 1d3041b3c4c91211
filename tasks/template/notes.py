"""What stands under a sheet of lines, for the person who fills it in; rows that begin with ※ are not read."""

from schemas.form import Form
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.narrative import NARRATIVE
from schemas.forms.spending import SPENDING
from schemas.forms.survey import SURVEY

_HOW = {
    EVENT.id: (
        "※当月に終わった催しを、開催1回を1行（連続講座は1講座を1行）で記入してください。中止したものは「中止」を選んでください。",
        "※数えていない欄は空白、0のときは「0」を入力してください。同じ催しを複数回開いたときは、催事番号を同じにしてください。",
    ),
    CLIENT.id: (
        "※当月に支援した企業・作品を、項目ごとに1行で記入してください。企業名ではなく、管理番号を書いてください。",
        "※管理番号の上の合計は、番号の書き換わりを見つけるための検算です。消さないでください。",
    ),
    SPENDING.id: (
        "※当月に検収した支出を、請求書1通（事業・科目が分かれるときは分けて）1行で記入してください。額は税込です。",
        "※人件費など本部が配賦する科目は書かないでください。科目ごとの合計が「支出」の当月と同じになります。",
    ),
    SURVEY.id: ("※回答1件を1行で記入してください。氏名や連絡先など、個人が分かることは書かないでください。",),
    NARRATIVE.id: (
        "※総括、事業ごとの概要などを、1行に1件ずつ記入してください。書くことのない行は消してください。",
        "※数値は「［経営・融資相談（計）］」のように項目名を［ ］で囲むと、集計した値を印字します。",
        "※申告値の行には、センターで計算した値を入力してください。",
    ),
}
_ALL = "※▼の出る欄は、一覧から選んでください。行が足りないときは、最後の行の上に行を挿入してください。"


def notes_of(form: Form) -> tuple[str, ...]:
    """The notes of a form; none for one that only head office writes."""
    if form.id not in _HOW:
        return ()
    heading, period = form.columns[0].heading, {"month": "月", "half": "期", "year": "年"}[form.frequency]
    nil = f"※該当がない{period}は、先頭の行の{heading}に「該当なし」と書いてください。"
    return (*_HOW[form.id], _ALL, *([nil] if form.may_be_nil else []))
