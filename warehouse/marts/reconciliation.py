"""Center-reported against ledger, budget and print, in yen and 千円: by program, center and foundation."""

from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, select, union_all

from schemas.difference import HEADINGS
from schemas.forms.budget import BUDGET
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.labels import provisional, thousands, yen
from warehouse.marts.expenditure import by_program
from warehouse.marts.income import by_source
from warehouse.marts.mart import Mart
from warehouse.reconciliation.statement import COLUMNS, stated
from warehouse.tables import DIM_CENTER, DIM_PROGRAM, DIM_SUBMISSION

LAST = 99_999
_STATE = ("is_settled", "periods_in", "periods_expected")
PHASES = {
    "approved": ("当初",),
    "supplement": ("補正",),
    "carried": ("繰越",),
    "transferred": ("流用", "予備費充当"),
}
_PHASES = tuple(f"{name}_yen" for name in PHASES)
_SIDES = ("reported_yen", "ledger_yen", "budget_yen")
_STATED = tuple(f"{name}_yen" for name in COLUMNS)
_INCOME = ("income_budget_yen", "income_yen")
_AMOUNTS = (*_SIDES, *_PHASES, *_STATED, *_INCOME)


def _published(current: CTE) -> CTE:
    """What editions printed as a center's 支出決算額, in 千円."""
    f, s = FACTS["published"].c, DIM_SUBMISSION.c
    return (
        select(s.fiscal_year, f.section, func.max(f.value).label("published_thousand_yen"))
        .select_from(of_current(FACTS["published"], current))
        .where(f.kind == "expenditure")
        .group_by(s.fiscal_year, f.section)
        .cte("published_totals")
    )


def _phases(current: CTE) -> CTE:
    """The budget of each top program by kind of movement."""
    f, p = FACTS[BUDGET.id].c, DIM_PROGRAM.c
    sums = [
        yen(case((f.movement.in_(movements), f.amount_yen), else_=0)).label(f"{name}_yen")
        for name, movements in PHASES.items()
    ]
    return (
        select(p.top_program_key, *sums)
        .select_from(
            FACTS[BUDGET.id]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_PROGRAM, p.program_key == f.program_key)
        )
        .group_by(p.top_program_key)
        .cte("phases_of_budget")
    )


def _income(current: CTE) -> CTE:
    """What came in by top program."""
    i = by_source(current).c
    sums = [yen(i[name]).label(name) for name in _INCOME]
    return select(i.top_program_key, *sums).group_by(i.top_program_key).cte("income_by_program")


def _amounts(current: CTE, found: CTE) -> CTE:
    """All yen of each printed program. What no movement or difference is of is 0, if its side is in."""
    y, phases, income = by_program(current), _phases(current), _income(current)
    return (
        select(
            *(y.c[name] for name in ("program_key", *_SIDES, *_STATE)),
            *(
                case((y.c.budget_yen.is_not(None), func.coalesce(phases.c[name], 0))).label(name)
                for name in _PHASES
            ),
            *(
                case((y.c.ledger_yen.is_not(None), func.coalesce(found.c[name], 0))).label(name)
                for name in _STATED
            ),
            case((y.c.has_income_budget == 1, func.coalesce(income.c.income_budget_yen, 0))).label(
                "income_budget_yen"
            ),
            case((y.c.ledger_yen.is_not(None), func.coalesce(income.c.income_yen, 0))).label("income_yen"),
            func.coalesce(found.c.has_open, 0).label("has_open"),
        )
        .select_from(
            y.outerjoin(phases, phases.c.top_program_key == y.c.program_key)
            .outerjoin(found, found.c.top_program_key == y.c.program_key)
            .outerjoin(income, income.c.top_program_key == y.c.program_key)
        )
        .cte("amounts")
    )


def _rows(current: CTE, found: CTE) -> CTE:
    """Programs, centers and the foundation with their yen, one under the other."""
    y, p, c = _amounts(current, found), DIM_PROGRAM.c, DIM_CENTER.c
    of_program = y.join(DIM_PROGRAM, p.program_key == y.c.program_key).join(
        DIM_CENTER, c.center_key == p.center_key
    )
    sums = [
        *(yen(y.c[name]).label(name) for name in _AMOUNTS),
        func.min(y.c.is_settled),
        func.min(y.c.periods_in),
        func.max(y.c.periods_expected),
        func.max(y.c.has_open),
    ]
    programs = select(
        p.fiscal_year,
        literal("program").label("scope"),
        c.center_id,
        p.section,
        p.program_id.label("scope_id"),
        p.printed_number,
        p.program_name.label("name"),
        c.role,
        *(y.c[name] for name in _AMOUNTS),
        *(y.c[name] for name in _STATE),
        y.c.has_open,
        p.sort_key,
    ).select_from(of_program)
    names = (c.center_id, c.section, c.center_id, c.section, c.center_name, c.role)
    centers = (
        select(p.fiscal_year, literal("center"), *names, *sums, func.max(p.sort_key))
        .select_from(of_program)
        .group_by(p.fiscal_year, c.center_id, c.section, c.center_name, c.role)
    )
    # Head office reports no spending, so the foundation's three sides are those of its centers.
    whole = [
        literal(word) for word in ("foundation", "", "", "foundation", "", "財団計（本部を除く）", "center")
    ]
    foundation = (
        select(p.fiscal_year, *whole, *sums, literal(LAST))
        .select_from(of_program)
        .where(c.role == "center")
        .group_by(p.fiscal_year)
    )
    return union_all(programs, centers, foundation).cte("rows_of_all")


