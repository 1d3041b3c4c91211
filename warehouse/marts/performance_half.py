"""Each indicator's figure of a half-year: flows summed, distinct clients counted anew, stocks at its end."""

from typing import Any

from sqlalchemy import CTE, Select, and_, case, or_, select

from warehouse.figures import figures, halves
from warehouse.labels import year_label
from warehouse.marts.mart import Mart
from warehouse.tables import DIM_CENTER, DIM_INDICATOR, DIM_PERIOD, DIM_PROGRAM


def query(current: CTE) -> Select[Any]:
    """One row a printed indicator and half; what is of one half alone has no row for the other."""
    found = figures(current, halves)
    i, p, c, d, f = DIM_INDICATOR.c, DIM_PROGRAM.c, DIM_CENTER.c, DIM_PERIOD.c, found.c
    half = d.period_key % 10
    return (
        select(
            i.fiscal_year,
            year_label(i.fiscal_year).label("fiscal_year_label"),
            half.label("half"),
            d.last_day.label("half_end"),
            c.center_id,
            c.center_name,
            p.program_id,
            p.section,
            p.letter.label("sub_program"),
            p.program_name.label("program"),
            *(i[name] for name in ("indicator_id", "indicator", "qualifier", "label")),
            f.value,
            case((i.print_divisor != 1, i.printed_unit), else_=i.unit).label("unit"),
            f.status,
            *(i[name] for name in ("kind", "annual_rule", "decimals", "rounding")),
        )
        .select_from(
            found.join(
                DIM_INDICATOR, and_(i.indicator_key == f.indicator_key, i.fiscal_year == f.fiscal_year)
            )
            .join(DIM_PERIOD, d.period_key == f.span_key)
            .join(DIM_PROGRAM, p.program_key == i.program_key)
            .join(DIM_CENTER, c.center_key == p.center_key)
        )
        .where(
            i.printed_in != "",
            and_(d.frequency == "half", f.periods_expected > 0),
            or_(i.half == 0, i.half == half),
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
