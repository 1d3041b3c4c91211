"""Two submissions of one slot with the same revision and other cells: which one is meant?

Asked while one of them is current; an export has no revision, and its latest counts.
"""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, func, literal, or_, select

from schemas.catalog import Catalog
from schemas.forms import FORMS
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
                other.revision == s.revision,
                other.content != s.content,
                other.state == "accepted",
                s.state == "accepted",
                other.withdrawn_at.is_(None),
                s.withdrawn_at.is_(None),
                s.form_id.in_([form.id for form in FORMS if not form.layout]),
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
