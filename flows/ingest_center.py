"""ingest_center: one center's submissions by day, with the same steps as the night's run."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.command import run
from flows.finish import finish
from flows.settings import Settings
from tasks.decide import undecided
from tasks.locks import hold
from tasks.steps import collect_step, decide_step


@flow(name="ingest-center")
def ingest_center(center_id: str, inbox: str = "", home: str = "", catalog: str = "") -> State[None]:
    """Take in what one center sent."""
    world = Settings.given(inbox=inbox, home=home, catalog=catalog).open()
    if center_id not in world.catalog.center:
        raise ValueError(f"センターID「{center_id}」は centers.csv にありません。")
    with hold(world, center_id):
        print(collect_step(world, center_id))
        for batch in undecided(world, center_id):
            decide_step(world, batch)
        return finish(world, center_id)


if __name__ == "__main__":
    sys.exit(run(ingest_center, ["center_id"], required=["center_id"]))
