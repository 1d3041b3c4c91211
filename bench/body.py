"""A national body's years at rest: its warehouse and its lake, filled by the database, with no workbook made.

Eight years of as many centers as the facts want, each with the programs, indicators and accounts of
`bench/workload.py`: a center's month is 200 performance and 40 expenditure facts. A national body is wide
and its history short: the year that a report prints is an eighth of all facts, where the 41 years of 84
centers would make it a fortieth and everything easy. One submission in twenty came again and is not current.
The ledger has one line a cell of 支出, one in a thousand of them wrong; the budget one movement a program.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import Connection, Select, Table, select

from bench.workload import LAST_YEAR, Size, write_catalog
from schemas.catalog import Catalog, load_catalog
from schemas.form import DIMENSIONS, Form
from schemas.forms.budget import BUDGET
from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.ledger import LEDGER
from schemas.forms.performance import PERFORMANCE
from schemas.period import FISCAL_MONTHS, Period
from schemas.values import REPORTED
from tasks.bulk import add_rows, read_table
from tasks.effects import Effects
from tasks.home import Home
from tasks.publish import publish
from tasks.reconcile import reconcile
from tasks.store import lake_schema
from tasks.world import World
from warehouse import current
from warehouse.dimensions import timeless_rows, yearly_rows
from warehouse.engine import connect
from warehouse.facts import FACTS
from warehouse.schema import creation
from warehouse.tables import (
    BRIDGE_FINDING,
    DIM_ACCOUNT,
    DIM_INDICATOR,
    DIM_PERIOD,
    DIM_PROGRAM,
    DIM_SUBMISSION,
    FACT_FINDING,
    FACT_RECEIPT,
    METADATA,
)

YEARS = 8
PROGRAMS, INDICATORS, ACCOUNTS = 4, 50, 10
SLOTS_A_STATEMENT = 1_000
FORMS_AT_REST = (PERFORMANCE, EXPENDITURE, BUDGET, LEDGER)


def size_of(facts: int) -> Size:
    """The body of so many performance and expenditure facts, or a few more."""
    months = YEARS * len(FISCAL_MONTHS)
    centers = -(-facts // (months * PROGRAMS * (INDICATORS + ACCOUNTS)))
    return Size("readers", centers * months, centers, PROGRAMS, INDICATORS, ACCOUNTS)


def body(folder: Path, url: str, size: Size) -> World:
    """The body's world, made in an empty folder and an empty database."""
    write_catalog(folder / "catalog", size)
    world = at_rest(folder, url)
    years = sorted({month.fiscal_year for month in size.months})
    with world.engine.begin() as connection:
        # The keys are right by the way they are made: to look each up again is half of the time.
        _run(connection, "set local session_replication_role = replica")
        _make_dimensions(connection, world.catalog, years)
        _make_submissions(connection)
        for month in size.months:
            _make_facts(connection, month)
        for year in years:
            _make_books(connection, year)
        _make_findings(connection)
    _vacuum(world)
    with world.engine.begin() as connection:
        reconcile(world, connection, years)
    _vacuum(world)
    _write_lake(world, years)
    return world


def at_rest(folder: Path, url: str) -> World:
    """The world of a body that is made."""
    moment = datetime(LAST_YEAR + 1, 7, 1, tzinfo=UTC)
    catalog = load_catalog(folder / "catalog")
    return World(folder, Home(folder / "home"), catalog, lambda: moment, Effects(), connect(url))


def _run(connection: Connection, statement: str) -> None:
    """A statement whose every % is one."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _vacuum(world: World) -> None:
    """What a night's autovacuum leaves: counted, and known to be seen by all."""
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze")


def _make_dimensions(connection: Connection, catalog: Catalog, years: list[int]) -> None:
    for statement in creation(connection.dialect):
        _run(connection, statement)
    effects = Effects()
    for table, rows in timeless_rows(catalog).items():
        add_rows(effects, connection, table, rows)
    for year in years:
        for table, rows in yearly_rows(catalog, year).items():
            add_rows(effects, connection, table, rows)
    _run(connection, "analyze")


# A natural key to its surrogate, as `schemas/keys.py` has it; a place to a number that is always the same.
_KEY = "(('x' || left(encode(sha256(convert_to({}, 'UTF8')), 'hex'), 16))::bit(64) >> 1)::bigint"
_NUMBER = "(hashtext(({})::text) & 1048575)"
_SENT = (
    "(select b.form_id, c.center_id, b.center_key, d.period_id, d.period_key, d.fiscal_year, d.last_day, r,"
    " encode(sha256(convert_to(c.center_id || d.period_id || r, 'UTF8')), 'hex') as sha256"
    " from bridge_expected b join dim_center c using (center_key) join dim_period d using (period_key)"
    " cross join generate_series(1, 2) r"
    f" where r = 1 or {_NUMBER.format('c.center_id || d.period_id')} % 20 = 0"
    " union all"
    " select form_id, c.center_id, c.center_key, d.period_id, d.period_key, d.fiscal_year, d.last_day, 1,"
    " encode(sha256(convert_to(form_id || d.period_id, 'UTF8')), 'hex')"
    " from dim_center c, dim_period d, (values ('ledger'), ('budget')) f (form_id)"
    " where c.role = 'head_office' and d.frequency = 'year') x"
)


