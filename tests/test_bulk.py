"""Rows come out of a query in bulk as they are, whatever stands in them, on both engines alike."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    select,
)

from tasks.bulk import read_table
from warehouse.engine import connect

ROWS: list[dict[str, Any]] = [
    {
        "line_no": 1,
        "said": '改行\nと「,」と"引用符"と%',
        "amount": 1.5,
        "day": date(2022, 3, 31),
        "at": datetime.fromisoformat("2022-03-31T12:00:00.000005"),
        "is_so": True,
    },
    {"line_no": 2, "said": "", "amount": None, "day": None, "at": None, "is_so": False},
    {"line_no": 3, "said": None, "amount": 2.0**53, "day": None, "at": None, "is_so": None},
]
SCHEMA = pa.schema(
    [
        ("line_no", pa.int32()),
        ("said", pa.string()),
        ("amount", pa.float64()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us")),
        ("is_so", pa.bool_()),
    ]
)
SAID = Table(
    "said",
    MetaData(),
    Column("line_no", Integer, primary_key=True),
    *(Column(*of) for of in (("said", Text), ("amount", Float), ("day", Date), ("at", DateTime))),
    Column("is_so", Boolean),
)


@pytest.fixture(params=["sqlite", "postgres"])
def connection(
    request: pytest.FixtureRequest, tmp_path: Path, new_database: Callable[[], str]
) -> Iterator[Connection]:
    """An empty table `said` on each engine."""
    engine = connect(f"sqlite:///{tmp_path}/said.db" if request.param == "sqlite" else new_database())
    with engine.connect() as opened:
        SAID.create(opened)
        yield opened
    engine.dispose()


def test_what_was_put_in_comes_out(connection: Connection) -> None:
    connection.execute(SAID.insert(), ROWS)
    asked = select(SAID).where(SAID.c.line_no.in_([1, 2, 3])).order_by(SAID.c.line_no)
    assert read_table(connection, asked, SCHEMA).to_pylist() == ROWS


def test_no_rows_are_a_table_without_rows(connection: Connection) -> None:
    found = read_table(connection, select(SAID), SCHEMA)
    assert (found.schema, len(found)) == (SCHEMA, 0)
