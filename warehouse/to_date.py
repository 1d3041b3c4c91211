"""The year of a center up to a month, from its current submissions: a blank form of that month starts there.

A sum is only known where every month before is in; otherwise it is None, which is not 0.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, inspect, select

from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.performance import PERFORMANCE
from schemas.keys import surrogate
from schemas.period import Period, periods_of
from warehouse.current import current, of_current
from warehouse.facts import FACTS
from warehouse.tables import BRIDGE_CURRENT, DIM_ACCOUNT, DIM_INDICATOR, DIM_PROGRAM, DIM_SUBMISSION

Pair = tuple[str, str]


def performance_to_date(connection: Connection, center_id: str, period: Period) -> dict[str, float] | None:
    """Indicator id -> sum of the months of the year before this one, 該当なし as 0; None if one is not in."""
    months = _months_before(period)
    if not months or not _are_in(connection, PERFORMANCE.id, center_id, months):
        return None if months else {}
    fact, now = FACTS[PERFORMANCE.id], current()
    query = (
        select(DIM_INDICATOR.c.indicator_id, func.coalesce(func.sum(fact.c.value), 0))
        .select_from(of_current(fact, now).join(DIM_INDICATOR))
        .where(_is_of(PERFORMANCE.id, center_id, months))
        .group_by(DIM_INDICATOR.c.indicator_id)
    )
    return {indicator_id: _plain(value) for indicator_id, value in connection.execute(query)}


def spending_to_date(connection: Connection, center_id: str, period: Period) -> dict[Pair, int] | None:
    """(Program id, account id) -> yen of the months of the year before this one; None if one is not in."""
    months = _months_before(period)
    if not months or not _are_in(connection, EXPENDITURE.id, center_id, months):
        return None if months else {}
    amount = func.coalesce(func.sum(FACTS[EXPENDITURE.id].c.amount_yen), 0)
    rows = connection.execute(_spending(center_id, months, amount))
    return {(program_id, account_id): int(yen) for program_id, account_id, yen in rows}


def spending_pairs(connection: Connection, center_id: str, period: Period) -> list[Pair]:
    """The (program id, account id) that a center reported in this or the previous fiscal year."""
    if not _is_there(connection):
        return []
    months = [*periods_of(period.fiscal_year - 1), *periods_of(period.fiscal_year)]
    rows = connection.execute(_spending(center_id, months, func.count()))
    return sorted((program_id, account_id) for program_id, account_id, _ in rows)


def _spending(center_id: str, months: Sequence[Period], measured: ColumnElement[Any]) -> Select[Any]:
    p, a = DIM_PROGRAM.c.program_id, DIM_ACCOUNT.c.account_id
    rows = of_current(FACTS[EXPENDITURE.id], current()).join(DIM_PROGRAM).join(DIM_ACCOUNT)
    is_ours = _is_of(EXPENDITURE.id, center_id, months)
    return select(p, a, measured).select_from(rows).where(is_ours).group_by(p, a)


def _is_of(form_id: str, center_id: str, months: Sequence[Period]) -> ColumnElement[bool]:
    s = DIM_SUBMISSION.c
    keys = [month.key for month in months if month.frequency == "month"]
    return and_(s.form_id == form_id, s.center_key == surrogate(center_id), s.period_key.in_(keys))


def _months_before(period: Period) -> list[Period]:
    months = [month for month in periods_of(period.fiscal_year) if month.frequency == "month"]
    return months[: months.index(period)]


def _are_in(connection: Connection, form_id: str, center_id: str, months: Sequence[Period]) -> bool:
    """Whether a form of every one of some months is in."""
    if not _is_there(connection):
        return False
    now = current()
    query = (
        select(func.count())
        .select_from(DIM_SUBMISSION.join(now, now.c.submission_key == DIM_SUBMISSION.c.submission_key))
        .where(_is_of(form_id, center_id, months))
    )
    return connection.scalar(query) == len(months)


def _is_there(connection: Connection) -> bool:
    return bool(inspect(connection).has_table(BRIDGE_CURRENT.name))


def _plain(value: float) -> float:
    """A sum without the dust of adding fractions; whole numbers as whole numbers."""
    rounded = round(float(value), 6)
    return int(rounded) if rounded.is_integer() else rounded
