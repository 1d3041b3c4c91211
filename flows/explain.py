"""explain: a named person says why centers and ledger differ; the report then prints the reasons."""

import sys
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State

from flows.command import run
from flows.finish import finish
from flows.settings import Settings
from tasks.explain import explain as decide_explanations
from tasks.explain import read_explanations
from tasks.locks import hold_all
from tasks.steps import load_step


@flow(name="explain")
def explain(
    by: str,
    difference: str = "",
    why: str = "",
    reasons: str = "",
    home: str = "",
    catalog: str = "",
) -> State[None]:
    """Explain one difference by its number, or those of a CSV with the columns 差異番号 and 説明."""
    world = Settings.given(home=home, catalog=catalog).open()
    given = read_explanations(Path(reasons)) if reasons else {difference: why}
    with hold_all(world):
        # What a run that was cut short decided comes first: a difference is explained as it now stands.
        load_step(world)
        decide_explanations(world, given, by)
        return finish(world)


if __name__ == "__main__":
    sys.exit(run(explain, ["by", "difference", "why", "reasons"], required=["by"]))
