"""publish: `lake/submissions.parquet`, which says which lake rows are current; replaced by rename."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Select, select

from tasks.locks import hold
from tasks.world import World
from warehouse.current import current
from warehouse.tables import DIM_CENTER, DIM_PERIOD, DIM_SUBMISSION


def publish(world: World) -> int:
    """Write one row a submission, as the warehouse has it; the number of current ones."""
    s, known = DIM_SUBMISSION.c, current()
    query = (
        select(
            s.submission_id,
            s.sha256,
            s.file_name,
            DIM_CENTER.c.center_id,
            s.form_id,
            DIM_PERIOD.c.period_id,
            s.fiscal_year,
            s.revision,
            s.stated_on,
            s.known_at,
            s.withdrawn_at,
            s.state,
            s.submission_key.in_(select(known.c.submission_key)).label("is_current"),
        )
        .join(DIM_CENTER, DIM_CENTER.c.center_key == s.center_key)
        .join(DIM_PERIOD, DIM_PERIOD.c.period_key == s.period_key)
        .where(s.submission_key != 0)
        .order_by(s.submission_id)
    )
    with hold(world, "publish", waits=True):
        return _publish(world, query)


def _publish(world: World, query: Select[Any]) -> int:
    with world.engine.connect() as connection:
        rows = connection.execute(query).all()
    # By columns: a dictionary a row is much of a night beside a long history. No table is made to compare,
    # for which pyarrow would import pandas.
    of_rows = zip(*rows, strict=True) if rows else [()] * len(_SCHEMA)
    columns = dict(zip(_SCHEMA.names, map(list, of_rows), strict=True))
    columns["is_current"] = [bool(value) for value in columns["is_current"]]
    path = world.home.current
    if not path.is_file() or pq.ParquetFile(path).read().to_pydict() != columns:
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns, _SCHEMA), buffer, compression="zstd")
        world.effects.publish(path, buffer.getvalue())
    return sum(columns["is_current"])


_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("submission_id", "sha256", "file_name", "center_id")),
        *((name, pa.string()) for name in ("form_id", "period_id")),
        ("fiscal_year", pa.int32()),
        ("revision", pa.int32()),
        ("stated_on", pa.date32()),
        ("known_at", pa.timestamp("us")),
        ("withdrawn_at", pa.timestamp("us")),
        ("state", pa.string()),
        ("is_current", pa.bool_()),
    ]
)
