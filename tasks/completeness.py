"""What is owed, as the table that ops and the office look at: by center and form, with what is lacking."""

from itertools import groupby
from typing import Any

from sqlalchemy import Row, select

from schemas.forms import form_by_id
from schemas.period import fiscal_year_label, parse_id
from tasks.clock import tokyo_day
from tasks.world import World
from warehouse.current import current
from warehouse.marts import completeness


def fallen_due(world: World) -> list[Row[Any]]:
    """What is owed and fell due before today, as `mart_completeness` has it, the newest year first."""
    m = completeness.query(current()).cte("mart").c
    query = (
        select(
            m.fiscal_year, m.center_id, m.center_name, m.form_id, m.period_id, m.due_on, m.status, m.is_late
        )
        .where(m.due_on < tokyo_day(world.clock()))
        .order_by(m.fiscal_year.desc(), m.center_id, m.form_id, m.due_on)
    )
    with world.engine.connect() as connection:
        return list(connection.execute(query).all())


def owed(due: list[Row[Any]]) -> list[dict[str, Any]]:
    """One row a fiscal year, center and form of which something fell due, the newest year first."""
    groups = groupby(due, key=lambda row: (row.fiscal_year, row.center_name, row.form_id))
    return [_row(*key, list(group)) for key, group in groups]


def _row(fiscal_year: int, center_name: str, form_id: str, rows: list[Row[Any]]) -> dict[str, Any]:
    def periods(wanted: list[Row[Any]]) -> str:
        return "、".join(parse_id(row.period_id).label for row in wanted) or "－"

    accepted = [row for row in rows if row.status == "受理"]
    return {
        "年度": fiscal_year_label(fiscal_year),
        "センター": center_name,
        "様式": form_by_id(form_id).title,
        "期限到来": len(rows),
        "受理": len(accepted),
        "遅れて受理": periods([row for row in accepted if row.is_late]),
        "差戻しのまま": periods([row for row in rows if row.status == "差戻し"]),
        "未着": periods([row for row in rows if row.status == "未着"]),
    }
