"""store: accepted records and all findings to the Parquet lake, one immutable file a batch, form and year.

A record in the lake has `submission_id`, `row` and `period_id`, the form's columns by our names, and
for each measure its status and its cell (`value_at`). Absent values are null, never 0. Clients' numbers
are digests: the same number gives the same digest, and no number can be read from it.
"""

import hashlib
import io
from collections.abc import Iterable
from itertools import compress
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.finding import Finding
from schemas.form import Column, Form
from schemas.forms import FORMS
from tasks.standardise import Draft
from tasks.world import World

_TYPES = {"number": pa.float64(), "yen": pa.int64(), "integer": pa.int32(), "date": pa.date32()}
FINDING = "finding"
FINDING_SCHEMA = pa.schema(
    [
        (name, pa.string())
        for name in (
            "submission_id",
            "rule_id",
            "address",
            "severity",
            "seen",
            "expected",
            "message",
            "consequences",
        )
    ]
)


def lake_schema(form: Form) -> pa.Schema:
    """The Arrow schema of a form's lake files."""
    fields = [("submission_id", pa.string()), ("row", pa.int32()), ("period_id", pa.string())]
    for column in form.columns:
        fields.append((column.id, _TYPES.get(column.type, pa.string())))
        if column.is_measure:
            fields.append((f"{column.id}_status", pa.string()))
        if column.has_address:
            fields.append((f"{column.id}_at", pa.string()))
    return pa.schema(fields)


def store(
    world: World, batch_id: str, accepted: list[Draft], findings: list[Finding]
) -> dict[str, list[str]]:
    """Write a batch; the lake files by form id, as paths within the lake."""
    files: dict[str, list[str]] = {}
    for form in FORMS:
        for fiscal_year in sorted({d.period.fiscal_year for d in accepted if d.form is form and d.period}):
            ours = [
                d for d in accepted if d.form is form and d.period and d.period.fiscal_year == fiscal_year
            ]
            schema = lake_schema(form)
            parts = [_columns(draft) for draft in ours if len(draft.records)]
            arrays = [pa.array(_joined(parts, field.name), field.type) for field in schema]
            table = pa.Table.from_arrays(arrays, schema=schema)
            name = f"{form.id}/fiscal_year={fiscal_year}/{batch_id}.parquet"
            _write(world, name, table)
            files.setdefault(form.id, []).append(name)
    if findings:
        table = pa.Table.from_pylist([_finding_row(f) for f in findings], FINDING_SCHEMA)
        _write(world, f"{FINDING}/{batch_id}.parquet", table)
        files[FINDING] = [f"{FINDING}/{batch_id}.parquet"]
    return files


def read_lake(lake: Path, names: Iterable[str], schema: pa.Schema) -> pa.Table:
    """The records of some lake files, in one table."""
    import pyarrow.parquet as pq

    tables = [pq.read_table(lake / name, schema=schema, partitioning=None) for name in names]
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _write(world: World, name: str, table: pa.Table) -> None:
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    world.effects.publish(world.home.lake / name, buffer.getvalue())


def _columns(draft: Draft) -> dict[str, list[Any]]:
    """The records of a draft as the lake keeps them, by column; what only repeats sums is not kept."""
    records = draft.records
    kept = [not is_total for is_total in records["is_total"]]
    columns = {name: records[name] for name in ("submission_id", "row", "period_id")}
    for column in draft.form.columns:
        columns[column.id] = _kept(column, records[column.id])
        if column.is_measure:
            columns[f"{column.id}_status"] = records[f"{column.id}_status"]
        if column.has_address:
            columns[f"{column.id}_at"] = draft.addresses(column.id)
    if all(kept):
        return columns
    return {name: [*compress(values, kept)] for name, values in columns.items()}


def _joined(parts: list[dict[str, list[Any]]], name: str) -> list[Any]:
    return [value for part in parts for value in part[name]]


def _kept(column: Column, values: list[Any]) -> list[Any]:
    """Values as the lake keeps them: yen whole, a client's number as a digest, other secrets not at all."""
    if column.type == "client":
        return [
            None if value is None else hashlib.sha256(f"client {value}".encode()).hexdigest()[:16]
            for value in values
        ]
    if column.is_confidential:
        return [None] * len(values)
    if column.type == "yen":
        return [None if value is None else int(value) for value in values]
    return values


def _finding_row(finding: Finding) -> dict[str, str]:
    return {
        "submission_id": finding.submission_id,
        "rule_id": finding.rule_id,
        "address": finding.address,
        "severity": finding.severity,
        "seen": finding.seen,
        "expected": finding.expected,
        "message": finding.message,
        "consequences": " ".join(finding.consequences),
    }
