"""The kinds of difference between what a center reports and what the ledger has, and who should clear each.

Codes are for filters, names and sentences for people. Headings are the columns of the reconciliation.
"""

from dataclasses import dataclass
from typing import Literal

Heading = Literal["timing", "classification", "basis", "missing", "error"]
Owner = Literal["center", "accounting"]

HEADINGS: dict[Heading, str] = {
    "timing": "計上時期",
    "classification": "区分",
    "basis": "税・基準",
    "missing": "記載漏れ",
    "error": "重複・誤記",
}
OWNERS: dict[Owner, str] = {"center": "センター", "accounting": "経理"}


@dataclass(frozen=True)
class Category:
    """A kind of difference. `sentence` is a format string over `reported` and `booked` (amounts or 「なし」),
    `elsewhere` (where the other side stands) and `at` (program, account and month).
    """

    code: str
    id: str
    name: str
    heading: Heading
    owner: Owner
    sentence: str


CATEGORIES: tuple[Category, ...] = (
    Category(
        "T1",
        "other_month",
        "計上月の違い",
        "timing",
        "accounting",
        "センターは「{reported}」円を{at}に、会計は別の月（{elsewhere}）に計上しています。検収月を確かめてください。",
    ),
    Category(
        "T2",
        "not_reported",
        "センター未報告",
        "timing",
        "center",
        "会計には「{booked}」円ありますが、センターの{at}の支出がまだ報告されていません。月報を提出してください。",
    ),
    Category(
        "T3",
        "not_booked",
        "会計未到達",
        "timing",
        "accounting",
        "センターの{at}の支出「{reported}」円は、会計がまだその月に達していません。仕訳データが届けば照合します。",
    ),
    Category(
        "L1",
        "corrected",
        "会計の訂正",
        "classification",
        "accounting",
        "会計の誤った仕訳（{at}、「{booked}」円）は会計が自ら訂正しています（{elsewhere}）。対応は不要です。",
    ),
    Category(
        "C1",
        "other_program",
        "事業の違い",
        "classification",
        "center",
        "センターは「{reported}」円を{at}に、会計は別の事業（{elsewhere}）に計上しています。正しい事業を確かめてください。",
    ),
    Category(
        "C2",
        "other_account",
        "科目の違い",
        "classification",
        "center",
        "センターは「{reported}」円を{at}に、会計は別の科目（{elsewhere}）に計上しています。正しい科目を確かめてください。",
    ),
    Category(
        "X1",
        "tax",
        "消費税の扱い",
        "basis",
        "center",
        "センターは「{reported}」円、会計は「{booked}」円で、差は消費税の額です（{elsewhere}）。税込の額を書いてください。",
    ),
    Category(
        "M1",
        "only_reported",
        "会計になし",
        "missing",
        "accounting",
        "センターの「{reported}」円（{at}）に当たる仕訳が会計にありません。未計上か、報告の誤りかを確かめてください。",
    ),
    Category(
        "M2",
        "only_booked",
        "報告になし",
        "missing",
        "center",
        "会計の「{booked}」円（{at}）がセンターの報告にありません。報告漏れか、会計の誤りかを確かめてください。",
    ),
    Category(
        "D1",
        "twice",
        "二重計上",
        "error",
        "center",
        "「{amount}」円（{at}）は、二重に計上されているようです（{elsewhere}。センター「{reported}」円、会計「{booked}」円）。確かめてください。",
    ),
    Category(
        "E1",
        "transposed",
        "数字の入れ替わり",
        "error",
        "center",
        "センターは「{reported}」円、会計は「{booked}」円で、数字が入れ替わっています（{elsewhere}）。証憑を確かめてください。",
    ),
    Category(
        "E2",
        "thousand",
        "千円と円",
        "error",
        "center",
        "センターは「{reported}」円、会計は「{booked}」円で、千倍違います（{elsewhere}）。円単位で書いてください。",
    ),
    Category(
        "E3",
        "sign",
        "正負の逆",
        "error",
        "center",
        "センターは「{reported}」円、会計は「{booked}」円で、正負が逆です（{elsewhere}）。証憑を確かめてください。",
    ),
    Category(
        "E4",
        "digit",
        "桁の違い",
        "error",
        "center",
        "センターは「{reported}」円、会計は「{booked}」円で、桁が違います（{elsewhere}）。証憑を確かめてください。",
    ),
    Category(
        "S1",
        "lines_and_sheet",
        "明細と支出の違い",
        "error",
        "center",
        "支出の額と明細の合計が「{reported}」円違います（{at}）。明細か支出を直してください。",
    ),
    Category(
        "N1",
        "other_reference",
        "伺番号の違い",
        "error",
        "accounting",
        "センターと会計で「{reported}」円（{at}）の伺番号が違います（{elsewhere}）。同じ支出か確かめてください。",
    ),
    Category(
        "U",
        "unknown",
        "未分類",
        "error",
        "accounting",
        "センターは「{reported}」円、会計は「{booked}」円です（{at}、{elsewhere}）。差の理由を確かめてください。",
    ),
)


def category(code: str) -> Category:
    """The category of a code; KeyError for one that does not exist."""
    return {found.code: found for found in CATEGORIES}[code]
