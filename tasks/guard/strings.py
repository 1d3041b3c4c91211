"""The shared strings of a workbook: how many there are and how long, so that no cell points beside them."""

import re
from collections import Counter
from collections.abc import Sequence

from tasks.guard import limits
from tasks.guard.markup import SPREADSHEET, Attributes, Scan, broken
from tasks.guard.refused import Refused

_TEXT = rb"<t(?: xml:space=\"preserve\")?+>[^<]*+</t>"
_RUN = rb"<r>(?:<rPr>(?:<\w+(?: \w+=\"[^\"<>]*+\")*+/>)*+</rPr>)?+" + _TEXT + rb"</r>"
_SOUND = rb"(?:<rPh(?: \w+=\"\d+\")*+>" + _TEXT + rb"</rPh>)*+(?:<phoneticPr(?: \w+=\"\w+\")*+/>)?+"
_ITEMS = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:<\?xml[^<>?]*+\?>)?+\s*+<sst xmlns=\"" + SPREADSHEET.encode() + rb"\"[^<>]*+>"
    rb"(?:\s*+<si>(?:" + _TEXT + rb"|(?:" + _RUN + rb")++)" + _SOUND + rb"</si>)*+\s*+</sst>\s*+"
)


class Strings:
    """The lengths of the shared strings, in their order."""

    def __init__(self, name: str, part: bytes) -> None:
        self.name = name
        if not part:
            self.lengths = []
        elif _ITEMS.fullmatch(part):
            # With the markup around each: never less than the text is long.
            self.lengths = list(map(len, part.split(b"<si>")[1:]))
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


def _counted(name: str, part: bytes) -> list[int]:
    scan = _Texts(name)
    scan.run(part)
    return scan.lengths


class _Texts(Scan):
    """The length of each string, without how it is to be pronounced."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.lengths: list[int] = []
        self._path: list[str] = []
        self._body = ""

    def opened(self, tag: str, attributes: Attributes) -> None:  # noqa: ARG002
        self._path.append(tag)
        match self._path:
            case [_, "si"]:
                self.lengths.append(0)
                self._body = ""
            case [_, "si", "t" | "r"]:
                if self._body and (self._body, tag) != ("r", "r"):
                    raise broken(self.name, "1つの文字列に本文が2つあります")
                self._body = tag

    def closed(self, tag: str) -> None:  # noqa: ARG002
        self._path.pop()

    def text(self, data: str) -> None:
        match self._path:
            case [_, "si", "t"] | [_, "si", "r", "t"]:
                self.lengths[-1] += len(data)
            case [*_, "t"]:
                return
            case _ if data.strip():
                raise broken(self.name, "文字列の外に文字があります")

    def aside(self) -> None:
        raise broken(self.name, "文字列の中に注釈があります")
