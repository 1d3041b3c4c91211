"""The formula cells that follow when a cell is typed wrong, as the sheets compute them.

The sheet's own 計, rates and 累計, and the 累計 of the months after: the workbook of the next month is made
with what was handed in. An accounting package writes both sides of a line. Other forms compute nothing.
"""

from collections.abc import Mapping
from decimal import Decimal

from bench.mutants.cells import ValueCell, plain
from bench.mutants.corruptions import Cells
from tasks.template.performance_sheet import NONE, counted
from tests.corruption_edits import Value
from tests.corruptions import Entry, Line, Post, Posting, Year

# File -> address -> value.
Changes = Mapping[str, Cells]


def recalculated(year: Year, cell: ValueCell, cells: Cells) -> Changes:
    """All cells that are another once `cells` are typed; a formula that was typed over stays so."""
    match cell.source:
        case Line():
            following = _after_line(year, cell.source, cells[cell.at])
        case Post():
            following = _after_post(year, cell.source, cells[cell.at])
        case Posting():
            following = {
                cell.file: {cell.source.at(f"{side}金額"): cells[cell.at] for side in ("借方", "貸方")}
            }
        case Entry():
            following = _after_entry(cell.source, cells)
        case None:
            following = {}
    return {**following, cell.file: {**following.get(cell.file, {}), **cells}}


def _after_entry(entry: Entry, cells: Cells) -> Changes:
    """The totals of a sheet's columns or a posted object's; an export has none."""
    sending = entry.sending
    at = {entry.at(column.id): column.id for column in sending.form.columns}
    rows = list(sending.rows)
    rows[entry.number] = {
        **rows[entry.number],
        **{at[name]: value for name, value in cells.items() if name in at},
    }
    totals = {sending.total(column): sending.totaled(column, rows) for column in at.values()}
    return {sending.file: {name: total for name, total in totals.items() if name}}


def _after_line(year: Year, line: Line, value: Value) -> Changes:
    changes: dict[str, dict[str, Value]] = {}
    name = line.indicator.indicator_id
    delta = counted(value) - line.number
    wholes = [line.indicator.part_of] if line.indicator.part_of else []
    for whole in wholes:
        total = year.line(whole, line.place)
        changes.setdefault(line.file, {})[total.at("当月")] = _added(total.number, delta)
    for later in year.lines:
        is_ours = later.indicator.indicator_id in (name, *wholes) and later.place >= line.place
        if is_ours and isinstance(later.cumulative, float):
            changes.setdefault(later.file, {})[later.at("累計")] = _added(later.cumulative, delta)
    for rate in year.rates_of(name):
        stated = year.line(rate.indicator_id, line.place)
        share = None if value is None else _rate(year, line, rate.indicator_id, float(counted(value)))
        changes.setdefault(line.file, {})[stated.at("当月")] = share
    return changes


def _rate(year: Year, line: Line, rate_id: str, value: float) -> Value:
    rate = year.catalog.indicator[rate_id]
    instead = {(line.indicator.indicator_id, line.place): value}
    below = sum(
        instead.get((name, line.place), year.line(name, line.place).number) for name in rate.denominator
    )
    if not below:
        return NONE
    return plain(float(year.rate(rate, range(line.place, line.place + 1), instead)))


def _after_post(year: Year, post: Post, value: Value) -> Changes:
    changes: dict[str, dict[str, Value]] = {}
    delta = counted(value) - float(post.values["当月"] or 0)
    for later in year.posts:
        if (later.program, later.account) == (post.program, post.account) and later.place >= post.place:
            ours = changes.setdefault(later.file, {})
            for heading in ("当月", "累計") if later is post else ("累計",):
                own, of_program, of_all = year.sums_of(later, heading)
                ours[later.at(heading)] = _added(own, delta)
                ours[later.at(heading, later.total_row)] = _added(of_program, delta)
                ours[later.at(heading, later.grand_total_row)] = _added(of_all, delta)
    return changes


def _added(number: float, delta: float) -> Value:
    return plain(float(Decimal(str(number)) + Decimal(str(delta))))
