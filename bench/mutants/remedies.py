"""What would find the typing errors that slip in, and how many of the silent cases each would catch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.mutants.cases import Mutant
from bench.mutants.trial import Verdict

LINES = ("event count", "peak", "times, days")
ROWS = ("flow", "stock", "amount")


@dataclass(frozen=True)
class Remedy:
    """A rule that the forms or the catalog do not yet allow, and the cases that it would catch."""

    name: str
    catches: Callable[[Mutant], bool]


def remedies(known: frozenset[str]) -> tuple[Remedy, ...]:
    """The measures; `known` are the clients' numbers that a register would hold."""
    return (
        Remedy(
            "a 合計 that a second person types under イベント and 支援先 (and in the export): it must be the "
            "sum of the lines",
            lambda one: one.cell.kind in LINES,
        ),
        Remedy(
            "a 検算 (sum of all 当月) that a second person types under 実績: it must be the sum of the rows",
            lambda one: one.cell.kind in ROWS,
        ),
        Remedy(
            "a register of clients' numbers in the catalog: a number that is not in it is found",
            lambda one: (
                one.cell.kind == "distinct"
                and str(one.changes(True)[one.cell.file][one.cell.at]) not in known
            ),
        ),
    )


def helped(verdicts: Sequence[Verdict], remedy: Remedy) -> int:
    """How many silent cases a measure would catch."""
    return sum(not verdict.is_caught and remedy.catches(verdict.mutant) for verdict in verdicts)
