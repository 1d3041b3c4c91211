"""What two different amounts of one thing have to do with each other."""

_TAX_RATES = (10, 8)


def slip_between(reported: int, booked: int) -> str:
    """The code of the mistake that makes one yen amount of the other; U if it is none that is known."""
    if reported == -booked:
        return "E3"
    small, large = sorted((abs(reported), abs(booked)))
    if small and large == small * 1000:
        return "E2"
    if small and large in (small * 10, small * 100):
        return "E4"
    if reported * booked > 0 and _is_tax(small, large):
        return "X1"
    if reported * booked > 0 and _is_transposed(str(small), str(large)):
        return "E1"
    return "U"


def _is_tax(small: int, large: int) -> bool:
    """Whether they differ by the consumption tax in the larger one, cut or rounded to whole yen."""
    return any(abs(large * 100 - small * (100 + rate)) < 100 + rate for rate in _TAX_RATES) and small >= 100


def _is_transposed(one: str, other: str) -> bool:
    """Whether two digits have changed places (their difference is then a multiple of nine)."""
    other, one = other.zfill(len(one)), one.zfill(len(other))
    differing = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differing) != 2:
        return False
    first, second = differing
    return one[first] == other[second] and one[second] == other[first]
