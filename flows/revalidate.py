"""revalidate: the files in quarantine judged again, after rules, forms, parser or catalog have changed."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.command import run
from flows.finish import finish
from flows.settings import Settings
from tasks.decide import quarantined
from tasks.locks import hold_all
from tasks.steps import decide_step


@flow(name="revalidate")
def revalidate(by: str, why: str, home: str = "", catalog: str = "") -> State[None]:
    """Judge every refused file again; what passes now counts from now."""
    world = Settings.given(home=home, catalog=catalog).open()
    with hold_all(world):
        for batch in quarantined(world):
            decide_step(world, batch, "revalidate", by, why)
        return finish(world)


if __name__ == "__main__":
    sys.exit(run(revalidate, ["by", "why"], required=["by", "why"]))
