"""close: a named person closes a period; what comes for it later is held until a named person releases it."""

import hashlib
import json

from sqlalchemy import select

from schemas.period import Period, parse_id
from tasks.closings import closing_of, closings
from tasks.journal import Decision, append_decision
from tasks.known import known
from tasks.versions import versions
from tasks.world import World
from warehouse.current import current
from warehouse.tables import DIM_PERIOD, DIM_SUBMISSION


def close(world: World, period_id: str, by: str, why: str) -> Decision:
    """Write the closing of a period and of those that lie in it, with the hashes of what is current.

    ValueError without a name or a reason, for what is no period, is closed already or has nothing in.
    """
    period = _period(period_id)
    if not by or not why:
        raise ValueError("締めには、だれが・なぜ を書いてください。")
    with known(world) as of_files:
        closed = closings(of_files.closings())
    if closing_of(period, closed):
        raise ValueError(f"{period.label}はすでに締めてあります。")
    manifest = _manifest(world, period)
    if not manifest:
        raise ValueError(f"{period.label}の提出物がまだ受理されていません。締めるものがありません。")
    at = world.clock()
    identity = json.dumps([period.id, by, why, at.isoformat(), manifest], ensure_ascii=False)
    decision = Decision(
        hashlib.sha256(identity.encode()).hexdigest()[:16],
        "close",
        at,
        by,
        why,
        versions(world.catalog),
        period_id=period.id,
        manifest=manifest,
    )
    append_decision(world, decision)
    return decision


def _period(period_id: str) -> Period:
    try:
        return parse_id(period_id)
    except ValueError as error:
        raise ValueError(
            f"期間「{period_id}」は読めません。「2021-05」「FY2021H1」「FY2021」のように指定してください。"
        ) from error


def _manifest(world: World, period: Period) -> dict[str, str]:
    """Submission id to SHA-256, of all that is current in a period or one that lies in it."""
    s, p, known = DIM_SUBMISSION.c, DIM_PERIOD.c, current()
    query = (
        select(s.submission_id, s.sha256, p.period_id)
        .join(DIM_PERIOD, p.period_key == s.period_key)
        .where(s.submission_key.in_(select(known.c.submission_key)), s.fiscal_year == period.fiscal_year)
        .order_by(s.submission_id)
    )
    with world.engine.connect() as connection:
        rows = connection.execute(query).all()
    return {row.submission_id: row.sha256 for row in rows if period.contains(parse_id(row.period_id))}
