"""How a reader process answers through its pipe: a heading that says how long, and about which file."""

THERE = bytes(8)
"""What a process says first: that it is there."""
HEADING = 16


def mark(sha256: str) -> bytes:
    """What tells a file from all others, in a heading."""
    return bytes.fromhex(sha256[:16].rjust(16, "0"))


def framed(answer: bytes, sha256: str) -> bytes:
    """An answer with its heading."""
    return len(answer).to_bytes(8, "big") + mark(sha256) + answer
