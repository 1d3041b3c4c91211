"""The rows of the catalog's files, one frozen model a file; a CSV column is a field of the same name."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from schemas.period import Frequency


def _ids(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("+"))) if text else ()


Ids = Annotated[tuple[str, ...], BeforeValidator(_ids)]

INPUT_RULES = ("sum", "count", "last", "max", "distinct")


class Row(BaseModel):
    """A row of a catalog file; unknown columns are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Row):
    """A row in force from a fiscal year to a fiscal year, both included."""

    from_fy: int
    to_fy: int | None

    def holds_in(self, fiscal_year: int) -> bool:
        return self.from_fy <= fiscal_year and (self.to_fy is None or fiscal_year <= self.to_fy)


class Center(Dated):
    """A center, or head office, which is a sender and not a center. `channel`: its inbox folder."""

    center_id: str
    section: str
    center_name: str
    role: Literal["center", "head_office"]
    is_site: bool
    channel: str


class Program(Dated):
    """A program or lettered sub-program as printed; `department` is its name in the ledger."""

    program_id: str
    center_id: str
    parent_id: str
    printed_number: str
    section: str
    letter: str
    program_name: str
    level: Literal["program", "sub_program", "administration", "reserve"]
    sort_key: int
    department: str
    funds: Ids


class Indicator(Dated):
    """What is counted, in which unit, and how a year's figure comes out of the months.

    `indicator` and `qualifier` are the published names; `label` is ours, for form and print.
    `numerator` and `denominator` are the components of a derived one. `unit` is kept,
    `printed_unit` printed; `decimals` and `rounding` hold for print. `half`: the year's figure is that
    of this half alone. `printed_in`: in the tables, only in running text, or not at all.
    """

    indicator_id: str
    program_id: str
    indicator: str
    qualifier: str
    label: str
    kind: Literal[
        "flow", "stock", "distinct", "peak", "amount", "ratio", "total", "mean", "difference", "prior"
    ]
    measure: str
    count_basis: Literal["", "延べ", "実"]
    mode: str
    base: str
    unit: str
    printed_unit: str
    part_of: str
    rule: Literal["sum", "count", "last", "max", "distinct", "ratio", "total", "mean", "difference", "prior"]
    numerator: Ids
    denominator: Ids
    decimals: int
    rounding: Literal["half_up", "floor"]
    frequency: Frequency
    source_form: str
    facility_id: str
    half: Annotated[int, Field(ge=1, le=2)] | None
    printed_in: Literal["", "table", "text"]
    print_block: str
    line_no: int | None

    @property
    def is_input(self) -> bool:
        """Whether centers give it; all else is derived from components."""
        return self.rule in INPUT_RULES


class Series(Dated):
    """A kind of line of a form of lines: a series of events, a survey; the center picks it by name.

    `is_listed`: its events are printed one by one in the list of events.
    """

    series_id: str
    program_id: str
    form: str
    series_name: str
    is_listed: bool


class Feed(Dated):
    """Which lines of a series make an indicator, by its annual rule.

    `measures`: the columns that are summed; none: the lines themselves count. `choices`: only lines with
    one of these in the form's `choice_column`; none: all.
    """

    indicator_id: str
    series_id: str
    measures: Ids
    choices: Ids


class Target(Row):
    """What a body meant to reach in a year, in the printed unit."""

    fiscal_year: int
    indicator_id: str
    target: float


class Account(Dated):
    """An account of the books. `is_allocated`: head office tells centers what they spent on it."""

    account_id: str
    account_name: str
    side: Literal["支出", "収入", "資産", "負債", "純資産"]
    line_no: int
    is_allocated: bool


class Code(Dated):
    """A code of the body's accounting package, and the account or program of ours that it stands for."""

    kind: Literal["account", "program"]
    code: str
    id: str


class Fund(Dated):
    """Where money comes from; or an account of its own (会計), whose budget `must_balance`."""

    fund_id: str
    fund_name: str
    must_balance: bool


class Unit(Row):
    """A way of writing a unit; `factor` turns a value so written into the unit (千円 into 円: 1000)."""

    unit: str
    written: str
    factor: int


class Expected(Dated):
    """What a center owes: a form for each period, due on a day some months after the period."""

    form: str
    center_id: str
    frequency: Frequency
    due_months_after: int
    due_day: int


class Facility(Dated):
    """A place with opening days of its own."""

    facility_id: str
    facility_name: str
    center_id: str


class Closure(Row):
    """Days, both included, on which a facility was shut."""

    facility_id: str
    closed_from: date
    closed_to: date
    reason: str


class RuleRow(Dated):
    """A rule that names indicators: `parts` against `whole`, by month or over the year so far.

    sum: the parts (those whose part_of is the whole) make the whole; le: no part exceeds the whole;
    continuity: last month's whole + the first part - the second = this month's whole.
    """

    rule_id: str
    kind: Literal["sum", "le", "continuity"]
    scope: Literal["month", "year"]
    parts: Ids
    whole: str


class ReportTable(Row):
    """A printed table: its title, the note on units, how money is rounded in it, who signs under it."""

    table_id: str
    title: str
    unit_note: str
    rounding: str
    sign_off: Ids


class ReportColumn(Row):
    """A column of a printed table, in print order."""

    table_id: str
    position: int
    column: str
    heading: str
