"""The rows that stand in a blank form from the start, and how many empty ones follow."""

from collections.abc import Mapping

from schemas.catalog import Catalog
from schemas.choices import written
from schemas.form import Form
from schemas.forms.narrative import NARRATIVE, OUTLINE, STATED, SUMMARY
from schemas.forms.spending import SPENDING
from schemas.forms.survey import SURVEY
from tasks.template.book import Cell

_USUAL_SPARE = 40
_SPARE = {NARRATIVE.id: 20, SPENDING.id: 120, SURVEY.id: 200}
_STATED_RULES = ("mean", "difference")


def prefilled(form: Form, catalog: Catalog, center_id: str) -> list[Mapping[str, Cell]]:
    """The rows, by column id; only the year's texts have any. `catalog` is that of the year."""
    if form.id != NARRATIVE.id:
        return []
    programs = [row for row in catalog.programs if row.center_id == center_id and row.level == "program"]
    rows: list[Mapping[str, Cell]] = [{"kind": SUMMARY}]
    rows += [{"kind": OUTLINE, "program": written(program)} for program in programs]
    for row in catalog.indicators:
        program = catalog.program[row.program_id]
        if program.center_id == center_id and row.rule in _STATED_RULES:
            rows.append({"kind": STATED, "program": written(program), "title": row.label})
    return rows


def spare_rows(form: Form) -> int:
    """The empty rows of a blank form."""
    return _SPARE.get(form.id, _USUAL_SPARE)
