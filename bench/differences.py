"""Whether a corrupted line of a center's spending, or of the journal, is found and named rightly.

`python -m bench.differences`: 1,000 single corruptions of the sample year, by seed; each is made in the
warehouse, looked at and taken back. A center's 支出 changes with its lines, as its own sums do. Of each kind
of corruption `RIGHT` says which categories are right. Exit code 1: a goal is unmet.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from schemas.catalog import load_catalog
from tasks.collect import collect
from tasks.decide import decide, undecided
from tasks.effects import Effects
from tasks.home import Home
from tasks.load import load
from tasks.world import World
from warehouse.current import current
from warehouse.engine import connect
from warehouse.facts import FACTS
from warehouse.postings import postings
from warehouse.reconciliation.differences import Difference, differences
from warehouse.tables import DIM_PERIOD, DIM_PROGRAM, DIM_SUBMISSION

ROOT = Path(__file__).parents[1]
FISCAL_YEAR = 2021
CASES, SEED = 1_000, 9_001
FOUND_GOAL, NAMED_GOAL = 99.0, 80.0
LINE, POSTING = "line of 支出明細", "line of the journal"
RIGHT: dict[tuple[str, str], frozenset[str]] = {
    (what, kind): frozenset(codes.split())
    for kind, of_line, of_posting in (
        ("two digits swapped", "E1", "E1"),
        ("ten times as much", "E4", "E4"),
        ("a thousand times as much", "E2", "E2"),
        ("sign turned", "E3", "E3"),
        ("another program", "C1", "C1"),
        ("another month", "T1", "T1"),
        ("left out", "M2", "M1"),
        ("entered twice", "D1", "D1"),
    )
    for what, codes in ((LINE, of_line), (POSTING, of_posting))
}
KINDS = tuple(dict.fromkeys(kind for _, kind in RIGHT))
_SPENDING, _CELLS, _LEDGER = FACTS["spending"], FACTS["expenditure"], FACTS["ledger"]


@dataclass(frozen=True)
class Row:
    """A line or posting as it stands: its table, its key, and what reconciles it."""

    what: str
    submission_key: int
    line_no: int
    leg: str
    program_key: int
    account_key: int
    period_key: int
    amount_yen: int


@dataclass(frozen=True)
class Outcome:
    """What became of a corruption."""

    what: str
    kind: str
    found: bool
    codes: tuple[str, ...]

    @property
    def is_named(self) -> bool:
        return self.found and bool({*self.codes} & RIGHT[self.what, self.kind])


def walked_year(folder: Path) -> World:
    """The sample year, walked into a folder."""
    home = Home(folder)
    world = World(
        ROOT / "samples" / "inbox",
        home,
        load_catalog(ROOT / "schemas" / "catalog"),
        lambda: datetime(2022, 7, 1, tzinfo=UTC),
        Effects(),
        connect(home.warehouse_url),
    )
    collect(world)
    for batch in undecided(world):
        decide(world, batch)
    load(world)
    return world


def outcomes(connection: Connection, cases: int, seed: int) -> Iterator[Outcome]:
    """`cases` corruptions, evenly of both sides and all kinds; each is taken back before the next."""
    chance = Random(seed)
    rows = {what: _rows(connection, what) for what in (LINE, POSTING)}
    before = {one.id for one in differences(connection, FISCAL_YEAR)}
    ways = [*RIGHT]
    number = 0
    while number < cases:
        what, kind = ways[number % len(ways)]
        row = chance.choice(rows[what])
        with _taken_back(connection):
            if not _corrupt(connection, row, kind, chance, rows[what]):
                continue
            new = [one for one in differences(connection, FISCAL_YEAR) if one.id not in before]
        ours = [one for one in new if _is_about(one, row)]
        yield Outcome(what, kind, bool(ours), tuple(one.category.code for one in ours))
        number += 1


def _is_about(one: Difference, row: Row) -> bool:
    """Whether its evidence lies where the row stood, or holds the row."""
    return any(
        (e.program_key, e.account_key, e.period_key) == (row.program_key, row.account_key, row.period_key)
        or (e.submission_key, e.line_no) == (row.submission_key, row.line_no)
        for e in (*one.elements, *one.witnesses)
    )


@contextmanager
def _taken_back(connection: Connection) -> Iterator[None]:
    point = connection.begin_nested()
    try:
        yield
    finally:
        point.rollback()


def _rows(connection: Connection, what: str) -> list[Row]:
    """All lines of the centers, or all postings on their programs, but for those that differ already."""
    differing = {
        (e.submission_key, e.line_no)
        for one in differences(connection, FISCAL_YEAR)
        for e in (*one.elements, *one.witnesses)
    }
    known, s = current(), DIM_SUBMISSION.c
    if what == LINE:
        f = _SPENDING.c
        query = (
            select(f.submission_key, f.line_no, f.program_key, f.account_key, f.period_key, f.amount_yen)
            .select_from(
                _SPENDING.join(known, known.c.submission_key == f.submission_key).join(
                    DIM_SUBMISSION, s.submission_key == f.submission_key
                )
            )
            .where(s.fiscal_year == FISCAL_YEAR)
        )
        found = [Row(LINE, r[0], r[1], "", *r[2:]) for r in connection.execute(query)]
    else:
        lines, p = postings(known, fiscal_year=FISCAL_YEAR), DIM_PROGRAM.c
        g = lines.c
        query = (
            select(
                *(g.submission_key, g.line_no, g.leg),
                *(g.program_key, g.account_key, g.period_key, g.amount_yen),
            )
            .select_from(lines.join(DIM_PROGRAM, p.program_key == g.program_key))
            .where(p.level.in_(("program", "sub_program")))
        )
        found = [Row(POSTING, *r) for r in connection.execute(query)]
    return [row for row in sorted(found, key=repr) if (row.submission_key, row.line_no) not in differing]


def _corrupt(connection: Connection, row: Row, kind: str, chance: Random, rows: list[Row]) -> bool:
    """Make the corruption; False where the row cannot bear it."""
    change = _CHANGES.get(kind)
    if change:
        amount = change(row.amount_yen, chance)
        if amount in (None, row.amount_yen):
            return False
        _set_amount(connection, row, amount)
        return True
    return _MOVES[kind](connection, row, chance, rows)


def _swapped(yen: int, chance: Random) -> int | None:
    text = str(abs(yen))
    places = [n for n in range(len(text) - 1) if text[n] != text[n + 1] and (n or text[n + 1] != "0")]
    if not places:
        return None
    at = chance.choice(places)
    swapped = int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
    return swapped if yen > 0 else -swapped


_CHANGES: dict[str, Callable[[int, Random], int | None]] = {
    "two digits swapped": _swapped,
    "ten times as much": lambda yen, _: yen * 10,
    "a thousand times as much": lambda yen, _: yen * 1000,
    "sign turned": lambda yen, _: -yen,
}


def _of_row(table: Table, row: Row) -> Any:
    return and_(table.c.submission_key == row.submission_key, table.c.line_no == row.line_no)


def _set_amount(connection: Connection, row: Row, amount: int) -> None:
    if row.what == LINE:
        connection.execute(update(_SPENDING).where(_of_row(_SPENDING, row)).values(amount_yen=amount))
        _add_to_cell(connection, row, amount - row.amount_yen)
        return
    if amount * row.amount_yen < 0:
        return _turn(connection, row)
    connection.execute(
        update(_LEDGER).where(_of_row(_LEDGER, row)).values(debit_yen=abs(amount), credit_yen=abs(amount))
    )


def _turn(connection: Connection, row: Row) -> None:
    """The posting with its sides changed over, which is how a package writes a minus."""
    c = _LEDGER.c
    names = [name.removeprefix("debit_") for name in c.keys() if name.startswith("debit_")]  # noqa: SIM118
    turned: dict[str, Any] = {f"debit_{name}": c[f"credit_{name}"] for name in names}
    turned |= {f"credit_{name}": c[f"debit_{name}"] for name in names}
    connection.execute(update(_LEDGER).where(_of_row(_LEDGER, row)).values(turned))


def _add_to_cell(connection: Connection, row: Row, yen: int) -> bool:
    """The center's own sum changes too; False where it has no cell for it."""
    c = _CELLS.c
    cell = and_(
        c.program_key == row.program_key,
        c.account_key == row.account_key,
        c.period_key == row.period_key,
        c.submission_key.in_(select(current().c.submission_key)),
    )
    is_there = connection.scalar(select(c.submission_key).where(cell)) is not None
    connection.execute(update(_CELLS).where(cell).values(amount_yen=c.amount_yen + yen))
    return is_there