def query(current: CTE, found: CTE | None = None) -> Select[Any]:
    """One row a program, a center and the foundation, in each fiscal year.

    `found`: what the differences make of each program, if not those that are current.
    """
    rows, printed = _rows(current, stated() if found is None else found), _published(current)
    r = rows.c
    gap = r.reported_yen - r.ledger_yen
    total = thousands(r.ledger_yen)
    published = case((r.scope == "center", printed.c.published_thousand_yen))
    status = case(
        (r.ledger_yen.is_(None), literal("会計未着")),
        (r.periods_expected == 0, literal("報告対象外")),
        (r.periods_in == 0, literal("未報告")),
        (r.periods_in < r.periods_expected, provisional(r.periods_in, r.periods_expected)),
        (r.has_open == 1, literal("差あり")),
        (published != total, literal("公表と差あり")),
        (r.is_settled == 0, literal("決算未了")),
        (and_(r.scope == "center", published.is_(None)), literal("公表値なし")),
        (gap != 0, literal("説明済")),
        else_=literal("一致"),
    )
    return select(
        r.fiscal_year,
        r.scope,
        r.center_id,
        r.section,
        r.scope_id,
        r.printed_number,
        r.name,
        r.role,
        r.is_settled,
        r.reported_yen,
        r.ledger_yen,
        gap.label("reported_minus_ledger_yen"),
        *(r[name] for name in _STATED),
        *(r[name] for name in _PHASES),
        r.budget_yen,
        (r.budget_yen - r.ledger_yen).label("difference_yen"),
        r.income_budget_yen,
        r.income_yen,
        (r.income_yen - r.ledger_yen).label("balance_yen"),
        total.label("actual_thousand_yen"),
        published.label("published_thousand_yen"),
        (total - published).label("actual_minus_published_thousand_yen"),
        status.label("status"),
        r.sort_key,
    ).select_from(
        rows.outerjoin(printed, and_(printed.c.fiscal_year == r.fiscal_year, printed.c.section == r.section))
    )


MART = Mart(
    "mart_reconciliation",
    "支出の照合。1行=1事業・1センター・財団計×年度",
    {
        "fiscal_year": "年度（西暦）",
        "scope": "program=事業, center=センター, foundation=財団",
        "center_id": "センターID",
        "section": "章・節番号",
        "scope_id": "事業ID・センターID・foundation",
        "printed_number": "印字する番号",
        "name": "事業名またはセンター名",
        "role": "center=センター, head_office=本部",
        "is_settled": "会計に年度の決算仕訳（本決）があれば1",
        "reported_yen": "センターの報告額（円）",
        "ledger_yen": "会計の額（円）",
        "reported_minus_ledger_yen": "報告額－会計の額（円）",
        **{f"{name}_yen": f"差のうち説明のついた{label}（円）" for name, label in HEADINGS.items()},
        "unexplained_yen": "差のうち未説明の額（円）",
        "approved_yen": "当初予算（円）",
        "supplement_yen": "補正（円）",
        "carried_yen": "前年度からの繰越（円）",
        "transferred_yen": "流用と予備費充当（円）",
        "budget_yen": "予算現額（円）",
        "difference_yen": "予算現額－決算額（円）",
        "income_budget_yen": "収入予算額（円）",
        "income_yen": "会計の収入額（円）",
        "balance_yen": "収支差額（円）＝収入額－決算額",
        "actual_thousand_yen": "決算額（千円、円の合計から一度だけ四捨五入）",
        "published_thousand_yen": "公表された支出決算額（千円）",
        "actual_minus_published_thousand_yen": "決算額－公表額（千円）",
        "status": "一致 / 説明済 / 差あり / 公表と差あり / 公表値なし / 決算未了 / 暫定 (n/12) / 未報告 / "
        "会計未着 / 報告対象外",
        "sort_key": "印字順",
    },
    query,
)
