"""A body's budget book against its own earlier copies, its other side, and the totals that it printed."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, exists, func, literal, select, true

from schemas.catalog import Catalog
from schemas.forms.appropriation import APPROPRIATION
from schemas.forms.published import PUBLISHED
from schemas.forms.revenue import REVENUE
from warehouse.across.scope import Years, within
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.labels import thousands, yen
from warehouse.tables import DIM_SUBMISSION

_CHANGED = {
    APPROPRIATION.id: "appropriation.amount_yen.changed",
    REVENUE.id: "revenue.amount_yen.changed",
}


def changed(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """An item of which a copy that came before had another amount: blamed is its row."""
    return [_changed(form.id, current, years) for form in (APPROPRIATION, REVENUE)]


def _changed(form_id: str, current: CTE, years: Years) -> Select[Any]:
    now, s = FACTS[form_id].c, DIM_SUBMISSION.c
    earlier, before = FACTS[form_id].alias("earlier").c, DIM_SUBMISSION.alias("before").c
    # The last copy before this one.
    known_before = (
        select(func.max(before.known_at))
        .where(
            before.form_id == form_id,
            before.center_key == s.center_key,
            before.period_key == s.period_key,
            before.state == "accepted",
            before.withdrawn_at.is_(None),
            before.known_at < s.known_at,
        )
        .correlate(DIM_SUBMISSION)
        .scalar_subquery()
    )
    copy = DIM_SUBMISSION.alias("copy").c
    return (
        select(
            literal(_CHANGED[form_id]).label("rule_id"),
            now.submission_key,
            now.amount_yen_at.label("address"),
            cast(now.amount_yen, Float).label("seen"),
            cast(func.max(earlier.amount_yen), Float).label("expected"),
            now.path.label("whole"),
        )
        .select_from(
            of_current(FACTS[form_id], current)
            .join(
                copy.submission_key.table,
                and_(
                    copy.form_id == form_id,
                    copy.center_key == s.center_key,
                    copy.period_key == s.period_key,
                    copy.known_at == known_before,
                ),
            )
            .join(
                earlier.submission_key.table,
                and_(
                    earlier.submission_key == copy.submission_key,
                    earlier.fund == now.fund,
                    earlier.path == now.path,
                    earlier.amount_yen != now.amount_yen,
                ),
            )
        )
        .where(within(years))
        .group_by(now.submission_key, now.amount_yen_at, now.amount_yen, now.path)
    )


def _by_fund(form_id: str, current: CTE, years: Years) -> CTE:
    """What a budget book comes to in each fund, and its last row there."""
    f, s = FACTS[form_id].c, DIM_SUBMISSION.c
    return (
        select(
            s.fiscal_year,
            s.center_key,
            f.submission_key,
            f.fund,
            yen(f.amount_yen).label("amount_yen"),
            func.max(f.line_no).label("line_no"),
        )
        .select_from(of_current(FACTS[form_id], current))
        .where(within(years))
        .group_by(s.fiscal_year, s.center_key, f.submission_key, f.fund)
        .cte(f"{form_id}_by_fund")
    )


def unbalanced(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A fund that must balance (`funds.csv`) and does not: blamed at its last row of spending, or of income
    where nothing is spent. Asked once both books are in.
    """
    balancing = [fund.fund_name for fund in catalog.funds if fund.must_balance]
    out, into = (_by_fund(form.id, current, years) for form in (APPROPRIATION, REVENUE))
    return [
        _unbalanced(APPROPRIATION.id, out, into, balancing, is_spending=True),
        _unbalanced(REVENUE.id, into, out, balancing, is_spending=False),
    ]


def _unbalanced(form_id: str, ours: CTE, theirs: CTE, balancing: list[str], is_spending: bool) -> Select[Any]:
    """The funds of a book against those of the other; of income, only what no spending stands against."""
    last, o, t = FACTS[form_id].c, ours.c, theirs.c
    other = theirs.alias("other").c
    same_book = and_(other.fiscal_year == o.fiscal_year, other.center_key == o.center_key)
    same = and_(t.fiscal_year == o.fiscal_year, t.center_key == o.center_key, t.fund == o.fund)
    there = func.coalesce(t.amount_yen, 0)
    spent, earned = (o.amount_yen, there) if is_spending else (there, o.amount_yen)
    row = and_(last.submission_key == o.submission_key, last.line_no == o.line_no)
    return (
        select(
            literal("appropriation.amount_yen.unbalanced").label("rule_id"),
            o.submission_key,
            last.amount_yen_at.label("address"),
            cast(spent, Float).label("seen"),
            cast(earned, Float).label("expected"),
            o.fund.label("whole"),
        )
        .select_from(ours.join(FACTS[form_id], row).outerjoin(theirs, same))
        .where(o.fund.in_(balancing), o.amount_yen != there, exists().where(same_book))
        .where(true() if is_spending else t.fund.is_(None))
    )


def printed(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A printed total of a heading (款) that its rows do not come to, in 千円."""
    return [_printed(form.id, current, years) for form in (APPROPRIATION, REVENUE)]


def _printed(form_id: str, current: CTE, years: Years) -> Select[Any]:
    f, p, s = FACTS[form_id].c, FACTS[PUBLISHED.id].c, DIM_SUBMISSION.c
    detail, known = DIM_SUBMISSION.alias("detail").c, current.alias("known")
    sums = (
        select(
            detail.fiscal_year, detail.center_key, f.fund, f.heading, yen(f.amount_yen).label("amount_yen")
        )
        .select_from(
            FACTS[form_id]
            .join(known, known.c.submission_key == f.submission_key)
            .join(detail.submission_key.table, detail.submission_key == f.submission_key)
        )
        .where(detail.fiscal_year.in_(sorted(years)))
        .group_by(detail.fiscal_year, detail.center_key, f.fund, f.heading)
        .cte(f"{form_id}_by_heading")
    )
    total = thousands(func.coalesce(sums.c.amount_yen, 0))
    book = sums.alias("book").c
    # A heading that the rows do not have at all comes to 0; a body whose book is not in is not asked.
    is_in = exists().where(
        book.fiscal_year == s.fiscal_year, book.center_key == s.center_key, book.fund == p.qualifier
    )
    same = and_(
        sums.c.fiscal_year == s.fiscal_year,
        sums.c.center_key == s.center_key,
        sums.c.fund == p.qualifier,
        sums.c.heading == p.title,
    )
    return (
        select(
            literal("published.value.budget").label("rule_id"),
            p.submission_key,
            p.value_at.label("address"),
            p.value.label("seen"),
            cast(total, Float).label("expected"),
            p.title.label("whole"),
        )
        .select_from(of_current(FACTS[PUBLISHED.id], current).outerjoin(sums, same))
        .where(within(years), p.kind == form_id, p.value != total, is_in)
    )
