"""Which part of the state the across rules look at again: whole fiscal years.

A center's report bears on head office's published figures, and head office's ledger on every center,
so nothing smaller than a year is sound.
"""

from collections.abc import Callable, Set
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select

from schemas.catalog import Catalog
from warehouse.tables import DIM_SUBMISSION

Years = Set[int]

# An across query gives rows of rule_id, submission_key, address, seen, expected, and words of its own.
AcrossQuery = Callable[[CTE, Years, Catalog], list[Select[Any]]]


def within(years: Years) -> ColumnElement[bool]:
    """The condition on `dim_submission`."""
    return DIM_SUBMISSION.c.fiscal_year.in_(sorted(years))