def _move_program(connection: Connection, row: Row, chance: Random, rows: list[Row]) -> bool:
    """To another program of the same center, which spends on the account too."""
    p = DIM_PROGRAM.c
    own = DIM_PROGRAM.alias("own").c
    center = select(own.center_key).where(own.program_key == row.program_key).scalar_subquery()
    ours = set(connection.scalars(select(p.program_key).where(p.center_key == center)))
    others = sorted(
        {r.program_key for r in rows if r.account_key == row.account_key and r.program_key in ours}
        - {row.program_key}
    )
    return bool(others) and _moved(connection, row, chance.choice(others), row.period_key)


def _move_month(connection: Connection, row: Row, chance: Random, rows: list[Row]) -> bool:
    p = DIM_PERIOD.c
    months = sorted(
        connection.scalars(select(p.period_key).where(p.fiscal_year == FISCAL_YEAR, p.frequency == "month"))
    )
    at = months.index(row.period_key)
    near = [months[n] for n in (at - 1, at + 1) if 0 <= n < len(months)]
    return _moved(connection, row, row.program_key, chance.choice(near))


def _moved(connection: Connection, row: Row, program_key: int, period_key: int) -> bool:
    if row.what == POSTING:
        moved = {f"{row.leg}_program_key": program_key, "period_key": period_key}
        connection.execute(update(_LEDGER).where(_of_row(_LEDGER, row)).values(moved))
        return True
    f, s = _SPENDING.c, DIM_SUBMISSION.c
    known, own = current(), DIM_SUBMISSION.alias("own").c
    center = select(own.center_key).where(own.submission_key == row.submission_key).scalar_subquery()
    target = connection.scalar(
        select(f.submission_key)
        .select_from(
            _SPENDING.join(known, known.c.submission_key == f.submission_key).join(
                DIM_SUBMISSION, s.submission_key == f.submission_key
            )
        )
        .where(f.period_key == period_key, s.center_key == center)
        .limit(1)
    )
    if target is None:
        return False
    there = Row(LINE, target, 0, "", program_key, row.account_key, period_key, 0)
    if not _add_to_cell(connection, there, row.amount_yen):
        return False
    _add_to_cell(connection, row, -row.amount_yen)
    line_no = row.line_no if target == row.submission_key else row.line_no + 10_000
    connection.execute(
        update(_SPENDING)
        .where(_of_row(_SPENDING, row))
        .values(submission_key=target, line_no=line_no, program_key=program_key, period_key=period_key)
    )
    return True


