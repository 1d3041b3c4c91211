"""Differences between center and ledger that nobody has explained: told where they can be mended."""

from typing import Any

from sqlalchemy import CTE, Float, Select, and_, cast, literal, select

from schemas.catalog import Catalog
from warehouse.across.scope import Years
from warehouse.reconciliation.differences import OPEN
from warehouse.tables import DIM_DIFFERENCE


def unexplained(current: CTE, years: Years, catalog: Catalog) -> list[Select[Any]]:
    """Blamed is the center's cell, or the journal's line where the center has none."""
    d = DIM_DIFFERENCE.c
    return [
        select(
            (literal("difference.") + d.rule).label("rule_id"),
            d.submission_key,
            d.address,
            d.reported.label("seen"),
            d.booked.label("expected"),
            d.reported,
            d.booked,
            cast(d.lead_yen, Float).label("amount"),
            d.place.label("at"),
            d.elsewhere,
        ).where(and_(d.fiscal_year.in_(sorted(years)), d.status == OPEN, d.rule != "lines_and_sheet"))
    ]
