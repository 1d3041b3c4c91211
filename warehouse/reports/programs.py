"""The programs of a year in print order, each with its center, and its status if it has one."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from warehouse.current import current
from warehouse.status import statuses
from warehouse.tables import DIM_CENTER, DIM_PROGRAM

PRINTED = ("program", "sub_program")


def programs(connection: Connection, fiscal_year: int, as_of: datetime | None) -> list[dict[str, Any]]:
    """Programs and their lettered parts, with `chapter` and `center_name`, `status` and `reason`."""
    state = statuses(current(as_of, fiscal_year))
    p, c = DIM_PROGRAM.c, DIM_CENTER.c
    rows = connection.execute(
        select(
            *(p[name] for name in ("program_id", "printed_number", "program_name", "level")),
            c.center_id,
            c.center_name,
            c.section.label("chapter"),
            func.coalesce(state.c.status, "").label("status"),
            func.coalesce(state.c.reason, "").label("reason"),
        )
        .select_from(
            DIM_PROGRAM.join(DIM_CENTER, c.center_key == p.center_key).outerjoin(
                state, state.c.program_key == p.program_key
            )
        )
        .where(p.fiscal_year == fiscal_year, p.level.in_(PRINTED))
        .order_by(p.sort_key)
    )
    return [dict(row) for row in rows.mappings()]