def _leave_out(connection: Connection, row: Row, chance: Random, rows: list[Row]) -> bool:
    table = _SPENDING if row.what == LINE else _LEDGER
    connection.execute(delete(table).where(_of_row(table, row)))
    if row.what == LINE:
        _add_to_cell(connection, row, -row.amount_yen)
    return True


def _enter_twice(connection: Connection, row: Row, chance: Random, rows: list[Row]) -> bool:
    table = _SPENDING if row.what == LINE else _LEDGER
    (found,) = connection.execute(select(table).where(_of_row(table, row))).mappings()
    connection.execute(insert(table), [dict(found) | {"line_no": row.line_no + 100_000}])
    if row.what == LINE:
        _add_to_cell(connection, row, row.amount_yen)
    return True


_MOVES: dict[str, Callable[[Connection, Row, Random, list[Row]], bool]] = {
    "another program": _move_program,
    "another month": _move_month,
    "left out": _leave_out,
    "entered twice": _enter_twice,
}


def share(part: int, whole: int) -> float:
    """Percent."""
    return 100 * part / whole if whole else 100.0


def report(found: list[Outcome], has_goals: bool = True) -> tuple[float, float]:
    """Print how many of each kind were found and named; the shares of all, in percent."""
    print(f"{'':22} {'':26} cases  found  named  called otherwise")
    for (what, kind), right in RIGHT.items():
        ours = [one for one in found if (one.what, one.kind) == (what, kind)]
        wrong = Counter(" ".join(one.codes) or "-" for one in ours if not one.is_named)
        words = ", ".join(f"{codes}: {n}" for codes, n in wrong.most_common(4))
        seen, named = sum(one.found for one in ours), sum(one.is_named for one in ours)
        codes = "/".join(sorted(right))
        print(f"{what:22} {kind:26} {len(ours):5} {seen:6} {named:6}  {words}  (right: {codes})")
    shares = (
        share(sum(one.found for one in found), len(found)),
        share(sum(one.is_named for one in found), len(found)),
    )
    if not has_goals:
        print(f"found {shares[0]:.1f} named {shares[1]:.1f}")
        return shares
    for name, value, limit in zip(("found", "named"), shares, (FOUND_GOAL, NAMED_GOAL), strict=True):
        print(f"goal {name} {'met' if value >= limit else 'unmet'} {value:.1f} {limit:.1f}")
    return shares


def main() -> int:
    """The exit code."""
    with tempfile.TemporaryDirectory() as folder:
        world = walked_year(Path(folder))
        with world.engine.connect().execution_options(writes=True) as connection:
            seen, named = report(list(outcomes(connection, CASES, SEED)))
            print("\nThe same where the journal's memos carry no number (no goal):")
            connection.execute(update(_LEDGER).values(reference=""))
            report(list(outcomes(connection, CASES, SEED)), has_goals=False)
            connection.rollback()
        world.engine.dispose()
    return 0 if seen >= FOUND_GOAL and named >= NAMED_GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
