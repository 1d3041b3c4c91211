"""The shared strings of a workbook: how many there are and how long, so that no cell points beside them."""

import re
from collections import Counter
from collections.abc import Sequence

from tasks.guard import limits
from tasks.guard.markup import Attributes, Scan, broken
from tasks.guard.refused import Refused

_PLAIN = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<sst[\s>]")
_UNUSUAL = re.compile(rb"<[!?]|<\w+:")
_ITEM = re.compile(rb"<si[ />]")


class Strings:
    """The lengths of the shared strings, in their order."""

    def __init__(self, name: str, part: bytes) -> None:
        self.name = name
        if not part:
            self.lengths = []
        elif _is_plain(part):
            # With the markup around each: never less than the text is long.
            self.lengths = [len(item) for item in _ITEM.split(part)[1:]]
        else:
            self.lengths = _counted(name, part)
        if max(self.lengths, default=0) > limits.LONGEST_TEXT:
            self.lengths = _counted(name, part)
            if max(self.lengths, default=0) > limits.LONGEST_TEXT:
                raise Refused("TOO_LARGE", f"{limits.LONGEST_TEXT:,}字を超える文字列があります")

    def check(self, references: Sequence[int]) -> None:
        """Refuse references to strings that are not there, or that come to more than may be answered."""
        if max(references, default=-1) >= len(self.lengths):
            raise broken(self.name, "ない文字列を指すセルがあります")
        if len(references) * max(self.lengths, default=0) > limits.LARGEST_ANSWER:
            used = Counter(references)
            if sum(self.lengths[index] * times for index, times in used.items()) > limits.LARGEST_ANSWER:
                raise Refused("TOO_LARGE", "文字列の合計が大きすぎます")


def _is_plain(part: bytes) -> bool:
    begins = _PLAIN.match(part)
    return bool(begins) and not _UNUSUAL.search(part, begins.end() if begins else 0)


def _counted(name: str, part: bytes) -> list[int]:
    scan = _Texts(name)
    scan.run(part)
    return scan.lengths


class _Texts(Scan):
    """The length of each string, without how it is to be pronounced."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.lengths: list[int] = []
        self._is_text = False

    def opened(self, tag: str, attributes: Attributes) -> None:  # noqa: ARG002
        if tag == "si":
            self.lengths.append(0)
        self._is_text = tag == "t" and bool(self.lengths)

    def closed(self, tag: str) -> None:
        self._is_text = self._is_text and tag != "t"

    def text(self, data: str) -> None:
        if self._is_text:
            self.lengths[-1] += len(data)

    def aside(self) -> None:
        raise broken(self.name, "文字列の中に注釈があります")
