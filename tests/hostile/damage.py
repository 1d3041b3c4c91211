"""Copies of good files that lost their end or some of their bits on the way."""

from collections.abc import Iterator
from random import Random

from tests.hostile.case import Hostile, damaged

CUTS, FLIPS = 60, 120
SEED = 2021


def damage(content: bytes) -> Iterator[Hostile]:
    """Cut at many offsets, with bytes flipped, zeroed and swapped; always the same ones."""
    chance = Random(SEED)
    for number in range(CUTS):
        at = len(content) - 1 - number if number < 25 else chance.randrange(1, len(content))
        yield damaged(f"cut {number}.xlsx", content[:at])
    for number in range(FLIPS):
        at = chance.randrange(len(content))
        changed = bytearray(content)
        changed[at] ^= 1 << chance.randrange(8)
        yield damaged(f"flip {number}.xlsx", bytes(changed))
    for number in range(20):
        at, size = chance.randrange(len(content)), chance.randrange(2, 600)
        yield damaged(f"zeros {number}.xlsx", content[:at] + bytes(size) + content[at + size :])
        yield damaged(f"hole {number}.xlsx", content[:at] + content[at + size :])
        yield damaged(f"twice {number}.xlsx", content[:at] + content[at : at + size] + content[at:])
