"""The catalog: a folder of CSV that office workers edit, read into frozen rows and passed down.

Each row holds from `from_fy` to `to_fy` (blank = still in force). One body = one catalog.
"""

import csv
import hashlib
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import ValidationError

from schemas.catalog_checks import CatalogError, check
from schemas.catalog_rows import (
    Account,
    Center,
    Closure,
    Code,
    Dated,
    Expected,
    Facility,
    Feed,
    Fund,
    Indicator,
    Program,
    ReportColumn,
    ReportTable,
    Row,
    RuleRow,
    Series,
    Target,
    Unit,
)
from schemas.period import Frequency, Period
from schemas.table_layout import TableLayout, table_layouts
from schemas.values import folded

LAYOUTS = "layouts"
# A batch is of one or two, and what is held against the year before asks for that, too.
YEARS_REMEMBERED = 3


@dataclass(frozen=True)
class Catalog:
    """All rows of one body's catalog, and the hash of the files that they came from."""

    centers: tuple[Center, ...] = ()
    programs: tuple[Program, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    series: tuple[Series, ...] = ()
    feeds: tuple[Feed, ...] = ()
    targets: tuple[Target, ...] = ()
    accounts: tuple[Account, ...] = ()
    codes: tuple[Code, ...] = ()
    funds: tuple[Fund, ...] = ()
    units: tuple[Unit, ...] = ()
    expected: tuple[Expected, ...] = ()
    facilities: tuple[Facility, ...] = ()
    closures: tuple[Closure, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    report_tables: tuple[ReportTable, ...] = ()
    report_columns: tuple[ReportColumn, ...] = ()
    layouts: tuple[TableLayout, ...] = ()
    sha256: str = ""

    def in_year(self, fiscal_year: int) -> "Catalog":
        """The rows in force in a fiscal year; the same object for the same year, of those last asked for."""
        return self._of_year(fiscal_year)

    @cached_property
    def _of_year(self) -> "Callable[[int], Catalog]":
        # With each year goes what is remembered by its rows: of a national body some 10 MB.
        return lru_cache(maxsize=YEARS_REMEMBERED)(self._held_in)

    def _held_in(self, fiscal_year: int) -> "Catalog":
        held: dict[str, Any] = {
            field.name: tuple(row for row in rows if row.holds_in(fiscal_year))
            for field in fields(self)
            if (rows := getattr(self, field.name)) and isinstance(rows[0], Dated)
        }
        return replace(self, **held)

    @cached_property
    def known(self) -> dict[Any, Any]:
        """What was made out by these rows before, by whoever remembers it: as long as they hold, it holds."""
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
    def measured_in(self) -> dict[str | None, tuple[str, str]]:
        """Indicator to its unit and kind; there are few such pairs."""
        pairs: dict[tuple[str, str], tuple[str, str]] = {}
        return {
            row.indicator_id: pairs.setdefault((row.unit, row.kind), (row.unit, row.kind))
            for row in self.indicators
        }

    @cached_property
    def seldom_counted(self) -> dict[str, Frequency]:
        """The frequency of the indicators that are not of each month."""
        return {row.indicator_id: row.frequency for row in self.indicators if row.frequency != "month"}

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
    def id_by_code(self) -> dict[tuple[str, str], str]:
        """(account or program, folded code) to its id."""
        return {(row.kind, folded(row.code)): row.id for row in self.codes}

    @cached_property
    def indicator_by_label(self) -> dict[tuple[str, str], str]:
        """(program id, folded label) to indicator id."""
        return {(row.program_id, folded(row.label)): row.indicator_id for row in self.indicators}

    @cached_property
    def series_by_id(self) -> dict[str, Series]:
        return {row.series_id: row for row in self.series}

    def series_named(self, center_id: str, form_id: str, name: str) -> list[Series]:
        """A center's series of a form that bear a name (usually one)."""
        wanted = folded(name)
        return [row for row in self.series_of(center_id, form_id) if folded(row.series_name) == wanted]

    def series_of(self, center_id: str, form_id: str) -> list[Series]:
        """A center's series of a form, in the catalog's order."""
        return self._series.get((center_id, form_id), [])

    @cached_property
    def _series(self) -> dict[tuple[str, str], list[Series]]:
        return self._by_form(self.series, "form")

    @cached_property
    def _of_form(self) -> dict[tuple[str, str], list[Indicator]]:
        return self._by_form(self.indicators, "source_form")

    def _by_form(self, rows: Iterable[Any], form: str) -> dict[tuple[str, str], list[Any]]:
        """(center, form) to the rows of it, in the catalog's order; a body may have ten thousand centers."""
        found: dict[tuple[str, str], list[Any]] = {}
        for row in rows:
            center_id = self.program[row.program_id].center_id
            found.setdefault((center_id, getattr(row, form)), []).append(row)
        return found

    @cached_property
    def needed_measures(self) -> dict[str, set[tuple[str, ...]]]:
        """Series -> groups of columns of which a line must state one, because they feed a figure."""
        groups: dict[str, set[tuple[str, ...]]] = {}
        for row in self.feeds:
            if row.measures:
                groups.setdefault(row.series_id, set()).add(row.measures)
        return groups

    def figure_named(self, center_id: str, program_id: str, name: str) -> Indicator | None:
        """The printed indicator that a text of a program (or of a center, "") means; None if not clear.

        By its label, of the program before the center's others, or by the program's number and label.
        Head office speaks of every center's.
        """
        wanted = folded(name)
        is_head_office = self.center[center_id].role == "head_office"
        ours = [
            row
            for row in self.indicators
            if row.printed_in and (is_head_office or self.program[row.program_id].center_id == center_id)
        ]
        named = [row for row in ours if folded(row.label) == wanted]
        of_program = [row for row in named if self._is_of(row, program_id)]
        if len(of_program) == 1:
            return of_program[0]
        numbered = [
            row for row in ours if folded(self.program[row.program_id].printed_number + row.label) == wanted
        ]
        found = numbered or named
        return found[0] if len(found) == 1 else None

    def _is_of(self, indicator: Indicator, program_id: str) -> bool:
        return program_id in (indicator.program_id, self.program[indicator.program_id].parent_id)

    @cached_property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Total -> the indicators that make it."""
        parts: dict[str, list[str]] = {}
        for row in self.indicators:
            if row.part_of:
                parts.setdefault(row.part_of, []).append(row.indicator_id)
        return {total: tuple(ids) for total, ids in parts.items()}

    def owes(self, center_id: str, form_id: str) -> bool:
        return (center_id, form_id) in self._owed

    @cached_property
    def _owed(self) -> set[tuple[str, str]]:
        return {(row.center_id, row.form) for row in self.expected}

    def rows_of(self, center_id: str, form_id: str, period: Period) -> list[Indicator]:
        """The indicators that a center's form of that month has rows for, in print order."""
        asked = {frequency for frequency in get_args(Frequency) if period.closes(frequency)}
        return [row for row in self._of_form.get((center_id, form_id), ()) if row.frequency in asked]

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
        if field.name in ("layouts", "sha256"):
            continue
        path = folder / f"{field.name}.csv"
        if not path.is_file():
            raise CatalogError(f"{path}: ファイルがありません。カタログのフォルダを確認してください。")
        content = path.read_bytes()
        digest.update(field.name.encode() + b"\0" + content)
        tables[field.name] = _rows(path, content, get_args(field.type)[0])
    for path in sorted((folder / LAYOUTS).glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    catalog = Catalog(**tables, layouts=table_layouts(folder / LAYOUTS), sha256=digest.hexdigest())
    check(catalog)
    return catalog


def _rows(path: Path, content: bytes, model: type[Row]) -> tuple[Row, ...]:
    lines = csv.reader(content.decode("utf-8-sig").splitlines())
    optional = [name for name, field in model.model_fields.items() if _may_be_none(field.annotation)]
    names = next(lines, [])
    rows = []
    for number, line in enumerate(filter(None, lines), start=2):
        # Of another length than its headings, it has a field without a name or one without a value.
        values: dict[str | None, str | None] = dict(zip_longest(names, line))
        values |= {name: None for name in optional if values.get(name) == ""}
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
