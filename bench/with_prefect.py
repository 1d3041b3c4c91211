"""The walk of `bench.ours` by its Prefect steps in a flow: what Prefect itself costs is the difference.

A command like `flows.nightly`, with its options.
"""

import sys

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.command import run
from flows.settings import Settings
from tasks.decide import undecided
from tasks.locks import hold_all
from tasks.steps import collect_step, decide_step, load_step, publish_step, recover_step


@flow(name="bench")
def walk(inbox: str = "", home: str = "", catalog: str = "") -> State[None]:
    """What `nightly` does up to the point where reports are printed."""
    world = Settings.given(inbox=inbox, home=home, catalog=catalog).open()
    with hold_all(world):
        recover_step(world)
        collect_step(world)
        for batch in undecided(world):
            decide_step(world, batch)
        load_step(world)
        publish_step(world)
    return Completed()


if __name__ == "__main__":
    sys.exit(run(walk))
