"""Zips that lie: every field of header and directory can be said wrong."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from struct import pack


@dataclass(frozen=True)
class Entry:
    """One part; what is None is said as it is."""

    name: str
    data: bytes
    header_name: str | None = None
    flags: int = 0
    method: int = 8
    header_method: int | None = None
    crc: int | None = None
    size: int | None = None
    header_size: int | None = None
    packed: bytes | None = None
    packed_size: int | None = None
    start: int | None = None


def assembled(
    entries: list[Entry],
    prefix: bytes = b"",
    gap: bytes = b"",
    comment: bytes = b"",
    count: int | None = None,
    behind: bytes = b"",
) -> bytes:
    """A zip: its parts one behind the other, the directory, the end record."""
    body, directory = bytearray(prefix), bytearray()
    for entry in entries:
        start = len(body) if entry.start is None else entry.start
        packed = _packed(entry)
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        size = len(entry.data) if entry.size is None else entry.size
        length = len(packed) if entry.packed_size is None else entry.packed_size
        name, local = entry.name.encode(), (entry.header_name or entry.name).encode()
        local_size = size if entry.header_size is None else entry.header_size
        method = entry.method if entry.header_method is None else entry.header_method
        if entry.start is None:
            said = (20, entry.flags, method, 0, 33, crc, length, local_size, len(local), 0)
            body += b"PK\x03\x04" + pack("<5H3L2H", *said) + local + packed + gap
        listed = (
            20,
            20,
            entry.flags,
            entry.method,
            0,
            33,
            crc,
            length,
            size,
            len(name),
            0,
            0,
            0,
            0,
            0,
            start,
        )
        directory += b"PK\x01\x02" + pack("<6H3L5H2L", *listed) + name
    number = len(entries) if count is None else count
    end = pack("<4H2LH", 0, 0, number, number, len(directory), len(body), len(comment))
    return bytes(body + directory) + b"PK\x05\x06" + end + comment + behind


def _packed(entry: Entry) -> bytes:
    if entry.packed is not None:
        return entry.packed
    if entry.method != 8:
        return entry.data
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflater.compress(entry.data) + deflater.flush()


def entries_of(parts: Mapping[str, bytes]) -> list[Entry]:
    """The parts of a workbook as entries that tell the truth."""
    return [Entry(name, part) for name, part in parts.items()]
