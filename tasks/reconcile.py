"""reconcile: the differences of some fiscal years, found again from the loaded, current state.

What is found is replaced as a whole: it depends only on what is current, and on what was explained.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, select

from schemas.difference import OWNERS
from schemas.keys import surrogate
from tasks.bulk import add_rows
from tasks.world import World
from warehouse.reconciliation.differences import Difference, differences
from warehouse.reconciliation.elements import BOOKED, REPORTED
from warehouse.tables import DIM_DIFFERENCE, FACT_RECONCILIATION


def reconcile(world: World, connection: Connection, fiscal_years: Collection[int]) -> None:
    """Replace the differences of some years and their evidence."""
    d = DIM_DIFFERENCE.c
    ours = select(d.difference_key).where(d.fiscal_year.in_(sorted(fiscal_years)))
    of_years = (
        delete(FACT_RECONCILIATION).where(FACT_RECONCILIATION.c.difference_key.in_(ours)),
        delete(DIM_DIFFERENCE).where(d.fiscal_year.in_(sorted(fiscal_years))),
    )
    for statement in of_years:
        world.effects.execute(connection, statement)
    found = [one for year in sorted(fiscal_years) for one in differences(connection, year)]
    add_rows(world.effects, connection, DIM_DIFFERENCE, [_row(one) for one in found])
    add_rows(world.effects, connection, FACT_RECONCILIATION, [row for one in found for row in _evidence(one)])


def _row(one: Difference) -> dict[str, Any]:
    said = one.explanation
    return {
        "difference_key": surrogate(f"difference {one.id}"),
        "difference_id": one.id,
        "fiscal_year": one.fiscal_year,
        "code": one.category.code,
        "rule": one.category.id,
        "category": one.category.name,
        "heading": one.category.heading,
        "owner": OWNERS[one.category.owner],
        "status": one.status,
        "amount_yen": one.yen,
        "net_yen": one.net_yen,
        "reported": one.side(REPORTED),
        "booked": one.side(BOOKED),
        "lead_yen": one.lead.amount_yen,
        "place": one.place,
        "elsewhere": one.elsewhere,
        "sentence": one.sentence,
        "submission_key": one.lead.submission_key,
        "address": one.lead.address,
        "first_seen_at": one.first_seen_at,
        "explanation": said.why if said else "",
        "explained_by": said.by if said else "",
        "explained_at": said.decided_at if said else None,
    }


def _evidence(one: Difference) -> list[dict[str, Any]]:
    told = [(e, e.difference_yen) for e in one.elements] + [(e, 0) for e in one.witnesses]
    return [
        {
            "difference_key": surrogate(f"difference {one.id}"),
            "evidence_no": number,
            "side": element.side,
            "program_key": element.program_key,
            "account_key": element.account_key,
            "period_key": element.period_key,
            "amount_yen": amount,
            "cell_yen": element.cell_yen,
            "reference": element.reference,
            "document": element.document,
            "submission_key": element.submission_key,
            "address": element.address,
        }
        for number, (element, amount) in enumerate(told, start=1)
    ]
