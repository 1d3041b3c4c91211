"""A month's 実績 and 支出 as a file, for tests that need no other sheet of it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from schemas.catalog import Catalog
from schemas.period import Period
from tasks.template.content import Content, ProgramAccount, Value
from tasks.template.workbook import monthly_workbook

FORMS = ("performance", "expenditure")


def write_monthly(
    path: Path,
    catalog: Catalog,
    center_id: str,
    period: Period,
    performance: Mapping[str, Value],
    cumulative_before: Mapping[str, int | float],
    spending: Mapping[ProgramAccount, int],
    spending_before: Mapping[ProgramAccount, int],
    revision: int = 1,
    stated_on: str | date = "",
    forms: tuple[str, ...] = FORMS,
) -> None:
    """Write one month of one center."""
    content = Content(
        performance, cumulative_before, spending, spending_before, {}, revision, stated_on, "総務係"
    )
    path.write_bytes(monthly_workbook(catalog, center_id, period, content, forms=forms))
