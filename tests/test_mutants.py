"""The count of wrong values let in is a true one: what must be found is, what nothing checks is silent."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bench.mutants.cases import Mutant, drawn, mutant
from bench.mutants.cells import ValueCell, row_of, value_cells
from bench.mutants.corruptions import CORRUPTIONS
from bench.mutants.trial import Verdict, judged, packed, together
from samples.tables import table
from samples.varied_counts import varied_counts
from schemas.catalog import Catalog
from tests.compiled import Compiled
from tests.conftest import SAMPLES
from tests.corrupted_year import outcome_of
from tests.corruptions import Year

SEED, CENTER, SLICE = 1, "sme", 20


@pytest.fixture(scope="module")
def year(catalog: Catalog) -> Year:
    return Year(SAMPLES, catalog)


@pytest.fixture(scope="module")
def cells(year: Year) -> list[ValueCell]:
    return list(value_cells(year))


@pytest.fixture(scope="module")
def mutants(year: Year) -> list[Mutant]:
    return drawn(year, SEED, 120)


@pytest.fixture(scope="module")
def verdicts(
    year: Year,
    cells: list[ValueCell],
    mutants: list[Mutant],
    catalog: Catalog,
    compiled: Compiled,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Verdict]:
    """A slice of one center's cases, with two that must be found and one that nothing checks."""
    root = tmp_path_factory.mktemp("mutants")
    inbox = root / "sent"
    shutil.copytree(SAMPLES / CENTER, inbox / CENTER)
    ours = [*_certain(year, cells), *(one for one in mutants if one.cell.file.startswith(CENTER))]
    group = packed(ours[:SLICE], is_typed=False)[0]
    outcomes = []
    for name, changes in (("before", {}), ("after", together(group, is_typed=False))):
        (root / name).mkdir()
        outcomes.append(outcome_of(changes, catalog, root / name, compiled, inbox))
    return list(judged(group, outcomes[1], outcomes[0]))


def _certain(year: Year, cells: list[ValueCell]) -> list[Mutant]:
    line = year.line("2-01-a.consultations_counter", 6)
    flow = next(cell for cell in cells if (cell.file, cell.at) == (line.file, line.at("当月")))
    clients = [cell for cell in cells if cell.kind == "distinct" and cell.file.startswith(CENTER)]
    client = clients[0]
    other = next(cell for cell in clients if not cell.touches & client.touches)
    alone = mutant(year, -2, client, "digits swapped", {client.at: "KGY-00001"})
    return [
        mutant(year, -1, flow, "x10", {flow.at: float(str(flow.value)) * 10}),
        # With the control number above it, as the sheet computes it anew.
        replace(alone, damaged=alone.typed),
        mutant(year, -3, other, "digits swapped", {other.at: "KGY-00001"}),
    ]


def test_a_value_that_a_rule_compares_is_caught_by_that_rule(verdicts: list[Verdict]) -> None:
    (flow,) = (verdict for verdict in verdicts if verdict.mutant.number == -1)
    assert flow.is_caught
    assert "performance.value.sum" in flow.rules


def test_a_value_that_nothing_checks_is_silent(verdicts: list[Verdict]) -> None:
    (client,) = (verdict for verdict in verdicts if verdict.mutant.number == -2)
    assert client.rules == ()


def test_a_value_below_a_total_is_caught_by_the_total(verdicts: list[Verdict]) -> None:
    (client,) = (verdict for verdict in verdicts if verdict.mutant.number == -3)
    assert "client.client.total" in client.rules


def test_a_slice_of_a_center_is_judged_one_by_one(verdicts: list[Verdict]) -> None:
    assert len(verdicts) >= 5
    assert {verdict.mutant.number for verdict in verdicts} >= {-1, -2}


def test_no_case_leaves_the_value_as_it_was(cells: list[ValueCell]) -> None:
    chance = random.Random(SEED)
    for cell in chance.sample(cells, 400):
        for corruption in CORRUPTIONS.values():
            changed = corruption(cell, chance)
            assert changed is None or changed[cell.at] != cell.value


def test_cases_that_share_a_year_share_no_row_and_nothing_that_rules_compare(mutants: list[Mutant]) -> None:
    for is_typed in (False, True):
        for group in packed(mutants, is_typed):
            touched = [name for one in group for name in one.touches(is_typed)]
            assert len(touched) == len(set(touched))


def test_a_mistyped_month_moves_what_the_sheets_compute(year: Year, cells: list[ValueCell]) -> None:
    line = year.line("2-01-a.consultations_counter", 2)
    cell = next(c for c in cells if (c.file, c.at) == (line.file, line.at("当月")))
    made = mutant(year, 1, cell, "x10", {cell.at: line.number + 7})
    total = year.line("2-01-a.consultations_total", 2)
    assert made.typed[line.file] == {
        line.at("当月"): line.number + 7,
        line.at("累計"): float(str(line.cumulative)) + 7,
        total.at("当月"): total.number + 7,
        total.at("累計"): float(str(total.cumulative)) + 7,
    }
    assert len(made.typed) == 10
    assert made.damaged == {line.file: {cell.at: line.number + 7}}


def test_a_row_is_known_by_all_of_its_addresses() -> None:
    assert row_of("f", "実績!D8") == row_of("f", "実績!E8") != row_of("f", "実績!D9")
    assert row_of("f", "line 3:来場") == row_of("f", "line 3:備考") != row_of("f", "line 30:来場")
    assert row_of("f", "/rows/5/online") == row_of("f", "/rows/5/name") != row_of("f", "/rows/50/name")


def test_a_seed_gives_one_year_and_another_seed_another(catalog: Catalog) -> None:
    years = [varied_counts(table("performance"), catalog.in_year(2021), random.Random(n)) for n in (1, 1, 2)]
    assert years[0] == years[1] != years[2]


def test_the_sample_has_value_cells_of_every_form_and_way_of_arrival(cells: list[ValueCell]) -> None:
    assert {Path(cell.file).suffix for cell in cells} == {".xlsx", ".csv", ".json"}
    assert {cell.kind for cell in cells} >= {"flow", "stock", "amount", "spending", "event count", "ledger"}
