"""The sample year with some cells changed, walked to its end: what is found, what is in, what is out."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.catalog import Catalog
from tasks.effects import Effects
from tasks.home import Home
from tasks.world import World
from tests.compiled import Compiled, connected
from tests.conftest import NOON, SAMPLES
from tests.corruption_edits import Value, edit
from tests.corruptions import Found
from tests.walking import query, walk

FOUND = """
select f.rule_id, s.file_name, f.address, f.severity, f.seen || '|' || f.expected || '|' || f.message from (
  select submission_key, rule_id, address, severity, seen, expected, message from fact_finding
  union all select submission_key, rule_id, address, severity, seen, expected, message from bridge_finding
) f join dim_submission s on s.submission_key = f.submission_key
"""
SUBMISSIONS = "select count(*) from dim_submission where submission_key <> 0"
STATES = "select distinct file_name, state, reason from dim_submission where submission_key <> 0"


@dataclass(frozen=True)
class Outcome:
    """What a year has come to: findings with severity and words; each file's state and reason."""

    severities: Mapping[Found, str]
    words: Mapping[Found, str]
    states: Mapping[str, tuple[str, str]]
    submissions: int

    @property
    def found(self) -> frozenset[Found]:
        return frozenset(self.words)

    @property
    def refused(self) -> dict[str, str]:
        return {file: reason for file, (state, reason) in self.states.items() if state == "refused"}


def outcome_of(
    changes: Mapping[str, Mapping[str, Value]],
    catalog: Catalog,
    root: Path,
    compiled: Compiled,
    inbox: Path = SAMPLES,
) -> Outcome:
    """Walk a copy of an inbox, changed (file -> address -> value), in a folder that is gone afterwards."""
    copy = shutil.copytree(inbox, root / "inbox")
    for file, cells in changes.items():
        edit(copy / file, cells)
    home = Home(root)
    world = World(copy, home, catalog, lambda: NOON, Effects(), connected(home.warehouse_url, compiled))
    try:
        walk(world)
        states = {file: (state, reason) for file, state, reason in query(world, STATES)}
        rows = query(world, FOUND)
        ((submissions,),) = query(world, SUBMISSIONS)
    finally:
        world.engine.dispose()
        shutil.rmtree(root)
    severities = {(rule, file, at): severity for rule, file, at, severity, _ in rows}
    words = {(rule, file, at): text for rule, file, at, _, text in rows}
    return Outcome(severities, words, states, submissions)
