"""Trying cases: as many in one year as do not touch each other; what was found because of each.

A file that is refused is missing to the rules between submissions, so that a case beside it may go unseen:
what is silent is tried again with others that were let in.
"""

import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.mutants.cases import Mutant
from bench.mutants.cells import row_of
from schemas.catalog import load_catalog
from tests.compiled import Compiled
from tests.conftest import ROOT
from tests.corrupted_year import Outcome, outcome_of
from tests.corruption_edits import Value
from tests.corruptions import Found

PROCESSES = 2
COUNTED = ("critical", "warning")
LARGEST_YEAR = 60
ROUNDS = 4
HEAD_OFFICE = "foundation"


@dataclass(frozen=True)
class Verdict:
    """What came of a case: the rules that name its cell; `hints`: others that differ because of it."""

    mutant: Mutant
    rules: tuple[str, ...]
    hints: tuple[str, ...]
    is_sure: bool

    @property
    def is_caught(self) -> bool:
        return bool(self.rules)


def tried(mutants: Sequence[Mutant], is_typed: bool, processes: int = PROCESSES) -> list[Verdict]:
    """The verdict on each case, in order."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        before = pool.submit(_walked, {}).result()
        verdicts: dict[int, Verdict] = {}
        waiting = list(mutants)
        for _ in range(ROUNDS):
            for verdict in _round(pool, waiting, before, is_typed):
                verdicts[verdict.mutant.number] = verdict
            waiting = [one for one in waiting if not verdicts[one.number].is_sure]
    return [verdicts[one.number] for one in mutants]


def _round(pool: Executor, mutants: Sequence[Mutant], before: Outcome, is_typed: bool) -> Iterator[Verdict]:
    groups = packed(mutants, is_typed)
    changes = [together(group, is_typed) for group in groups]
    for group, outcome in zip(groups, pool.map(_walked, changes), strict=True):
        yield from judged(group, outcome, before)


def packed(mutants: Iterable[Mutant], is_typed: bool) -> list[list[Mutant]]:
    """Groups of cases none of which touches another of its group."""
    groups: list[tuple[list[Mutant], set[str]]] = []
    for one in mutants:
        ours = one.touches(is_typed)
        free = (entry for entry in groups if not entry[1] & ours and len(entry[0]) < LARGEST_YEAR)
        group, taken = next(free, ([], set()))
        if not group:
            groups.append((group, taken))
        group.append(one)
        taken |= ours
    return [group for group, _ in groups]


def together(group: Sequence[Mutant], is_typed: bool) -> dict[str, dict[str, Value]]:
    """What is changed in a year for all cases of a group: file -> address -> value."""
    changes: dict[str, dict[str, Value]] = {}
    for one in group:
        for file, cells in one.changes(is_typed).items():
            changes.setdefault(file, {}).update(cells)
    return changes


def _walked(changes: dict[str, dict[str, Value]]) -> Outcome:
    catalog = load_catalog(ROOT / "schemas" / "catalog")
    with tempfile.TemporaryDirectory(prefix="nenpo-mutants-") as folder:
        root = Path(folder) / "year"
        root.mkdir()
        return outcome_of(changes, catalog, root, Compiled())


def judged(group: Sequence[Mutant], outcome: Outcome, before: Outcome) -> Iterator[Verdict]:
    """Each case of a year with the findings that the unchanged year has not."""
    new = {found: outcome.severities[found] for found in outcome.found - before.found}
    refused = outcome.refused.keys() - before.refused.keys()
    for one in group:
        by_row = partial(_about, new)
        named = by_row(one.cell.rows)
        rules = sorted({rule for (rule, _, _), severity in named.items() if severity in COUNTED})
        hints = sorted({rule for rule, _, _ in {**named, **by_row(one.cell.later)}} - {*rules})
        # Rules compare a center's files with each other and with head office's.
        missing = {file for file in refused if _channel(file) in (_channel(one.cell.file), HEAD_OFFICE)}
        is_sure = bool(rules) or not missing
        yield Verdict(one, tuple(rules), tuple(hints), is_sure)


def _channel(file: str) -> str:
    return file.partition("/")[0]


def _about(new: dict[Found, str], rows: Iterable[tuple[str, str]]) -> dict[Found, str]:
    wanted = set(rows)
    return {found: severity for found, severity in new.items() if row_of(found[1], found[2]) in wanted}
