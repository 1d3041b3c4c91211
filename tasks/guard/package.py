"""The zip that a workbook is: opened only if all that it says of itself agrees.

The parser finds parts by the directory at the end, other programs by the headers in between: where
the two disagree, what we check is not what the center sees.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct, error

from tasks.guard import limits
from tasks.guard.refused import Refused

_END = Struct("<4s4H2LH")
_ENTRY = Struct("<4s6H3L5H2L")
_HEADER = Struct("<4s5H3L2H")
_WIDE_SIZES = Struct("<2H2Q")
_ENCRYPTED, _STREAMED, _IS_UTF8 = 0x0041, 0x0008, 0x0800
_STORED, _DEFLATED = 0, 8
# What may stand behind a part that was written without knowing its size: CRC and sizes once more.
_DESCRIPTORS = (12, 16, 20, 24)
_ELSEWHERE = 0xFFFFFFFF
_UNSOUND_NAME = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.?(?:/|$)|[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the directory; `start` is where its header begins."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int


@dataclass(frozen=True)
class Package:
    """The parts of a workbook by their folded name; `starts` is where the bytes of each begin."""

    content: bytes
    parts: dict[str, Part]
    starts: dict[str, int]

    def read(self, name: str) -> bytes:
        """A part's bytes, counted and checked while they are inflated; b"" for one that is not there."""
        key = name.casefold()
        if key not in self.parts:
            return b""
        part, start = self.parts[key], self.starts[key]
        return _inflated(part, self.content[start : start + part.packed])


def open_package(content: bytes) -> Package:
    """The parts of a zip. Raises Refused (BROKEN, BOMB, PASSWORD) for one that is not as a workbook is."""
    try:
        parts, end = _directory(content)
        starts = dict(_bodies(sorted(parts, key=lambda part: part.start), content, end))
    except error as problem:
        raise _broken("ZIPの目次が読めません") from problem
    found = {part.name.casefold(): part for part in parts}
    if len(found) < len(parts):
        raise _broken("同じ名前の部品が2つあります")
    if sum(part.size for part in parts) > limits.LARGEST_PACKAGE:
        raise Refused("BOMB", f"展開すると{limits.LARGEST_PACKAGE // limits.MIB}MBを超えます")
    return Package(content, found, starts)


def _broken(seen: str) -> Refused:
    return Refused("BROKEN", seen)


def _directory(content: bytes) -> tuple[list[Part], int]:
    """The entries, and where the directory begins; it ends at the end record, and the file with that."""
    at = max(len(content) - _END.size, 0)
    signature, disk, first, here, total, size, start, comment = _END.unpack_from(content, at)
    if signature != b"PK\x05\x06" or comment:
        raise _broken("ZIPの終わりがありません")
    if total > limits.MOST_PARTS:
        raise Refused("BOMB", f"部品が{total}個あります")
    parts, position = [], start
    for _ in range(total):
        part, position = _entry(content, position)
        parts.append(part)
    if (disk, first, here) != (0, 0, total) or position != at or start + size != at:
        raise _broken("ZIPの目次が合いません")
    return parts, start


def _entry(content: bytes, at: int) -> tuple[Part, int]:
    fields = _ENTRY.unpack_from(content, at)
    signature, _, _, flags, method, _, _, crc, packed, size, name, extra, comment = fields[:13]
    start = fields[16]
    if signature != b"PK\x01\x02":
        raise _broken("ZIPの目次が合いません")
    raw = content[at + _ENTRY.size : at + _ENTRY.size + name]
    part = Part(_name(raw), raw, flags, method, crc, packed, size, start)
    _check(part)
    return part, at + _ENTRY.size + name + extra + comment


def _name(raw: bytes) -> str:
    """A part's name as a path with slashes; whatever its encoding, it only has to be told from others."""
    name = raw.decode("utf-8", "surrogateescape").replace("\\", "/")
    if _UNSOUND_NAME.search(name) or not name:
        raise _broken("部品の名前が正しくありません")
    return name


def _check(part: Part) -> None:
    if part.flags & _ENCRYPTED:
        raise Refused("PASSWORD")
    if part.method not in (_STORED, _DEFLATED):
        raise _broken("知らない圧縮方法です")
    if part.method == _STORED and part.size != part.packed:
        raise _broken("部品の大きさが合いません")
    if part.size > limits.LARGEST_PART:
        raise Refused("BOMB", f"部品が{limits.LARGEST_PART // limits.MIB}MBを超えます")
    if part.size > limits.SMALL_PART and part.size > part.packed * limits.LARGEST_RATIO:
        raise Refused("BOMB", f"{part.size // max(part.packed, 1)}倍に膨らみます")


def _bodies(parts: list[Part], content: bytes, end: int) -> Iterator[tuple[str, int]]:
    """By folded name, where the bytes of each part begin; parts follow each other without a gap."""
    behind = 0
    streamed = False
    for part in parts:
        if part.start != behind and not (streamed and part.start - behind in _DESCRIPTORS):
            raise _broken("部品が重なっているか、間に余分なデータがあります")
        body = _body(part, content)
        yield part.name.casefold(), body
        behind, streamed = body + part.packed, bool(part.flags & _STREAMED)
    if end != behind and not (streamed and end - behind in _DESCRIPTORS):
        raise _broken("部品が重なっているか、間に余分なデータがあります")


def _body(part: Part, content: bytes) -> int:
    """Where a part's bytes begin, behind its own header, which must say what the directory says."""
    fields = _HEADER.unpack_from(content, part.start)
    signature, _, flags, method, _, _, crc, packed, size, name, extra = fields
    at: int = part.start + _HEADER.size
    raw, more = content[at : at + name], content[at + name : at + name + extra]
    if (packed, size) == (_ELSEWHERE, _ELSEWHERE) and len(more) >= _WIDE_SIZES.size:
        _, _, size, packed = _WIDE_SIZES.unpack_from(more)
    said = (crc, packed, size)
    is_known_later = flags & _STREAMED and said == (0, 0, 0)
    agrees = (flags | _IS_UTF8, method, raw) == (part.flags | _IS_UTF8, part.method, part.raw_name)
    if signature != b"PK\x03\x04" or not agrees:
        raise _broken("部品の見出しが目次と合いません")
    if said != (part.crc, part.packed, part.size) and not is_known_later:
        raise _broken("部品の見出しが目次と合いません")
    return at + int(name) + int(extra)


def _inflated(part: Part, packed: bytes) -> bytes:
    data = packed
    if part.method == _DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = inflater.decompress(packed, part.size + 1)
        except zlib.error as problem:
            raise _broken("部品が壊れています") from problem
        if not inflater.eof or inflater.unused_data:
            raise _broken("部品の大きさが合いません")
    if len(data) != part.size or zlib.crc32(data) != part.crc:
        raise _broken("部品が壊れています")
    return data
