"""What a web form posts, as JSON Schema (draft 2020-12), made from a form's columns and a center's names."""

from typing import Any

from schemas.catalog import Catalog
from schemas.choices import names_for
from schemas.form import Column, Form
from schemas.forms.cover import COVER
from schemas.values import NOT_APPLICABLE

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def _either(kind: str, pattern: str, **limits: int) -> Schema:
    """A number, or text as offices write it."""
    return {"anyOf": [{"type": kind, **limits}, {"type": "string", "pattern": pattern}]}


_COVER: dict[str, Schema] = {
    "fiscal_year": _either("integer", r"^(令和|平成)(元|[0-9]{1,2})年度$", minimum=1989),
    "month": _either("integer", r"^(1[0-2]|[1-9])月$", minimum=1, maximum=12),
    "revision": {"type": "integer", "minimum": 1},
    "submitter": {"type": "string"},
    "stated_on": {"type": "string", "format": "date"},
    "template": {"type": "string"},
}
_WITHIN = {"month": ("month",), "half": ("half",), "year": ()}


def json_schema(form: Form, catalog: Catalog, center_id: str) -> Schema:
    """The schema of one posted object: cover, `rows` and `totals`; `catalog` is that of the year.

    A column that is not required may be left out or null; nothing else may be added.
    """
    required = [column.id for column in COVER.columns if column.is_required]
    return {
        "$schema": DRAFT,
        "title": form.title,
        "type": "object",
        "properties": {
            "form": {"const": form.id},
            **_cover(form, catalog, center_id),
            "rows": {"type": "array", "items": _rows(form, catalog, center_id)},
            **_totals(form),
        },
        "required": ["form", *required, *_WITHIN[form.frequency], "rows"],
        "additionalProperties": False,
    }


def _cover(form: Form, catalog: Catalog, center_id: str) -> dict[str, Schema]:
    """The cover's fields; month and half only where the form is of one."""
    others = {"month", "half"} - {*_WITHIN[form.frequency]}
    found = {}
    for column in COVER.columns:
        if column.id not in others:
            names = names_for(column, COVER, catalog, center_id)
            kind: Schema = {"enum": [*names]} if names else _COVER[column.id]
            found[column.id] = {"title": column.heading, **kind}
    return found


def _rows(form: Form, catalog: Catalog, center_id: str) -> Schema:
    row = {
        "type": "object",
        "properties": {column.id: _column(column, form, catalog, center_id) for column in form.columns},
        "required": [column.id for column in form.columns if column.is_required],
        "additionalProperties": False,
    }
    return {"anyOf": [row, _nil(form)]} if form.may_be_nil else row


def _totals(form: Form) -> dict[str, Schema]:
    """What the form itself adds up: the sum of each count over the rows."""
    sums = {column.id: {"type": "number"} for column in form.measures if column.is_totaled}
    totals = {"type": "object", "properties": sums, "additionalProperties": False}
    return {"totals": totals} if sums else {}


def _nil(form: Form) -> Schema:
    """The one row of a period in which there was nothing."""
    first = form.columns[0].id
    properties = {first: {"const": NOT_APPLICABLE}}
    return {"type": "object", "properties": properties, "required": [first], "additionalProperties": False}


def _column(column: Column, form: Form, catalog: Catalog, center_id: str) -> Schema:
    names = names_for(column, form, catalog, center_id)
    if names:
        return {"title": column.heading, "enum": [*names, *([] if column.is_required else [None])]}
    kind = _kind(column)
    if not column.is_required:
        kind = {**kind, "type": [kind["type"], "null"]}
    return {"title": column.heading, **kind}


def _kind(column: Column) -> Schema:
    match column.type:
        case "number" if column.is_count:
            return {"type": "integer", "minimum": 0}
        case "number":
            return {"type": "number"}
        case "yen":
            return {"type": "integer"}
        case "integer":
            return {"type": "integer", "minimum": 1}
        case "date":
            return {"type": "string", "format": "date"}
        case _:
            return {"type": "string", **({"minLength": 1} if column.is_required else {})}
