"""The walk without Prefect, as tests run it, and what of its outcome is compared."""

from typing import Any

from sqlalchemy import inspect, text

from tasks.collect import collect
from tasks.decide import decide, undecided
from tasks.load import load
from tasks.publish import publish
from tasks.recover import recover
from tasks.world import World


def walk(world: World) -> None:
    """Everything in the inbox, through lake, journal and warehouse."""
    recover(world)
    collect(world)
    for batch in undecided(world):
        decide(world, batch)
    load(world)
    publish(world)


def query(world: World, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of a query, as plain tuples."""
    with world.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql), parameters)]


def state(world: World) -> dict[str, list[str]]:
    """Every row of every dim_, fact_, bridge_ and mart_: what "identical" covers."""
    with world.engine.connect() as connection:
        inspector = inspect(connection)
        names = [*inspector.get_table_names(), *inspector.get_view_names()]
        covered = [n for n in names if n.startswith(("dim_", "fact_", "bridge_", "mart_"))]
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(text(f"select * from {name}")))
            for name in sorted(covered)
        }