def _make_submissions(connection: Connection) -> None:
    """What is owed came in time; what came again, a month later."""
    moment = "x.last_day + 10 + (r - 1) * 30"
    name = "x.center_id || '.' || x.form_id || '.' || x.period_id || '.' || left(x.sha256, 12)"
    _fill(
        connection,
        DIM_SUBMISSION,
        _SENT,
        submission_key=_KEY.format(name),
        submission_id=name,
        sha256="x.sha256",
        file_name="x.center_id || '-' || x.period_id || '.xlsx'",
        **{n: f"x.{n}" for n in ("center_key", "form_id", "period_key", "fiscal_year")},
        revision="r",
        stated_on=moment,
        stated_at=moment,
        received_at=moment,
        known_at=moment,
        state="'accepted'",
        rules_version="'1'",
    )
    _fill(
        connection,
        FACT_RECEIPT,
        "(select distinct sha256, file_name, center_key, received_at from dim_submission"
        " where submission_key <> 0) x",
        receipt_id="x.sha256",
        **{n: f"x.{n}" for n in ("sha256", "file_name", "center_key")},
        arrived_at="x.received_at",
    )
    _run(connection, "analyze dim_submission")
    s = DIM_SUBMISSION.c
    rows = connection.execute(select(s.center_key, s.form_id, s.period_key).distinct())
    slots = [(row.center_key, row.form_id, row.period_key) for row in rows]
    for start in range(0, len(slots), SLOTS_A_STATEMENT):
        connection.execute(current.fill(slots[start : start + SLOTS_A_STATEMENT]))


def _make_facts(connection: Connection, month: Period) -> None:
    """A month of all centers, as it comes: each submission's rows together."""
    sent = (
        "dim_submission s join dim_program p on p.center_key = s.center_key and p.fiscal_year = s.fiscal_year"
    )
    of_month = f"s.period_key = {month.key} and s.form_id = "
    count = "50 + {} % 300".format(_NUMBER.format("i.indicator_id || s.period_key || s.revision"))
    line = f"10 + i.print_order % {PROGRAMS * INDICATORS}"
    _fill(
        connection,
        FACTS[PERFORMANCE.id],
        f"{sent} join dim_indicator i on i.program_key = p.program_key"
        f" where {of_month} 'performance' order by s.submission_key, i.print_order",
        submission_key="s.submission_key",
        line_no=line,
        period_key="s.period_key",
        program_key="p.program_key",
        indicator_key="i.indicator_key",
        unit="i.unit",
        **_measured("value", count, f"'実績!E' || {line}"),
        **_measured("cumulative", f"({count}) * 3", f"'実績!F' || {line}"),
    )
    yen = "1000 + {} % 900000".format(_NUMBER.format("p.program_id || a.account_id || s.period_key"))
    line = f"10 + (p.sort_key % 1000) * {ACCOUNTS} + a.line_no"
    _fill(
        connection,
        FACTS[EXPENDITURE.id],
        f"{sent}, dim_account a where a.account_key <> 0 and {of_month} 'expenditure'"
        " order by s.submission_key, p.sort_key, a.line_no",
        submission_key="s.submission_key",
        line_no=line,
        period_key="s.period_key",
        program_key="p.program_key",
        account_key="a.account_key",
        **_measured("amount_yen", yen, f"'支出!D' || {line}"),
        **_measured("cumulative_yen", f"({yen}) * 3", f"'支出!E' || {line}"),
    )


def _make_books(connection: Connection, year: int) -> None:
    """A year's journal, which has what the centers reported but for one line in a thousand; its budget."""
    of_year = f"s.fiscal_year = {year} and s.form_id ="
    yen = (
        f"f.amount_yen + case when {_NUMBER.format('f.submission_key')} % 1000 = f.line_no then 3 else 0 end"
    )
    _fill(
        connection,
        FACTS[LEDGER.id],
        "(select f.*, row_number() over (order by f.period_key, f.submission_key, f.line_no) as n"
        " from fact_expenditure f join dim_submission s using (submission_key)"
        " join bridge_current b using (submission_key)"
        f" where {of_year} 'expenditure' and b.current_to = timestamp '9999-12-31') f, dim_submission s"
        f" where {of_year} 'ledger' order by n",
        submission_key="s.submission_key",
        line_no="f.n",
        period_key="f.period_key",
        slip="'' || f.n",
        closing="case when f.n = 1 then '本決' else '' end",
        posted_on=f"date '{year + 1}-03-31'",
        debit_program_key="f.program_key",
        debit_account_key="f.account_key",
        **_measured("debit_yen", yen, "'line ' || f.n || ':借方金額'"),
        **_measured("credit_yen", yen, "'line ' || f.n || ':貸方金額'"),
    )
    _fill(
        connection,
        FACTS[BUDGET.id],
        f"dim_program p, dim_submission s where p.fiscal_year = {year} and {of_year} 'budget'",
        submission_key="s.submission_key",
        line_no="p.sort_key",
        period_key="s.period_key",
        decision_code="'第1号'",
        decided_on=f"date '{year}-03-20'",
        movement="'当初'",
        program_key="p.program_key",
        **_measured("amount_yen", "60000000", "'予算!E' || p.sort_key"),
    )


