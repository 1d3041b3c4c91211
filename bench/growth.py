"""What nights cost beside a history: `python -m bench.growth [--facts 0 1000000 10000000] [--known 10000]`.

First, the increment: 100 ordinary workbooks, the next month of the first 100 centers of a national body, go
through recover, collect, decide, load and publish on PostgreSQL, beside a history of each size. All bodies
have the centers of the largest; a history is so many whole fiscal years (`bench/body.py`) with their receipts
and journal. It ends before the year of the increment: what that year holds is found anew for its across
rules, however long the history is. A first night, which adds the dimension rows of the new year, is not
counted; then each night brings another month, the bodies taking turns. The process is warm, but as in a new
one nothing of the journal is remembered. The inbox holds what is new.

Second, the quiet night: an inbox of 10,000 files that are all decided and loaded, on SQLite, as the command
of a schedule against a running Prefect server. The files were judged by this bench: they are small texts.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from statistics import median

from bench.body import ACCOUNTS, INDICATORS, PROGRAMS, body, size_of
from bench.measure import cost, goal, note
from bench.ours import STEPS, walk
from bench.past import write_past
from bench.postgres import Databases, databases
from bench.serving import compile_all, server
from bench.workload import LAST_YEAR, Size, center_id, write_book, write_catalog
from flows.command import ALL_IN
from schemas.catalog import load_catalog
from schemas.period import FISCAL_MONTHS, Period
from schemas.submission import Receipt, submission_id
from tasks.clock import system_clock
from tasks.collect import collect
from tasks.completeness import fallen_due
from tasks.decide import MOST_FILES
from tasks.effects import Effects
from tasks.home import Home
from tasks.journal import PIPELINE, Decision, Entry, Verdict, append_decision, decision_in, read_journal
from tasks.known import known
from tasks.load import load
from tasks.publish import publish
from tasks.summary import summarise, tell
from tasks.versions import versions
from tasks.world import World
from warehouse.engine import connect

FACTS, KNOWN = (0, 1_000_000, 10_000_000), 10_000
CENTERS_A_NIGHT, NIGHTS, QUIET_NIGHTS = 100, 3, 3
BESIDE_NOTHING, QUIET_SECONDS = 1.12, 2.9

Night = dict[str, float]


def main() -> int:
    """Measure and print; 1 if a goal is unmet."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--facts", type=int, nargs="*", default=FACTS)
    asked.add_argument("--known", type=int, default=KNOWN)
    options = asked.parse_args()
    compile_all()
    met = []
    with tempfile.TemporaryDirectory(prefix="nenpo-growth-", ignore_cleanup_errors=True) as name:
        if options.facts:
            with databases() as new:
                met += _increments(Path(name), new, sorted(options.facts))
        if options.known:
            with server(Path(name)) as environment:
                met.append(_quiet(Path(name) / "quiet", environment, options.known))
    return 0 if all(met) else 1


def _increments(folder: Path, new: Databases, histories: list[int]) -> Iterator[bool]:
    whole = size_of(histories[-1])
    worlds = {facts: _body(folder / f"of-{facts}", new(), whole, facts) for facts in histories}
    months = [Period("month", LAST_YEAR + 1, number) for number in FISCAL_MONTHS[: 1 + NIGHTS]]
    nights: dict[int, list[Night]] = {facts: [] for facts in histories}
    for month in months:
        inbox = _inbox(folder / month.id, worlds[histories[0]], whole, month)
        for facts, world in worlds.items():
            nights[facts].append(_night(world, inbox, min(CENTERS_A_NIGHT, whole.centers)))
    counted = {facts: found[1:] for facts, found in nights.items()}
    for facts, found in counted.items():
        _print(facts, found)
        if facts > histories[0]:
            yield from _beside(facts, found, counted[histories[0]], is_goal=facts == histories[-1])


