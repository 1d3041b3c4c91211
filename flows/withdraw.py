"""withdraw: a named person takes back a received file, or one form of it."""

import sys

from prefect import flow
from prefect.client.schemas.objects import State

from flows.command import run
from flows.finish import finish
from flows.settings import Settings
from tasks.known import known
from tasks.locks import hold_all
from tasks.withdraw import withdraw as decide_withdrawal


@flow(name="withdraw")
def withdraw(
    sha256: str,
    by: str,
    why: str,
    form_id: str = "",
    home: str = "",
    catalog: str = "",
) -> State[None]:
    """Take back a file by its SHA-256; the version before it is current again."""
    world = Settings.given(home=home, catalog=catalog).open()
    with hold_all(world):
        decide_withdrawal(world, sha256, by, why, form_id)
        with known(world) as of_files:
            has_come = of_files.has_file(sha256)
        if not has_come:
            print("このファイルはまだ届いていません。届いたときから取下げになります。")
        return finish(world)


if __name__ == "__main__":
    sys.exit(run(withdraw, ["sha256", "by", "why", "form_id"], required=["sha256", "by", "why"]))
