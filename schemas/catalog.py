"""The catalog: a folder of CSV that office workers edit, read into frozen rows and passed down.

Each row holds from `from_fy` to `to_fy` (blank = still in force). One body = one catalog.
"""

import csv
import hashlib
import types
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from schemas.period import Frequency, Period
from schemas.values import folded

Ids = Annotated[tuple[str, ...], BeforeValidator(lambda text: tuple(filter(None, text.split("+"))))]


class CatalogError(ValueError):
    """A catalog that cannot be used; says in Japanese which file and row, and what to do."""


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


class ProgramStatus(Row):
    """What a program was in a year, when it was not simply carried out (未実施), and why."""

    fiscal_year: int
    program_id: str
    status: str
    reason: str


class Indicator(Dated):
    """What is counted, in which unit, and how a year's figure comes out of the months.

    `indicator` and `qualifier` are the published names; `label` is ours, for form and print.
    `numerator` and `denominator` are the components of a derived one. `unit` is kept,
    `printed_unit` printed; `decimals` and `rounding` hold for print.
    """

    indicator_id: str
    program_id: str
    indicator: str
    qualifier: str
    label: str
    kind: Literal["flow", "stock", "distinct", "peak", "amount", "ratio", "total", "mean", "difference"]
    measure: str
    count_basis: Literal["", "延べ", "実"]
    mode: str
    base: str
    unit: str
    printed_unit: str
    part_of: str
    rule: Literal["sum", "last", "max", "distinct", "ratio", "total", "mean", "difference"]
    numerator: Ids
    denominator: Ids
    decimals: int
    rounding: Literal["half_up", "floor"]
    frequency: Frequency
    source_form: str
    facility_id: str
    is_printed: bool
    print_block: str
    line_no: int | None

    @property
    def is_input(self) -> bool:
        """Whether centers give it; all else is derived from components."""
        return self.rule in ("sum", "last", "max", "distinct")

    def is_reported_in(self, period: Period) -> bool:
        """Whether the form of that month has a row for it."""
        return self.frequency == "month" or (self.frequency == "half" and period.ends_half)


class Account(Dated):
    """An account of the books and its side."""

    account_id: str
    account_name: str
    side: Literal["支出", "収入", "資産", "負債", "純資産"]
    line_no: int


class Fund(Dated):
    """Where money comes from."""

    fund_id: str
    fund_name: str


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
    severity: Literal["critical", "warning", "info"]


class ReportTable(Row):
    """A printed table: its title, the note on units, and how money is rounded in it."""

    table_id: str
    title: str
    unit_note: str
    rounding: str
    money_unit: str


class ReportColumn(Row):
    """A column of a printed table, in print order."""

    table_id: str
    position: int
    column: str
    heading: str


@dataclass(frozen=True)
class Catalog:
    """All rows of one body's catalog, and the hash of the files that they came from."""

    centers: tuple[Center, ...]
    programs: tuple[Program, ...]
    program_status: tuple[ProgramStatus, ...]
    indicators: tuple[Indicator, ...]
    accounts: tuple[Account, ...]
    funds: tuple[Fund, ...]
    units: tuple[Unit, ...]
    expected: tuple[Expected, ...]
    facilities: tuple[Facility, ...]
    closures: tuple[Closure, ...]
    rules: tuple[RuleRow, ...]
    report_tables: tuple[ReportTable, ...]
    report_columns: tuple[ReportColumn, ...]
    sha256: str = ""

    def in_year(self, fiscal_year: int) -> "Catalog":
        """The rows in force in a fiscal year; the same object for the same year."""
        if fiscal_year not in self._years:
            held: dict[str, Any] = {
                field.name: tuple(row for row in rows if row.holds_in(fiscal_year))
                for field in fields(self)
                if (rows := getattr(self, field.name)) and isinstance(rows[0], Dated)
            }
            self._years[fiscal_year] = replace(self, **held)
        return self._years[fiscal_year]

    @cached_property
    def _years(self) -> "dict[int, Catalog]":
        return {}

    @cached_property
    def center(self) -> dict[str, Center]:
        return {row.center_id: row for row in self.centers}

    @cached_property
    def program(self) -> dict[str, Program]:
        return {row.program_id: row for row in self.programs}

    @cached_property
    def indicator(self) -> dict[str, Indicator]:
        return {row.indicator_id: row for row in self.indicators}

    @cached_property
    def account(self) -> dict[str, Account]:
        return {row.account_id: row for row in self.accounts}

    @cached_property
    def unit_factors(self) -> dict[str, dict[str, int]]:
        """Unit -> its ways of writing (folded) -> factor."""
        units: dict[str, dict[str, int]] = {}
        for row in self.units:
            units.setdefault(row.unit, {})[folded(row.written)] = row.factor
        return units

    @cached_property
    def center_by_name(self) -> dict[str, str]:
        """Folded center names and ids to center ids."""
        return {folded(name): c.center_id for c in self.centers for name in (c.center_name, c.center_id)}

    @cached_property
    def program_by_name(self) -> dict[str, str]:
        """Folded printed numbers, with and without the name behind them, and departments to ids."""
        names: dict[str, str] = {}
        for row in self.programs:
            written = (row.printed_number, f"{row.printed_number} {row.program_name}", row.department)
            names.update(dict.fromkeys(map(folded, filter(None, written)), row.program_id))
        return names

    @cached_property
    def account_by_name(self) -> dict[str, str]:
        return {folded(row.account_name): row.account_id for row in self.accounts}

    @cached_property
    def indicator_by_label(self) -> dict[tuple[str, str], str]:
        """(program id, folded label) to indicator id."""
        return {(row.program_id, folded(row.label)): row.indicator_id for row in self.indicators}

    @cached_property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Total -> the indicators that make it."""
        parts: dict[str, tuple[str, ...]] = {}
        for row in self.indicators:
            if row.part_of:
                parts[row.part_of] = (*parts.get(row.part_of, ()), row.indicator_id)
        return parts

    def owes(self, center_id: str, form_id: str) -> bool:
        return any(row.center_id == center_id and row.form == form_id for row in self.expected)

    def rows_of(self, center_id: str, form_id: str, period: Period) -> list[Indicator]:
        """The indicators that a center's form of that month has rows for, in print order."""
        return [
            row
            for row in self.indicators
            if row.source_form == form_id
            and self.program[row.program_id].center_id == center_id
            and row.is_reported_in(period)
        ]

    def open_days(self, facility_id: str, period: Period) -> int:
        """The days of a month on which a facility was not shut."""
        shut = {
            day
            for row in self.closures
            if row.facility_id == facility_id
            for day in range(
                max(row.closed_from, period.first_day).toordinal(),
                min(row.closed_to, period.last_day).toordinal() + 1,
            )
        }
        return (period.last_day - period.first_day).days + 1 - len(shut)

    def columns_of(self, table_id: str) -> list[ReportColumn]:
        rows = [row for row in self.report_columns if row.table_id == table_id]
        return sorted(rows, key=lambda row: row.position)

    def table(self, table_id: str) -> ReportTable:
        return {row.table_id: row for row in self.report_tables}[table_id]


