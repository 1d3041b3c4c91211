"""release: a named person lets in a file that came after its period was closed."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.command import run
from flows.finish import finish
from flows.settings import Settings
from tasks.locks import hold_all
from tasks.release import release as decide_release


@flow(name="release")
def release(sha256: str, by: str, why: str, home: str = "", catalog: str = "") -> State[None]:
    """Let in a held file by its SHA-256; it counts from now."""
    world = Settings.given(home=home, catalog=catalog).open()
    with hold_all(world):
        decide_release(world, sha256, by, why)
        return finish(world)


if __name__ == "__main__":
    sys.exit(run(release, ["sha256", "by", "why"], required=["sha256", "by", "why"]))
