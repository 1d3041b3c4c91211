"""nightly: everything that arrived, into lake, warehouse and the reports that it changes."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.closing import close
from flows.command import run
from flows.settings import Settings
from tasks.decide import undecided
from tasks.locks import NIGHTLY, hold
from tasks.steps import collect_step, decide_step, load_step, publish_step, recover_step, report_step
from tasks.summary import summarise


@flow(name="nightly")
def nightly(inbox: str = "", home: str = "", warehouse: str = "", catalog: str = "") -> State[None]:
    """Take in everything that arrived and print again the reports that it changes."""
    world = Settings.given(inbox=inbox, home=home, warehouse=warehouse, catalog=catalog).open()
    with hold(world, NIGHTLY, *world.catalog.center):
        recover_step(world)
        collect_step(world)
        for batch in undecided(world):
            decide_step(world, batch)
        load_step(world)
        publish_step(world)
        summary = summarise(world)
        for fiscal_year in summary.fiscal_years:
            print(report_step(world, fiscal_year))
        return close(world, summary)


if __name__ == "__main__":
    sys.exit(run(nightly))
