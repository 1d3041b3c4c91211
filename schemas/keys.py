"""Surrogate keys computed from natural keys, so that every machine and every rebuild gives the same ones."""

import hashlib
from functools import lru_cache

UNKNOWN = 0


@lru_cache(maxsize=200_000)
def surrogate(natural: str) -> int:
    """The first 63 bits of the SHA-256 of a natural key; 0, "unknown", for the empty one."""
    if not natural:
        return UNKNOWN
    return int.from_bytes(hashlib.sha256(natural.encode()).digest()[:8], "big") >> 1


def yearly(natural: str, fiscal_year: int) -> int:
    """The surrogate of something that has one row per natural id and fiscal year; 0 without an id."""
    return surrogate(f"{natural}@{fiscal_year}") if natural else UNKNOWN
