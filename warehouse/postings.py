"""The journal's postings on accounts of spending or income: what the ledger has of them, line by line."""

from sqlalchemy import CTE, literal, select, true, union_all

from schemas.forms.ledger import LEDGER
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.tables import DIM_ACCOUNT, DIM_SUBMISSION

SPENT, EARNED = "支出", "収入"


def postings(current: CTE, name: str = "postings", fiscal_year: int | None = None, side: str = SPENT) -> CTE:
    """Program, account, month, fiscal year and yen, with the cell; of one fiscal year, if given.

    What is spent is debited, what is earned credited: the other side of each is negative.
    """
    f, s = FACTS["ledger"].c, DIM_SUBMISSION.c
    of_year = select(s.submission_key).where(s.form_id == LEDGER.id, s.fiscal_year == fiscal_year)
    is_asked_for = true() if fiscal_year is None else f.submission_key.in_(of_year)
    debited = 1 if side == SPENT else -1
    sides = [
        select(
            f.submission_key,
            f.line_no,
            program.label("program_key"),
            account.label("account_key"),
            f.period_key,
            s.fiscal_year,
            (amount * sign).label("amount_yen"),
            amount.label("cell_yen"),
            at.label("amount_at"),
            literal(leg).label("leg"),
            f.reference,
        )
        .select_from(
            of_current(FACTS["ledger"], current).join(DIM_ACCOUNT, DIM_ACCOUNT.c.account_key == account)
        )
        .where(DIM_ACCOUNT.c.side == side, is_asked_for)
        for leg, program, account, amount, at, sign in (
            ("debit", f.debit_program_key, f.debit_account_key, f.debit_yen, f.debit_yen_at, debited),
            ("credit", f.credit_program_key, f.credit_account_key, f.credit_yen, f.credit_yen_at, -debited),
        )
    ]
    return union_all(*sides).cte(name)
