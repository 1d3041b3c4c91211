"""Which faults there are to try: every k-th effect, in every way in which it can fail."""

from collections import Counter
from collections.abc import Iterator

from tasks.faults import CAN_FAIL, Fault, How, When

Way = tuple[How, When, bool]

HALVES = ("write", "define", "copy")
# What a process that is killed after an effect leaves is what one leaves that is killed before the next.
ANYWHERE: tuple[Way, ...] = (
    ("raise", "before", False),
    ("kill", "before", False),
    ("lost", "before", False),
    ("lost", "after", False),
)
# Files are the same whatever the engine: what befalls them alone is tried beside one of the engines.
OF_FILES: tuple[Way, ...] = (("raise", "after", False), ("full", "midway", True), ("eio", "before", False))


def every(counts: Counter[str], engine: str) -> Iterator[tuple[Fault, bool]]:
    """Every fault of a night with so many effects, and whether it strikes: the last of a way is too late."""
    ways = (*ANYWHERE, *OF_FILES) if engine == "sqlite" else ANYWHERE
    for how, when, stays in ways:
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
