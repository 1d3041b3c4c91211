"""Files and sheets that cannot be taken for a form: refusals before there are rows to judge."""

from expectations.rule import StructureRule

REFUSALS: dict[str, StructureRule] = {
    rule.id.removeprefix("file."): rule
    for rule in (
        StructureRule("file.EMPTY", "critical", "ファイルが空です。保存し直して再提出してください。"),
        StructureRule(
            "file.WRONG_KIND",
            "critical",
            "Excelブック（.xlsx）でもCSVでもありません。Excelで開き、「Excelブック（.xlsx）」として保存して再提出してください。",
        ),
        StructureRule(
            "file.PASSWORD",
            "critical",
            "パスワードがかかっています。パスワードを解除して再提出してください。",
        ),
        StructureRule(
            "file.BROKEN",
            "critical",
            "ファイルが壊れていて開けません。元のファイルを保存し直して再提出してください。",
        ),
        StructureRule(
            "file.ENCODING",
            "critical",
            "文字コードがUTF-8でもShift_JIS（CP932）でもありません。どちらかで保存し直して再提出してください。",
        ),
        StructureRule(
            "file.CANNOT_READ",
            "critical",
            "読み取りの途中で止まりました。Excelで開いて保存し直し、再提出してください。続くときは本部へ連絡してください。",
        ),
        StructureRule(
            "file.NOT_A_FILE",
            "critical",
            "ふつうのファイルではありません（リンク、別名、装置など）。ファイルそのものを入れて再提出してください。",
        ),
        StructureRule(
            "file.TOO_LARGE",
            "critical",
            "30 MBを超えています。様式以外のシートや画像を消すか、分けて再提出してください。",
        ),
        StructureRule(
            "file.NO_PERMISSION",
            "critical",
            "読み取る権限がありません。ファイルの権限を確かめて、入れ直してください。",
        ),
        StructureRule(
            "file.UNKNOWN_CHANNEL",
            "critical",
            "届いたフォルダ「{seen}」はどのセンターのものでもありません。センターのフォルダに入れ直してください。",
        ),
        StructureRule(
            "file.NO_FORM",
            "critical",
            "知っている様式の表題（CSVなら1行目の見出し、JSONなら form）が見つかりません。"
            "本部が配った様式に記入して再提出してください。",
        ),
        StructureRule(
            "file.NO_LINES",
            "critical",
            "見出しだけで行がないため、いつの分か分かりません。該当がないときは、月報のシートの先頭の行に「該当なし」と書いて提出してください。",
        ),
        StructureRule(
            "file.NO_DAY",
            "critical",
            "日付が1つも読めないため、いつの分か分かりません（「{seen}」など）。「2021/5/10」のような日付で出力し直してください。",
        ),
        StructureRule(
            "file.LOAD_FAILED", "critical", "データベースに入りません（{seen}）。本部の担当者が確認します。"
        ),
    )
}

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
STRUCTURE_RULES = (
    *REFUSALS.values(),
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
