"""False alarms: what is found in sample years of other seeds, in which nothing is wrong."""

import multiprocessing
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.mutants.trial import COUNTED, PROCESSES
from samples.variation import make_variation
from schemas.catalog import load_catalog
from tests.compiled import Compiled
from tests.conftest import ROOT
from tests.corrupted_year import outcome_of
from tests.corruptions import Found


@dataclass(frozen=True)
class CleanYear:
    """A year without errors: how many submissions it has, and what was found all the same."""

    seed: int
    submissions: int
    false: tuple[Found, ...]
    infos: tuple[Found, ...]


def clean_years(seeds: Iterable[int], processes: int = PROCESSES) -> list[CleanYear]:
    """The years of some seeds, each made and walked in a folder of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        return list(pool.map(clean_year, seeds))


def clean_year(seed: int) -> CleanYear:
    """The year of one seed."""
    with tempfile.TemporaryDirectory(prefix="nenpo-clean-") as folder:
        inbox = make_variation(seed, Path(folder) / "made")
        root = Path(folder) / "walked"
        root.mkdir()
        outcome = outcome_of({}, load_catalog(ROOT / "schemas" / "catalog"), root, Compiled(), inbox)
    false = sorted(found for found, severity in outcome.severities.items() if severity in COUNTED)
    return CleanYear(seed, outcome.submissions, tuple(false), tuple(sorted(outcome.found - set(false))))


def per_hundred(years: Iterable[CleanYear]) -> float:
    """False findings per 100 submissions."""
    counted = [(len(year.false), year.submissions) for year in years]
    return 100 * sum(false for false, _ in counted) / sum(submissions for _, submissions in counted)
