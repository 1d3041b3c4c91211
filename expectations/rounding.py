"""How far a printed total may be from the sum of its printed rows, where each was rounded by itself.

Bounds, in units of the last printed digit, of total - sum over n rows:
half_up (四捨五入): n // 2 either way. floor (切捨て, toward zero): of rows above zero 0 to n - 1; of rows
below zero the other way. What lies outside was not made by rounding.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

Mode = Literal["exact", "half_up", "floor", "any"]
Bounds = tuple[int, int]


def bounds(rows: Sequence[Decimal], total: Decimal, mode: Mode) -> Bounds:
    """The least and the greatest of total - sum that rounding can make; `any`: by either way of rounding."""
    if mode == "exact" or not rows:
        return 0, 0
    half = len(rows) // 2
    if mode == "half_up":
        return -half, half
    least, greatest = _cut(rows, total)
    return (least, greatest) if mode == "floor" else (min(least, -half), max(greatest, half))


def _cut(rows: Sequence[Decimal], total: Decimal) -> Bounds:
    """Each row lost less than 1 on its way to zero; so did the total. A 0 may have come from either side."""
    above, below = sum(row >= 0 for row in rows), sum(row <= 0 for row in rows)
    return -max(below - (total < 0), 0), max(above - (total > 0), 0)
