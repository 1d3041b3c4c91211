"""explain: a named person says why differences between center and ledger are as they are; a decision."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select

from schemas.period import Period
from tasks.journal import Decision, Explanation, append_decision
from tasks.versions import versions
from tasks.world import World
from warehouse.reconciliation.differences import EXPLAINED
from warehouse.tables import DIM_DIFFERENCE

NUMBER, WHY = "差異番号", "説明"


def read_explanations(path: Path) -> dict[str, str]:
    """Difference number to reason, of a CSV (UTF-8 or CP932) with the headings 差異番号 and 説明.

    ValueError for another one. Rows without a reason are left out.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp932")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if not {NUMBER, WHY} <= {*(rows.fieldnames or ())}:
        raise ValueError(f"{path.name}: 見出し「{NUMBER}」「{WHY}」が要ります。差異一覧から写してください。")
    return {row[NUMBER].strip(): row[WHY].strip() for row in rows if (row[WHY] or "").strip()}


def explain(world: World, reasons: Mapping[str, str], by: str) -> list[Decision]:
    """Write the explanations, one decision a fiscal year, each with the amount that it is for.

    What the same person said of the same difference before, and still holds, is not said again.
    ValueError without a name or a reason, or for a number that is no difference now: then none is written.
    """
    if not by or not reasons or not all(reasons.values()):
        raise ValueError("説明には、だれが・どの差異を・なぜ を書いてください。")
    with world.engine.connect() as connection:
        rows = connection.execute(select(DIM_DIFFERENCE)).all()
    known = {row.difference_id: row for row in rows}
    if unknown := [number for number in reasons if number not in known]:
        raise ValueError(f"差異番号「{unknown[0]}」は今ありません。差異一覧の番号を写してください。")
    new = {
        number: why
        for number, why in sorted(reasons.items())
        if (known[number].explanation, known[number].explained_by, known[number].status)
        != (why, by, EXPLAINED)
    }
    decisions = []
    for year in sorted({known[number].fiscal_year for number in new}):
        said = {
            number: Explanation(why, known[number].amount_yen)
            for number, why in new.items()
            if known[number].fiscal_year == year
        }
        decisions.append(_decision(world, Period("year", year), said, by))
    for decision in decisions:
        append_decision(world, decision)
    return decisions


def _decision(world: World, year: Period, said: dict[str, Explanation], by: str) -> Decision:
    at = world.clock()
    identity = json.dumps([year.id, by, at.isoformat(), sorted(said)], ensure_ascii=False)
    return Decision(
        hashlib.sha256(identity.encode()).hexdigest()[:16],
        "explain",
        at,
        by,
        f"差異{len(said)}件の説明",
        versions(world.catalog),
        period_id=year.id,
        explanations=said,
    )
