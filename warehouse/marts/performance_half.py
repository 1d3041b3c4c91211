"""Each indicator's figure of a half-year: flows summed, distinct clients counted anew, stocks at its end."""

from typing import Any

from sqlalchemy import CTE, Select, case, or_, select

from warehouse.figures import figures, halves
from warehouse.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER


def query(current: CTE) -> Select[Any]:
    """One row a printed indicator and half; what is of one half alone has no row for the other."""
    found = figures(current, halves)
    c, f = DIM_CENTER.c, found.c
    half = f.span_key % 10
    return (
        select(
            f.fiscal_year,
            year_label(f.fiscal_year).label("fiscal_year_label"),
            half.label("half"),
            f.last_day.label("half_end"),
            c.center_id,
            c.center_name,
            f.program_id,
            f.section,
            f.letter.label("sub_program"),
            f.program_name.label("program"),
            *(f[name] for name in ("indicator_id", "indicator", "qualifier", "label")),
            f.value,
            case((f.print_divisor != 1, f.printed_unit), else_=f.unit).label("unit"),
            f.status,
            *(f[name] for name in ("kind", "annual_rule", "decimals", "rounding")),
        )
        .select_from(found.join(DIM_CENTER, c.center_key == f.center_key))
        .where(
            f.printed_in != "",
            f.periods_expected > 0,
            or_(f.half == 0, f.half == half),
        )
    )


MART = Mart(
    "mart_performance_half",
    "上期・下期の実績。1行=1指標（印字するもの）×半期。値は印字の単位",
    {
        "fiscal_year": "年度（西暦）",
        "fiscal_year_label": "年度（令和）",
        "half": "1=上期, 2=下期",
        "half_end": "半期の末日（現在高・率の時点）",
        "center_id": "センターID",
        "center_name": "センター名",
        "program_id": "事業ID（カタログ）",
        "section": "節番号",
        "sub_program": "枝（ア、イ…）",
        "program": "事業名",
        "indicator_id": "指標ID",
        "indicator": "公表名",
        "qualifier": "公表名の細目",
        "label": "項目名",
        "value": "半期の値（印字の単位、印字の桁）。なければ空",
        "unit": "値の単位",
        "status": "報告済 / 暫定 (n/6) / 未報告 / 該当なし / 未実施",
        "kind": "種類",
        "annual_rule": "期間の値の規則",
        "decimals": "印字の小数桁",
        "rounding": "端数処理",
    },
    query,
)
