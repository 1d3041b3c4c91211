"""Sentences: what a person or a schedule runs.

Nobody is told what we run, and a small machine may take longer to start Prefect than Prefect allows it.
What is imported and read at the start stays: to look through it for garbage after each 700 objects, as Python
would, is a sixth of a night with nothing new.
"""

import gc
import os

gc.set_threshold(100_000, 10, 50)

for _name, _value in {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}.items():
    os.environ.setdefault(_name, _value)
