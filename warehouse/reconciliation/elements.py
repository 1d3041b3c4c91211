"""What is held against each other: each amount that a center reports, each amount that the ledger has.

Where a center sends the month's lines, a line meets a posting. Where it does not, and for accounts that head
office allocates, the cell of its 支出 sheet meets the sum of the postings. Months that a center owes and has
not reported stand on the ledger's side alone, months after the ledger's last one on the center's.
Σ reported - Σ booked over all elements of a program, account and month is exactly the difference of the two.
"""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, literal, null, or_, select, union_all

from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.spending import SPENDING
from warehouse.facts import FACTS
from warehouse.labels import yen
from warehouse.postings import postings
from warehouse.tables import BRIDGE_EXPECTED, DIM_ACCOUNT, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION

REPORTED, BOOKED = "reported", "booked"
# A line or posting; a cell of 支出 or the postings that it sums; what lines miss of the cell; postings of a
# month that the center has not reported; a cell of a month that the ledger has not come to.
LINE, CELL, SHEET, OWED, AHEAD = "line", "cell", "sheet", "owed", "ahead"


def elements(current: CTE, fiscal_year: int) -> CTE:
    """side, grain, submission_key, line_no, leg, program_key, account_key, period_key, amount_yen, reference.

    `leg`: debit or credit of a posting. Of a sum, the submission and line are those of its last row.
    """
    booked = postings(current, "postings_of_year", fiscal_year)
    months = _months(current, fiscal_year, booked)
    # Small tables to join the large ones with, by one key.
    sent, programs = _sent(current, fiscal_year, months), _programs(fiscal_year, months)
    return union_all(
        _lines(sent),
        _cells(sent),
        _beside(sent),
        _postings(booked, programs),
        _sums(booked, programs),
    ).cte("elements")


def _months(current: CTE, fiscal_year: int, booked: CTE) -> CTE:
    """The months of each center: whether its spending is in, and by lines; whether the ledger has come to it.

    None of a year without a ledger.
    """
    s, b, p = DIM_SUBMISSION.c, BRIDGE_EXPECTED.c, DIM_PERIOD.c
    arrived = (
        select(
            s.center_key,
            s.period_key,
            func.max(case((s.form_id == EXPENDITURE.id, 1), else_=0)).label("has_cells"),
            func.max(case((s.form_id == SPENDING.id, 1), else_=0)).label("has_lines"),
        )
        .select_from(DIM_SUBMISSION.join(current, current.c.submission_key == s.submission_key))
        .where(s.fiscal_year == fiscal_year, s.form_id.in_((EXPENDITURE.id, SPENDING.id)))
        .group_by(s.center_key, s.period_key)
        .cte("arrived_months")
    )
    owed = (
        select(b.center_key, b.period_key)
        .select_from(BRIDGE_EXPECTED.join(DIM_PERIOD, p.period_key == b.period_key))
        .where(b.form_id == EXPENDITURE.id, p.fiscal_year == fiscal_year)
    )
    every = select(arrived.c.center_key, arrived.c.period_key).union(owed).cte("every_month")
    until = select(func.max(booked.c.period_key)).scalar_subquery()
    a, is_booked = arrived.c, case((every.c.period_key <= until, 1), else_=0)
    return (
        select(
            every.c.center_key,
            every.c.period_key,
            func.coalesce(a.has_cells, 0).label("has_cells"),
            case((and_(a.has_cells == 1, is_booked == 1), a.has_lines), else_=0).label("has_lines"),
            is_booked.label("is_booked"),
        )
        .select_from(
            every.outerjoin(
                arrived, and_(a.center_key == every.c.center_key, a.period_key == every.c.period_key)
            )
        )
        .where(until.is_not(None))
        .cte("months_of_centers")
    )


def _sent(current: CTE, fiscal_year: int, months: CTE) -> CTE:
    """The current submissions of spending, with what holds of their months."""
    s, m = DIM_SUBMISSION.c, months.c
    return (
        select(s.submission_key, m.has_lines, m.is_booked)
        .select_from(
            DIM_SUBMISSION.join(current, current.c.submission_key == s.submission_key).join(
                months, and_(m.center_key == s.center_key, m.period_key == s.period_key)
            )
        )
        .where(s.fiscal_year == fiscal_year, s.form_id.in_((EXPENDITURE.id, SPENDING.id)))
        .cte("sent")
    )


def _programs(fiscal_year: int, months: CTE) -> CTE:
    """Each program in each month of its center, with what holds of that month."""
    p, m = DIM_PROGRAM.c, months.c
    return (
        select(p.program_key, m.period_key, m.has_cells, m.has_lines)
        .select_from(DIM_PROGRAM.join(months, m.center_key == p.center_key))
        .where(p.fiscal_year == fiscal_year)
        .cte("programs_by_month")
    )


