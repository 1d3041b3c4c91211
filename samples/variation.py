"""Another year than the sample's, by a seed: `python -m samples.variation 7 folder`.

Other counts, days, attendances, clients, answers and yen, which agree with each other as the sample's do;
nothing is mistyped, nothing is refused, the year before was much like it, and no edition is in print yet. The
patterns of the year are written into `folder/patterns`, its files into `folder/inbox`.
"""

import csv
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from samples.make_year import CATALOG, FISCAL_YEAR, make_year
from samples.spread import spending_by_month
from samples.tables import PATTERNS, patterns_of, table
from samples.varied_counts import Row, counted, varied_counts
from schemas.catalog import Catalog, load_catalog
from schemas.forms.event import EVENT
from schemas.forms.survey import SATISFACTION
from schemas.period import FISCAL_MONTHS

_MONTHS = [str(month) for month in FISCAL_MONTHS]
_DISPATCHED = "2-01-d.firms_dispatched"
_USERS, _OPEN = "4-02.cross_garden_users", "4-02.cross_garden_open_days"


def make_variation(seed: int, folder: Path) -> Path:
    """Write the year of a seed into a folder; its inbox."""
    chance, catalog = Random(seed), load_catalog(CATALOG).in_year(FISCAL_YEAR)
    patterns = folder / "patterns"
    shutil.copytree(PATTERNS, patterns)
    for name, rows in _drawn(catalog, chance):
        _write(patterns / f"{name}.csv", rows)
    with patterns_of(patterns):
        _write(patterns / "budget.csv", _budget(catalog, chance))
        _write(patterns / "narrative.csv", _narrative())
        make_year(folder / "inbox")
    return folder / "inbox"


def _drawn(catalog: Catalog, chance: Random) -> Iterator[tuple[str, list[Row]]]:
    """The tables that follow from nothing else."""
    yield "performance", varied_counts(table("performance"), catalog, chance)
    yield (
        "spending",
        [
            {**row, "yen": str(round(int(row["yen"]) * chance.uniform(0.85, 1.15)))}
            for row in table("spending")
        ],
    )
    yield "spread", [_spread(row, chance) for row in table("spread")]
    yield "refunds", [{**row, "yen": str(-chance.randint(200, 3000))} for row in table("refunds")]
    yield (
        "income",
        [{**row, "yen": str(int(row["yen"]) + 1000 * chance.randint(-50, 50))} for row in table("income")],
    )
    yield "events", _events(chance)
    yield "clients", _clients(chance)
    yield "survey", [_answers(row, chance) for row in table("survey")]
    yield "senders", [{**row, "weekday_no": str(chance.randrange(3))} for row in table("senders")]
    yield (
        "published_2020",
        [
            {**row, "value": str(round(int(row["value"]) * chance.uniform(0.33, 0.5)))}
            for row in table("published_2020")
        ],
    )
    yield "versions", [row for row in table("versions") if not row["suffix"]]
    yield "head_office", [row for row in table("head_office") if row["file"] != "公表値_R03.xlsx"]
    yield "differences", [dict.fromkeys(table("differences")[0], "")]
    yield "dirt", [dict.fromkeys(table("dirt")[0], "")]


def _spread(row: Row, chance: Random) -> Row:
    """Other weights of the months; what is the same every month stays so."""
    weights = [int(row[month]) for month in _MONTHS]
    if len(set(weights)) > 1:
        weights = [round(10 * weight * chance.uniform(0.8, 1.2)) for weight in weights]
    return {**row, **dict(zip(_MONTHS, map(str, weights), strict=True))}


def _events(chance: Random) -> list[Row]:
    """Other days of the same months, and as many guests as chance brings; occurrences keep their distance."""
    days: dict[tuple[str, str], int] = {}
    rows = []
    for row in table("events"):
        shift = days.setdefault((row["program_id"], row["event_no"]), chance.randint(-3, 3))
        moved = {
            name: date.fromisoformat(row[name]) + timedelta(days=shift) for name in ("start_date", "end_date")
        }
        is_in_month = moved["end_date"].isoformat()[:7] == row["end_date"][:7]
        guests = {c.id: str(max(1, counted(int(row[c.id]), chance))) for c in EVENT.measures if row[c.id]}
        rows.append(
            {**row, **({name: str(day) for name, day in moved.items()} if is_in_month else {}), **guests}
        )
    return rows


def _clients(chance: Random) -> list[Row]:
    """Other firms in other months; the dispatches stay on the days that 実績 has."""
    numbers: dict[str, str] = {}
    rows: dict[tuple[str, ...], Row] = {}
    for row in table("clients"):
        client = row["client"].upper().replace("－", "-")
        prefix = client.partition("-")[0]
        number = numbers.setdefault(client, f"{prefix}-{chance.randint(10000, 99999)}")
        month = row["month"] if row["indicator_id"] == _DISPATCHED else chance.choice(_MONTHS)
        rows[row["indicator_id"], number, month] = {**row, "client": number, "month": month}
    return list(rows.values())


def _answers(row: Row, chance: Random) -> Row:
    return {**row, **{mark: str(counted(int(row[mark]), chance) + (mark == "満足")) for mark in SATISFACTION}}


def _budget(catalog: Catalog, chance: Random) -> list[Row]:
    """当初 (or the only movement) such that what was spent lies a little below the budget."""
    spent: dict[str, int] = {}
    for month in spending_by_month().values():
        for (program_id, _), yen in month.items():
            top = catalog.program[program_id].parent_id or program_id
            spent[top] = spent.get(top, 0) + yen
    rows, done = table("budget"), set[str]()
    moved: dict[str, int] = {}
    for row in rows:
        moved[row["program_id"]] = moved.get(row["program_id"], 0) + int(row["amount_yen"])
    for row in rows:
        program_id = row["program_id"]
        if program_id in spent and program_id not in done and row["movement"] in ("当初", "補正"):
            wanted = round(spent[program_id] * chance.uniform(1.005, 1.08) / 10_000) * 10_000
            row["amount_yen"] = str(int(row["amount_yen"]) + wanted - moved[program_id])
            done.add(program_id)
    return rows


def _narrative() -> list[Row]:
    """The values that a center computed itself, from this year's counts."""
    counts = {row["indicator_id"]: row for row in table("performance")}
    users = sum(int(counts[_USERS][month]) for month in _MONTHS if counts[_USERS][month].isdecimal())
    months = sum(counts[_OPEN][month] != "0" for month in _MONTHS)
    before = next(
        int(row["value"]) for row in table("published_2020") if row["title"] == "クロスガーデン利用者数"
    )
    stated = {"月平均": users // months, "前年度比": users - before}
    return [
        {**row, "stated": next((str(n) for name, n in stated.items() if name in row["title"]), "")}
        if row["stated"]
        else row
        for row in table("narrative")
    ]


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    print(f"{make_variation(int(sys.argv[1]), Path(sys.argv[2]))} に作りました。")
