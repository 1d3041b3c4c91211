"""Which elements are left when all that agree have met: by their number, then by amount where one has none.

Two elements meet if program, account, month and yen are the same, and their 伺番号 too; an element without a
number meets one of any number. Each meets one other at most; of several that are alike the last ones stay.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, and_, case, func, literal, or_, select, tuple_

from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.ledger import LEDGER
from schemas.forms.spending import SPENDING
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.postings import postings
from warehouse.reconciliation.elements import BOOKED, LINE, OWED, REPORTED, elements, row_of
from warehouse.tables import DIM_ACCOUNT, DIM_CENTER, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION

_A_QUERY = 500
NAMES = (
    *("side", "grain", "submission_key", "line_no", "leg"),
    *("program_key", "account_key", "period_key", "amount_yen", "reference"),
)


@dataclass(frozen=True)
class Element:
    """An amount in yen that one side has, with its cell; what takes a posting back is negative."""

    side: str
    grain: str
    submission_key: int
    line_no: int
    leg: str
    program_key: int
    account_key: int
    period_key: int
    amount_yen: int
    reference: str
    address: str
    cell_yen: int
    document: str
    payee: str
    day: date | None
    center_id: str
    top_program_key: int
    top_program_id: str
    program: str
    account: str
    month: str
    sha256: str
    file_name: str
    known_at: datetime

    @property
    def difference_yen(self) -> int:
        """What it adds to reported - booked."""
        return self.amount_yen if self.side == REPORTED else -self.amount_yen

    @property
    def post(self) -> tuple[int, int]:
        return self.program_key, self.account_key

    @property
    def place(self) -> str:
        return f"{self.month} {self.program} {self.account}"


def loose(connection: Connection, current: CTE, fiscal_year: int) -> list[Element]:
    """The elements of a year that met no other, in the order of program, account, month and line."""
    left = _by_amount(_by_reference(elements(current, fiscal_year)))
    rows = connection.execute(_told(left)).mappings()
    return [Element(**row) for row in rows]


def owed_references(
    connection: Connection, current: CTE, fiscal_year: int, of: list[Element]
) -> frozenset[str]:
    """Which numbers of some elements have postings in months that their centers have not reported."""
    owed = {(e.center_id, e.period_key) for e in of if e.grain == OWED}
    wanted = {e.reference for e in of if e.reference and e.grain == LINE} if owed else set()
    booked, p = postings(current, fiscal_year=fiscal_year), DIM_PROGRAM.c
    g = booked.c
    query = select(g.reference, DIM_CENTER.c.center_id, g.period_key).select_from(
        booked.join(DIM_PROGRAM, p.program_key == g.program_key).join(
            DIM_CENTER, DIM_CENTER.c.center_key == p.center_key
        )
    )
    return frozenset(
        reference
        for part in _parts(wanted)
        for reference, *month in connection.execute(query.where(g.reference.in_(part)))
        if tuple(month) in owed
    )


def twins(connection: Connection, current: CTE, fiscal_year: int, of: list[Element]) -> list[Element]:
    """The lines and postings of a year with the side, program, account and yen of some."""
    lines = [e for e in of if e.grain == LINE]
    found: list[Element] = []
    for side, query, key in (_lines_by_key(current, fiscal_year), _postings_by_key(current, fiscal_year)):
        wanted = {(e.program_key, e.account_key, e.amount_yen) for e in lines if e.side == side}
        for part in _parts(wanted):
            programs = sorted({program for program, _, _ in part})
            alike = query.where(key[0].in_(programs), tuple_(*key).in_(part)).cte("alike")
            found += [Element(**row) for row in connection.execute(_told(alike)).mappings()]
    return found


def _lines_by_key(current: CTE, fiscal_year: int) -> tuple[str, Select[Any], tuple[Any, ...]]:
    fact, s = FACTS[SPENDING.id], DIM_SUBMISSION.c
    f = fact.c
    source = of_current(fact, current)
    query = row_of(REPORTED, LINE, f, f.amount_yen, f.reference, literal("")).select_from(source)
    return REPORTED, query.where(s.fiscal_year == fiscal_year), (f.program_key, f.account_key, f.amount_yen)


def _postings_by_key(current: CTE, fiscal_year: int) -> tuple[str, Select[Any], tuple[Any, ...]]:
    booked = postings(current, fiscal_year=fiscal_year)
    g = booked.c
    query = row_of(BOOKED, LINE, g, g.amount_yen, g.reference, g.leg).select_from(booked)
    return BOOKED, query, (g.program_key, g.account_key, g.amount_yen)


def _parts(wanted: Collection[Any]) -> list[list[Any]]:
    """In order, as many at a time as one statement takes."""
    ordered = sorted(wanted)
    return [ordered[start : start + _A_QUERY] for start in range(0, len(ordered), _A_QUERY)]


def _least(first: Any, second: Any) -> Any:
    return case((first < second, first), else_=second)


def _count(condition: ColumnElement[bool], key: tuple[Any, ...]) -> Any:
    return func.sum(case((condition, 1), else_=0)).over(partition_by=key)


def _by_reference(every: CTE) -> CTE:
    """Without those that met one of the same number."""
    e = every.c
    # Numbers first, and the side last: one sort, of cheap comparisons, then serves all of it.
    key = (e.amount_yen, e.program_key, e.account_key, e.period_key, e.reference)
    counted = select(
        every,
        func.row_number()
        .over(partition_by=(*key, e.side), order_by=(e.submission_key, e.line_no))
        .label("place"),
        _count(e.side == REPORTED, key).label("reported"),
        _count(e.side == BOOKED, key).label("booked"),
    ).cte("by_reference")
    c = counted.c
    stays = or_(c.reference == "", c.place > _least(c.reported, c.booked))
    return select(*(c[name] for name in NAMES)).where(stays).cte("after_reference")


def _by_amount(left: CTE) -> CTE:
    """Without those that met one of the same yen, where one of the two has no number."""
    e = left.c
    key = (e.amount_yen, e.program_key, e.account_key, e.period_key, e.grain)
    is_blank = case((e.reference == "", 1), else_=0)
    counts = {
        f"{side}_{kind}": _count(and_(e.side == side, is_blank == flag), key)
        for side in (REPORTED, BOOKED)
        for kind, flag in (("blank", 1), ("numbered", 0))
    }
    counted = select(
        left,
        is_blank.label("is_blank"),
        func.row_number()
        .over(partition_by=(*key, e.side, is_blank), order_by=(e.submission_key, e.line_no))
        .label("place"),
        *(count.label(name) for name, count in counts.items()),
    ).cte("by_amount")
    c = counted.c
    to_reported = _least(c.booked_blank, c.reported_numbered)
    to_booked = _least(c.reported_blank, c.booked_numbered)
    blanks = _least(c.reported_blank - to_booked, c.booked_blank - to_reported)
    met = case(
        (and_(c.side == REPORTED, c.is_blank == 0), to_reported),
        (and_(c.side == BOOKED, c.is_blank == 0), to_booked),
        (c.side == REPORTED, to_booked + blanks),
        else_=to_reported + blanks,
    )
    return select(*(c[name] for name in NAMES)).where(c.place > met).cte("loose")


def _told(some: CTE) -> Select[Any]:
    """Elements with their cells and all that can be said of them."""
    e, s, p, top = some.c, DIM_SUBMISSION.c, DIM_PROGRAM.c, DIM_PROGRAM.alias("top").c
    line, cell, posting = (FACTS[form.id] for form in (SPENDING, EXPENDITURE, LEDGER))
    is_debit = e.leg == "debit"
    of_posting = case((e.leg == "credit", posting.c.credit_yen), else_=posting.c.debit_yen)
    at_posting = case((e.leg == "credit", posting.c.credit_yen_at), else_=posting.c.debit_yen_at)
    payee = case((is_debit, posting.c.debit_counterparty), else_=posting.c.credit_counterparty)
    same_line = [
        and_(t.c.submission_key == e.submission_key, t.c.line_no == e.line_no) for t in (line, posting)
    ]
    same_cell = and_(
        cell.c.submission_key == e.submission_key,
        cell.c.program_key == e.program_key,
        cell.c.account_key == e.account_key,
    )
    return (
        select(
            *(e[name] for name in NAMES),
            func.coalesce(line.c.amount_yen_at, cell.c.amount_yen_at, at_posting, "").label("address"),
            func.coalesce(line.c.amount_yen, cell.c.amount_yen, of_posting, 0).label("cell_yen"),
            func.coalesce(line.c.invoice_code, posting.c.memo, "").label("document"),
            func.coalesce(line.c.payee_code, payee, "").label("payee"),
            func.coalesce(line.c.inspected_on, posting.c.posted_on).label("day"),
            DIM_CENTER.c.center_id,
            p.top_program_key,
            top.program_id.label("top_program_id"),
            (p.printed_number + " " + p.program_name).label("program"),
            DIM_ACCOUNT.c.account_name.label("account"),
            DIM_PERIOD.c.label.label("month"),
            s.sha256,
            s.file_name,
            s.known_at,
        )
        .select_from(
            some.join(DIM_SUBMISSION, s.submission_key == e.submission_key)
            .join(DIM_PROGRAM, p.program_key == e.program_key)
            .join(top.program_key.table, top.program_key == p.top_program_key)
            .join(DIM_CENTER, DIM_CENTER.c.center_key == p.center_key)
            .join(DIM_ACCOUNT, DIM_ACCOUNT.c.account_key == e.account_key)
            .join(DIM_PERIOD, DIM_PERIOD.c.period_key == e.period_key)
            .outerjoin(line, same_line[0])
            .outerjoin(cell, same_cell)
            .outerjoin(posting, same_line[1])
        )
        .order_by(p.sort_key, DIM_ACCOUNT.c.line_no, e.period_key, e.side, e.submission_key, e.line_no)
    )
