"""What centers reported, what the ledger settled and what the budget allowed, in yen.

The settled ledger is the 決算 (`actual_yen`): debits of expense accounts less their credits, by the
program that the line names. Sub-programs are rolled up into their program.
"""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, literal, select

from schemas.form import Form
from schemas.forms.budget import BUDGET
from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.revenue import REVENUE
from warehouse.current import inlined, of_current
from warehouse.facts import FACTS
from warehouse.labels import provisional, ratio, year_label, yen
from warehouse.marts.mart import Mart
from warehouse.postings import postings
from warehouse.status import statuses
from warehouse.tables import BRIDGE_EXPECTED, DIM_CENTER, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION


def _by_program(form: Form | None, current: CTE, source: CTE | None = None) -> CTE:
    """Yen by fiscal year and top program, of a form's current facts or of some postings."""
    p, s = DIM_PROGRAM.c, DIM_SUBMISSION.c
    amount: Any
    if source is None:
        assert form
        fact = FACTS[form.id]
        rows = of_current(fact, current).join(
            DIM_PROGRAM,
            and_(p.program_key == fact.c.program_key, p.fiscal_year == s.fiscal_year),
        )
        amount, name = fact.c.amount_yen, f"{form.id}_by_program"
    else:
        rows = source.join(
            DIM_PROGRAM,
            and_(p.program_key == source.c.program_key, p.fiscal_year == source.c.fiscal_year),
        )
        amount, name = source.c.amount_yen, "ledger_by_program"
    return (
        select(p.fiscal_year, p.top_program_key, yen(amount).label("amount_yen"))
        .select_from(rows)
        .group_by(p.fiscal_year, p.top_program_key)
        .cte(name)
    )


def _arrived(current: CTE) -> CTE:
    """How many submissions of each form a center has in, by fiscal year."""
    s = DIM_SUBMISSION.c
    return inlined(
        select(s.fiscal_year, s.form_id, s.center_key, func.count().label("submissions"))
        .select_from(DIM_SUBMISSION.join(current, current.c.submission_key == s.submission_key))
        .group_by(s.fiscal_year, s.form_id, s.center_key)
        .cte("arrived")
    )


def _owed() -> CTE:
    """How many expenditure reports each center owes, by fiscal year."""
    b, d = BRIDGE_EXPECTED.c, DIM_PERIOD.c
    return (
        select(d.fiscal_year, b.center_key, func.count().label("submissions"))
        .select_from(BRIDGE_EXPECTED.join(DIM_PERIOD, d.period_key == b.period_key))
        .where(b.form_id == EXPENDITURE.id)
        .group_by(d.fiscal_year, b.center_key)
        .cte("owed")
    )


def _any_of(form_id: str, arrived: CTE, name: str) -> CTE:
    return (
        select(arrived.c.fiscal_year)
        .where(arrived.c.form_id == form_id)
        .group_by(arrived.c.fiscal_year)
        .cte(name)
    )


CLOSING = "本決"


def settled_years(current: CTE) -> CTE:
    """The fiscal years that have a ledger, and whether it holds the year's closing entries."""
    f, s = FACTS["ledger"].c, DIM_SUBMISSION.c
    return (
        select(s.fiscal_year, func.max(case((f.closing == CLOSING, 1), else_=0)).label("is_settled"))
        .select_from(of_current(FACTS["ledger"], current))
        .group_by(s.fiscal_year)
        .cte("settled_years")
    )


