"""close_period: a named person closes a month, a half or a year; what comes for it later is held."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.command import run
from flows.finish import finish
from flows.settings import Settings
from tasks.close import close
from tasks.locks import hold_all
from tasks.steps import load_step


@flow(name="close-period")
def close_period(period: str, by: str, why: str, home: str = "", catalog: str = "") -> State[None]:
    """Close a period (2021-05, FY2021H1, FY2021) as it is now."""
    world = Settings.given(home=home, catalog=catalog).open()
    with hold_all(world):
        load_step(world)
        closed = close(world, period, by, why)
        print(f"締め: {period} の提出物 {len(closed.manifest)} 件を目録に記録しました。")
        return finish(world)


if __name__ == "__main__":
    sys.exit(run(close_period, ["period", "by", "why"], required=["period", "by", "why"]))
