"""What is filled into a workbook; with nothing in it, the workbook is a blank form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tasks.template.book import Cell

Value = int | float | str
ProgramAccount = tuple[str, str]


@dataclass(frozen=True)
class Content:
    """The cells that people fill in, and what is known of the months before.

    `performance`: indicator id -> number or text (also a total or rate, then typed and no formula);
    `spending`: (leaf program id, account id) -> yen, a row for each key of the center; `lines`: form id
    -> rows by column id. The `_before` ones: sums of the year up to the month before, None = not known.
    """

    performance: Mapping[str, Value] = field(default_factory=dict)
    cumulative_before: Mapping[str, int | float] | None = None
    spending: Mapping[ProgramAccount, int] = field(default_factory=dict)
    spending_before: Mapping[ProgramAccount, int] | None = None
    lines: Mapping[str, Sequence[Mapping[str, Cell]]] = field(default_factory=dict)
    revision: int = 1
    stated_on: str | date = ""
    submitter: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it is for a person to fill in: then there are spare rows."""
        return not (self.performance or self.spending or self.lines)