def by_program(current: CTE) -> CTE:
    """Each printed program's yen from all sides; NULL for a side of which nothing has come in."""
    p = DIM_PROGRAM.c
    reported = _by_program(EXPENDITURE, current)
    ledger = _by_program(None, current, postings(current))
    budget = _by_program(BUDGET, current)
    arrived, owed = _arrived(current), _owed()
    has_ledger = settled_years(current)
    has_budget = _any_of(BUDGET.id, arrived, "has_budget")
    has_revenue = _any_of(REVENUE.id, arrived, "has_revenue")
    in_time = arrived.alias("reports")
    return (
        select(
            p.fiscal_year,
            p.program_key,
            case((in_time.c.submissions > 0, func.coalesce(reported.c.amount_yen, 0))).label("reported_yen"),
            case((has_ledger.c.fiscal_year.is_not(None), func.coalesce(ledger.c.amount_yen, 0))).label(
                "ledger_yen"
            ),
            case((has_budget.c.fiscal_year.is_not(None), func.coalesce(budget.c.amount_yen, 0))).label(
                "budget_yen"
            ),
            case((has_revenue.c.fiscal_year.is_not(None), 1), else_=0).label("has_income_budget"),
            func.coalesce(has_ledger.c.is_settled, 0).label("is_settled"),
            func.coalesce(in_time.c.submissions, 0).label("periods_in"),
            func.coalesce(owed.c.submissions, 0).label("periods_expected"),
        )
        .select_from(
            DIM_PROGRAM.outerjoin(reported, _is_of(reported))
            .outerjoin(ledger, _is_of(ledger))
            .outerjoin(budget, _is_of(budget))
            .outerjoin(
                in_time,
                and_(
                    in_time.c.fiscal_year == p.fiscal_year,
                    in_time.c.center_key == p.center_key,
                    in_time.c.form_id == EXPENDITURE.id,
                ),
            )
            .outerjoin(owed, and_(owed.c.fiscal_year == p.fiscal_year, owed.c.center_key == p.center_key))
            .outerjoin(has_ledger, has_ledger.c.fiscal_year == p.fiscal_year)
            .outerjoin(has_budget, has_budget.c.fiscal_year == p.fiscal_year)
            .outerjoin(has_revenue, has_revenue.c.fiscal_year == p.fiscal_year)
        )
        .where(p.top_program_key == p.program_key, p.program_key != 0)
        .cte("by_program")
    )


def _is_of(side: CTE) -> ColumnElement[bool]:
    """Whether a side's yen are those of the program at hand."""
    p = DIM_PROGRAM.c
    return and_(side.c.fiscal_year == p.fiscal_year, side.c.top_program_key == p.program_key)


def query(current: CTE) -> Select[Any]:
    """One row a printed program (and 管理費, 予備費) and fiscal year."""
    y, state = by_program(current), statuses(current)
    p, c = DIM_PROGRAM.c, DIM_CENTER.c
    status = case(
        (state.c.status != "", state.c.status),
        (y.c.periods_expected == 0, literal("対象外")),
        (y.c.periods_in == 0, literal("未報告")),
        (y.c.periods_in < y.c.periods_expected, provisional(y.c.periods_in, y.c.periods_expected)),
        else_=literal("報告済"),
    )
    return select(
        p.fiscal_year,
        year_label(p.fiscal_year).label("fiscal_year_label"),
        c.center_id,
        c.center_name,
        p.section,
        p.printed_number,
        p.program_name.label("program"),
        p.level,
        y.c.reported_yen,
        y.c.ledger_yen,
        y.c.ledger_yen.label("actual_yen"),
        y.c.budget_yen,
        (y.c.budget_yen - y.c.ledger_yen).label("difference_yen"),
        (ratio(y.c.ledger_yen, y.c.budget_yen) * 100).label("execution_pct"),
        (y.c.reported_yen - y.c.ledger_yen).label("reported_minus_ledger_yen"),
        status.label("status"),
        func.coalesce(state.c.reason, "").label("status_reason"),
        p.funds,
        p.sort_key,
    ).select_from(
        y.join(DIM_PROGRAM, and_(p.program_key == y.c.program_key, p.fiscal_year == y.c.fiscal_year))
        .join(DIM_CENTER, c.center_key == p.center_key)
        .outerjoin(state, state.c.program_key == p.program_key)
    )


MART = Mart(
    "mart_expenditure",
    "年度の支出。1行=1事業（管理費・予備費を含む）×年度。円",
    {
        "fiscal_year": "年度（西暦、4月始まり）",
        "fiscal_year_label": "年度（令和）",
        "center_id": "センターID",
        "center_name": "センター名",
        "section": "節番号",
        "printed_number": "印字する事業番号",
        "program": "事業名",
        "level": "program / administration / reserve",
        "reported_yen": "センターの報告額（円）。報告がなければ空",
        "ledger_yen": "会計の額（円）。仕訳が届くまで空",
        "actual_yen": "決算額（円）＝会計の額",
        "budget_yen": "予算現額（円）＝異動の合計",
        "difference_yen": "差異（円）＝予算現額－決算額",
        "execution_pct": "執行率（％）＝決算額÷予算現額",
        "reported_minus_ledger_yen": "報告額－会計の額（円）",
        "status": "報告済 / 暫定 (n/12) / 未報告 / 対象外 / 未実施",
        "status_reason": "状態の理由",
        "funds": "財源",
        "sort_key": "印字順",
    },
    query,
)
