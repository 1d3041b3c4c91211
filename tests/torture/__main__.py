"""`make torture`: every fault at every effect, on both engines; how many, and how many ended identical.

Exits 1 if one did not. `--engine` takes one engine, `--kind WORDS` the faults that are called so,
`--every N` each N-th case.
"""

import argparse
import gc
import json
import os
import pickle
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import great_expectations

import expectations.suites
import tasks.validate
from schemas.catalog import Catalog, load_catalog
from tasks.faults import Fault
from tasks.load import load
from tasks.versions import versions
from tests.compiled import Compiled
from tests.conftest import ROOT
from tests.torture.case import Bench, code_of, fork, run
from tests.torture.database import NewUrl, databases, drop
from tests.torture.faults import every, kind
from tests.torture.invariants import untrue
from tests.torture.judging import remember
from tests.torture.night import MAY, make_inbox, night, open_world, remains
from tests.torture.watched import Watched
from warehouse.across import QUERIES
from warehouse.current import current
from warehouse.reports.contents import CONTENTS
from warehouse.reports.edition import Edition
from warehouse.schema import schema_version

ENGINES = ("sqlite", "postgres")
WARMED = (expectations.suites, great_expectations, tasks.validate)
"""What a night imports late, and a fork of this process need not."""

AT_ONCE = os.cpu_count() or 1
SHOWN = 5


def main() -> int:
    """Torture, print, and say by the exit code whether everything ended identical."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--kind", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nenpo-torture-") as folder:
        results = [
            torture(engine, Path(folder) / engine, given.kind, given.every)
            for engine in given.engine or ENGINES
        ]
    return 0 if all(results) else 1


def torture(engine: str, folder: Path, words: str, step: int) -> bool:
    """Every fault on one engine, or those asked for; whether every case ended identical."""
    folder.mkdir()
    catalog = load_catalog(ROOT / "schemas" / "catalog")
    schema_version(catalog)
    versions(catalog)
    remember(folder / "judged")
    began = time.monotonic()
    with databases(engine, folder) as new_url:
        bench, counts = _unfailing(folder, catalog, new_url)
        print(f"{engine}: {counts.total()} effects a night: {_listed(counts)}", flush=True)
        cases = [case for case in every(counts) if words in kind(case[0])][::step]
        wrong = dict(_all_cases(bench, cases, new_url))
    _print(wrong)
    identical = sum(not lines for lines in wrong.values())
    minutes = (time.monotonic() - began) / 60
    print(f"{engine}: {len(cases)} cases, {identical} identical, {minutes:.1f} minutes", flush=True)
    return identical == len(cases)


def _unfailing(folder: Path, catalog: Catalog, new_url: NewUrl) -> tuple[Bench, Counter[str]]:
    """The run that never fails, in a fork: what it leaves, and how many effects it has."""
    inbox = make_inbox(folder / "inbox", catalog)
    compiled = _warm(folder / "warming", catalog, new_url("warming"))
    sent = {p.relative_to(inbox).as_posix(): p.read_bytes() for p in inbox.rglob("*") if p.is_file()}
    result = folder / "unfailing.pickle"

    def unfailing() -> int:
        effects = Watched()
        world = open_world(inbox, folder / "unfailing", catalog, new_url("unfailing"), effects, compiled)
        effects.watch(world.home.root, world.home.locks, world.engine)
        night(world)
        wrong = [*effects.unseen, *effects.undurable(), *untrue(world)]
        result.write_bytes(pickle.dumps((remains(world), effects.counts, wrong)))
        return 0

    if code_of(fork(unfailing, folder / "log")):
        raise RuntimeError((folder / "log").read_text())
    expected, counts, wrong = pickle.loads(result.read_bytes())
    if wrong:
        raise RuntimeError("\n".join(wrong))
    return Bench(inbox, catalog, sent, expected, folder, compiled), counts


def _warm(root: Path, catalog: Catalog, url: str) -> Compiled:
    """Load and ask for tables of nothing in this very process: forks need not compile and collect that."""
    compiled = Compiled()
    world = open_world(root / "inbox", root, catalog, url, compiled=compiled)
    load(world)
    with world.engine.connect() as connection:
        for query in QUERIES:
            for statement in query(current(), {MAY.fiscal_year}, catalog):
                connection.execute(statement)
        edition = Edition(connection, catalog, MAY.fiscal_year)
        for table in CONTENTS:
            table(edition)
    world.engine.dispose()
    gc.collect()
    gc.freeze()
    return compiled


def _all_cases(
    bench: Bench, cases: Sequence[tuple[Fault, bool]], new_url: NewUrl
) -> Iterator[tuple[Fault, list[str]]]:
    """Each fault and what was wrong, so many at once as there are processors."""
    running: dict[int, tuple[Fault, Path]] = {}
    for number, (fault, strikes) in enumerate(cases):
        if len(running) == AT_ONCE:
            yield _ended(running)
        verdict = bench.folder / f"case{number}.json"
        pid = fork(_case(bench, fault, strikes, verdict, new_url), bench.folder / f"case{number}.log")
        running[pid] = fault, verdict
    while running:
        yield _ended(running)


def _case(bench: Bench, fault: Fault, strikes: bool, verdict: Path, new_url: NewUrl) -> Callable[[], int]:
    def work() -> int:
        url = new_url(verdict.stem)
        wrong = run(bench, fault, strikes, verdict.stem, url)
        verdict.write_text(json.dumps(wrong, ensure_ascii=False))
        if url:
            drop(url)
        return 0

    return work


def _ended(running: dict[int, tuple[Fault, Path]]) -> tuple[Fault, list[str]]:
    pid, status = os.wait()
    fault, verdict = running.pop(pid)
    log = verdict.with_suffix(".log")
    if status:
        return fault, [f"the case itself failed: {log.read_text()[-2000:]}"]
    wrong = json.loads(verdict.read_text())
    if not wrong:
        shutil.rmtree(verdict.with_suffix(""))
    return fault, wrong


def _print(wrong: dict[Fault, list[str]]) -> None:
    for name, number in Counter(map(kind, wrong)).items():
        identical = sum(not lines for fault, lines in wrong.items() if kind(fault) == name)
        print(f"  {name}: {number} cases, {identical} identical")
    for fault, lines in [(fault, lines) for fault, lines in wrong.items() if lines][:SHOWN]:
        print(f"  {fault}:", *lines[:SHOWN], sep="\n    ")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