def _body(folder: Path, url: str, whole: Size, facts: int) -> World:
    """The world of a body with so many facts, or some more: its years are whole."""
    a_year = whole.centers * len(FISCAL_MONTHS) * PROGRAMS * (INDICATORS + ACCOUNTS)
    years = -(-facts // a_year)
    world = body(folder, url, replace(whole, workbooks=years * whole.centers * len(FISCAL_MONTHS)))
    note(f"history-{facts}-facts", years * a_year)
    note(f"history-{facts}-files", write_past(world))
    return world


def _inbox(folder: Path, world: World, size: Size, month: Period) -> Path:
    """The workbooks of a month of the first centers."""
    of_year = world.catalog.in_year(month.fiscal_year)
    for center in range(min(CENTERS_A_NIGHT, size.centers)):
        _arrived(write_book(folder, of_year, size, center, month), month)
    return folder


def _arrived(path: Path, month: Period) -> None:
    """Give a file the time of a month's last day: collect waits for what is seconds old."""
    moment = datetime.combine(month.last_day, time(9), UTC).timestamp()
    os.utime(path, (moment, moment))


def _night(world: World, inbox: Path, expected: int) -> Night:
    """The seconds of each step of a walk by which everything was let in."""
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What the last one left is on the disk, not in this one's way.
        connection.exec_driver_sql("CHECKPOINT")
    decision_in.cache_clear()
    night = World(inbox, world.home, world.catalog, world.clock, Effects(), world.engine)
    steps = walk(night)
    states = [verdict.state for verdict in read_journal(world.home)[-1].verdicts]
    if states != ["accepted"] * expected:
        raise RuntimeError(f"not all of {expected} workbooks were let in: {states}")
    return steps


def _print(facts: int, nights: list[Night]) -> None:
    note(f"increment-at-{facts}-seconds", median(sum(night.values()) for night in nights))
    for step in STEPS:
        note(f"increment-at-{facts}-{step}-seconds", median(night[step] for night in nights))


def _beside(facts: int, nights: list[Night], nothing: list[Night], is_goal: bool) -> Iterator[bool]:
    """How much longer a night is than beside no history, in turns; and in which step the difference is."""
    pairs = list(zip(nights, nothing, strict=True))
    ratio = median(sum(night.values()) / sum(none.values()) for night, none in pairs)
    if is_goal:
        yield goal(f"increment-at-{facts}-beside-0", ratio, BESIDE_NOTHING)
    else:
        note(f"increment-at-{facts}-beside-0", ratio)
    for step in STEPS:
        share = median((night[step] - none[step]) / sum(none.values()) for night, none in pairs)
        note(f"increment-at-{facts}-{step}-grown-by", share)


def _quiet(folder: Path, environment: Mapping[str, str], known: int) -> bool:
    """Nights with nothing new over files that are all known."""
    size = Size("known", known, 84, PROGRAMS, INDICATORS, ACCOUNTS)
    write_catalog(folder / "catalog", size)
    home = _known(folder, size)
    note("quiet-night-journal-mebibytes", home.journal.stat().st_size / 2**20)
    command = [sys.executable, "-m", "flows.nightly", "--inbox", str(folder / "inbox")]
    command += ["--home", str(home.root), "--catalog", str(folder / "catalog")]
    nights = [cost(command, environment, ALL_IN) for _ in range(QUIET_NIGHTS)]
    note("quiet-night-mebibytes", median(night.mebibytes for night in nights))
    seconds = median(night.seconds for night in nights)
    return goal(f"quiet-night-over-{known}-files-seconds", seconds, QUIET_SECONDS)


def _known(folder: Path, size: Size) -> Home:
    """A home that has taken in and loaded all files of the inbox, and told of it."""
    for center, month in size.books:
        path = folder / "inbox" / center_id(center) / f"{month.id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{center_id(center)} {month.id}", "utf-8")
        _arrived(path, month)
    home = Home(folder / "home")
    home.root.mkdir()
    catalog = load_catalog(folder / "catalog")
    world = World(folder / "inbox", home, catalog, system_clock, Effects(), connect(home.warehouse_url))
    collect(world)
    _decide(world, size)
    load(world)
    publish(world)
    tell(world, summarise(world, fallen_due(world)))
    world.engine.dispose()
    return home


def _decide(world: World, size: Size) -> None:
    """Each file let in with two submissions, of which no line is in the lake: quiet nights read none."""
    months = {f"{center_id(center)}/{month.id}.txt": month.id for center, month in size.books}
    current = versions(world.catalog)
    with known(world) as of_files:
        receipts = of_files.undecided()
    for start in range(0, len(receipts), MOST_FILES):
        batch = receipts[start : start + MOST_FILES]
        verdicts = tuple(_let_in(receipt, months[receipt.file_name]) for receipt in batch)
        at, name = batch[-1].arrived_at, batch[0].receipt_id
        append_decision(world, Decision(name, "judge", at, PIPELINE, "", current, {}, verdicts))


def _let_in(receipt: Receipt, period_id: str) -> Verdict:
    unit = receipt.sha256, receipt.center_id
    entries = tuple(
        Entry(submission_id(*unit, form, period_id), form, period_id, 1, "2022-04-05", sheet, "-" * 16)
        for form, sheet in (("performance", "実績"), ("expenditure", "支出"))
    )
    return Verdict(*unit, "accepted", "", entries)


if __name__ == "__main__":
    sys.exit(main())
