"""PostgreSQL as a foundation has it: who loads, who reads, what it refuses; and no password anywhere."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import CheckConstraint, Engine, func, insert, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from flows.settings import Settings
from schemas.catalog import Catalog
from schemas.forms import FORMS
from tasks.bulk import add_facts
from tasks.effects import Effects
from tasks.home import Home
from tasks.load import rebuild
from tasks.roles import prepare
from tasks.world import World
from tests.conftest import NOON, ROOT, SAMPLES, MakeWorld
from tests.serving import Prefect
from tests.walking import walk
from warehouse.engine import connect
from warehouse.facts import FACTS
from warehouse.marts import MARTS
from warehouse.tables import DIM_SUBMISSION, METADATA

REFUSED = r"denied|must be|permission|cannot"
SECRET = "Zq7-noHelloWorld"


Prepared = Callable[[], str]


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """April of one center."""
    inbox = tmp_path_factory.mktemp("in")
    (inbox / "projects").mkdir()
    shutil.copy(next((SAMPLES / "projects").glob("*R03-04*.xlsx")), inbox / "projects")
    return inbox


@pytest.fixture(scope="module")
def prepared(new_database: Callable[[], str]) -> Prepared:
    """Make an empty database that an administrator has prepared; its URL."""

    def make() -> str:
        url = new_database()
        engine = connect(url)
        assert "nenpo_bi" in prepare(engine)
        engine.dispose()
        return url

    return make


def as_role(url: str, role: str, password: str | None = None) -> str:
    return make_url(url).set(username=role, password=password).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def database(prepared: Prepared) -> str:
    return prepared()


@pytest.fixture(scope="module")
def world(
    database: str, inbox: Path, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """April, loaded by nenpo_loader; for reading, and for what the database refuses."""
    home, engine = Home(tmp_path_factory.mktemp("home")), connect(as_role(database, "nenpo_loader"))
    world = World(inbox, home, catalog, lambda: NOON, Effects(), engine)
    walk(world)
    yield world
    engine.dispose()


@pytest.fixture(scope="module")
def reader(database: str, world: World) -> Iterator[Engine]:
    engine = connect(as_role(database, "nenpo_bi"))
    yield engine
    engine.dispose()


def test_a_reader_reads_every_mart_also_after_they_were_made_again(world: World, reader: Engine) -> None:
    for _ in range(2):
        with reader.connect() as connection:
            for mart in MARTS:
                connection.execute(text(f"select * from {mart.name}")).all()
            assert connection.scalar(text("select count(*) from mart_performance")) == 95
        rebuild(world)


@pytest.mark.parametrize(
    "statement",
    [
        *(f"select * from {table} limit 1" for table in METADATA.tables),
        "create table mine (n int)",
        "create temporary table mine (n int)",
        "create view mine as select * from mart_performance",
        "update mart_finding set message = ''",
        "delete from mart_budget",
        "drop view mart_performance",
        "set role nenpo_loader",
        "select pg_read_file('postgresql.conf')",
        "copy (select 1) to program 'true'",
        "create role other",
    ],
)
def test_a_reader_is_refused_all_else(reader: Engine, statement: str) -> None:
    with reader.connect() as connection, pytest.raises(DBAPIError, match=REFUSED):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"value": float("nan")}, "performance_value_is_finite"),
        ({"value": float("inf")}, "performance_value_is_finite"),
        ({"value": -1.0}, "performance_value_is_not_below"),
        ({"cumulative": float("-inf")}, "performance_cumulative_is_finite"),
        ({"line_no": None}, "not-null"),
    ],
)
def test_the_database_is_the_last_judge(
    world: World, changed: dict[str, float | int | None], constraint: str
) -> None:
    fact = FACTS["performance"]
    with world.engine.connect() as connection:
        row = dict(connection.execute(fact.select().limit(1)).mappings().one())
        key = connection.scalar(
            DIM_SUBMISSION.select()
            .with_only_columns(DIM_SUBMISSION.c.submission_key)
            .where(DIM_SUBMISSION.c.form_id == "expenditure")
        )
        with pytest.raises(IntegrityError, match=constraint):
            connection.execute(insert(fact), row | {"submission_key": key} | changed)


@pytest.mark.parametrize("column", ["indicator_key", "period_key", "submission_key", "program_key"])
def test_no_fact_is_loaded_whose_key_its_dimension_has_not(world: World, column: str) -> None:
    fact = FACTS["performance"]
    with world.engine.begin() as connection:
        there = connection.scalar(fact.select().with_only_columns(func.count()))
        row = dict(connection.execute(fact.select().limit(1)).mappings().one())
        key = connection.scalar(
            DIM_SUBMISSION.select()
            .with_only_columns(DIM_SUBMISSION.c.submission_key)
            .where(DIM_SUBMISSION.c.form_id == "expenditure")
        )
        rows = pa.Table.from_pylist([row | {"submission_key": key} | {column: 12345}])
        with pytest.raises(IntegrityError, match=column):
            add_facts(world.effects, connection, fact, rows)
        assert connection.scalar(fact.select().with_only_columns(func.count())) == there


def test_every_count_of_every_form_is_held_to_be_no_less_than_none() -> None:
    counts = {f"{form.id}_{c.id}_is_not_below" for form in FORMS for c in form.columns if c.is_count}
    held = {
        str(c.name) for fact in FACTS.values() for c in fact.constraints if isinstance(c, CheckConstraint)
    }
    assert len(counts) >= 6
    assert counts <= held


def nightly(server: Prefect, home: Path, inbox: Path, url: str) -> subprocess.CompletedProcess[bytes]:
    environment = {
        "NENPO_WAREHOUSE": url,
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PGCONNECT_TIMEOUT": "3",
    }
    return subprocess.run(
        [sys.executable, "-m", "flows.nightly", "--inbox", str(inbox), "--home", str(home)],
        cwd=ROOT,
        env={**server.environment, **environment},
        capture_output=True,
        check=False,
        timeout=180,
    )


def test_the_password_of_the_database_is_found_nowhere(
    prepared: Prepared, server: Prefect, inbox: Path, tmp_path: Path
) -> None:
    """Neither after a night that went well nor after one that could not connect."""
    good = as_role(prepared(), "nenpo_loader", SECRET)
    nowhere = f"postgresql://nenpo_loader:{SECRET}@127.0.0.1:1/nenpo"
    done = [nightly(server, tmp_path / "out", inbox, url) for url in (good, nowhere)]
    assert [run.returncode for run in done] == [0, 1]
    for run in done:
        assert SECRET.encode() not in run.stdout + run.stderr
    folders = (tmp_path, Path(server.environment["PREFECT_HOME"]))
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.startswith("prefect.db") for path in files)
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_settings_do_not_show_the_password_to_a_log() -> None:
    settings = Settings(warehouse=f"postgresql://nenpo_loader:{SECRET}@here/nenpo")  # type: ignore[arg-type]
    assert SECRET not in repr(settings) + str(settings) + repr(settings.engine())
    with pytest.raises(ValueError, match="倉庫のURLとして読めません") as error:
        connect(f"postgresql://nenpo:{SECRET}@here:port/nenpo")
    assert SECRET not in repr(error.value)
    assert error.value.__cause__ is None


def test_sqlite_has_no_roles(make_world: MakeWorld) -> None:
    with pytest.raises(ValueError, match="PostgreSQL だけ"):
        prepare(make_world().engine)
