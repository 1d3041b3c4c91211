"""What came in, by program and source: the budget of income beside the ledger."""

from typing import Any

from sqlalchemy import CTE, Select, literal, select, union_all

from schemas.forms.revenue import REVENUE
from warehouse.facts import FACTS
from warehouse.labels import year_label, yen
from warehouse.marts.mart import Mart
from warehouse.postings import EARNED, postings
from warehouse.tables import DIM_ACCOUNT, DIM_CENTER, DIM_PROGRAM


def by_source(current: CTE) -> CTE:
    """Yen by top program and source (科目): budgeted and earned; 0 where one of the two has none."""
    f, p, a = FACTS[REVENUE.id].c, DIM_PROGRAM.c, DIM_ACCOUNT.c
    earned = postings(current, "earned_postings", side=EARNED)
    g = earned.c
    budgeted = (
        select(
            p.top_program_key,
            f.heading.label("source"),
            f.amount_yen.label("income_budget_yen"),
            literal(0).label("income_yen"),
        )
        .select_from(
            FACTS[REVENUE.id]
            .join(current, current.c.submission_key == f.submission_key)
            .join(DIM_PROGRAM, p.program_key == f.program_key)
        )
        .where(p.program_key != 0)
    )
    booked = select(p.top_program_key, a.account_name, literal(0), g.amount_yen).select_from(
        earned.join(DIM_PROGRAM, p.program_key == g.program_key).join(
            DIM_ACCOUNT, a.account_key == g.account_key
        )
    )
    both = union_all(budgeted, booked).cte("income_of_both")
    b = both.c
    return (
        select(
            b.top_program_key,
            b.source,
            yen(b.income_budget_yen).label("income_budget_yen"),
            yen(b.income_yen).label("income_yen"),
        )
        .group_by(b.top_program_key, b.source)
        .cte("income_by_source")
    )


def query(current: CTE) -> Select[Any]:
    """One row a program, source and fiscal year that has income."""
    i, p, c = by_source(current), DIM_PROGRAM.c, DIM_CENTER.c
    return select(
        p.fiscal_year,
        year_label(p.fiscal_year).label("fiscal_year_label"),
        c.center_id,
        c.center_name,
        p.section,
        p.printed_number,
        p.program_name.label("program"),
        i.c.source,
        i.c.income_budget_yen,
        i.c.income_yen,
        (i.c.income_budget_yen - i.c.income_yen).label("difference_yen"),
        p.sort_key,
    ).select_from(
        i.join(DIM_PROGRAM, p.program_key == i.c.top_program_key).join(
            DIM_CENTER, c.center_key == p.center_key
        )
    )


MART = Mart(
    "mart_income",
    "収入。1行=1事業×収入科目×年度。円",
    {
        "fiscal_year": "年度（西暦、4月始まり）",
        "fiscal_year_label": "年度（令和）",
        "center_id": "センターID",
        "center_name": "センター名",
        "section": "節番号",
        "printed_number": "印字する事業番号",
        "program": "事業名",
        "source": "収入科目（指定管理料収入など）",
        "income_budget_yen": "収入予算額（円）",
        "income_yen": "会計の収入額（円）",
        "difference_yen": "差異（円）＝収入予算額－収入額",
        "sort_key": "印字順",
    },
    query,
)
