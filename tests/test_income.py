"""Income has two sides, its budget and the ledger; what of one side has not come is not 0."""

import shutil
from pathlib import Path

import pytest

from tasks.report import report
from tests.conftest import SAMPLES, MakeWorld
from tests.walking import query, walk


@pytest.mark.parametrize(
    ("lacking", "is_budgeted", "is_booked"),
    [("収入予算書*", 0, 1), ("仕訳データ*", 1, 0), ("事業概要*", 1, 1)],
)
def test_each_side_of_income_is_known_by_its_own_file(
    make_world: MakeWorld, tmp_path: Path, lacking: str, is_budgeted: int, is_booked: int
) -> None:
    inbox = tmp_path / "in"
    shutil.copytree(SAMPLES / "foundation", inbox / "foundation")
    for path in (inbox / "foundation").glob(lacking):
        path.unlink()
    world = make_world(inbox)
    walk(world)
    known = "income_budget_yen is not null, income_yen is not null"
    rows = query(world, f"select distinct {known} from mart_reconciliation where fiscal_year = 2021")
    assert rows == [(is_budgeted, is_booked)]
    assert report(world, 2021).is_file()
