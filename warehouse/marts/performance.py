"""The year's figure of every indicator: inputs by their annual rule, all else from its components.

A ratio is the sum of numerators over the sum of denominators (or the last ones, for stocks), never a
mean of rates; a mean counts only the months in which its denominator was above 0; a difference is
against the value that the year before published.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)

from schemas.forms.performance import PERFORMANCE
from schemas.values import NOT_APPLICABLE, REPORTED
from warehouse.facts import FACTS
from warehouse.marts.labels import as_printed, provisional, year_label
from warehouse.marts.mart import Mart
from warehouse.tables import (
    BRIDGE_COMPONENT,
    DIM_CENTER,
    DIM_INDICATOR,
    DIM_PERIOD,
    DIM_PROGRAM,
    DIM_SUBMISSION,
)

INPUT_RULES = ("sum", "last", "max")
# A month is in when it was answered; 未報告 and 秘匿 are no answers to a sum.
ANSWERED = (REPORTED, NOT_APPLICABLE, "未実施")


def inputs(current: CTE) -> CTE:
    """Each input indicator over its year: sum, greatest, last, and how many periods are in."""
    f, i, d = FACTS["performance"].c, DIM_INDICATOR.c, DIM_PERIOD.c
    # The keys of March, of the second half and of the year itself (see schemas/period.py).
    ends = (i.fiscal_year * 100 + 103, i.fiscal_year * 10 + 2, i.fiscal_year)
    is_last = or_(*(d.period_key == end for end in ends))
    return (
        select(
            i.indicator_key,
            func.sum(f.value).label("total"),
            func.max(f.value).label("greatest"),
            func.max(case((is_last, f.value))).label("last"),
            func.sum(case((f.value_status.in_(ANSWERED), 1), else_=0)).label("periods_in"),
            func.sum(case((f.value > 0, 1), else_=0)).label("periods_positive"),
            func.max(case((and_(is_last, f.value_status.in_(ANSWERED)), 1), else_=0)).label("has_last"),
        )
        .select_from(
            FACTS["performance"]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_INDICATOR, i.indicator_key == f.indicator_key)
            .join(DIM_PERIOD, d.period_key == f.period_key)
        )
        .where(i.annual_rule.in_(INPUT_RULES), i.source_form == PERFORMANCE.id)
        .group_by(i.indicator_key)
        .cte("inputs")
    )


def annual(inputs: CTE) -> CTE:
    """Each input's value for the year; a stock's is that of the last period, or unknown without it."""
    i, n = DIM_INDICATOR.c, inputs.c
    return (
        select(
            i.indicator_key,
            i.fiscal_year,
            case(
                (i.annual_rule == "last", n.last), (i.annual_rule == "max", n.greatest), else_=n.total
            ).label("value"),
            case((and_(i.annual_rule == "last", n.has_last == 0), 0), else_=n.periods_in).label("periods_in"),
            n.periods_positive,
        )
        .select_from(inputs.join(DIM_INDICATOR, i.indicator_key == n.indicator_key))
        .cte("annual")
    )


def components(annual: CTE) -> CTE:
    """For each derived indicator: its numerators, denominators and parts, summed; NULL if one is unknown."""
    b, a = BRIDGE_COMPONENT.c, annual.c

    def over(role: str, value: ColumnElement[Any], known: ColumnElement[bool]) -> ColumnElement[Any]:
        missing = func.sum(case((and_(b.role == role, not_(known)), 1), else_=0))
        return case((missing == 0, func.sum(case((b.role == role, value)))), else_=null())

    is_known = a.value.is_not(None)
    # A part that was 該当なし all year adds nothing; one that was not reported makes the total unknown.
    is_answered = func.coalesce(a.periods_in, 0) > 0

    return (
        select(
            b.indicator_key,
            over("numerator", a.value, is_known).label("numerator"),
            over("denominator", a.value, is_known).label("denominator"),
            over("part", a.value, is_answered).label("parts"),
            over("denominator", a.periods_positive, is_known).label("open_periods"),
            func.min(func.coalesce(a.periods_in, 0)).label("periods_in"),
            func.max(DIM_INDICATOR.c.periods_expected).label("periods_expected"),
        )
        .select_from(
            BRIDGE_COMPONENT.join(DIM_INDICATOR, DIM_INDICATOR.c.indicator_key == b.component_key).outerjoin(
                annual, a.indicator_key == b.component_key
            )
        )
        .group_by(b.indicator_key)
        .cte("components")
    )


def published(current: CTE) -> CTE:
    """What editions printed, by the names of the indicators."""
    f, s = FACTS["published"].c, DIM_SUBMISSION.c
    return (
        select(s.fiscal_year, f.section, f.letter, f.title, f.qualifier, f.value)
        .select_from(
            FACTS["published"]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
        )
        .cte("published")
    )


def is_named(
    published: CTE, indicator: Any, program: Any, fiscal_year: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether a published fact of a year is that of an indicator, by the names under which it is printed."""
    return and_(
        published.c.fiscal_year == fiscal_year,
        published.c.section == program.c.section,
        published.c.letter == program.c.letter,
        published.c.title == indicator.c.indicator,
        published.c.qualifier == indicator.c.qualifier,
    )


