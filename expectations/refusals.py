"""Why a file as a whole is out: a code of the guard or of the walk, and the sentence to send."""

from expectations.rule import StructureRule

_SAVE_BOOK = "Excelで開き、「Excelブック（.xlsx）」として保存し直して再提出してください。"
_SAVE_LINES = "Excelの「CSV UTF-8（コンマ区切り）」で保存し直して再提出してください。"


def _of_file(code: str, sentence: str) -> StructureRule:
    """`seen` in a sentence is what the guard saw."""
    return StructureRule(f"file.{code}", "critical", sentence)


FILE_RULES = (
    _of_file(
        "EMPTY",
        "ファイルが空です。保存し直して再提出してください。",
    ),
    _of_file(
        "WRONG_KIND",
        "中身は「{seen}」で、読める種類ではないか、拡張子と合っていません。" + _SAVE_BOOK,
    ),
    _of_file(
        "PASSWORD",
        "パスワードがかかっています。パスワードを解除して再提出してください。",
    ),
    _of_file(
        "BROKEN", "ファイルが壊れていて開けません（{seen}）。元のファイルを保存し直して再提出してください。"
    ),
    _of_file(
        "BOMB",
        "展開すると異常に大きくなるファイルです（{seen}）。" + _SAVE_BOOK,
    ),
    _of_file(
        "TOO_LARGE",
        "大きすぎて読めません（{seen}）。余分な値を消し、分けて再提出してください。",
    ),
    _of_file(
        "NOT_A_FILE",
        "ふつうのファイルではありません（リンク、別名、装置など）。ファイルそのものを入れて再提出してください。",
    ),
    _of_file(
        "NO_PERMISSION",
        "読み取る権限がありません。ファイルの権限を確かめて、入れ直してください。",
    ),
    _of_file(
        "DAMAGED",
        "保管した原本が届いたときのものと違います。本部の担当者が確認します。",
    ),
    _of_file(
        "ENCODING",
        "文字コードがUTF-8でもShift_JIS（CP932）でもありません（{seen}）。どちらかで保存し直して再提出してください。",
    ),
    _of_file(
        "MIXED_ENCODINGS",
        "UTF-8の行とShift_JISの行が混ざっています。元のデータから1つのファイルに出力し直して再提出してください。",
    ),
    _of_file(
        "CUT",
        "最後の文字が途中で切れています。送信が終わっていません。もう一度送ってください。",
    ),
    _of_file(
        "JOINED", "{seen}に別のファイルの先頭があります。つなげる前のファイルをそれぞれ再提出してください。"
    ),
    _of_file(
        "MOJIBAKE",
        "{seen}が文字化けしています。元のデータから出力し直して再提出してください。",
    ),
    _of_file(
        "CONTROL_CHARACTERS",
        "{seen}に目に見えない制御文字があります。その文字を消して（打ち直して）再提出してください。",
    ),
    _of_file(
        "QUOTES",
        '{seen}の引用符（"）が正しく閉じていません。' + _SAVE_LINES,
    ),
    _of_file(
        "SEPARATOR",
        "区切りが{seen}です。" + _SAVE_LINES,
    ),
    _of_file(
        "RAGGED",
        "{seen}の列の数が1行目と違います。値の中のコンマか改行を確かめ、出力し直して再提出してください。",
    ),
    _of_file(
        "REPEATED_HEADING",
        "見出し「{seen}」と同じ列が2つあり、どちらを読むのか分かりません。1つにして再提出してください。",
    ),
    _of_file(
        "REPEATED_KEY",
        "JSONの項目「{seen}」が同じところに2つあります。1つにして送り直してください。",
    ),
    _of_file(
        "NO_NUMBER",
        "JSONの「{seen}」は数値ではありません。数値に直して送り直してください。",
    ),
    _of_file(
        "CANNOT_READ",
        "読み取りの途中で止まりました。Excelで開いて保存し直し、再提出してください。続くときは本部へ連絡してください。",
    ),
    _of_file(
        "UNKNOWN_CHANNEL",
        "届いたフォルダ「{seen}」はどのセンターのものでもありません。センターのフォルダに入れ直してください。",
    ),
    _of_file(
        "NO_FORM",
        "知っている様式の表題（CSVなら1行目の見出し、JSONなら form）が見つかりません。"
        "本部が配った様式に記入して再提出してください。",
    ),
    _of_file(
        "HIDDEN_FORM",
        "様式のシート「{seen}」が非表示になっています。シートを再表示してから再提出してください。",
    ),
    _of_file(
        "NO_LINES",
        "見出しだけで行がないため、いつの分か分かりません。該当がないときは、月報のシートの先頭の行に「該当なし」と書いて提出してください。",
    ),
    _of_file(
        "NO_DAY",
        "日付が1つも読めないため、いつの分か分かりません（「{seen}」など）。「2021/5/10」のような日付で出力し直してください。",
    ),
    _of_file(
        "NO_YEAR",
        "何年度のものか分かりません。1年度分だけを、ファイル名に「令和6年度」のように年度を入れて出し直してください。",
    ),
    _of_file(
        "LOAD_FAILED",
        "データベースに入りません（{seen}）。本部の担当者が確認します。",
    ),
)
