"""Several submissions of one slot with other cells: which one is meant?

Two covers of the same revision are asked about while one of them is current; of exports, which have no
revision, the latest counts. What came last and is not current for want of a revision is told so.
A period's year is named too, so that PostgreSQL reads the submissions of that year alone.
"""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, func, literal, not_, or_, select

from schemas.catalog import Catalog
from warehouse.across.scope import Years, within
from warehouse.tables import DIM_SUBMISSION


def query(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Blamed are both files, by name."""
    s, other = DIM_SUBMISSION.c, DIM_SUBMISSION.alias("other").c
    twins = (
        select(s.submission_key, s.file_name, s.revision, func.min(other.file_name).label("other_name"))
        .where(
            within(years),
            and_(
                other.center_key == s.center_key,
                other.form_id == s.form_id,
                other.period_key == s.period_key,
                other.fiscal_year == s.fiscal_year,
                other.revision == s.revision,
                other.content != s.content,
                other.state == "accepted",
                s.state == "accepted",
                other.withdrawn_at.is_(None),
                s.withdrawn_at.is_(None),
                not_(s.is_export),
                not_(other.is_export),
                or_(s.submission_key.in_(select(current)), other.submission_key.in_(select(current))),
            ),
        )
        .group_by(s.submission_key, s.file_name, s.revision)
        .subquery()
    )
    return [
        select(
            literal("cover.revision.same").label("rule_id"),
            twins.c.submission_key,
            twins.c.file_name.label("address"),
            cast(twins.c.revision, Float).label("seen"),
            twins.c.other_name.label("expected"),
            literal("").label("whole"),
        )
    ]


def behind(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """What came after the current one, says other things, and has the lesser revision."""
    s, now = DIM_SUBMISSION.c, DIM_SUBMISSION.alias("now").c
    return [
        select(
            literal("cover.revision.behind").label("rule_id"),
            s.submission_key,
            s.file_name.label("address"),
            cast(s.revision, Float).label("seen"),
            cast(now.revision, Float).label("expected"),
            now.file_name.label("whole"),
        ).where(
            within(years),
            now.submission_key.in_(select(current)),
            now.center_key == s.center_key,
            now.form_id == s.form_id,
            now.period_key == s.period_key,
            now.fiscal_year == s.fiscal_year,
            now.revision > s.revision,
            now.known_at < s.known_at,
            now.content != s.content,
            s.state == "accepted",
            s.withdrawn_at.is_(None),
        )
    ]
