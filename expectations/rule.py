"""A submission rule: one Great Expectations expectation, the column to blame, and the sentence to send."""

from dataclasses import dataclass, field
from typing import Any

from schemas.finding import Severity


@dataclass(frozen=True)
class Rule:
    """What must hold in each row of a form's batch.

    `expectation` names a class of `great_expectations.expectations`; `blames` is the column whose
    cell is wrong; `needs` are the columns of the same row without which the rule is silent;
    `expected` is the frame's column (or a literal) that the sentence may quote. The sentence is a
    format string over `seen`, `expected` and the columns of the row; the address is put before it.
    """

    id: str
    severity: Severity
    blames: str
    expectation: str
    arguments: dict[str, Any]
    message: str
    needs: tuple[str, ...] = ()
    expected: str = ""
    seen: str = field(default="")

    @property
    def seen_column(self) -> str:
        return self.seen or self.blames


@dataclass(frozen=True)
class StructureRule:
    """What must hold of a file before there are rows: found while it is read, not by an expectation."""

    id: str
    severity: Severity
    message: str
