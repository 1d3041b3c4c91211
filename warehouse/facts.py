"""The fact tables of the forms, made from their columns, and their rows from lake records.

A fact's key is its submission and what tells its rows apart; nothing updates or deletes a fact.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Float, ForeignKey, Integer, Table, Text
from sqlalchemy.types import TypeEngine

from schemas import form as form_module
from schemas.form import DIMENSIONS, Form
from schemas.forms import FORMS
from schemas.keys import UNKNOWN, surrogate
from schemas.period import parse_id
from warehouse.tables import METADATA

_TYPES: dict[str, type[TypeEngine[Any]]] = {
    "number": Float,
    "yen": BigInteger,
    "integer": Integer,
    "date": Date,
}
_LABELS = {"program": "事業", "indicator": "指標", "account": "勘定科目", "series": "種別"}


def _fact(form: Form) -> Table:
    columns: list[Any] = [
        Column(
            "submission_key",
            BigInteger,
            ForeignKey("dim_submission.submission_key"),
            primary_key=True,
            autoincrement=False,
            comment="提出物のキー",
        ),
        Column("line_no", Integer, primary_key=not form.key, nullable=False, comment="原本の行"),
        Column(
            "period_key",
            BigInteger,
            ForeignKey("dim_period.period_key"),
            nullable=False,
            comment="期間のキー",
        ),
    ]
    for column in form.columns:
        columns.extend(_columns(form, column))
    fact = Table(f"fact_{form.id}", METADATA, *columns, comment=f"{form.title}。Grain: {form.grain}")
    for constraint in fact.foreign_key_constraints:
        # PostgreSQL checks row by row, which is most of a load: there the loader asks once for each key.
        constraint.ddl_if(dialect="sqlite")
    return fact


def _columns(form: Form, column: form_module.Column) -> Iterator[Any]:
    is_key = column.id in form.key
    if column.type in DIMENSIONS:
        yield Column(
            column.fact_column,
            BigInteger,
            ForeignKey(f"dim_{column.type}.{column.type}_key"),
            primary_key=is_key,
            autoincrement=False,
            nullable=False,
            # Lines have no key but their number, and there are millions: a program is of one year.
            index=column.type == "program" and not form.key,
            comment=f"{column.heading}（{_LABELS[column.type]}のキー）",
        )
        return
    kind = BigInteger if column.type == "client" else _TYPES.get(column.type, Text)
    comment = column.comment or column.heading
    optional = not is_key and kind is not Text
    yield Column(
        column.fact_column, kind, primary_key=is_key, autoincrement=False, nullable=optional, comment=comment
    )
    if column.has_address:
        yield Column(f"{column.id}_at", Text, nullable=False, comment=f"{column.heading}のセル")
    if column.is_measure:
        yield Column(
            f"{column.id}_status", Text, nullable=False, comment=f"{column.heading}の有無（報告、該当なし）"
        )
        yield from _constraints(form, column, kind)


def _constraints(form: Form, column: form_module.Column, kind: type[TypeEngine[Any]]) -> Iterator[Any]:
    """The database as the last judge: no number without end, none below what its column may hold."""
    if kind is Float:
        # NaN passes a plain comparison on PostgreSQL, where it is greater than everything.
        finite = f"{column.id} > -1e300 and {column.id} < 1e300"
        yield CheckConstraint(finite, name=f"{form.id}_{column.id}_is_finite")
    minimum = 0 if column.is_count else column.minimum
    if minimum is not None:
        yield CheckConstraint(f"{column.id} >= {minimum}", name=f"{form.id}_{column.id}_is_not_below")


FACTS: dict[str, Table] = {form.id: _fact(form) for form in FORMS}


def fact_rows(form: Form, records: pa.Table) -> pa.Table:
    """Lake records (see `tasks/store.py`) as rows of the form's fact table."""
    periods = {name: parse_id(name) for name in pc.unique(records["period_id"]).to_pylist()}
    years = _mapped(records["period_id"], lambda name: str(periods[name].fiscal_year), pa.string())
    columns = {
        "submission_key": _mapped(records["submission_id"], surrogate),
        "line_no": records["row"],
        "period_key": _mapped(records["period_id"], lambda name: periods[name].key),
    }
    for column in form.columns:
        columns[column.fact_column] = _fact_column(column, records[column.id], years)
        if column.is_measure:
            columns[f"{column.id}_status"] = pc.fill_null(records[f"{column.id}_status"], "")
        if column.has_address:
            columns[f"{column.id}_at"] = records[f"{column.id}_at"]
    return pa.table(columns)


def _fact_column(column: form_module.Column, values: pa.ChunkedArray, years: pa.Array) -> Any:
    """What names a row of a dimension as its key: of a program, say, that of the record's fiscal year."""
    if column.type in ("account", "client"):
        return _mapped(pc.fill_null(values, ""), surrogate)
    if column.type in DIMENSIONS:
        named = pc.binary_join_element_wise(pc.fill_null(values, ""), years, "@")
        return _mapped(named, lambda name: UNKNOWN if name.startswith("@") else surrogate(name))
    return pc.fill_null(values, "") if column.type in ("text", "code", "unit", "choice") else values


def _mapped(
    values: pa.ChunkedArray, function: Callable[[str], Any], kind: pa.DataType | None = None
) -> pa.Array:
    """What a function makes of texts, asked once for each of them."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    known = values.dictionary_encode()
    made = pa.array([function(one) for one in known.dictionary.to_pylist()], kind or pa.int64())
    return made.take(known.indices)
