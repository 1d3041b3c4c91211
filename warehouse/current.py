"""Which submission of a slot is current, now and as of any moment.

A slot is center x form x period. Among the accepted, not withdrawn submissions known at a moment, the
one with the greatest (revision, moment stated, SHA-256) is current: a cover states a day, an export, which
has no cover, the moment at which it came. `intervals` computes that for every
moment at once, for some slots, in one statement; reports and marts only look it up.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Delete,
    FromClause,
    Insert,
    Select,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
)

from warehouse.tables import BRIDGE_CURRENT, DIM_SUBMISSION

OPEN = datetime.fromisoformat("9999-12-31")
Slot = tuple[int, str, int]


def current(as_of: datetime | None = None, fiscal_year: int | None = None) -> CTE:
    """The keys of the submissions that are current: now, or as of a moment (naive UTC); of a year, if given.

    Facts are found by these keys, so that a year's report reads the facts of the year alone.
    """
    b, s = BRIDGE_CURRENT.c, DIM_SUBMISSION.c
    query = select(b.submission_key)
    if fiscal_year is not None:
        query = query.join(DIM_SUBMISSION, s.submission_key == b.submission_key)
        query = query.where(s.fiscal_year == fiscal_year)
    if as_of is None:
        query = query.where(b.current_to == OPEN)
    else:
        query = query.where(b.current_from <= as_of, as_of < b.current_to)
    return inlined(query.cte("current"))


def of_current(fact: FromClause, current: CTE) -> FromClause:
    """The facts of the current submissions, each with its submission."""
    joined = fact.join(current, current.c.submission_key == fact.c.submission_key)
    return joined.join(DIM_SUBMISSION, DIM_SUBMISSION.c.submission_key == fact.c.submission_key)


def inlined(cte: CTE) -> CTE:
    """A CTE into which PostgreSQL takes what is asked of it, however often it is named."""
    return cte.prefix_with("NOT MATERIALIZED", dialect="postgresql")


def once(query: Select[Any], name: str) -> CTE:
    """A CTE that PostgreSQL makes as a whole, once, and not anew for each row of what it is joined with."""
    return query.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")


def clear(slots: Sequence[Slot]) -> Delete:
    """Forget the intervals of some slots."""
    ours = select(DIM_SUBMISSION.c.submission_key).where(_in(slots))
    return delete(BRIDGE_CURRENT).where(BRIDGE_CURRENT.c.submission_key.in_(ours))


def fill(slots: Sequence[Slot]) -> Insert:
    """Compute the intervals of some slots from their submissions."""
    return BRIDGE_CURRENT.insert().from_select(
        ["submission_key", "current_from", "current_to"], intervals(slots)
    )


def intervals(slots: Sequence[Slot]) -> Select[tuple[int, datetime, datetime]]:
    """(submission_key, current_from, current_to) for the slots given."""
    h = _changes(_winners(_candidates(slots))).c
    next_moment = func.lead(h.moment).over(
        partition_by=(h.center_key, h.form_id, h.period_key), order_by=h.moment
    )
    ends = select(
        h.submission_key,
        h.moment.label("current_from"),
        func.coalesce(next_moment, OPEN).label("current_to"),
    ).subquery("ends")
    return select(ends.c.submission_key, ends.c.current_from, ends.c.current_to).where(
        ends.c.submission_key.is_not(None)
    )


def _candidates(slots: Sequence[Slot]) -> CTE:
    s = DIM_SUBMISSION
    return select(s).where(_in(slots), s.c.state == "accepted", s.c.known_at.is_not(None)).cte("candidates")


def _winners(candidates: CTE) -> CTE:
    """For each slot and each moment at which something became known or was withdrawn: who is current then."""
    c = candidates.c
    slot = (c.center_key, c.form_id, c.period_key)
    withdrawals = select(*slot, c.withdrawn_at).where(c.withdrawn_at.is_not(None))
    events = select(*slot, c.known_at.label("moment")).union(withdrawals).cte("events")
    e = events.c
    is_there = and_(
        c.center_key == e.center_key,
        c.form_id == e.form_id,
        c.period_key == e.period_key,
        c.known_at <= e.moment,
        or_(c.withdrawn_at.is_(None), c.withdrawn_at > e.moment),
    )
    place = func.row_number().over(
        partition_by=(e.center_key, e.form_id, e.period_key, e.moment),
        order_by=(c.revision.desc(), c.stated_at.desc(), c.sha256.desc()),
    )
    ranked = (
        select(*e, c.submission_key, place.label("place"))
        .select_from(events.outerjoin(candidates, is_there))
        .cte("ranked")
    )
    return select(*ranked.c).where(ranked.c.place == 1).cte("winners")


def _changes(winners: CTE) -> CTE:
    """The moments at which the current submission of a slot changed; NULL from where none is left."""
    w = winners.c
    before = func.lag(w.submission_key).over(
        partition_by=(w.center_key, w.form_id, w.period_key), order_by=w.moment
    )
    compared = select(*w, before.label("before")).cte("compared")
    c = compared.c
    is_new = func.coalesce(c.submission_key, 0) != func.coalesce(c.before, 0)
    return select(*c).where(is_new).cte("changes")


def touched(connection: Connection, submission_keys: Sequence[int]) -> list[Slot]:
    """The slots that some submissions fill."""
    s = DIM_SUBMISSION.c
    rows = connection.execute(
        select(s.center_key, s.form_id, s.period_key)
        .where(s.submission_key.in_(submission_keys), s.form_id != "")
        .distinct()
    )
    return [(row.center_key, row.form_id, row.period_key) for row in rows]


def _in(slots: Sequence[Slot]) -> ColumnElement[bool]:
    c = DIM_SUBMISSION.c
    return tuple_(c.center_key, c.form_id, c.period_key).in_(list(slots))
