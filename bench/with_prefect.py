"""The walk of `bench.ours` by its Prefect steps in a flow: what Prefect itself costs is the difference."""

import os
import sys
from pathlib import Path

from prefect import flow

from flows.settings import Settings
from tasks.decide import undecided
from tasks.locks import hold_all
from tasks.steps import collect_step, decide_step, load_step, publish_step, recover_step


@flow(name="bench")
def walk(inbox: str, home: str, catalog: str) -> None:
    """What `nightly` does up to the point where reports are printed."""
    world = Settings.given(inbox=inbox, home=home, catalog=catalog).open()
    with hold_all(world):
        recover_step(world)
        collect_step(world)
        for batch in undecided(world):
            decide_step(world, batch)
        load_step(world)
        publish_step(world)


if __name__ == "__main__":
    folder, os.environ["NENPO_WAREHOUSE"], target = sys.argv[1:]
    walk(str(Path(folder) / "inbox"), target, str(Path(folder) / "catalog"))
