"""What a program was in a year when it was not simply carried out (未実施), and why, as its center states."""

from sqlalchemy import CTE, func, select

from schemas.forms.narrative import NARRATIVE, STATUS
from warehouse.facts import FACTS


def statuses(current: CTE) -> CTE:
    """(program_key, status, reason) of the programs that have one."""
    f = FACTS[NARRATIVE.id].c
    return (
        select(
            f.program_key,
            func.max(f.qualifier).label("status"),
            func.max(f.text).label("reason"),
        )
        .select_from(FACTS[NARRATIVE.id].join(current, current.c.submission_key == f.submission_key))
        .where(f.kind == STATUS)
        .group_by(f.program_key)
        .cte("statuses")
    )
