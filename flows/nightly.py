"""nightly: everything that arrived, into lake, warehouse and the reports that it changes."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.command import run
from flows.finish import finish
from flows.settings import Settings
from tasks.decide import undecided
from tasks.locks import hold_all
from tasks.steps import collect_step, decide_step, recover_step


@flow(name="nightly")
def nightly(inbox: str = "", home: str = "", catalog: str = "") -> State[None]:
    """Take in everything that arrived and print again the reports that it changes."""
    world = Settings.given(inbox=inbox, home=home, catalog=catalog).open()
    with hold_all(world):
        recover_step(world)
        print(collect_step(world))
        for batch in undecided(world):
            print(f"判定: {len(batch)} ファイル")
            decide_step(world, batch)
        return finish(world)


if __name__ == "__main__":
    sys.exit(run(nightly))
