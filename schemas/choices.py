"""The names that a column takes: what a sheet's dropdown and a web form's schema offer."""

from schemas.catalog import Catalog
from schemas.catalog_rows import Program
from schemas.form import Column, Form


def names_for(column: Column, form: Form, catalog: Catalog, center_id: str) -> tuple[str, ...]:
    """The names, each once, in the catalog's order; none for a column of free text, numbers or days.

    `catalog` is that of the year.
    """
    match column.type:
        case "choice":
            names = list(column.choices)
        case "program":
            names = [written(row) for row in programs_of(catalog, center_id)]
        case "series":
            names = [row.series_name for row in catalog.series_of(center_id, form.id)]
        case "indicator":
            names = [
                row.label
                for row in catalog.indicators
                if row.source_form == form.id and catalog.program[row.program_id].center_id == center_id
            ]
        case "account":
            names = [row.account_name for row in catalog.accounts if row.side == "支出"]
        case "center":
            names = [catalog.center[center_id].center_name]
        case _:
            names = []
    return tuple(dict.fromkeys(names))


def programs_of(catalog: Catalog, center_id: str) -> list[Program]:
    """A center's programs and sub-programs in print order; head office speaks for all there are."""
    is_head_office = catalog.center[center_id].role == "head_office"
    ours = [row for row in catalog.programs if is_head_office or row.center_id == center_id]
    return sorted(ours, key=lambda row: row.sort_key)


def written(program: Program) -> str:
    """A program as forms write it: 1-(2) 中小企業経営セミナー等事業."""
    return f"{program.printed_number} {program.program_name}"
