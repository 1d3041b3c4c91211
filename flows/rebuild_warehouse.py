"""rebuild_warehouse: all of SQL made again from raw store, journal and lake; nothing is judged."""

import sys

from prefect import flow

from flows.command import run
from flows.settings import Settings
from tasks.locks import hold_all
from tasks.steps import publish_step, rebuild_step


@flow(name="rebuild-warehouse")
def rebuild_warehouse(home: str = "", catalog: str = "") -> int:
    """Make the warehouse again; the number of decisions replayed."""
    world = Settings.given(home=home, catalog=catalog).open()
    with hold_all(world):
        decisions = rebuild_step(world)
        publish_step(world)
    print(f"{decisions} 件の決定から倉庫を作り直しました。")
    return decisions


if __name__ == "__main__":
    sys.exit(run(rebuild_warehouse))
