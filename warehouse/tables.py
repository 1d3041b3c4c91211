"""The star schema: dimensions, bridges and what is known of runs; the facts come from the forms.

Keys are computed from natural keys (see `schemas/keys.py`); 0 is the row "unknown" of each dimension.
Facts are found by their submission, with which their keys begin: what is indexed here finds the submissions
and indicators of a year, and the few of something rare.
Comments are Japanese: people who use BI tools read them.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

METADATA = MetaData()


def _key(name: str, comment: str, primary: bool = False, refers: str = "") -> Column[int]:
    reference = [ForeignKey(f"{refers}.{refers.removeprefix('dim_')}_key")] if refers else []
    return Column(
        name,
        BigInteger,
        *reference,
        primary_key=primary,
        autoincrement=False,
        nullable=False,
        comment=comment,
    )


def _column(name: str, kind: type[TypeEngine[Any]], comment: str, optional: bool = False) -> Column[Any]:
    return Column(name, kind, nullable=optional, comment=comment)


DIM_CENTER = Table(
    "dim_center",
    METADATA,
    _key("center_key", "センターのキー", primary=True),
    _column("center_id", Text, "センターID（カタログ）"),
    _column("center_name", Text, "センター名"),
    _column("section", Text, "報告書の章番号"),
    _column("role", Text, "center=センター, head_office=本部"),
    _column("is_site", Boolean, "拠点かどうか"),
    comment="センターと本部。1行=1センター",
)

DIM_PROGRAM = Table(
    "dim_program",
    METADATA,
    _key("program_key", "事業のキー（年度ごと）", primary=True),
    _column("program_id", Text, "事業ID（カタログ）"),
    _column("fiscal_year", Integer, "年度（西暦、4月始まり）"),
    _key("center_key", "センターのキー", refers="dim_center"),
    _column("top_program_key", BigInteger, "枝のある事業の親（親がなければ自分）"),
    _column("printed_number", Text, "印字する事業番号"),
    _column("section", Text, "節番号"),
    _column("letter", Text, "枝（ア、イ…）。なければ空"),
    _column("program_name", Text, "事業名"),
    _column("level", Text, "program / sub_program / administration / reserve"),
    _column("sort_key", Integer, "印字順"),
    _column("funds", Text, "財源（読点区切り）"),
    comment="事業と枝事業。1行=1事業×年度",
)

DIM_INDICATOR = Table(
    "dim_indicator",
    METADATA,
    _key("indicator_key", "指標のキー（年度ごと）", primary=True),
    _column("indicator_id", Text, "指標ID（カタログ）"),
    _column("fiscal_year", Integer, "年度"),
    _key("program_key", "事業のキー", refers="dim_program"),
    _column("indicator", Text, "公表名"),
    _column("qualifier", Text, "公表名の細目"),
    _column("label", Text, "様式と印字の項目名"),
    _column("kind", Text, "flow/stock/distinct/peak/amount/ratio/total/mean/difference"),
    _column("count_basis", Text, "延べ / 実"),
    _column("mode", Text, "方法（来場、オンライン、電話など）"),
    _column("base", Text, "率の算定ベース"),
    _column("unit", Text, "保管の単位"),
    _column("printed_unit", Text, "印字の単位"),
    _column(
        "annual_rule", Text, "年度値の規則（sum/count/last/max/distinct/ratio/total/mean/difference/prior）"
    ),
    _column("decimals", Integer, "印字の小数桁"),
    _column("rounding", Text, "端数処理（half_up=四捨五入, floor=切捨て）"),
    _column("print_scale", Float, "10の小数桁乗"),
    _column("print_multiplier", Float, "率に掛ける数（％なら100）"),
    _column("print_divisor", Float, "保管の単位を印字の単位にする除数（千円なら1000）"),
    _column("frequency", Text, "報告の頻度"),
    _column("periods_expected", Integer, "年度内の報告回数"),
    _column("source_form", Text, "出所の様式（一つだけ）"),
    _column("half", Integer, "年度値をとる半期（1, 2）。年度全体なら0"),
    _column("printed_in", Text, "table=表, text=本文。印字しなければ空"),
    _column("target", Float, "目標（印字の単位）。なければ空", optional=True),
    _column("print_block", Text, "印字する段落"),
    _column("line_no", Integer, "段落の中の行。なければ0"),
    _column("print_order", Integer, "印字順"),
    Index("ix_dim_indicator_fiscal_year", "fiscal_year"),
    Index("ix_dim_indicator_half", "half"),
    comment="指標。1行=1指標×年度",
)

BRIDGE_COMPONENT = Table(
    "bridge_component",
    METADATA,
    _key("indicator_key", "計算される指標", primary=True, refers="dim_indicator"),
    Column(
        "component_key",
        BigInteger,
        ForeignKey("dim_indicator.indicator_key"),
        primary_key=True,
        autoincrement=False,
        comment="部品の指標",
    ),
    Column("role", Text, primary_key=True, comment="numerator=分子, denominator=分母, part=内訳"),
    comment="計算される指標の部品。1行=1指標×部品×役割",
)

DIM_SERIES = Table(
    "dim_series",
    METADATA,
    _key("series_key", "種別のキー（年度ごと）", primary=True),
    _column("series_id", Text, "種別ID（カタログ）"),
    _column("fiscal_year", Integer, "年度"),
    _key("program_key", "事業のキー", refers="dim_program"),
    _column("form_id", Text, "様式"),
    _column("series_name", Text, "種別（催事の種別、アンケートの名）"),
    _column("is_listed", Boolean, "実施催事一覧に印字するか"),
    comment="催事の種別やアンケート。1行=1種別×年度",
)

BRIDGE_FEED = Table(
    "bridge_feed",
    METADATA,
    _key("indicator_key", "数えられる指標", primary=True, refers="dim_indicator"),
    _key("series_key", "その行の種別", primary=True, refers="dim_series"),
    Column("measure", Text, primary_key=True, comment="合計する列。空なら行を数える"),
    Column("choice", Text, primary_key=True, comment="この選択肢の行だけ。空なら全部"),
    comment="明細のどの行から指標を数えるか。1行=1指標×種別×列×選択肢",
)

DIM_ACCOUNT = Table(
    "dim_account",
    METADATA,
    _key("account_key", "勘定科目のキー", primary=True),
    _column("account_id", Text, "勘定科目ID"),
    _column("account_name", Text, "勘定科目名"),
    _column("side", Text, "支出/収入/資産/負債/純資産"),
    _column("line_no", Integer, "印字順"),
    _column("is_allocated", Boolean, "本部がセンターに配賦する科目か"),
    comment="勘定科目。1行=1科目",
)

DIM_FUND = Table(
    "dim_fund",
    METADATA,
    _key("fund_key", "財源のキー", primary=True),
    _column("fund_id", Text, "財源ID"),
    _column("fund_name", Text, "財源名"),
    comment="財源。1行=1財源",
)

DIM_PERIOD = Table(
    "dim_period",
    METADATA,
    _key("period_key", "期間のキー（202105=月, 20211=上期, 2021=年度）", primary=True),
    _column("period_id", Text, "期間ID"),
    _column("frequency", Text, "month/half/year"),
    _column("fiscal_year", Integer, "年度"),
    _column("label", Text, "令和での呼び方"),
    _column("first_day", Date, "初日"),
    _column("last_day", Date, "末日"),
    comment="月・半期・年度。1行=1期間",
)

BRIDGE_SPAN = Table(
    "bridge_span",
    METADATA,
    _key("period_key", "期間", primary=True, refers="dim_period"),
    Column(
        "span_key",
        BigInteger,
        ForeignKey("dim_period.period_key"),
        primary_key=True,
        autoincrement=False,
        comment="それを含む半期または年度",
    ),
    _column("is_last", Boolean, "その半期・年度の最後の期間か"),
    comment="期間がどの半期・年度に入るか。1行=1期間×半期・年度",
)

BRIDGE_EXPECTED = Table(
    "bridge_expected",
    METADATA,
    Column("form_id", Text, primary_key=True, comment="様式"),
    _key("center_key", "提出するセンター", primary=True, refers="dim_center"),
    _key("period_key", "対象期間", primary=True, refers="dim_period"),
    _column("due_on", Date, "提出期限"),
    _column("due_until", DateTime, "提出期限の日の終わり（UTC）"),
    comment="提出すべきもの。1行=1様式×センター×期間",
)

DIM_SUBMISSION = Table(
    "dim_submission",
    METADATA,
    _key("submission_key", "提出物のキー", primary=True),
    _column("submission_id", Text, "提出物ID（センター.様式.期間.ハッシュ）"),
    _column("sha256", Text, "原本のSHA-256"),
    _column("file_name", Text, "受け取ったときのファイル名"),
    _key("center_key", "センターのキー", refers="dim_center"),
    _column("form_id", Text, "様式。読めなかったファイルは空"),
    _key("period_key", "対象期間のキー", refers="dim_period"),
    _column("fiscal_year", Integer, "年度。読めなければ0"),
    _column("revision", Integer, "版"),
    _column("stated_on", Date, "提出日（表紙）", optional=True),
    _column("stated_at", DateTime, "提出日の始まり、表紙のないものは届いた時刻（UTC）", optional=True),
    _column("is_export", Boolean, "表紙（版）のない書き出しか"),
    _column("content", Text, "記録の内容のダイジェスト（同じ版で中身が違うかを見る）"),
    _column("received_at", DateTime, "最初に届いた時刻（UTC）"),
    _column("known_at", DateTime, "有効になった時刻（UTC）。差戻しは空", optional=True),
    _column("withdrawn_at", DateTime, "取り下げた時刻（UTC）", optional=True),
    _column(
        "state",
        Text,
        "accepted=受理, held=保留, refused=差戻し, ignored=対象外, replaced=再判定で別の提出物になった",
    ),
    _column("reason", Text, "受理されていない理由（規則ID）"),
    _column("why", Text, "受理されていない、または取り下げた理由（文）"),
    _column("guard_version", Text, "判定した検査の版"),
    _column("parser_version", Text, "読み取ったパーサの版"),
    _column("rules_version", Text, "判定した規則の版"),
    Index("ix_dim_submission_fiscal_year", "fiscal_year", "form_id"),
    Index("ix_dim_submission_slot", "center_key", "form_id", "period_key"),
    CheckConstraint("state in ('accepted', 'held', 'refused', 'ignored', 'replaced')", name="state_is_known"),
    comment="提出物（受け取ったファイルの中の1様式×1期間）。1行=1提出物",
)

BRIDGE_CURRENT = Table(
    "bridge_current",
    METADATA,
    _key("submission_key", "その枠で有効な提出物", primary=True, refers="dim_submission"),
    Column("current_from", DateTime, primary_key=True, comment="有効の始まり（UTC、含む）"),
    Column("current_to", DateTime, nullable=False, comment="有効の終わり（UTC、含まない）"),
    comment="いつどの提出物が有効だったか。1行=1提出物×有効期間",
)

FACT_RECEIPT = Table(
    "fact_receipt",
    METADATA,
    Column("receipt_id", Text, primary_key=True, comment="受付ID"),
    _column("sha256", Text, "届いた内容のSHA-256"),
    _column("file_name", Text, "ファイル名"),
    _key("center_key", "届け先フォルダのセンター", refers="dim_center"),
    _column("channel", Text, "届いた経路"),
    _column("sender", Text, "送り主（係）"),
    _column("arrived_at", DateTime, "届いた時刻（UTC）"),
    Index("ix_fact_receipt_sha256", "sha256"),
    comment="受付。Grain: one arrival of one file",
)

FACT_DECISION = Table(
    "fact_decision",
    METADATA,
    Column("decision_id", Text, primary_key=True, comment="決定ID"),
    _column("kind", Text, "close=締め, release=承認, withdraw=取下げ, revalidate=再判定, explain=説明"),
    _column("decided_at", DateTime, "決定の時刻（UTC）"),
    _column("decided_by", Text, "だれが"),
    _column("why", Text, "なぜ"),
    _column("sha256", Text, "対象のファイルのSHA-256。なければ空"),
    _column("form_id", Text, "対象の様式。なければ空"),
    _column("period_id", Text, "締めた期間。なければ空"),
    comment="人の決定。Grain: one decision of a named person",
)

FACT_EXPLANATION = Table(
    "fact_explanation",
    METADATA,
    Column(
        "decision_id",
        Text,
        ForeignKey("fact_decision.decision_id"),
        primary_key=True,
        comment="説明の決定ID",
    ),
    Column("difference_id", Text, primary_key=True, comment="差異番号"),
    _column("why", Text, "差異の理由"),
    _column("amount_yen", BigInteger, "説明したときの差異の額（円）"),
    _column("decided_at", DateTime, "説明した時刻（UTC）"),
    _column("decided_by", Text, "だれが"),
    comment="差異の説明。Grain: one difference that one decision explains",
)

DIM_DIFFERENCE = Table(
    "dim_difference",
    METADATA,
    _key("difference_key", "差異のキー", primary=True),
    _column("difference_id", Text, "差異番号"),
    _column("fiscal_year", Integer, "年度"),
    _column("code", Text, "分類の符号"),
    _column("rule", Text, "分類の名（規則IDの後半）"),
    _column("category", Text, "分類"),
    _column("heading", Text, "照合表の列（timing/classification/basis/missing/error）"),
    _column("owner", Text, "確かめる人（センター / 経理）"),
    _column("status", Text, "未説明 / 説明済 / 解消 / 期間待ち"),
    _column("amount_yen", BigInteger, "差異の額（円）"),
    _column("net_yen", BigInteger, "財団の年度の報告額－会計の額に残る額（円）"),
    _column("reported", Text, "センターの額（円）"),
    _column("booked", Text, "会計の額（円）"),
    _column("lead_yen", BigInteger, "指摘するセルの額（円）"),
    _column("place", Text, "指摘する月・事業・科目"),
    _column("elsewhere", Text, "ほかの証拠のありか"),
    _column("sentence", Text, "何がどこで違い、どうすればよいか"),
    _key("submission_key", "指摘する提出物", refers="dim_submission"),
    _column("address", Text, "指摘するセル"),
    _column("first_seen_at", DateTime, "両方がそろい、初めて分かった時刻（UTC）"),
    _column("explanation", Text, "説明。なければ空"),
    _column("explained_by", Text, "説明した人。なければ空"),
    _column("explained_at", DateTime, "説明した時刻（UTC）", optional=True),
    comment="報告と会計の差異（有効な提出物どうしで今あるもの）。1行=1差異",
)

FACT_RECONCILIATION = Table(
    "fact_reconciliation",
    METADATA,
    _key("difference_key", "差異のキー", primary=True, refers="dim_difference"),
    Column("evidence_no", Integer, primary_key=True, autoincrement=False, comment="証拠の番号（1から）"),
    _column("side", Text, "reported=センター, booked=会計"),
    _key("program_key", "事業のキー", refers="dim_program"),
    _key("account_key", "勘定科目のキー", refers="dim_account"),
    _key("period_key", "月のキー", refers="dim_period"),
    _column("amount_yen", BigInteger, "報告額－会計の額に加わる額（円）。同じ請求の別の行なら0"),
    _column("cell_yen", BigInteger, "セルの額（円）"),
    _column("reference", Text, "伺番号"),
    _column("document", Text, "請求書番号または摘要"),
    _key("submission_key", "証拠の提出物", refers="dim_submission"),
    _column("address", Text, "証拠のセル"),
    comment="差異の証拠。Grain: one cell or journal line that bears on one difference",
)

BRIDGE_CLOSING = Table(
    "bridge_closing",
    METADATA,
    Column(
        "decision_id",
        Text,
        ForeignKey("fact_decision.decision_id"),
        primary_key=True,
        comment="締めの決定ID",
    ),
    _key("submission_key", "締めたときに有効だった提出物", primary=True, refers="dim_submission"),
    comment="締めの目録。1行=1締め×提出物",
)

FACT_FINDING = Table(
    "fact_finding",
    METADATA,
    _key("submission_key", "提出物のキー", primary=True, refers="dim_submission"),
    Column("rule_id", Text, primary_key=True, comment="規則ID"),
    Column("address", Text, primary_key=True, comment="セル"),
    Column("rules_version", Text, primary_key=True, comment="判定した規則の版"),
    _column("severity", Text, "critical=差戻し, warning=警告, info=参考"),
    _column("seen", Text, "書かれていたもの"),
    _column("expected", Text, "期待したもの"),
    _column("message", Text, "提出者への文"),
    _column("consequences", Text, "このセルのために破れた他の規則"),
    CheckConstraint("severity in ('critical', 'warning', 'info')", name="severity_is_known"),
    comment="提出物の規則で見つかったこと。Grain: one rule broken at one cell of one submission",
)

BRIDGE_FINDING = Table(
    "bridge_finding",
    METADATA,
    _key("submission_key", "提出物のキー", primary=True, refers="dim_submission"),
    Column("rule_id", Text, primary_key=True, comment="規則ID"),
    Column("address", Text, primary_key=True, comment="セル"),
    _column("severity", Text, "warning=警告, info=参考"),
    _column("seen", Text, "書かれていたもの"),
    _column("expected", Text, "期待したもの"),
    _column("message", Text, "提出者への文"),
    comment="有効な提出物どうしを比べて今見つかること（状態とともに開閉する）。1行=1規則×セル",
)

RUN_VERSION = Table(
    "run_version",
    METADATA,
    Column("version", Text, primary_key=True, comment="スキーマとカタログの版"),
    comment="倉庫の版",
)

RUN_DECISION = Table(
    "run_decision",
    METADATA,
    Column("decision_id", Text, primary_key=True, comment="決定ID"),
    _column("kind", Text, "決定の種類"),
    _column("decided_at", DateTime, "決定の時刻（UTC）"),
    comment="読み込み済みの決定",
)

RUN_CHANGE = Table(
    "run_change",
    METADATA,
    Column("cause", Text, primary_key=True, comment="読み込んだ決定、または後から重ねて届いた受付のID"),
    Column(
        "fiscal_year", Integer, primary_key=True, autoincrement=False, comment="それが変えた年度。不明なら0"
    ),
    comment="読み込みがどの年度の提出物を変えたか",
)

DATA_DICTIONARY = Table(
    "data_dictionary",
    METADATA,
    Column("object_name", Text, primary_key=True, comment="表またはビュー"),
    Column("column_name", Text, primary_key=True, comment="列。表そのものは空"),
    _column("comment", Text, "説明"),
    comment="データ辞書",
)
