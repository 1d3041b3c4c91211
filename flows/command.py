"""A flow as a command: `python -m flows.NAME --inbox ... --home ... --warehouse ... --catalog ...`.

Exit codes: 0 all in; 3 done, with refusals; 4 already running; 1 failed.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from typing import Any

from prefect.client.schemas.objects import State
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from tasks.locks import AlreadyRunning

SETTINGS = ("inbox", "home", "warehouse", "catalog")
REFUSALS = "差戻しあり"
ALL_IN, FAILED, WITH_REFUSALS, RUNNING = 0, 1, 3, 4


def run(flow: Callable[..., Any], extra: Sequence[str] = (), required: Sequence[str] = ()) -> int:
    """Parse the command line, run the flow, print what it says; the exit code.

    Settings go by the environment, so that a database password is no parameter that Prefect keeps.
    """
    parser = argparse.ArgumentParser(description=flow.__doc__, allow_abbrev=False)
    for name in (*SETTINGS, *extra):
        parser.add_argument(f"--{name.replace('_', '-')}", dest=name, required=name in required)
    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    for name in SETTINGS:
        if name in given:
            os.environ[f"NENPO_{name.upper()}"] = given.pop(name)
    # A command has an exit code to say how it went; stopping Prefect's heartbeat would cost up to a second.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        return exit_code(flow(**given, return_state=True))


def exit_code(state: State[Any]) -> int:
    """The exit code of a flow run's final state."""
    if state.is_completed():
        return WITH_REFUSALS if state.name == REFUSALS else ALL_IN
    error = state.result(raise_on_failure=False)
    return RUNNING if isinstance(error, AlreadyRunning) else FAILED
