"""What is wrong with files, sheets and cells before there are rows to judge."""

from expectations.refusals import FILE_RULES
from expectations.rule import StructureRule

REFUSALS: dict[str, StructureRule] = {rule.id.removeprefix("file."): rule for rule in FILE_RULES}

MISSING_TITLE = StructureRule(
    "sheet.missing_title",
    "critical",
    "「{expected}」の見出しがありますが、表題がありません。様式の表題を戻して再提出してください。",
)
MISSING_COLUMN = StructureRule(
    "sheet.missing_column",
    "critical",
    "見出し「{expected}」の列が見つかりません。{nearest}見出しを様式どおりに直して再提出してください。",
)
UNKNOWN_HEADING = StructureRule(
    "sheet.unknown_heading",
    "warning",
    "見出し「{seen}」は様式にないか、二つあります。{nearest}"
    "この列は読んでいません。必要な列なら、見出しを様式どおりに直してください。",
)
MISSING_ROWS = StructureRule(
    "sheet.missing_rows",
    "warning",
    "様式にある行がありません: {expected}。行を戻して記入し、版を上げて再提出してください。",
)
NO_ROWS = StructureRule(
    "sheet.no_rows",
    "critical",
    "見出しの下に行がありません。様式どおりに記入して再提出してください。",
)
NO_ROWS_UNSAID = StructureRule(
    "sheet.no_rows_unsaid",
    "warning",
    "行がありません。該当がなかったのなら、先頭の行に「該当なし」と書いてください。あったのなら、版を上げて再提出してください。",
)
PERSONAL_DATA = StructureRule(
    "sheet.personal_data",
    "critical",
    "見出し「{seen}」は個人情報です。この列を消して再提出してください。",
)
REPEATED_FORM = StructureRule(
    "sheet.repeated_form",
    "critical",
    "同じファイルのシート「{expected}」と様式も対象月も同じです。どちらかのシートを消して再提出してください。",
)

# What a cell holds that its columns cannot say.
CELL_ERROR = StructureRule(
    "cell.error",
    "critical",
    "「{seen}」は値ではなくExcelのエラーです。式を直すか、値を入力してください。",
)
CELL_UNCOMPUTED = StructureRule(
    "cell.uncomputed",
    "critical",
    "式の計算結果が保存されていません。Excelで開いて上書き保存するか、値を入力してください。",
)
CELL_MERGED = StructureRule(
    "cell.merged",
    "critical",
    "結合したセルの値「{seen}」が{expected}つの欄の値になります。結合を解除し、欄ごとに入力してください。",
)
CELL_UNDER_MERGE = StructureRule(
    "cell.under_merge",
    "warning",
    "結合したセルの下に「{seen}」が隠れていて、読んでいません。結合を解除し、要らない値なら消してください。",
)
CELL_GAIJI = StructureRule(
    "cell.gaiji",
    "warning",
    "「{seen}」に外字があります。ほかのパソコンや印刷では別の字になります。常用の字に直してください。",
)
HIDDEN_ROW = StructureRule(
    "sheet.hidden_row",
    "warning",
    "非表示の行にも値があり、読み取りました。要らない行なら消し、要る行なら再表示してください。",
)
HIDDEN_COLUMN = StructureRule(
    "sheet.hidden_column",
    "warning",
    "非表示の列にも値があり、読み取りました。要らない列なら消し、要る列なら再表示してください。",
)
HIDDEN_SHEET = StructureRule(
    "sheet.hidden",
    "warning",
    "様式のシート「{seen}」は非表示なので読んでいません。提出するものなら再表示し、版を上げて再提出してください。",
)
UNENDED_LINES = StructureRule(
    "lines.unended",
    "warning",
    "最後の行に改行がなく、途中で切れたファイルと見分けられません。最後の行が元のとおりか確かめてください。",
)
MACROS = StructureRule("book.macros", "info", "マクロがあります。マクロは実行していません。")
LINKS = StructureRule(
    "book.links",
    "warning",
    "ほかのブックを参照する式があり、値が古いままかもしれません。値を確かめ、式を値に置き換えてください。",
)
FROM_1904 = StructureRule(
    "book.from_1904",
    "info",
    "日付を1904年から数える設定のブックです。日付はそのように読みました。合っているか確かめてください。",
)
BOOK_RULES = {"has_macros": MACROS, "has_links": LINKS, "counts_from_1904": FROM_1904}
CELL_RULES = (CELL_ERROR, CELL_UNCOMPUTED, CELL_MERGED)
STRUCTURE_RULES = (
    *REFUSALS.values(),
    *CELL_RULES,
    CELL_UNDER_MERGE,
    CELL_GAIJI,
    HIDDEN_ROW,
    HIDDEN_COLUMN,
    HIDDEN_SHEET,
    UNENDED_LINES,
    *BOOK_RULES.values(),
    MISSING_TITLE,
    MISSING_COLUMN,
    UNKNOWN_HEADING,
    MISSING_ROWS,
    NO_ROWS,
    NO_ROWS_UNSAID,
    PERSONAL_DATA,
    REPEATED_FORM,
)

# Headings that ask for a person; no form has them.
PERSONAL_WORDS = ("氏名", "お名前", "メールアドレス", "電話番号", "住所", "生年月日")
