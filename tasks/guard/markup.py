"""XML under limits: what every part of a workbook must be, and expat for those that need a closer look."""

import re
from xml.parsers import expat

from tasks.guard import limits
from tasks.guard.refused import Refused

_DECLARATION = re.compile(rb'^\s*<\?xml\s[^<>]*?encoding\s*=\s*["\']([^"\'<>]*)["\']')
_LIE = re.compile(rb"ount\s*=\s*[\"']\s*\+?\d{8,}")
_BOM = b"\xef\xbb\xbf"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_SPREADSHEET = "http://purl.oclc.org/ooxml/spreadsheetml/main"

Attributes = dict[str, str]


def check_part(name: str, part: bytes) -> None:
    """Refuse a part that is no plain UTF-8, has a DTD, or counts what it cannot hold."""
    declared = _DECLARATION.match(part.removeprefix(_BOM))
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise broken(name, f"文字コードが{declared[1].decode('latin-1')}です")
    try:
        part.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise broken(name, "文字コードがUTF-8ではありません") from problem
    if b"\0" in part:
        raise broken(name, "文字コードがUTF-8ではありません")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise broken(name, "DTDがあります")
    if _LIE.search(part, max(part.find(b"ount"), 0)):
        raise Refused("BOMB", f"{name}の個数が大きすぎます")


def broken(name: str, seen: str) -> Refused:
    """A part of a workbook that is not as it should be."""
    return Refused("BROKEN", f"{name}: {seen}")


class Scan:
    """A part given to `opened`, `closed` and `text`, without ever being held as a tree.

    Elements are named without their prefix if it is that of the root, which must be one of `namespaces`.
    """

    namespaces: tuple[str, ...] = (SPREADSHEET, STRICT_SPREADSHEET)

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self._prefix = ""

    def opened(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""

    def closed(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text in an element, perhaps in pieces."""

    def aside(self) -> None:
        """A comment, a processing instruction or a CDATA section, which programs read differently."""

    def run(self, part: bytes) -> None:
        """Go through a part; raises Refused where it is not well-formed or beyond the limits."""
        parser = expat.ParserCreate(encoding="UTF-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._opened
        parser.EndElementHandler = self._closed
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self._refuse_dtd
        for handler in ("CommentHandler", "ProcessingInstructionHandler", "StartCdataSectionHandler"):
            setattr(parser, handler, lambda *_: self.aside())
        try:
            parser.Parse(part, True)
        except expat.ExpatError as problem:
            raise broken(self.name, "XMLとして正しくありません") from problem

    def _opened(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > limits.DEEPEST or len(attributes) > limits.MOST_ATTRIBUTES:
            raise Refused("BOMB", f"{self.name}の入れ子か属性が多すぎます")
        if self.depth == 1:
            self._begin(tag, attributes)
        self.opened(tag.removeprefix(self._prefix), attributes)

    def _begin(self, tag: str, attributes: Attributes) -> None:
        prefix, colon, _ = tag.rpartition(":")
        self._prefix = prefix + colon
        if (
            self.namespaces
            and attributes.get(f"xmlns:{prefix}" if prefix else "xmlns") not in self.namespaces
        ):
            raise broken(self.name, "表計算のブックの部品ではありません")

    def _closed(self, tag: str) -> None:
        self.depth -= 1
        self.closed(tag.removeprefix(self._prefix))

    def _refuse_dtd(self, *_: object) -> None:
        raise broken(self.name, "DTDがあります")
