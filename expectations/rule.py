"""A submission rule: one Great Expectations expectation, the column to blame, and the sentence to send."""

from dataclasses import dataclass, field
from typing import Any

from schemas.finding import Severity


@dataclass(frozen=True)
class Rule:
    """What must hold in each row of a form's batch.

    `expectation` names a class of `great_expectations.expectations`; `blames` is the column whose
    cell is wrong; `needs` are the columns of the same row without which the rule is silent;
    `is_of_column`: it says something of all rows of the column, and is silent where one of them is wrong;
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
    is_of_column: bool = False

    @property
    def seen_column(self) -> str:
        return self.seen or self.blames


def marked(id: str, severity: Severity, blames: str, mark: str, message: str, **words: Any) -> Rule:
    """A rule that is broken in the rows which the suite's `prepare` has marked with 1."""
    not_one = {"column": mark, "value_set": [1]}
    return Rule(id, severity, blames, "ExpectColumnValuesToNotBeInSet", not_one, message, **words)


@dataclass(frozen=True)
class StructureRule:
    """What must hold of a file before there are rows: found while it is read, not by an expectation."""

    id: str
    severity: Severity
    message: str
