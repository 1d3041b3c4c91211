"""What is wrong with cells before their columns are asked: errors, lost values, merges, what is hidden.

Only what a column or the cover reads is found; an error in a cell that nobody reads is nobody's.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from expectations.rule import StructureRule
from expectations.structure import (
    BOOK_RULES,
    CELL_ERROR,
    CELL_GAIJI,
    CELL_MERGED,
    CELL_UNCOMPUTED,
    CELL_UNDER_MERGE,
    HIDDEN_COLUMN,
    HIDDEN_ROW,
    HIDDEN_SHEET,
    UNENDED_LINES,
)
from schemas.catalog import Catalog
from schemas.finding import Finding
from schemas.form import Column
from tasks.grid import ErrorCell, Position, shown
from tasks.standardise import Draft

CONFIDENTIAL = "（非公開）"


@dataclass(frozen=True)
class _Faults:
    """The faults of one draft; `catalog` is that of its year."""

    draft: Draft
    catalog: Catalog

    @cached_property
    def used(self) -> dict[Position, Column]:
        """The cells that records use, and the column that each is read for; of a merge, its first cell."""
        return {self._origin(row, position): c for c, position in self._read for row in self._rows}

    @cached_property
    def inputs(self) -> set[Position]:
        """Those of them that do not only repeat what we compute ourselves."""
        computed = {row.indicator_id for row in self.catalog.indicators if not row.is_input}
        records = self.draft.records
        named = records.columns.get("indicator", [None] * len(records))
        rows = [
            row
            for row, is_total, indicator in zip(self._rows, records["is_total"], named, strict=True)
            if not is_total and indicator not in computed
        ]
        return {self._origin(row, position) for c, position in self._read if not c.is_check for row in rows}

    @property
    def _read(self) -> list[tuple[Column, int]]:
        """The columns that the sheet has, each with its position in the file."""
        stand = self.draft.headings.columns
        return [(c, self.draft.grid.source(stand[c.id])) for c in self.draft.form.columns if c.id in stand]

    @cached_property
    def _rows(self) -> list[int]:
        return [row - 1 for row in self.draft.records["row"]]

    def _origin(self, row: int, position: int) -> Position:
        return self.draft.grid.origin(row, position)

    @cached_property
    def cover(self) -> set[str]:
        return {entry.address for entry in self.draft.cover.values()}

    def errors(self) -> Iterator[Finding]:
        for cell in self.draft.grid.beside.errors:
            if cell in self.used or self.draft.grid.address(*cell) in self.cover:
                yield self.finding(CELL_ERROR, cell, shown(self.draft.grid.cell(*cell)))

    def uncomputed(self) -> Iterator[Finding]:
        """A sum or rate of ours needs no value: we compute it ourselves."""
        for cell in sorted(self.draft.grid.beside.uncomputed):
            if cell in self.inputs or self.draft.grid.address(*cell) in self.cover:
                yield self.finding(CELL_UNCOMPUTED, cell)

    def merged(self) -> Iterator[Finding]:
        """A number that a merge makes the value of several cells."""
        grid = self.draft.grid
        numbers = [
            (row, position)
            for column, position in self._read
            if column.is_measure and grid.is_merged(position, self.draft.headings.first_row)
            for row, value in zip(self._rows, self.draft.records[column.id], strict=True)
            if value is not None
        ]
        times = Counter(grid.origin(*cell) for cell in numbers)
        for cell, count in times.items():
            if count > 1:
                yield self.finding(CELL_MERGED, cell, self.draft.grid.text(*cell), str(count))

    def under_merges(self) -> Iterator[Finding]:
        """A value that a merge hides, where it is another than the one that shows."""
        grid = self.draft.grid
        for cell, origin in grid.under_merges():
            value = grid.at(*cell)
            if value != grid.at(*origin) and origin in self.used:
                yield self.finding(CELL_UNDER_MERGE, cell, shown(value))

    def gaiji(self) -> Iterator[Finding]:
        for cell in self.draft.grid.beside.gaiji:
            if cell in self.used:
                yield self.finding(CELL_GAIJI, cell, self.draft.grid.text(*cell)[:30])

    def hidden(self) -> Iterator[Finding]:
        beside = self.draft.grid.beside
        for rule, cell in ((HIDDEN_ROW, beside.hidden_row), (HIDDEN_COLUMN, beside.hidden_column)):
            if cell:
                yield self.finding(rule, cell)

    def unended(self) -> Iterator[Finding]:
        if self.draft.grid.beside.is_unended:
            yield self.finding(UNENDED_LINES, (self.draft.grid.bottom - 1, 0))

    def of_file(self) -> Iterator[Finding]:
        for name in self.draft.beside.hidden:
            yield _found(HIDDEN_SHEET, self.draft, f"{name}!A1", name)
        for name in self.draft.beside.book:
            yield _found(BOOK_RULES[name], self.draft, self.draft.receipt.file_name, "")

    def finding(self, rule: StructureRule, cell: Position, seen: str = "", expected: str = "") -> Finding:
        column = self.used.get(self.draft.grid.origin(*cell))
        if column and column.is_confidential and seen:
            seen = CONFIDENTIAL
        return _found(rule, self.draft, self.draft.grid.own_address(*cell), seen, expected)


def oddities(draft: Draft, catalog: Catalog) -> Iterator[Finding]:
    """The faults of a draft's cells, then those of its file (with the first draft of it)."""
    found = _Faults(draft, catalog.in_year(draft.period.fiscal_year) if draft.period else catalog)
    beside = draft.grid.beside
    if beside.errors:
        yield from found.errors()
    if beside.uncomputed:
        yield from found.uncomputed()
    if draft.grid.merges:
        yield from found.merged()
        yield from found.under_merges()
    if beside.gaiji:
        yield from found.gaiji()
    yield from found.hidden()
    yield from found.unended()
    yield from found.of_file()


def lost_labels(draft: Draft) -> int:
    """In how many rows the indicator's name is lost with its cell's value."""
    if not (draft.grid.beside.uncomputed or draft.grid.beside.errors):
        return 0
    position = draft.headings.columns.get("indicator")
    rows = [row - 1 for row in draft.records["row"] if position is not None]
    lost = draft.grid.beside.uncomputed
    return sum((row, position) in lost or _is_error(draft, row, position) for row in rows)


def _is_error(draft: Draft, row: int, position: int | None) -> bool:
    return position is not None and isinstance(draft.grid.cell(row, position), ErrorCell)


def _found(rule: StructureRule, draft: Draft, address: str, seen: str, expected: str = "") -> Finding:
    sentence = rule.message.format(seen=seen, expected=expected)
    return Finding(
        rule.id, rule.severity, draft.submission_id, address, seen, expected, f"{address}: {sentence}"
    )