def before(published: CTE) -> CTE:
    """For each difference, what the year before published of the indicator that it is about."""
    i = DIM_INDICATOR.alias("differing").c
    b, q, p, x = BRIDGE_COMPONENT.c, DIM_INDICATOR.alias("measured"), DIM_PROGRAM.alias("of"), published.c
    return (
        select(i.indicator_key, x.value)
        .select_from(
            i.indicator_key.table.join(BRIDGE_COMPONENT, b.indicator_key == i.indicator_key)
            .join(q, q.c.indicator_key == b.component_key)
            .join(p, p.c.program_key == q.c.program_key)
            .join(published, is_named(published, q, p, i.fiscal_year - 1))
        )
        .where(i.annual_rule == "difference")
        .cte("before")
    )


def _exact(annual: CTE, components: CTE, before: CTE) -> ColumnElement[Any]:
    """The year's value in the printed unit before rounding, by the indicator's annual rule."""
    i, a, k = DIM_INDICATOR.c, annual.c, components.c
    return case(
        (i.annual_rule.in_(INPUT_RULES), a.value / i.print_divisor),
        (and_(i.annual_rule == "ratio", k.denominator > 0), k.numerator / k.denominator * i.print_multiplier),
        (i.annual_rule == "total", k.parts / i.print_divisor),
        (and_(i.annual_rule == "mean", k.open_periods > 0), k.numerator / k.open_periods / i.print_divisor),
        (i.annual_rule == "difference", k.numerator / i.print_divisor - before.c.value),
        else_=null(),
    )


def _status(
    exact: ColumnElement[Any], periods_in: ColumnElement[Any], expected: ColumnElement[Any]
) -> ColumnElement[Any]:
    p = DIM_PROGRAM.c
    return case(
        (p.status != "", p.status),
        (periods_in == 0, literal("未報告")),
        (and_(exact.is_(None), DIM_INDICATOR.c.annual_rule == "difference"), literal("前年度公表値未着")),
        (exact.is_(None), literal("該当なし")),
        (periods_in < expected, provisional(periods_in, expected)),
        else_=literal("報告済"),
    )


def query(current: CTE) -> Select[Any]:
    """One row a printed indicator and fiscal year: value in the printed unit, and how sure it is."""
    yearly = annual(inputs(current))
    parts = components(yearly)
    printed = published(current)
    prior = before(printed)
    i, p, c, a, k = DIM_INDICATOR.c, DIM_PROGRAM.c, DIM_CENTER.c, yearly.c, parts.c
    exact = _exact(yearly, parts, prior)
    is_input = i.annual_rule.in_((*INPUT_RULES, "distinct"))
    periods_in = func.coalesce(case((is_input, a.periods_in), else_=k.periods_in), 0)
    expected = func.coalesce(case((is_input, i.periods_expected), else_=k.periods_expected), 0)
    value = case((periods_in > 0, as_printed(exact, i.print_scale, i.rounding)), else_=null())
    return (
        select(
            i.fiscal_year,
            year_label(i.fiscal_year).label("fiscal_year_label"),
            c.center_id,
            c.center_name,
            p.section,
            p.letter.label("sub_program"),
            p.program_name.label("program"),
            *(i[name] for name in ("indicator_id", "indicator", "qualifier", "label")),
            value.label("value"),
            case((i.print_divisor != 1, i.printed_unit), else_=i.unit).label("unit"),
            i.printed_unit,
            _status(exact, periods_in, expected).label("status"),
            printed.c.value.label("published_value"),
            *(i[name] for name in ("kind", "count_basis", "annual_rule", "decimals", "rounding")),
            periods_in.label("periods_in"),
            expected.label("periods_expected"),
            i.print_block,
            i.print_order,
        )
        .select_from(
            DIM_INDICATOR.join(DIM_PROGRAM, p.program_key == i.program_key)
            .join(DIM_CENTER, c.center_key == p.center_key)
            .outerjoin(yearly, a.indicator_key == i.indicator_key)
            .outerjoin(parts, k.indicator_key == i.indicator_key)
            .outerjoin(prior, prior.c.indicator_key == i.indicator_key)
            .outerjoin(printed, is_named(printed, DIM_INDICATOR, DIM_PROGRAM, i.fiscal_year))
        )
        .where(i.is_printed)
    )


MART = Mart(
    "mart_performance",
    "年度の実績。1行=1指標（印字するもの）×年度。値は印字の単位",
    {
        "fiscal_year": "年度（西暦、4月始まり）",
        "fiscal_year_label": "年度（令和）",
        "center_id": "センターID",
        "center_name": "センター名",
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
        "kind": "種類（flow/stock/…）",
        "count_basis": "延べ / 実",
        "annual_rule": "年度値の規則",
        "decimals": "印字の小数桁",
        "rounding": "端数処理",
        "periods_in": "報告された期間の数",
        "periods_expected": "報告されるべき期間の数",
        "print_block": "印字する段落",
        "print_order": "印字順",
    },
    query,
)
