"""Which faults there are to try: every k-th effect, in every way in which it can fail."""

from collections import Counter
from collections.abc import Iterator

from tasks.faults import CAN_FAIL, Fault, How, When

HALVES = ("write", "define", "copy")
WAYS: tuple[tuple[How, When, bool], ...] = (
    ("raise", "before", False),
    ("raise", "after", False),
    ("kill", "before", False),
    ("kill", "after", False),
    ("full", "midway", True),
    ("eio", "before", False),
    ("lost", "before", False),
    ("lost", "after", False),
)


def every(counts: Counter[str]) -> Iterator[tuple[Fault, bool]]:
    """Every fault of a night with so many effects, and whether it strikes: the last of a way is too late."""
    for how, when, stays in WAYS:
        able = CAN_FAIL.get(how)
        total = sum(number for name, number in counts.items() if not able or name in able)
        for at in range(1, total + 2):
            yield Fault("*", at, how, when, stays), at <= total
    for name in HALVES:
        for at in range(1, counts[name] + 1):
            yield Fault(name, at, "kill", "midway"), True


def kind(fault: Fault) -> str:
    """What is counted together."""
    words = {
        "raise": "exception",
        "kill": "kill -9",
        "full": "disk full, and stays so",
        "eio": "EIO on fsync",
        "lost": "connection lost",
    }
    return f"{words[fault.how]}, {fault.when}"
