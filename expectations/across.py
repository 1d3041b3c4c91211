"""Rules between submissions: their ids, severities and sentences; never critical.

What they compare is a query on the loaded, current state (`warehouse/across/`, one file a rule); its
rows bring `seen`, `expected` and the other words of the sentence.
"""

from dataclasses import dataclass

from schemas.difference import CATEGORIES
from schemas.finding import Severity

# What waits for a period, or is told by the rule that holds lines against cells.
NEVER_TOLD = ("not_reported", "not_booked", "corrected", "lines_and_sheet")


@dataclass(frozen=True)
class AcrossRule:
    """A rule's id, its severity, and the sentence for whoever can mend the cell."""

    id: str
    severity: Severity
    message: str


ACROSS_RULES: tuple[AcrossRule, ...] = (
    AcrossRule(
        "performance.cumulative.continues",
        "warning",
        "累計「{seen}」は、前月までの累計に当月を足した「{expected}」と合いません。当月か累計を確認してください。",
    ),
    AcrossRule(
        "expenditure.cumulative_yen.continues",
        "warning",
        "累計「{seen}」円は、前月までの累計に当月を足した「{expected}」円と合いません。当月か累計を確認してください。",
    ),
    AcrossRule(
        "budget.amount_yen.exceeded",
        "warning",
        "{whole}の支出「{seen}」円が予算現額「{expected}」円を超えています。流用・予備費充当・補正の決定がないか確認し、あれば届け出てください。",
    ),
    AcrossRule(
        "appropriation.amount_yen.changed",
        "warning",
        "「{seen}」円ですが、先に届いた予算書の同じ科目（{whole}）では「{expected}」円でした。補正なら決定を届け出て、誤りなら直してください。",
    ),
    AcrossRule(
        "revenue.amount_yen.changed",
        "warning",
        "「{seen}」円ですが、先に届いた予算書の同じ科目（{whole}）では「{expected}」円でした。補正なら決定を届け出て、誤りなら直してください。",
    ),
    AcrossRule(
        "appropriation.amount_yen.unbalanced",
        "warning",
        "{whole}の支出予算の合計「{seen}」円が、収入予算の合計「{expected}」円と合いません。どちらかの行を確認してください。",
    ),
    AcrossRule(
        "published.value.budget",
        "warning",
        "公表された「{whole}」の予算額「{seen}」千円が、予算書の明細の合計「{expected}」千円と違います。明細か公表値を確認してください。",
    ),
    AcrossRule(
        "performance.value.le_year",
        "warning",
        "年度の累計「{seen}」が「{whole}」の「{expected}」を超えました。どちらかを確認してください。",
    ),
    AcrossRule(
        "performance.value.continuity",
        "warning",
        "月末の「{seen}」は、前月末に新規を足し退会を引いた「{expected}」と合いません。いずれかを確認してください。",
    ),
    AcrossRule(
        "performance.value.last_year",
        "warning",
        "年度の「{seen}」は前年度の公表値「{expected}」から5割を超えて変わりました。誤りがないか確認し、理由を備考に書いてください。",
    ),
    AcrossRule(
        "performance.value.unlike",
        "warning",
        "「{seen}」は、年度のほかの月（{expected}〜{whole}）と大きく違います。桁や行の誤りでないか確認してください。",
    ),
    AcrossRule(
        "performance.value.returns",
        "warning",
        "現在高「{seen}」は、隣の月の「{expected}」から大きく離れています。桁や行の誤りでないか確認してください。",
    ),
    AcrossRule(
        "performance.value.unstated",
        "warning",
        "現在高が「－」ですが、ほかの月には数があります（{expected} など）。月末の数を入力してください。",
    ),
    AcrossRule(
        "client.times.unlike",
        "warning",
        "回数「{seen}」は、同じ項目のほかの支援先（{expected}〜{whole} 回）と大きく違います。"
        "桁の誤りでないか確認してください。",
    ),
    AcrossRule(
        "event.onsite.unlike",
        "warning",
        "参加者は合わせて「{seen}」人ですが、同じ種別のほかの催事は {expected}〜{whole} 人です。"
        "桁や行の誤りでないか確認してください。",
    ),
    AcrossRule(
        "budget.amount_yen.changed",
        "warning",
        "「{seen}」円ですが、前の版の同じ決定では「{expected}」円でした。決定は変わらないはずです。金額を確認してください。",
    ),
    AcrossRule(
        "expenditure.amount_yen.lines",
        "warning",
        "支出は「{seen}」円ですが、同じ月の明細の合計は「{expected}」円です。どちらかを直してください。",
    ),
    AcrossRule(
        "spending.amount_yen.without_cell",
        "warning",
        "明細に合わせて「{seen}」円ありますが、支出にこの事業・科目の行がありません。支出に行を足してください。",
    ),
    *(
        AcrossRule(f"difference.{found.id}", "warning", found.sentence)
        for found in CATEGORIES
        if found.id not in NEVER_TOLD
    ),
    AcrossRule(
        "published.value.differs",
        "warning",
        "公表値「{seen}」は、報告から計算した「{expected}」と違います。公表の誤植か、報告の誤りかを確認してください。",
    ),
    AcrossRule(
        "published.value.settlement",
        "warning",
        "公表された支出決算額「{seen}」千円は、決算後の会計の「{expected}」千円と違います。公表値か会計を確認してください。",
    ),
    AcrossRule(
        "published.title.unwritten",
        "warning",
        "公表された「{seen}」（細目「{expected}」）に当たる行が、センターの年次報告にありません。項目と細目の文言を確認してください。",
    ),
    AcrossRule(
        "event.name.differs",
        "warning",
        "催事番号 {whole} はこの年度に「{expected}」と報告されていますが、「{seen}」とあります。"
        "同じ催事なら名称・国内外・対象国をそろえ、別の催事なら番号を変えてください。",
    ),
    AcrossRule(
        "narrative.stated.differs",
        "warning",
        "申告値「{seen}」は、報告から計算した「{expected}」と違います。どちらが正しいか確認してください。",
    ),
    AcrossRule(
        "narrative.qualifier.but_reported",
        "warning",
        "実施状況は「{seen}」ですが、実績の報告があります。実施状況か実績を確認してください。",
    ),
    AcrossRule(
        "cover.revision.same",
        "warning",
        "同じ版「{seen}」で内容の違う提出物がほかにあります（{expected}）。正しい方の版を上げて再提出してください。",
    ),
    AcrossRule(
        "cover.revision.behind",
        "warning",
        "第{seen}版として後から届きましたが、先に届いた「{whole}」（第{expected}版）が有効です。"
        "こちらが正しいときは、版を上げて（版のない書き出しは様式のシートで）再提出してください。",
    ),
)
