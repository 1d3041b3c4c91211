"""The figure of every indicator in every half and year: inputs by their rule, all else from components.

A ratio is the sum of numerators over the sum of denominators (or the last ones, for stocks), never a
mean of rates; distinct clients are counted anew in each span; a mean counts only the months in which its
denominator was above 0; a difference is against the value that the year before published.

Each part has its fiscal year and is joined by it too, so that who asks for a year has PostgreSQL read the
facts of that year alone.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)

from schemas.catalog_rows import INPUT_RULES
from schemas.values import NOT_APPLICABLE, REPORTED
from warehouse.labels import as_printed, provisional
from warehouse.observations import OF_LINES, clients, counted_cells, is_input
from warehouse.published import before, published
from warehouse.status import statuses
from warehouse.tables import (
    BRIDGE_COMPONENT,
    BRIDGE_SPAN,
    DIM_INDICATOR,
    DIM_PERIOD,
    DIM_PROGRAM,
    DIM_SUBMISSION,
)

# A month is in when it was answered; 未報告 and 秘匿 are no answers to a sum.
ANSWERED = (REPORTED, NOT_APPLICABLE, "未実施")
# Of a whole year alone.
YEARLY_RULES = ("mean", "difference", "prior")
DONE = "報告済"
# What is printed of the indicator, its program and its span.
_I, _P = DIM_INDICATOR.c, DIM_PROGRAM.c
_OF_WHAT = (
    *(_P.center_key, _P.program_id, _P.section, _P.letter, _P.program_name),
    *(_I.indicator_id, _I.indicator, _I.qualifier, _I.label, _I.kind, _I.count_basis, _I.annual_rule),
    *(_I.unit, _I.printed_unit, _I.print_divisor, _I.decimals, _I.rounding, _I.target, _I.half),
    *(_I.printed_in, _I.print_block, _I.line_no, _I.print_order),
    DIM_PERIOD.c.last_day,
)
OWN = "own"


# Of an indicator's fiscal year and key and a span's key: whether its figure over that span is asked for.
_Of = ColumnElement[Any]
Spans = Callable[[_Of, _Of, _Of], ColumnElement[bool]]


def every_span(fiscal_year: _Of, indicator_key: _Of, span_key: _Of) -> ColumnElement[bool]:
    """The year and its halves."""
    return true()


def halves(fiscal_year: _Of, indicator_key: _Of, span_key: _Of) -> ColumnElement[bool]:
    """The halves alone; the key of a year is its number."""
    return span_key != fiscal_year


def years_and_limits(fiscal_year: _Of, indicator_key: _Of, span_key: _Of) -> ColumnElement[bool]:
    """The year; and the halves of what is of one half alone, and of what that is made of."""
    i, b = DIM_INDICATOR.alias("limited").c, BRIDGE_COMPONENT.c
    is_limited = indicator_key.in_(
        union_all(
            select(i.indicator_key).where(i.half > 0),
            select(b.component_key)
            .join_from(BRIDGE_COMPONENT, i.indicator_key.table, i.indicator_key == b.indicator_key)
            .where(i.half > 0),
        )
    )
    return or_(span_key == fiscal_year, is_limited)


def figures(current: CTE, spans: Spans = every_span) -> CTE:
    """One row an indicator and span: value in the printed unit, its status, how many periods are in.

    Beside them stands who they are of, so that who prints them need not look for it again.
    """
    made = _made(_inputs(current, spans))
    prior, state = before(published(current)), statuses(current)
    i, p, d, k = DIM_INDICATOR.c, DIM_PROGRAM.c, DIM_PERIOD.c, made.c
    of_top = state.alias("status_of_top")
    exact = _exact(made, prior)
    is_input = i.annual_rule.in_(INPUT_RULES)
    periods_in = func.coalesce(case((is_input, k.own_periods_in), else_=k.periods_in), 0)
    expected = func.coalesce(
        case((is_input, expected_periods(i.periods_expected)), else_=k.periods_expected), 0
    )
    status = func.coalesce(state.c.status, of_top.c.status, "")
    is_known = or_(periods_in > 0, i.annual_rule == "prior")
    return (
        select(
            i.fiscal_year,
            i.indicator_key,
            d.period_key.label("span_key"),
            case(
                # What was not carried out is not 0; what was counted all the same is not hidden.
                (and_(status != "", exact == 0), null()),
                (is_known, as_printed(exact, i.print_scale, i.rounding)),
                else_=null(),
            ).label("value"),
            _status(status, exact, periods_in, expected).label("status"),
            periods_in.label("periods_in"),
            expected.label("periods_expected"),
            *_OF_WHAT,
        )
        .select_from(
            DIM_INDICATOR.join(DIM_PROGRAM, p.program_key == i.program_key)
            .join(DIM_PERIOD, is_span_of(i.fiscal_year))
            .outerjoin(made, _is_same(k))
            .outerjoin(prior, _is_same(prior.c))
            .outerjoin(state, state.c.program_key == p.program_key)
            .outerjoin(of_top, of_top.c.program_key == p.top_program_key)
        )
        .where(
            spans(i.fiscal_year, i.indicator_key, d.period_key),
            or_(d.frequency == "year", i.annual_rule.not_in(YEARLY_RULES)),
        )
        .cte("figures")
    )


def _is_same(c: Any) -> ColumnElement[bool]:
    """Whether something is of the indicator and span at hand."""
    i = DIM_INDICATOR.c
    return and_(
        c.fiscal_year == i.fiscal_year,
        c.indicator_key == i.indicator_key,
        c.span_key == DIM_PERIOD.c.period_key,
    )


def is_span_of(fiscal_year: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a period is the year or one of the halves of a fiscal year."""
    d = DIM_PERIOD.c
    return and_(d.fiscal_year == fiscal_year, d.frequency.in_(("half", "year")))


