"""issue: the blank workbooks of a center for a month, with what the warehouse knows of the months before."""

import json
from collections.abc import Iterator
from pathlib import Path

from schemas.catalog import Catalog
from schemas.forms import FORMS
from schemas.forms.narrative import NARRATIVE
from schemas.json_schema import json_schema
from schemas.period import Period
from tasks.template.content import Content, ProgramAccount
from tasks.template.workbook import file_stem, lines_workbook, monthly_forms, monthly_workbook
from tasks.world import World
from warehouse.to_date import performance_to_date, spending_pairs, spending_to_date

MONTHLY = "月報"


def issue(world: World, center_id: str, period: Period) -> list[Path]:
    """Write a center's blank forms of a month; their paths, none if it owes nothing then."""
    catalog = world.catalog.in_year(period.fiscal_year)
    folder = world.home.template_folder(period.fiscal_year) / catalog.center[center_id].channel
    paths = []
    for name, content in _files(world, catalog, center_id, period):
        world.effects.publish(folder / name, content)
        paths.append(folder / name)
    return paths


def _files(world: World, catalog: Catalog, center_id: str, period: Period) -> Iterator[tuple[str, bytes]]:
    center_name = catalog.center[center_id].center_name
    if monthly_forms(catalog, center_id):
        content, pairs = _known(world, catalog, center_id, period)
        book = monthly_workbook(catalog, center_id, period, content, spending_rows=pairs)
        yield f"{file_stem(MONTHLY, period, center_name)}.xlsx", book
    for form in FORMS:
        if not catalog.owes(center_id, form.id):
            continue
        whole = {"half": period.half, "year": period.year}.get(form.frequency)
        is_due = period.ends_half if form.frequency == "half" else period.ends_year and form == NARRATIVE
        if whole and is_due:
            book = lines_workbook(catalog, center_id, form, whole)
            yield f"{file_stem(form.title, whole, center_name)}.xlsx", book
        if "json" in form.channels:
            schema = json.dumps(json_schema(form, catalog, center_id), ensure_ascii=False, indent=2)
            yield f"{form.id}.schema.json", f"{schema}\n".encode()


def _known(
    world: World, catalog: Catalog, center_id: str, period: Period
) -> tuple[Content, list[ProgramAccount]]:
    """The sums up to the month before, and the rows that the center spends on and the catalog still has."""
    with world.engine.connect() as connection:
        content = Content(
            cumulative_before=performance_to_date(connection, center_id, period),
            spending_before=spending_to_date(connection, center_id, period),
        )
        pairs = spending_pairs(connection, center_id, period)
    return content, [pair for pair in pairs if pair[0] in catalog.program and pair[1] in catalog.account]
