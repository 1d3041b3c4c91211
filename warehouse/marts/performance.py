"""The year's figure of every indicator, in the printed unit, beside what was published."""

from typing import Any

from sqlalchemy import CTE, Select, and_, case, select

from warehouse.figures import figures, year_or_half, years_and_limits
from warehouse.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.published import is_named, published
from warehouse.tables import DIM_CENTER, DIM_INDICATOR, DIM_PERIOD, DIM_PROGRAM


def query(current: CTE) -> Select[Any]:
    """One row a printed indicator and fiscal year: value in the printed unit, and how sure it is."""
    found, printed = figures(current, years_and_limits), published(current, "printed")
    prior = printed.alias("printed_before")
    i, p, c, f = DIM_INDICATOR.c, DIM_PROGRAM.c, DIM_CENTER.c, found.c
    return (
        select(
            i.fiscal_year,
            year_label(i.fiscal_year).label("fiscal_year_label"),
            c.center_id,
            c.center_name,
            p.program_id,
            p.section,
            p.letter.label("sub_program"),
            p.program_name.label("program"),
            *(i[name] for name in ("indicator_id", "indicator", "qualifier", "label")),
            f.value,
            case((i.print_divisor != 1, i.printed_unit), else_=i.unit).label("unit"),
            i.printed_unit,
            f.status,
            printed.c.value.label("published_value"),
            prior.c.value.label("prior_value"),
            i.target,
            *(i[name] for name in ("kind", "count_basis", "annual_rule", "decimals", "rounding")),
            f.periods_in,
            f.periods_expected,
            i.half,
            i.printed_in,
            i.print_block,
            i.line_no,
            i.print_order,
        )
        .select_from(
            found.join(
                DIM_INDICATOR, and_(i.indicator_key == f.indicator_key, i.fiscal_year == f.fiscal_year)
            )
            .join(DIM_PERIOD, DIM_PERIOD.c.period_key == f.span_key)
            .join(DIM_PROGRAM, p.program_key == i.program_key)
            .join(DIM_CENTER, c.center_key == p.center_key)
            .outerjoin(printed, is_named(printed, DIM_INDICATOR, DIM_PROGRAM, i.fiscal_year))
            .outerjoin(prior, is_named(prior, DIM_INDICATOR, DIM_PROGRAM, i.fiscal_year - 1))
        )
        .where(i.printed_in != "", year_or_half())
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
