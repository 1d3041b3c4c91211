"""nightly: everything that arrived, into lake, warehouse and the reports that it changes."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.closing import close
from flows.command import run
from flows.settings import Settings
from tasks.decide import undecided
from tasks.locks import hold_all
from tasks.steps import collect_step, decide_step, load_step, publish_step, recover_step, report_step
from tasks.summary import summarise


@flow(name="nightly")
def nightly(inbox: str = "", home: str = "", warehouse: str = "", catalog: str = "") -> State[None]:
    """Take in everything that arrived and print again the reports that it changes."""
    world = Settings.given(inbox=inbox, home=home, warehouse=warehouse, catalog=catalog).open()
    with hold_all(world):
        recover_step(world)
        print(f"受付: 新しい {len(collect_step(world))} ファイル")
        for batch in undecided(world):
            print(f"判定: {len(batch)} ファイル")
            decide_step(world, batch)
        print(f"倉庫へ: 決定 {load_step(world)} 件")
        publish_step(world)
        summary = summarise(world)
        for fiscal_year in summary.fiscal_years:
            print(f"年報: {report_step(world, fiscal_year)}")
        return close(world, summary)


if __name__ == "__main__":
    sys.exit(run(nightly))