def expected_periods(a_year: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many periods a span has, given those of the year; what comes once a year has none in a half."""
    return case((DIM_PERIOD.c.frequency == "year", a_year), else_=a_year // 2)


def _inputs(current: CTE, spans: Spans) -> CTE:
    """Each input's value over each span; a stock's is that of the last period, or unknown without it."""
    seen, known, there = _observed(current, spans), _clients(current), _arrived(current)
    i, p, d, n, r = DIM_INDICATOR.c, DIM_PROGRAM.c, DIM_PERIOD.c, seen.c, there.c
    is_of_lines = i.source_form.in_(OF_LINES)
    # A submission without a line for it says that there was nothing.
    counted = case((i.annual_rule == "distinct", known.c.clients), else_=n.total)
    counted = case((and_(is_of_lines, r.submissions > 0), func.coalesce(counted, 0)), else_=counted)
    periods_in = case(
        (is_of_lines, r.submissions),
        (and_(i.annual_rule == "last", n.has_last == 0), 0),
        else_=n.answered,
    )
    answered_in = func.coalesce(case((is_of_lines, r.arrived_in), else_=n.answered_in), 0)
    return (
        select(
            i.fiscal_year,
            i.indicator_key,
            d.period_key.label("span_key"),
            i.annual_rule,
            case(
                (i.annual_rule == "last", n.last), (i.annual_rule == "max", n.greatest), else_=counted
            ).label("value"),
            func.coalesce(periods_in, 0).label("periods_in"),
            answered_in.label("answered_in"),
            n.periods_positive,
            expected_periods(i.periods_expected).label("periods_expected"),
        )
        .select_from(
            DIM_INDICATOR.join(DIM_PROGRAM, p.program_key == i.program_key)
            .join(DIM_PERIOD, is_span_of(i.fiscal_year))
            .outerjoin(seen, and_(_is_same(n), is_input(seen)))
            .outerjoin(known, _is_same(known.c))
            .outerjoin(
                there,
                and_(
                    r.fiscal_year == i.fiscal_year,
                    r.form_id == i.source_form,
                    r.center_key == p.center_key,
                    r.span_key == d.period_key,
                ),
            )
        )
        .where(i.annual_rule.in_(INPUT_RULES), spans(i.fiscal_year, i.indicator_key, d.period_key))
        .cte("inputs")
    )


def _observed(current: CTE, spans: Spans) -> CTE:
    """The observations of each indicator over each span: sum, greatest, last."""
    seen = counted_cells(current)
    o, b = seen.c, BRIDGE_SPAN.c
    is_answered = o.status.in_(ANSWERED)
    key = (o.fiscal_year, o.indicator_key, o.is_of_sheet, b.span_key)
    return (
        select(
            *key,
            func.sum(o.value).label("total"),
            func.max(o.value).label("greatest"),
            func.max(case((b.is_last, o.value))).label("last"),
            func.sum(case((is_answered, 1), else_=0)).label("answered"),
            func.sum(case((is_answered, _bit(o.period_key)), else_=0)).label("answered_in"),
            func.sum(case((o.value > 0, 1), else_=0)).label("periods_positive"),
            func.max(case((and_(b.is_last, is_answered), 1), else_=0)).label("has_last"),
        )
        .select_from(seen.join(BRIDGE_SPAN, b.period_key == o.period_key))
        .where(spans(o.fiscal_year, o.indicator_key, b.span_key))
        .group_by(*key)
        .cte("observed")
    )


def _bit(period_key: ColumnElement[Any]) -> ColumnElement[Any]:
    """A bit for each period of a year: added up, they say which periods something is of.

    By 20, which divides 100, the key of a month leaves the month's number, that of a half 11 or 12.
    """
    return literal(1).bitwise_lshift(cast(period_key % 20, Integer))


def _clients(current: CTE) -> CTE:
    """The distinct clients of each indicator over each span: counted apart, for that takes a sort."""
    seen = clients(current)
    o, b = seen.c, BRIDGE_SPAN.c
    return (
        select(
            o.fiscal_year,
            o.indicator_key,
            b.span_key,
            func.count(o.client_key.distinct()).label("clients"),
        )
        .select_from(seen.join(BRIDGE_SPAN, b.period_key == o.period_key))
        .group_by(o.fiscal_year, o.indicator_key, b.span_key)
        .cte("clients_over_spans")
    )


def _arrived(current: CTE) -> CTE:
    """How many current submissions of each form of lines a center has in each span."""
    s, b = DIM_SUBMISSION.c, BRIDGE_SPAN.c
    return (
        select(
            *(s.fiscal_year, s.form_id, s.center_key, b.span_key),
            func.count().label("submissions"),
            func.sum(_bit(s.period_key)).label("arrived_in"),
        )
        .select_from(
            DIM_SUBMISSION.join(current, current.c.submission_key == s.submission_key).join(
                BRIDGE_SPAN, b.period_key == s.period_key
            )
        )
        .where(s.form_id.in_(OF_LINES))
        .group_by(s.fiscal_year, s.form_id, s.center_key, b.span_key)
        .cte("arrived_in_span")
    )


def _contributions() -> CTE:
    """What each indicator is made of: an input of itself (own), all else of its components."""
    i, b = DIM_INDICATOR.c, BRIDGE_COMPONENT.c
    own = select(
        i.fiscal_year, i.indicator_key, i.indicator_key.label("component_key"), literal(OWN).label("role")
    ).where(i.annual_rule.in_(INPUT_RULES))
    others = select(i.fiscal_year, i.indicator_key, b.component_key, b.role).join_from(
        BRIDGE_COMPONENT, DIM_INDICATOR, i.indicator_key == b.indicator_key
    )
    return union_all(own, others).cte("contributions")


def _made(inputs: CTE) -> CTE:
    """Of each indicator: its own value as an input; its numerators, denominators and parts, summed.

    A sum of which one is unknown is NULL. Both in one pass over the inputs, which are summed once so.
    """
    of = _contributions()
    c, a = of.c, inputs.c
    is_other = c.role != OWN

    def over(role: str, value: ColumnElement[Any], known: ColumnElement[bool]) -> ColumnElement[Any]:
        missing = func.sum(case((and_(c.role == role, not_(known)), 1), else_=0))
        return case((missing == 0, func.sum(case((c.role == role, value)))), else_=null())

    is_known = a.value.is_not(None)
    # A part that was 該当なし all year adds nothing; one that was not reported makes the total unknown.
    is_answered = func.coalesce(a.periods_in, 0) > 0
    return (
        select(
            c.fiscal_year,
            c.indicator_key,
            a.span_key,
            func.max(case((c.role == OWN, a.value))).label("own"),
            func.max(case((c.role == OWN, a.periods_in))).label("own_periods_in"),
            over("numerator", a.value, is_known).label("numerator"),
            over("denominator", a.value, is_known).label("denominator"),
            over("part", a.value, is_answered).label("parts"),
            over("denominator", a.periods_positive, is_known).label("open_periods"),
            func.min(case((is_other, a.periods_in))).label("periods_in"),
            # Of stocks the last period alone counts, whatever was withheld before.
            *(
                extreme(case((and_(is_other, a.annual_rule != "last"), a.answered_in))).label(name)
                for extreme, name in ((func.min, "least_answered_in"), (func.max, "most_answered_in"))
            ),
            func.max(case((is_other, a.periods_expected))).label("periods_expected"),
        )
        .select_from(
            of.join(inputs, and_(a.fiscal_year == c.fiscal_year, a.indicator_key == c.component_key))
        )
        .group_by(c.fiscal_year, c.indicator_key, a.span_key)
        .cte("made")
    )


def _exact(made: CTE, before: CTE) -> ColumnElement[Any]:
    """A value in the printed unit before rounding, by the indicator's annual rule."""
    i, k = DIM_INDICATOR.c, made.c
    return case(
        (i.annual_rule.in_(INPUT_RULES), k.own / i.print_divisor),
        # Where one side was withheld for a month, the two are not of the same months.
        (and_(i.annual_rule.in_(("ratio", "mean")), k.least_answered_in != k.most_answered_in), null()),
        (and_(i.annual_rule == "ratio", k.denominator > 0), k.numerator / k.denominator * i.print_multiplier),
        (i.annual_rule == "total", k.parts / i.print_divisor),
        (and_(i.annual_rule == "mean", k.open_periods > 0), k.numerator / k.open_periods / i.print_divisor),
        (i.annual_rule == "difference", k.numerator / i.print_divisor - before.c.value),
        (i.annual_rule == "prior", before.c.value),
        else_=null(),
    )


def _status(
    of_program: ColumnElement[Any],
    exact: ColumnElement[Any],
    periods_in: ColumnElement[Any],
    expected: ColumnElement[Any],
) -> ColumnElement[Any]:
    rule = DIM_INDICATOR.c.annual_rule
    return case(
        (of_program != "", of_program),
        (and_(exact.is_(None), rule == "prior"), literal("前年度公表値未着")),
        (rule == "prior", literal(DONE)),
        (periods_in == 0, literal("未報告")),
        (and_(exact.is_(None), rule == "difference"), literal("前年度公表値未着")),
        (periods_in < expected, provisional(periods_in, expected)),
        (exact.is_(None), literal(NOT_APPLICABLE)),
        else_=literal(DONE),
    )
