"""The walk over a workload, without Prefect: `python -m bench.ours FOLDER URL HOME [--warm] [--bare]`.

FOLDER holds the workload's catalog and inbox. Warm: everything is imported, and one workbook was walked,
before the clock starts. Bare: calamine reads in this process, without guard and isolation. As in every
command of ours, what there is at the start is not looked through for garbage. The last line printed is JSON:
seconds, rows loaded, seconds of each step.
"""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

from flows import started
from schemas.catalog import Catalog, load_catalog
from tasks.clock import system_clock
from tasks.effects import Effects
from tasks.home import Home
from tasks.world import World
from warehouse.engine import connect

STEPS = ("recover", "collect", "decide", "load", "publish")


def main() -> None:
    """Walk and say what it took."""
    parser = argparse.ArgumentParser()
    for name in ("folder", "url", "home"):
        parser.add_argument(name)
    for name in ("warm", "bare"):
        parser.add_argument(f"--{name}", action="store_true")
    given = parser.parse_args()
    folder = Path(given.folder)
    if given.bare:
        _read_bare()
    catalog = load_catalog(folder / "catalog")
    if given.warm:
        _warm(folder, catalog)
    started()
    began = time.perf_counter()
    world = _world(folder / "inbox", Path(given.home), catalog, given.url)
    steps = walk(world)
    print(json.dumps({"seconds": time.perf_counter() - began, "rows": _rows(world), "steps": steps}))


def walk(world: World) -> dict[str, float]:
    """Everything in the inbox through lake, journal and warehouse; the seconds of each step."""
    from tasks.collect import collect
    from tasks.decide import decide, undecided
    from tasks.load import load
    from tasks.publish import publish
    from tasks.recover import recover

    def decide_all() -> None:
        for batch in undecided(world):
            decide(world, batch)

    done = {}
    works = (lambda: recover(world), lambda: collect(world), decide_all, lambda: load(world))
    for name, work in zip(STEPS, (*works, lambda: publish(world)), strict=True):
        began = time.perf_counter()
        work()
        done[name] = round(time.perf_counter() - began, 3)
    return done


def _world(inbox: Path, home: Path, catalog: Catalog, url: str) -> World:
    home.mkdir(parents=True, exist_ok=True)
    return World(inbox, Home(home.resolve()), catalog, system_clock, Effects(), connect(url))


def _warm(folder: Path, catalog: Catalog) -> None:
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-warm-") as name:
        home = Path(name)
        book = next((folder / "inbox").rglob("*.xlsx"))
        (home / "inbox" / book.parent.name).mkdir(parents=True)
        shutil.copy2(book, home / "inbox" / book.parent.name)
        world = _world(home / "inbox", home / "home", catalog, Home(home / "home").warehouse_url)
        walk(world)
        world.engine.dispose()


def _rows(world: World) -> int:
    with world.engine.connect() as connection:
        tables = ("fact_performance", "fact_expenditure")
        return sum(
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in tables
        )


def _read_bare() -> None:
    from bench.guard import unguarded
    from tasks import decide

    decide.read_files = unguarded  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