def load_catalog(folder: Path) -> Catalog:
    """Read a catalog folder; CatalogError names the file and row of the first thing wrong."""
    digest = hashlib.sha256()
    tables: dict[str, Any] = {}
    for field in fields(Catalog):
        if field.name == "sha256":
            continue
        path = folder / f"{field.name}.csv"
        if not path.is_file():
            raise CatalogError(f"{path}: ファイルがありません。カタログのフォルダを確認してください。")
        content = path.read_bytes()
        digest.update(field.name.encode() + b"\0" + content)
        tables[field.name] = _rows(path, content, get_args(field.type)[0])
    catalog = Catalog(**tables, sha256=digest.hexdigest())
    _check_references(catalog, folder)
    return catalog


def _rows(path: Path, content: bytes, model: type[Row]) -> tuple[Row, ...]:
    lines = csv.DictReader(content.decode("utf-8-sig").splitlines())
    optional = {name for name, field in model.model_fields.items() if _may_be_none(field.annotation)}
    rows = []
    for number, line in enumerate(lines, start=2):
        values = {k: None if k in optional and v == "" else v for k, v in line.items()}
        try:
            rows.append(model.model_validate(values))
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"]))
            raise CatalogError(
                f"{path.name} {number}行目 {where}: 「{fault.get('input')}」は使えません。{fault['msg']}"
            ) from error
    return tuple(rows)


def _may_be_none(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)


def _check_references(catalog: Catalog, folder: Path) -> None:
    """Every id that a row names must exist."""
    ids = {
        "centers.csv": set(catalog.center),
        "programs.csv": set(catalog.program),
        "indicators.csv": set(catalog.indicator),
        "funds.csv": {row.fund_id for row in catalog.funds},
        "facilities.csv": {row.facility_id for row in catalog.facilities},
        "units.csv": {row.unit for row in catalog.units},
    }
    named: list[tuple[str, str, tuple[str, ...], str]] = []
    for program in catalog.programs:
        named.append(("programs.csv", program.program_id, (program.center_id,), "centers.csv"))
        named.append(("programs.csv", program.program_id, (program.parent_id,), "programs.csv"))
        named.append(("programs.csv", program.program_id, program.funds, "funds.csv"))
    for row in catalog.indicators:
        others = (row.part_of, *row.numerator, *row.denominator)
        named.append(("indicators.csv", row.indicator_id, (row.program_id,), "programs.csv"))
        named.append(("indicators.csv", row.indicator_id, others, "indicators.csv"))
        named.append(("indicators.csv", row.indicator_id, (row.facility_id,), "facilities.csv"))
        named.append(("indicators.csv", row.indicator_id, (row.unit,), "units.csv"))
    for rule in catalog.rules:
        named.append(("rules.csv", rule.rule_id, (*rule.parts, rule.whole), "indicators.csv"))
    for owed in catalog.expected:
        named.append(("expected.csv", owed.form, (owed.center_id,), "centers.csv"))
    for file, row_id, others, target in named:
        for other in filter(None, others):
            if other not in ids[target]:
                raise CatalogError(
                    f"{folder / file} の {row_id}: 「{other}」が {target} にありません。"
                    f"{target} に行を足すか、綴りを直してください。"
                )
