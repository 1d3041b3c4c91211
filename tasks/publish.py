"""publish: `lake/submissions.parquet`, which says which lake rows are current; replaced by rename.

Written anew where the warehouse holds another state than when it was written last: beside a long history, to
read all submissions and find no difference is much of a night with nothing new.
"""

import hashlib
import io
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Select, func, select

from tasks.bulk import read_table
from tasks.locks import hold
from tasks.world import World
from warehouse.current import current
from warehouse.tables import (
    DIM_CENTER,
    DIM_PERIOD,
    DIM_SUBMISSION,
    FACT_RECEIPT,
    RUN_DECISION,
    RUN_VERSION,
)


def publish(world: World) -> int:
    """Have one row a submission there, as the warehouse has it; the number of current ones."""
    with hold(world, "publish", waits=True), world.engine.connect() as connection:
        state = _state(connection)
        if not world.home.current.is_file() or state != _written(world):
            # The list first: with the state of an older one it is written again.
            _write(world, connection)
            world.effects.publish(world.home.current_state, state)
        known = current()
        return connection.scalar(select(func.count()).select_from(known)) or 0


def _state(connection: Connection) -> bytes:
    """A digest of what all else in the warehouse is made from: its version, the decisions, the receipts."""
    said = [_SCHEMA.to_string(), *connection.scalars(select(RUN_VERSION.c.version))]
    said += connection.scalars(select(RUN_DECISION.c.decision_id).order_by(RUN_DECISION.c.decision_id))
    said.append(str(connection.scalar(select(func.count()).select_from(FACT_RECEIPT))))
    return hashlib.sha256("\n".join(said).encode()).hexdigest().encode()


def _written(world: World) -> bytes:
    state = world.home.current_state
    return state.read_bytes() if state.is_file() else b""


def _write(world: World, connection: Connection) -> None:
    # Clients of clouds come with it: a tenth of a second that a quiet night does not spend.
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    rows = read_table(connection, _submissions(), _SCHEMA).sort_by("submission_id")
    pq.write_table(rows, buffer, compression="zstd")
    world.effects.publish(world.home.current, buffer.getvalue())


def _submissions() -> Select[Any]:
    s, known = DIM_SUBMISSION.c, current()
    return (
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
    )


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
