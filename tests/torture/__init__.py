"""Faults, every one of them: a night that fails at its k-th effect, for every k, and is then run again.

A process that is forked may have no threads: the libraries are told to start none of their own.
"""

import os

for _name, _value in {
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}.items():
    os.environ.setdefault(_name, _value)
