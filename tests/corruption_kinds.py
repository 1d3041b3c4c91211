"""The table of kinds of corruption, and how a case of one is written down."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from expectations.across import ACROSS_RULES
from tasks.template.book import Cell
from tests.corruption_edits import Value
from tests.corruptions import Case, Entry, Found, Sending, Year

ACROSS = {rule.id for rule in ACROSS_RULES}


@dataclass(frozen=True)
class Kind:
    """A kind of corruption: its possible cases, how many are tried in each type of file (sheet, CSV, JSON).

    `refuses`: whether the file stays out. `alone`: nothing else is tried with it.
    """

    name: str
    count: int
    cases: Callable[[Year], Iterator[Case]]
    refuses: bool = True
    alone: bool = False

    @property
    def family(self) -> str:
        """Cases are tried with those of their family: a month that is out silences what needs it."""
        if self.alone:
            return self.name
        return "refuses" if self.refuses else "loads"


KINDS: list[Kind] = []


def kind(name: str, count: int, loads: bool = False, alone: bool = False) -> Callable[..., None]:
    """Enter a kind into the table."""

    def enter(cases: Callable[[Year], Iterator[Case]]) -> None:
        KINDS.append(Kind(name, count, cases, not loads, alone))

    return enter


def case(
    file: str, cells: Mapping[str, Value], found: Iterable[Found] = (), touches: Iterable[str] = ()
) -> Case:
    return Case(file, cells, frozenset(found), frozenset(touches))


def changed(
    entry: Entry, cells: Mapping[str, Cell], found: Iterable[Found] = (), touches: Iterable[str] = ()
) -> Case:
    """Some cells of a row of lines typed otherwise."""
    own = {row_of(entry.sending, entry.number), *totals_of(entry.sending, cells)}
    rows = list(entry.sending.rows)
    rows[entry.number] = {**rows[entry.number], **cells}
    found = {*found, *totals(entry.sending, rows, found)}
    if "end_date" in cells:
        # By which an export tells its month.
        own.add(f"{entry.file} end_date")
    return case(entry.file, entry.typed(cells), found, {*own, *touches})


def added(
    sending: Sending,
    cells: Mapping[str, Cell],
    rules: Mapping[str, str],
    also: Iterable[Found] = (),
    touches: Iterable[str] = (),
) -> Case:
    """A row added behind the last; `rules`: column -> the rule that blames its cell there."""
    row = len(sending.rows)
    found = {(rule, sending.file, sending.at(row, column)) for column, rule in rules.items()}
    own = {row_of(sending, row), *totals_of(sending, cells)}
    found |= totals(sending, [*sending.rows, cells], found)
    return case(sending.file, sending.written(row, cells), found | set(also), {*own, *touches})


def totals(sending: Sending, rows: Sequence[Mapping[str, Cell]], found: Iterable[Found]) -> set[Found]:
    """The totals above some columns that other rows no longer come to; but not where one of them is wrong."""
    moved = set()
    for column in sending.form.columns:
        if not sending.total(column.id):
            continue
        wrong = sending.cells_of[column.id]
        is_known = any(at in wrong and rule not in ACROSS for rule, _, at in found)
        before, after = sending.total_of[column.id], sending.totaled(column.id, rows)
        if not is_known and None not in (before, after) and before != after:
            moved.add((f"{sending.form.id}.{column.id}.total", sending.file, sending.total(column.id)))
    return moved


def repeated(entry: Entry, cells: Mapping[str, Cell], column: str, rule: str) -> Case:
    """A row written once more behind the last, with some cells otherwise, and found in a column there."""
    own = row_of(entry.sending, entry.number)
    return added(entry.sending, {**entry.cells, **cells}, {column: rule}, (), {own})


def whole(
    file: str, cells: Mapping[str, Value], found: Iterable[Found] = (), touches: Iterable[str] = ()
) -> Case:
    """What bears on all of a file: its cover, its headings, the set of its rows."""
    return case(file, cells, found, {all_of(file), *touches})


def totals_of(sending: Sending, columns: Iterable[str]) -> set[str]:
    """What is touched by a change in some columns: a wrong cell silences the total of its column."""
    return {f"{sending.file} {sending.total(name)}" for name in columns if sending.total(name)}


def row_of(sending: Sending, row: int) -> str:
    """What is touched by a change in a row."""
    return f"{sending.file} {row}"


def all_of(file: str) -> str:
    """What is touched by a change that nothing else in the file may be tried with."""
    return f"all of {file}"
