"""The year's figure of every indicator, in the printed unit, beside what was published."""

from typing import Any

from sqlalchemy import CTE, Select, case, select

from warehouse.figures import figures, years_and_limits
from warehouse.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.published import is_named, published
from warehouse.tables import DIM_CENTER


def query(current: CTE) -> Select[Any]:
    """One row a printed indicator and fiscal year: value in the printed unit, and how sure it is."""
    found, printed = figures(current, years_and_limits), published(current, "printed")
    prior = printed.alias("printed_before")
    c, f = DIM_CENTER.c, found.c
    return (
        select(
            f.fiscal_year,
            year_label(f.fiscal_year).label("fiscal_year_label"),
            c.center_id,
            c.center_name,
            f.program_id,
            f.section,
            f.letter.label("sub_program"),
            f.program_name.label("program"),
            *(f[name] for name in ("indicator_id", "indicator", "qualifier", "label")),
            f.value,
            case((f.print_divisor != 1, f.printed_unit), else_=f.unit).label("unit"),
            f.printed_unit,
            f.status,
            printed.c.value.label("published_value"),
            prior.c.value.label("prior_value"),
            f.target,
            *(f[name] for name in ("kind", "count_basis", "annual_rule", "decimals", "rounding")),
            f.periods_in,
            f.periods_expected,
            f.half,
            f.printed_in,
            f.print_block,
            f.line_no,
            f.print_order,
        )
        .select_from(
            found.join(DIM_CENTER, c.center_key == f.center_key)
            .outerjoin(printed, is_named(printed, found, found, f.fiscal_year))
            .outerjoin(prior, is_named(prior, found, found, f.fiscal_year - 1))
        )
        # The year, or the half that it is limited to.
        .where(
            f.printed_in != "",
            f.span_key == case((f.half > 0, f.fiscal_year * 10 + f.half), else_=f.fiscal_year),
        )
    )


MART = Mart(
    "mart_performance",
    "年度の実績。1行=1指標（印字するもの）×年度。値は印字の単位",
    {
        "fiscal_year": "年度（西暦、4月始まり）",
        "fiscal_year_label": "年度（令和）",
        "center_id": "センターID",
        "center_name": "センター名",
        "program_id": "事業ID（カタログ）",
        "section": "節番号",
        "sub_program": "枝（ア、イ…）。なければ空",
        "program": "事業名（枝があれば枝の名）",
        "indicator_id": "指標ID",
        "indicator": "公表名",
        "qualifier": "公表名の細目。なければ空",
        "label": "項目名（様式・印字）",
        "value": "年度の値（印字の単位、印字の桁に丸めたもの）。報告がなければ空",
        "unit": "値の単位",
        "printed_unit": "印字する単位（「件/年」など）",
        "status": "報告済 / 暫定 (n/12) / 未報告 / 該当なし / 未実施",
        "published_value": "公表された値（印字の単位）",
        "prior_value": "前年度に公表された値（印字の単位）",
        "target": "目標（印字の単位）。なければ空",
        "kind": "種類（flow/stock/…）",
        "count_basis": "延べ / 実",
        "annual_rule": "年度値の規則",
        "decimals": "印字の小数桁",
        "rounding": "端数処理",
        "periods_in": "報告された期間の数",
        "periods_expected": "報告されるべき期間の数",
        "half": "値をとる半期（1, 2）。年度全体なら0",
        "printed_in": "table=表, text=本文",
        "print_block": "印字する段落",
        "line_no": "段落の中の行。なければ0",
        "print_order": "印字順",
    },
    query,
)
