"""A finding: one thing wrong, where it stands, and what its author should do about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One wrong cell: rule, severity, submission, address, what was seen and expected, in Japanese.

    `consequences` names the rules that failed only because of this cell.
    """

    rule_id: str
    severity: Severity
    submission_id: str
    address: str
    seen: str
    expected: str
    message: str
    consequences: tuple[str, ...] = ()
