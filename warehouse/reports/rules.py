"""In which words 出典 says how the sources of a figure give it, and what each word means."""

RULES: dict[str, str] = {
    "sum": "セルの値の合計",
    "count": "セルの数",
    "distinct": "セルの番号のうち異なるものの数（番号は公表しない）",
    "last": "年度の最後の期間のセルの値",
    "max": "セルの値の最大",
    "total": "内訳のセルの値の合計",
    "ratio": "分子のセルの合計 ÷ 分母のセルの合計 × 100",
    "share": "分子のセルの数 ÷ 分母のセルの数 × 100",
    "mean": "分子のセルの合計 ÷ 分母のセルのうち 0 を超えるものの数",
    "difference": "当年度のセルの合計 － 前年度の公表値",
    "signed": "加算のセルの合計 － 減算のセルの合計",
    "parts": "加算の数値の合計 － 減算の数値の合計",
    "thousand": "円の数値を千円に一度だけ丸める",
    "execution": "決算額の数値 ÷ 予算現額の数値 × 100",
    "prior": "前年度の公表値のセルの値",
    "published": "公表値のセルの値",
    "text": "本文のセル。［項目名］には、その数値を入れる",
    "months": "開始日のセルの月から終了日のセルの月まで（中止を除く）",
}

NAMED, START, END = "本文中の数値", "開始日", "終了日"
VALUE, NUMERATOR, DENOMINATOR, PRIOR = "値", "分子", "分母", "前年度公表値"
PLUS, MINUS = "加算", "減算"
