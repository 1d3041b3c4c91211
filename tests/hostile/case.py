"""One hostile file: its name, its bytes, and the state in which it must end."""

from dataclasses import dataclass

# Rule and address.
Found = tuple[str, str]


@dataclass(frozen=True)
class Hostile:
    """A file for the inbox.

    `reasons`: the refusals of which it must meet one; none for a file that is let in, with exactly these
    `findings`. `is_damaged`: a copy that was damaged on its way: refused, or read as what it was.
    """

    name: str
    content: bytes
    reasons: frozenset[str] = frozenset()
    findings: frozenset[Found] = frozenset()
    is_damaged: bool = False


def refused(name: str, content: bytes, *rules: str) -> Hostile:
    """A file that stays out for one of some reasons."""
    return Hostile(name, content, frozenset(rules))


def stays_out(name: str, content: bytes, *rules: str) -> Hostile:
    """A file that is read, and stays out because of what its cells say."""
    return Hostile(name, content, frozenset(rules))


def let_in(name: str, content: bytes, *findings: Found) -> Hostile:
    """A file that comes in with some findings."""
    return Hostile(name, content, findings=frozenset(findings))


def damaged(name: str, content: bytes) -> Hostile:
    """A damaged copy of a good file."""
    return Hostile(name, content, is_damaged=True)
