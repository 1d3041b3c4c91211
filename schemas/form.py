"""A form: the blank template of one kind of submission, declared once and used in every room."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from schemas.values import folded

Type = Literal[
    "text",
    "code",
    "integer",
    "number",
    "yen",
    "date",
    "fiscal_year",
    "month",
    "center",
    "program",
    "indicator",
    "account",
    "unit",
    "choice",
    "series",
    "client",
]
Channel = Literal["sheet", "csv", "json"]
MEASURES: tuple[Type, ...] = ("number", "yen")
DIMENSIONS: tuple[Type, ...] = ("program", "indicator", "account", "series")


@dataclass(frozen=True)
class Column:
    """A column of ours and the headings under which offices write it.

    `headings`: the first is the one that we print in the blank form; a two-line heading is known
    by its lower line or by both, joined. `is_optional`: the heading itself may be missing. `may_be_none`:
    money that may be 「－」. `units`: what may stand behind a number whose row names no unit. `is_count`:
    a whole number of at least 0. `minimum`: what no value may be below. `is_cited`: its cell is named as
    the source of a figure, as every measure's is. `is_confidential`: what it holds goes no further than
    the stored original, be it in a sentence. `is_check`: it only repeats what we
    compute ourselves. `is_totaled`: on a sheet, 合計 stands above it: the sum of its numbers, or the control
    number of its codes.
    """

    id: str
    headings: tuple[str, ...]
    type: Type
    is_required: bool = False
    is_optional: bool = False
    is_merged: bool = False
    may_be_none: bool = False
    is_count: bool = False
    is_cited: bool = False
    is_confidential: bool = False
    is_check: bool = False
    is_totaled: bool = False
    choices: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    minimum: float | None = None
    comment: str = ""

    @property
    def heading(self) -> str:
        return self.headings[0]

    @property
    def is_measure(self) -> bool:
        return self.type in MEASURES

    @property
    def has_address(self) -> bool:
        """Whether lake and facts keep the cell that it came from."""
        return self.is_measure or self.is_cited

    @property
    def fact_column(self) -> str:
        """The name in the fact table: `_key` for a dimension, as it is for all else."""
        return f"{self.id}_key" if self.type in DIMENSIONS or self.type == "client" else self.id


@dataclass(frozen=True, eq=False)
class Form:
    """What one sheet or export holds, down to its columns; there is one object a form.

    `grain` is the sentence on one row of its fact. `key` names the columns that tell rows of one
    submission apart (empty: the line number does). `total_words` and
    `grand_total_words`, in `total_column`, mark rows that only repeat sums: of a part, of all rows.
    `has_layouts`: it is known by an accounting package's layout, not by headings of ours. `period_column`:
    the day by which an export, which has no cover, tells its period. `channels`: the ways in which it may
    arrive.

    A form of lines (one an event, one an answer) feeds indicators as `feeds.csv` says: `choice_column`
    is the one that a feed may ask for, and a line with anything in `void_column` counts for nothing.
    `may_be_nil`: a period may have no line at all, which a row 「該当なし」 says. `is_ahead`: it may come
    before its period begins, as a budget does.
    """

    id: str
    title: str
    number: str
    frequency: Literal["month", "half", "year"]
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    total_column: str = ""
    total_words: tuple[str, ...] = ()
    grand_total_words: tuple[str, ...] = ()
    has_layouts: bool = False
    period_column: str = ""
    channels: tuple[Channel, ...] = ("sheet",)
    choice_column: str = ""
    void_column: str = ""
    may_be_nil: bool = False
    is_ahead: bool = False

    def column(self, column_id: str) -> Column:
        return next(column for column in self.columns if column.id == column_id)

    @cached_property
    def by_heading(self) -> dict[str, Column]:
        """Columns by folded heading."""
        return {folded(h): column for column in self.columns for h in column.headings}

    @property
    def measures(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_measure)
