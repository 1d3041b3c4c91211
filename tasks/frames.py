"""Drafts to the data frames that the rules see: one of covers, and one of records for each form."""

from collections.abc import Iterator
from itertools import groupby, repeat
from typing import Any

import pandas as pd

from expectations.suites import prepared
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms.cover import COVER
from schemas.template import template_version
from tasks.clock import tokyo_day
from tasks.standardise import Draft

Versions = dict[tuple[str, str, int], str]


def cover_frame(drafts: list[Draft], catalog: Catalog) -> pd.DataFrame:
    """One row a draft, in their order: what its cover says, and what it must agree with."""
    firsts = _first_periods(drafts)
    versions: Versions = {}
    rows = [_cover_row(draft, firsts.get(draft.receipt.receipt_id), catalog, versions) for draft in drafts]
    return pd.DataFrame(rows).astype(object).where(lambda frame: frame.notna(), None)


def _first_periods(drafts: list[Draft]) -> dict[str, Any]:
    """For each file, the period of its first sheet for a month, before others one that its title confirms."""
    firsts: dict[str, Any] = {}
    for draft in sorted(drafts, key=lambda draft: draft.titled != draft.period):
        if draft.period and draft.form.frequency == "month":
            firsts.setdefault(draft.receipt.receipt_id, draft.period)
    return firsts


def _cover_row(draft: Draft, file_period: Any, catalog: Catalog, versions: Versions) -> dict[str, Any]:
    row: dict[str, Any] = {"submission_id": draft.submission_id, "row": 1, "is_total": False}
    for column in COVER.columns:
        field = draft.cover[column.id]
        row[column.id] = field.converted.value
        row[f"{column.id}__unread"] = field.converted.unread
        row[f"{column.id}_answer"] = field.converted.value
    center = catalog.center.get(row["center_id"] or "")
    channel_center = catalog.center.get(draft.receipt.center_id)
    monthly, halfyearly = draft.form.frequency == "month", draft.form.frequency == "half"
    period = draft.period
    in_year = catalog.in_year(row["fiscal_year"]) if row["fiscal_year"] else None
    row |= {
        "form_title": draft.form.title,
        "center_name": center.center_name if center else "",
        "channel_center_id": draft.receipt.center_id,
        "channel_center_name": channel_center.center_name if channel_center else "",
        "month_missing": int(monthly and row["month"] is None and row["month__unread"] is None),
        "half_missing": int(halfyearly and row["half"] is None and row["half__unread"] is None),
        "owed": int(in_year.owes(row["center_id"], draft.form.id)) if in_year and center else None,
        "period_id": period.id if period else None,
        "period_label": period.label if period else "",
        "title": draft.title.seen,
        "year_number": period.fiscal_year if period else None,
        "month_number": period.number if period and monthly else None,
        "titled_year": draft.titled.fiscal_year if draft.titled else None,
        "titled_month": draft.titled.number if draft.titled and monthly else None,
        "half_number": period.number if period and halfyearly else None,
        "titled_half": draft.titled.number if draft.titled and halfyearly else None,
        "template_now": _template_now(draft, in_year, versions) if row["template"] and in_year else None,
        "file_period_id": file_period.id if file_period and monthly else None,
        "file_period_label": file_period.label if file_period and monthly else "",
        "arrived_ordinal": tokyo_day(draft.receipt.arrived_at).toordinal(),
        "first_ordinal": period.first_day.toordinal() if period and not draft.form.is_ahead else None,
    }
    return row


def _template_now(draft: Draft, catalog: Catalog, versions: Versions) -> str | None:
    """The version that a blank form of the draft's has now; each is computed once."""
    if not draft.period:
        return None
    key = (draft.receipt.center_id, draft.form.id, draft.period.fiscal_year)
    if key not in versions:
        versions[key] = template_version(catalog, key[0], draft.form, draft.period)
    return versions[key]


def _columns(draft: Draft, number: int) -> dict[str, list[Any]]:
    """The records by column, behind them the row of 合計 that stands above them; of one draft."""
    columns = dict(draft.records.columns)
    if draft.total is not None:
        period_id = draft.period.id if draft.period else None
        total = {**draft.total, "submission_id": draft.submission_id, "period_id": period_id}
        blank = [None] * len(draft.records)
        columns = {name: [*columns.get(name, blank), total.get(name)] for name in {**columns, **total}}
    return columns | {"draft": [number] * len(columns["row"])}


def _joined(parts: list[dict[str, list[Any]]]) -> pd.DataFrame:
    """The columns of several drafts, one below the other; None where a draft has no such column.

    A column at a time, so that of all but one there is no second copy.
    """
    names = dict.fromkeys(name for part in parts for name in part)
    return pd.DataFrame({name: pd.Series([*_values(parts, name)]) for name in names})


def _values(parts: list[dict[str, list[Any]]], name: str) -> Iterator[Any]:
    for part in parts:
        yield from part.get(name) or repeat(None, len(part["row"]))


def record_frame(form: Form, drafts: list[Draft], catalog: Catalog) -> pd.DataFrame:
    """The records of all drafts of a form, prepared for its rules by the catalog of their year.

    `draft` is the position in `drafts` that a record belongs to.
    """

    def year(entry: tuple[int, Draft]) -> int:
        period = entry[1].period
        return period.fiscal_year if period else 0

    frames = []
    # Where every row was lost on the way, their totals say so.
    entries = [
        (n, draft) for n, draft in enumerate(drafts) if len(draft.records) or (draft.period and draft.total)
    ]
    for fiscal_year, group in groupby(sorted(entries, key=year), key=year):
        records = _joined([_columns(draft, number) for number, draft in group])
        frames.append(prepared(form, records, catalog.in_year(fiscal_year)))
    if len(frames) == 1:
        return frames[0]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