def _make_findings(connection: Connection) -> None:
    """One warning in every tenth submission of its own, one in every tenth between submissions."""
    words = {"address": "'実績!E12'", "severity": "'warning'", "message": "'実績!E12: 前月と同じです。'"}
    for table, place in ((FACT_FINDING, 0), (BRIDGE_FINDING, 1)):
        versions = {"rules_version": "rules_version"} if table is FACT_FINDING else {}
        _fill(
            connection,
            table,
            f"dim_submission where submission_key % 10 = {place} and form_id <> ''",
            submission_key="submission_key",
            rule_id=f"'a.rule{place}'",
            **words,
            **versions,
        )


def _measured(name: str, value: str, address: str) -> dict[str, str]:
    return {name: value, f"{name}_at": address, f"{name}_status": f"'{REPORTED}'"}


def _fill(connection: Connection, table: Table, source: str, **values: str) -> None:
    """Rows of a table from a source in SQL: an expression for each column named, nothing in the others."""
    nothing = {int: "0", float: "0", bool: "false", str: "''", datetime: "timestamp '2000-01-01'"}
    names = [c.name for c in table.columns if c.name in values or not c.nullable]
    said = [values.get(name) or nothing[table.c[name].type.python_type] for name in names]
    _run(connection, f"insert into {table.name} ({', '.join(names)}) select {', '.join(said)} from {source}")


def _write_lake(world: World, years: list[int]) -> None:
    """The same facts as files, one a month and form as nights of 1,000 submissions leave them."""
    for form in FORMS_AT_REST:
        for year in years:
            folder = world.home.lake / form.id / f"fiscal_year={year}"
            folder.mkdir(parents=True)
            for period in _periods(form, year):
                with world.engine.connect() as connection:
                    _write_file(connection, world.home.lake / lake_file(form, period), form, period)
    publish(world)


def lake_file(form: Form, period: Period) -> str:
    """Where in the lake the records of a period are."""
    return f"{form.id}/fiscal_year={period.fiscal_year}/{period.id}.parquet"


def _periods(form: Form, year: int) -> list[Period]:
    if form.frequency == "month":
        return [Period("month", year, number) for number in FISCAL_MONTHS]
    return [Period("year", year)]


def _write_file(connection: Connection, path: Path, form: Form, period: Period) -> None:
    table = read_table(connection, _records(form, period), lake_schema(form))
    pq.write_table(table, path, compression="zstd")


def _records(form: Form, period: Period) -> Select[Any]:
    """A form's lake records of a period: `lake_schema` in its order, with natural ids for keys."""
    fact, s, d = FACTS[form.id], DIM_SUBMISSION.c, DIM_PERIOD.c
    source: Any = fact.join(DIM_SUBMISSION, s.submission_key == fact.c.submission_key)
    source = source.join(DIM_PERIOD, d.period_key == fact.c.period_key)
    columns: list[Any] = [s.submission_id, fact.c.line_no, d.period_id]
    tables = {"program": DIM_PROGRAM, "indicator": DIM_INDICATOR, "account": DIM_ACCOUNT}
    for column in form.columns:
        if column.type in DIMENSIONS:
            named = tables[column.type].alias(f"of_{column.id}")
            key = named.c[f"{column.type}_key"]
            source = source.join(named, key == fact.c[column.fact_column])
            columns.append(named.c[f"{column.type}_id"])
        else:
            columns.append(fact.c[column.fact_column])
        columns += [fact.c[f"{column.id}_status"]] if column.is_measure else []
        columns += [fact.c[f"{column.id}_at"]] if column.has_address else []
    return select(*columns).select_from(source).where(s.period_key == period.key)


def facts_at_rest(connection: Connection) -> Iterator[tuple[str, int]]:
    """The rows of each table, as last counted."""
    for table in METADATA.sorted_tables:
        count = connection.exec_driver_sql(
            f"select reltuples::bigint from pg_class where relname = '{table.name}'"
        )
        yield table.name, int(count.scalar_one())
