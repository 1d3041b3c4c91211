"""Why a file may not come in: a code with a sentence in `expectations.structure`, and what was seen."""

LONGEST_SEEN = 120


class Refused(Exception):
    """A file that may not come in; `seen` is a few Japanese words for the sentence of the code."""

    def __init__(self, code: str, seen: str = "") -> None:
        super().__init__(code, seen)
        self.code = code
        self.seen = seen if len(seen) <= LONGEST_SEEN else f"{seen[:LONGEST_SEEN]}…"
