"""revalidate: the files in quarantine judged again, after rules, forms, parser or catalog have changed."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.closing import close
from flows.command import run
from flows.settings import Settings
from tasks.decide import quarantined
from tasks.locks import hold_all
from tasks.steps import decide_step, load_step, publish_step, report_step
from tasks.summary import summarise


@flow(name="revalidate")
def revalidate(by: str, why: str, home: str = "", warehouse: str = "", catalog: str = "") -> State[None]:
    """Judge every refused file again; what passes now counts from now."""
    world = Settings.given(home=home, warehouse=warehouse, catalog=catalog).open()
    with hold_all(world):
        for batch in quarantined(world):
            decide_step(world, batch, "revalidate", by, why)
        load_step(world)
        publish_step(world)
        summary = summarise(world)
        for fiscal_year in summary.fiscal_years:
            print(report_step(world, fiscal_year))
        return close(world, summary)


if __name__ == "__main__":
    sys.exit(run(revalidate, ["by", "why"], required=["by", "why"]))