def _of_a_center(fact: Any, sent: CTE) -> Any:
    """A form's current facts of the year with their account."""
    return fact.join(sent, sent.c.submission_key == fact.c.submission_key).join(
        DIM_ACCOUNT, DIM_ACCOUNT.c.account_key == fact.c.account_key
    )


def row_of(side: str, grain: Any, f: Any, amount: Any, reference: Any, leg: Any) -> Select[Any]:
    """An element of a fact, or of something with its columns."""
    return select(
        literal(side).label("side"),
        (literal(grain) if isinstance(grain, str) else grain).label("grain"),
        f.submission_key,
        f.line_no,
        leg.label("leg"),
        f.program_key,
        f.account_key,
        f.period_key,
        amount.label("amount_yen"),
        reference.label("reference"),
    )


def _lines(sent: CTE) -> Select[Any]:
    fact = FACTS[SPENDING.id]
    f = fact.c
    return (
        row_of(REPORTED, LINE, f, f.amount_yen, f.reference, literal(""))
        .select_from(_of_a_center(fact, sent))
        .where(sent.c.has_lines == 1, f.amount_yen != 0)
    )


def _is_by_line(of: CTE) -> ColumnElement[bool]:
    return and_(of.c.has_lines == 1, DIM_ACCOUNT.c.is_allocated.is_(False))


def _cells(sent: CTE) -> Select[Any]:
    fact = FACTS[EXPENDITURE.id]
    f = fact.c
    grain = case((sent.c.is_booked == 1, literal(CELL)), else_=literal(AHEAD))
    return (
        row_of(REPORTED, grain, f, f.amount_yen, literal(""), literal(""))
        .select_from(_of_a_center(fact, sent))
        .where(or_(sent.c.has_lines == 0, DIM_ACCOUNT.c.is_allocated), f.amount_yen != 0)
    )


def _beside(sent: CTE) -> Select[Any]:
    """What the cells of 支出 are more than their lines, where they are not the same."""
    parts = [
        select(
            (fact.c.submission_key if is_cell else null()).label("cell_submission_key"),
            (fact.c.line_no if is_cell else null()).label("cell_line_no"),
            fact.c.submission_key,
            fact.c.line_no,
            fact.c.program_key,
            fact.c.account_key,
            fact.c.period_key,
            (fact.c.amount_yen if is_cell else -fact.c.amount_yen).label("amount_yen"),
        )
        .select_from(_of_a_center(fact, sent))
        .where(_is_by_line(sent))
        for fact, is_cell in ((FACTS[EXPENDITURE.id], True), (FACTS[SPENDING.id], False))
    ]
    both = union_all(*parts).cte("cells_and_lines")
    b = both.c
    key = (b.program_key, b.account_key, b.period_key)
    sums = (
        select(
            func.coalesce(func.max(b.cell_submission_key), func.max(b.submission_key)).label(
                "submission_key"
            ),
            func.coalesce(func.max(b.cell_line_no), func.max(b.line_no)).label("line_no"),
            *key,
            yen(b.amount_yen).label("amount_yen"),
        )
        .group_by(*key)
        .having(func.sum(b.amount_yen) != 0)
        .cte("beside_lines")
    )
    return row_of(REPORTED, SHEET, sums.c, sums.c.amount_yen, literal(""), literal(""))


def _booked(booked: CTE, programs: CTE) -> Any:
    g, p = booked.c, programs.c
    return booked.join(programs, and_(p.program_key == g.program_key, p.period_key == g.period_key)).join(
        DIM_ACCOUNT, DIM_ACCOUNT.c.account_key == g.account_key
    )


def _postings(booked: CTE, programs: CTE) -> Select[Any]:
    g = booked.c
    return (
        row_of(BOOKED, LINE, g, g.amount_yen, g.reference, g.leg)
        .select_from(_booked(booked, programs))
        .where(_is_by_line(programs), g.amount_yen != 0)
    )


def _sums(booked: CTE, programs: CTE) -> Select[Any]:
    """The postings by program, account and month, where a center tells no more than that."""
    g, m = booked.c, programs.c
    key = (g.program_key, g.account_key, g.period_key)
    sums = (
        select(
            m.has_cells,
            func.max(g.submission_key).label("submission_key"),
            func.max(g.line_no).label("line_no"),
            *key,
            yen(g.amount_yen).label("amount_yen"),
        )
        .select_from(_booked(booked, programs))
        .where(or_(m.has_lines == 0, DIM_ACCOUNT.c.is_allocated))
        .group_by(m.has_cells, *key)
        .having(func.sum(g.amount_yen) != 0)
        .cte("sums_of_postings")
    )
    grain = case((sums.c.has_cells == 1, literal(CELL)), else_=literal(OWED))
    return row_of(BOOKED, grain, sums.c, sums.c.amount_yen, literal(""), literal(""))
