"""The cases that a seed draws: a submission, a value cell of it, a corruption, each with equal chance."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bench.mutants.cells import Row, ValueCell, row_of, value_cells
from bench.mutants.corruptions import CORRUPTIONS, Cells
from bench.mutants.recalculation import Changes, recalculated
from tests.corruptions import Year


@dataclass(frozen=True)
class Mutant:
    """One value cell corrupted; `typed`: with every cell that follows by formula, as `damaged` is without."""

    number: int
    cell: ValueCell
    corruption: str
    damaged: Changes
    typed: Changes

    def changes(self, is_typed: bool) -> Changes:
        return self.typed if is_typed else self.damaged

    def touches(self, is_typed: bool) -> frozenset[str]:
        """What it shares with no other case of its year: what the cell touches, and every changed row."""
        rows = {row_of(file, address) for file, cells in self.changes(is_typed).items() for address in cells}
        return self.cell.touches | {f"{file} {row}" for file, row in rows | {own(self.cell)}}


def own(cell: ValueCell) -> Row:
    """The row of a cell."""
    return row_of(cell.file, cell.at)


def drawn(year: Year, seed: int, count: int) -> list[Mutant]:
    """So many cases; one that would leave the same value is drawn anew."""
    return list(islice(_drawn(year, random.Random(seed)), count))


def _drawn(year: Year, chance: random.Random) -> Iterator[Mutant]:
    submissions: dict[str, list[ValueCell]] = defaultdict(list)
    for cell in value_cells(year):
        submissions[cell.submission].append(cell)
    names = sorted(submissions)
    seen: set[tuple[str, str, str]] = set()
    while True:
        cell = chance.choice(submissions[chance.choice(names)])
        corruption = chance.choice(list(CORRUPTIONS))
        cells = CORRUPTIONS[corruption](cell, chance)
        if cells and (key := (cell.file, cell.at, repr(cells))) not in seen:
            seen.add(key)
            yield mutant(year, len(seen), cell, corruption, cells)


def mutant(year: Year, number: int, cell: ValueCell, corruption: str, cells: Cells) -> Mutant:
    """A case with both of its results to try."""
    return Mutant(number, cell, corruption, {cell.file: cells}, recalculated(year, cell, cells))
