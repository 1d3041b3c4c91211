"""Yen by program, account and month: what the center reported beside what the ledger has."""

from typing import Any

from sqlalchemy import CTE, Select, and_, cast, null, select, union_all

from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.labels import yen
from warehouse.marts.mart import Mart
from warehouse.postings import postings
from warehouse.tables import DIM_ACCOUNT, DIM_CENTER, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION


def _both_sides(current: CTE) -> CTE:
    """Reported and settled yen, each in its column, NULL in the other's."""
    f, s, ledger = FACTS["expenditure"], DIM_SUBMISSION.c, postings(current)
    key = ("program_key", "account_key", "period_key")
    nothing = cast(null(), f.c.amount_yen.type)
    reported = select(
        s.fiscal_year,
        *(f.c[name] for name in key),
        f.c.amount_yen.label("reported_yen"),
        nothing.label("ledger_yen"),
    ).select_from(of_current(f, current))
    settled = select(
        ledger.c.fiscal_year,
        *(ledger.c[name] for name in key),
        nothing.label("reported_yen"),
        ledger.c.amount_yen.label("ledger_yen"),
    )
    return union_all(reported, settled).cte("both_sides")


def query(current: CTE) -> Select[Any]:
    """One row a program that is posted to, account and month."""
    both = _both_sides(current)
    p, a, c, d = DIM_PROGRAM.c, DIM_ACCOUNT.c, DIM_CENTER.c, DIM_PERIOD.c
    names = (
        p.fiscal_year,
        c.center_id,
        p.section,
        p.letter.label("sub_program"),
        p.program_name.label("program"),
        a.account_name.label("account"),
        d.period_id,
        d.first_day.label("period_start"),
    )
    return (
        select(
            *names,
            yen(both.c.reported_yen).label("reported_yen"),
            yen(both.c.ledger_yen).label("ledger_yen"),
        )
        .select_from(
            both.join(
                DIM_PROGRAM,
                and_(p.program_key == both.c.program_key, p.fiscal_year == both.c.fiscal_year),
            )
            .join(DIM_ACCOUNT, a.account_key == both.c.account_key)
            .join(DIM_CENTER, c.center_key == p.center_key)
            .join(DIM_PERIOD, d.period_key == both.c.period_key)
        )
        .group_by(p.fiscal_year, c.center_id, p.section, p.letter, p.program_name)
        .group_by(a.account_name, d.period_id, d.first_day)
    )


MART = Mart(
    "mart_expenditure_month",
    "月ごとの支出。1行=1事業（枝まで）×科目×月。円",
    {
        "fiscal_year": "年度（西暦）",
        "center_id": "センターID",
        "section": "節番号",
        "sub_program": "枝",
        "program": "事業名",
        "account": "勘定科目",
        "period_id": "月",
        "period_start": "月の初日",
        "reported_yen": "センターの報告額（円）",
        "ledger_yen": "会計の額（円）",
    },
    query,
)
