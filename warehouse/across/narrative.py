"""What centers state of the year against what the rest says: computed values, statuses, printed texts."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, func, literal, or_, select

from schemas.catalog import Catalog
from schemas.forms.narrative import NARRATIVE, NOT_CARRIED_OUT, STATED, STATUS
from warehouse.across.scope import Years, within
from warehouse.current import of_current
from warehouse.facts import FACTS
from warehouse.figures import DONE, figures
from warehouse.observations import observations
from warehouse.tables import DIM_CENTER, DIM_INDICATOR, DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION

_F, _S = FACTS[NARRATIVE.id].c, DIM_SUBMISSION.c


def stated(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A mean or difference of a complete year that the center computed otherwise."""
    found = figures(current)
    i, g, d = DIM_INDICATOR.c, found.c, DIM_PERIOD.c
    return [
        select(
            literal("narrative.stated.differs").label("rule_id"),
            _F.submission_key,
            _F.stated_at.label("address"),
            cast(_F.stated, Float).label("seen"),
            cast(g.value, Float).label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            of_current(FACTS[NARRATIVE.id], current)
            .join(DIM_INDICATOR, and_(i.program_key == _F.program_key, i.label == _F.title))
            .join(found, g.indicator_key == i.indicator_key)
            .join(DIM_PERIOD, and_(d.period_key == g.span_key, d.frequency == "year"))
        )
        .where(within(years), _F.kind == STATED, g.status == DONE, func.abs(_F.stated - g.value) > 1e-9)
    ]


def not_carried_out(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A program that was not carried out, and of which something was counted all the same."""
    seen = observations(current)
    i, p = DIM_INDICATOR.c, DIM_PROGRAM.c
    counted = (
        select(i.program_key, p.top_program_key, func.sum(seen.c.value).label("value"))
        .select_from(
            seen.join(DIM_INDICATOR, i.indicator_key == seen.c.indicator_key).join(
                DIM_PROGRAM, p.program_key == i.program_key
            )
        )
        .group_by(i.program_key, p.top_program_key)
        .cte("counted_of_program")
    )
    of_it = or_(counted.c.program_key == _F.program_key, counted.c.top_program_key == _F.program_key)
    return [
        select(
            literal("narrative.qualifier.but_reported").label("rule_id"),
            _F.submission_key,
            _F.text_at.label("address"),
            _F.qualifier.label("seen"),
            literal(NOT_CARRIED_OUT).label("expected"),
            literal("").label("whole"),
        )
        .select_from(of_current(FACTS[NARRATIVE.id], current).join(counted, of_it))
        .where(within(years), _F.kind == STATUS, counted.c.value > 0)
    ]


def unwritten(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """A published text of a center whose year's texts are in, and which has none of that name."""
    p, c, x = DIM_PROGRAM.c, DIM_CENTER.c, FACTS["published"].c
    edition = DIM_SUBMISSION.alias("edition").c
    texts = (
        select(p.fiscal_year, p.section, p.letter, _F.title, _F.qualifier)
        .select_from(
            of_current(FACTS[NARRATIVE.id], current).join(DIM_PROGRAM, p.program_key == _F.program_key)
        )
        .cte("texts")
    )
    arrived = (
        select(_S.fiscal_year, c.section)
        .select_from(of_current(FACTS[NARRATIVE.id], current).join(DIM_CENTER, c.center_key == _S.center_key))
        .distinct()
        .cte("centers_with_texts")
    )
    t, a = texts.c, arrived.c
    return [
        select(
            literal("published.title.unwritten").label("rule_id"),
            x.submission_key,
            x.value_at.label("address"),
            x.title.label("seen"),
            x.qualifier.label("expected"),
            literal("").label("whole"),
        )
        .select_from(
            FACTS["published"]
            .join(current, current.c.submission_key == x.submission_key)
            .join(edition.submission_key.table, edition.submission_key == x.submission_key)
            .join(
                arrived,
                and_(
                    a.fiscal_year == edition.fiscal_year,
                    x.section.startswith(a.section.concat("-")),
                ),
            )
            .outerjoin(
                texts,
                and_(
                    t.fiscal_year == edition.fiscal_year,
                    t.section == x.section,
                    t.letter == x.letter,
                    t.title == x.title,
                    t.qualifier == x.qualifier,
                ),
            )
        )
        .where(x.kind == "qualitative", t.title.is_(None), edition.fiscal_year.in_(sorted(years)))
    ]
