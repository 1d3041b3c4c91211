"""Sentences: what a person or a schedule runs.

Nobody is told what we run, and a small machine may take longer to start Prefect than Prefect allows it.
What is imported and read at the start stays: to look through it for garbage after each 700 objects, as Python
would, is a sixth of a night with nothing new.
"""

import gc
import os

_AS_PYTHON_HAS_IT, _AT_THE_START = gc.get_threshold(), (100_000, 10, 50)
gc.set_threshold(*_AT_THE_START)


def started() -> None:
    """What there is now stays until the end: no collection of garbage looks through it again.

    From here on they come as often as Python has them. To wait longer would save nothing, and keep 100 MiB of
    garbage of ten thousand workbooks.
    """
    gc.freeze()
    if gc.get_threshold() == _AT_THE_START:
        gc.set_threshold(*_AS_PYTHON_HAS_IT)


for _name, _value in {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}.items():
    os.environ.setdefault(_name, _value)
