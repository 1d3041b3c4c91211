"""across: the rules between submissions, asked again for what a batch touched, in the batch's transaction.

Their findings open and close with the state: what is found is replaced as a whole, so that it depends
only on what is current and never on who came first.
"""

from collections.abc import Sequence, Set
from typing import Any

from sqlalchemy import Connection, delete, select

from expectations.across import ACROSS_RULES
from schemas.values import plain
from tasks.bulk import add_rows
from tasks.reconcile import reconcile
from tasks.world import World
from warehouse.across import QUERIES, within
from warehouse.current import current
from warehouse.tables import BRIDGE_FINDING, DIM_CENTER, DIM_SUBMISSION


def refresh(world: World, connection: Connection, years: Set[int]) -> None:
    """Replace the differences and the across findings of some fiscal years.

    Year by year: of a question about several a database reads the facts of all.
    """
    for year in sorted(years):
        _refresh(world, connection, {year})


def _refresh(world: World, connection: Connection, years: Set[int]) -> None:
    reconcile(world, connection, years)
    ours = select(DIM_SUBMISSION.c.submission_key).where(within(years))
    world.effects.execute(connection, delete(BRIDGE_FINDING).where(BRIDGE_FINDING.c.submission_key.in_(ours)))
    add_rows(world.effects, connection, BRIDGE_FINDING, _findings(world, connection, years))


def years_of(connection: Connection, submission_keys: Sequence[int]) -> set[int]:
    """The years touched; what head office publishes is also compared with the year after."""
    s = DIM_SUBMISSION.c
    rows = connection.execute(
        select(s.fiscal_year, DIM_CENTER.c.role)
        .join(DIM_CENTER, DIM_CENTER.c.center_key == s.center_key)
        .where(s.submission_key.in_(submission_keys), s.fiscal_year != 0)
        .distinct()
    ).all()
    return {year + n for year, role in rows for n in (0, 1) if n == 0 or role == "head_office"}


def _findings(world: World, connection: Connection, years: Set[int]) -> list[dict[str, Any]]:
    sentences = {rule.id: rule for rule in ACROSS_RULES}
    found: dict[tuple[int, str, str], dict[str, Any]] = {}
    for query in QUERIES:
        for select_rows in query(current(), years, world.catalog):
            for row in connection.execute(select_rows).mappings():
                rule = sentences[row["rule_id"]]
                words = {name: plain(value) for name, value in row.items()}
                found[row["submission_key"], rule.id, row["address"]] = {
                    "submission_key": row["submission_key"],
                    "rule_id": rule.id,
                    "address": row["address"],
                    "severity": rule.severity,
                    "seen": words["seen"],
                    "expected": words["expected"],
                    "message": f"{row['address']}: {rule.message.format(**words)}",
                }
    return list(found.values())
