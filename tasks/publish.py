"""publish: `lake/submissions.parquet`, which says which lake rows are current; replaced by rename.

Of each fiscal year it is asked anew where something was loaded since it was written last: beside a long
history, to read all submissions and find most of them as they were is much of a night.
"""

import hashlib
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Select, func, select

from tasks.bulk import read_table
from tasks.locks import hold
from tasks.world import World
from warehouse.current import current
from warehouse.tables import (
    DIM_CENTER,
    DIM_PERIOD,
    DIM_SUBMISSION,
    RUN_CHANGE,
    RUN_VERSION,
)

# What the list is made by, and for each fiscal year a digest of what has been loaded that changed it.
State = dict[str, str]
MADE_BY = "made_by"


def publish(world: World) -> int:
    """Have one row a submission there, as the warehouse has it; the number of current ones."""
    with hold(world, "publish", waits=True), world.engine.connect() as connection:
        state, written = _state(connection), _written(world)
        if state != written:
            # The list first: with the state of an older one it is written again.
            _write(world, connection, {year for year, _ in state.items() ^ written.items()})
            world.effects.publish(world.home.current_state, json.dumps(state, indent=1).encode())
        known = current()
        return connection.scalar(select(func.count()).select_from(known)) or 0


def _state(connection: Connection) -> State:
    """What the list of now is to be made of."""
    version = "".join(connection.scalars(select(RUN_VERSION.c.version)))
    causes: dict[int, list[str]] = {}
    for row in connection.execute(select(RUN_CHANGE).order_by(RUN_CHANGE.c.fiscal_year, RUN_CHANGE.c.cause)):
        causes.setdefault(row.fiscal_year, []).append(row.cause)
    years = {str(year): _digest(*ids) for year, ids in causes.items()}
    return {MADE_BY: _digest(version, _SCHEMA.to_string())} | years


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def _written(world: World) -> State:
    """What the list that is there was made of; nothing without one."""
    if not world.home.current.is_file() or not world.home.current_state.is_file():
        return {}
    try:
        return dict(json.loads(world.home.current_state.read_bytes()))
    except ValueError:
        return {}


def _write(world: World, connection: Connection, changed: set[str]) -> None:
    """Ask for the years that changed, or for all, and leave the rows of the others as they are."""
    # Clients of clouds come with it: a tenth of a second that a quiet night does not spend.
    import pyarrow.parquet as pq

    years = None if MADE_BY in changed else sorted(map(int, changed))
    others = None if years is None else _rows_of_others(world, years)
    if others is None:
        rows = read_table(connection, _submissions(None), _SCHEMA)
    else:
        rows = pa.concat_tables([read_table(connection, _submissions(years), _SCHEMA), others])
    buffer = io.BytesIO()
    pq.write_table(rows.sort_by("submission_id"), buffer, compression="zstd")
    world.effects.publish(world.home.current, buffer.getvalue())


def _rows_of_others(world: World, fiscal_years: list[int]) -> pa.Table | None:
    """What the list that is there says of all other years; None if it cannot be read."""
    import pyarrow.parquet as pq

    try:
        there = pq.read_table(world.home.current, schema=_SCHEMA)
    except (pa.ArrowException, OSError):
        return None
    return there.filter(pc.invert(pc.is_in(there["fiscal_year"], pa.array(fiscal_years, pa.int32()))))


def _submissions(fiscal_years: list[int] | None) -> Select[Any]:
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
    )
    return query if fiscal_years is None else query.where(s.fiscal_year.in_(fiscal_years))


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
