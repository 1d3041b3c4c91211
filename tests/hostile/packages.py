"""Zips that are bombs, lies, or two files in one."""

import zlib
from collections.abc import Iterator
from dataclasses import replace

from tests.hostile.book import PERFORMANCE, STRINGS, Book
from tests.hostile.case import Hostile, let_in, refused
from tests.hostile.raw_zip import Entry, assembled, entries_of

MIB = 2**20


def _zeros(size: int) -> bytes:
    """So many zeros, deflated, without ever holding them all."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    chunk = deflater.compress(bytes(MIB)) + deflater.flush(zlib.Z_FULL_FLUSH)
    return chunk * (size // MIB) + deflater.flush()


def packages(book: Book) -> Iterator[Hostile]:
    """All of them."""
    yield from _bombs(book)
    yield from _lies(book)
    yield from _names(book)
    yield from _two_in_one(book)
    good = entries_of(book.parts)
    yield let_in("straight.xlsx", assembled(good))
    yield let_in("stored.xlsx", assembled([replace(entry, method=0) for entry in good]))


def _bombs(book: Book) -> Iterator[Hostile]:
    good = entries_of(book.parts)
    for size in (64, 127, 129, 300):
        bomb = Entry("xl/media/image1.png", b"", packed=_zeros(size * MIB), size=size * MIB)
        yield refused(f"bomb of {size} MiB.xlsx", assembled([*good, bomb]), "file.BOMB")
    for size in (0, 1, 1000, MIB):
        liar = Entry("xl/media/image1.png", b"", packed=_zeros(64 * MIB), size=size)
        yield refused(f"bomb that says {size}.xlsx", assembled([*good, liar]), "file.BROKEN", "file.BOMB")
    sheet = Entry(PERFORMANCE, b"", packed=_zeros(200 * MIB), size=200 * MIB)
    yield refused("sheet of zeros.xlsx", assembled([sheet, *good[1:]]), "file.BOMB", "file.BROKEN")
    inner = assembled([Entry("a", b"", packed=_zeros(100 * MIB), size=100 * MIB)])
    yield refused("nested.zip", assembled([Entry("inner.zip", inner)]), "file.WRONG_KIND")
    yield refused("nested.xlsx", assembled([Entry("outer.zip", inner)]), "file.WRONG_KIND")
    many = [Entry(f"xl/media/{number}.png", b"x", method=0) for number in range(1_001)]
    yield refused("many entries.xlsx", assembled([*good, *many]), "file.BOMB")
    yield refused("count of entries.xlsx", assembled(good, count=65_535), "file.BOMB")
    kernel = Entry("xl/media/a.png", bytes(MIB))
    twins = [replace(kernel, name=f"xl/media/{number}.png", start=0) for number in range(200)]
    yield refused("overlapping.xlsx", assembled([kernel, *good, *twins]), "file.BROKEN")
    spread = [replace(entry, size=130 * MIB) for entry in good]
    yield refused("sizes of all.xlsx", assembled(spread), "file.BOMB")


def _lies(book: Book) -> Iterator[Hostile]:
    good = entries_of(book.parts)
    at = next(n for n, entry in enumerate(good) if entry.name == PERFORMANCE)

    def with_lie(**said: object) -> bytes:
        return assembled([*good[:at], replace(good[at], **said), *good[at + 1 :]])  # type: ignore[arg-type]

    size = len(good[at].data)
    lies = {
        "header name": {"header_name": "xl/worksheets/sheetX.xml"},
        "header method": {"header_method": 0},
        "header size": {"header_size": size + 1},
        "size too small": {"size": size - 1, "header_size": size - 1},
        "size too large": {"size": size + 1, "header_size": size + 1},
        "crc": {"crc": 1},
        "crc of zero": {"crc": 0},
        "method 9": {"method": 9, "packed": good[at].data},
        "method 12": {"method": 12, "packed": good[at].data},
        "method 14": {"method": 14, "packed": good[at].data},
        "method 93": {"method": 93, "packed": good[at].data},
        "method 99": {"method": 99, "packed": good[at].data},
        "stored that is deflated": {"header_method": 8, "method": 0},
        "packed size": {"packed_size": 10},
        "no deflate at all": {"packed": b"\xff" * 100},
        "half a deflate": {"packed": zlib.compress(good[at].data)[2:40]},
        "more behind the deflate": {"packed": _deflated(good[at].data) + b"more"},
        "start beyond the end": {"start": 10**9},
        "start at another": {"start": 0},
    }
    for name, said in lies.items():
        yield refused(f"lie about {name}.xlsx", with_lie(**said), "file.BROKEN")
    for flag in (0x1, 0x41, 0x40):
        yield refused(f"encrypted {flag}.xlsx", with_lie(flags=flag), "file.PASSWORD")


def _deflated(data: bytes) -> bytes:
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


def _names(book: Book) -> Iterator[Hostile]:
    good = entries_of(book.parts)
    names = (
        *("../../etc/passwd", "/etc/passwd", "C:/windows/win.ini", "xl/../../x", "..\\..\\x", "xl/./x"),
        *("a\nb", "nul\0.xml", ""),
    )
    for number, name in enumerate(names):
        entry = Entry(name, b"x", method=0)
        yield refused(f"name {number}.xlsx", assembled([*good, entry]), "file.BROKEN")
    others = (PERFORMANCE, PERFORMANCE.upper(), "xl/worksheets/SHEET1.xml", "xl\\worksheets\\sheet1.xml")
    for number, name in enumerate(others):
        for order in (0, 1):
            twin = Entry(name, book.parts[PERFORMANCE].replace(b"<v>3</v>", b"<v>99999</v>"))
            parts = [twin, *good] if order else [*good, twin]
            yield refused(f"twin {number} {order}.xlsx", assembled(parts), "file.BROKEN")
    yield refused("twin strings.xlsx", assembled([*good, Entry(STRINGS, b"<sst/>")]), "file.BROKEN")


def _two_in_one(book: Book) -> Iterator[Hostile]:
    good = assembled(entries_of(book.parts))
    other = Book(book.parts).cell("D7", '<c r="D7" s="6"><v>99999</v></c>').zipped()
    yield refused("two glued.xlsx", good + other, "file.BROKEN")
    yield refused("two glued otherwise.xlsx", other + good, "file.BROKEN")
    yield refused("prefix.xlsx", assembled(entries_of(book.parts), prefix=b"junk"), "file.WRONG_KIND")
    yield refused("prefix unsaid.xlsx", b"MZ" + good, "file.WRONG_KIND")
    yield refused(
        "zip behind a text.csv", b"a,b\r\n1,2\r\n" + good, "file.CONTROL_CHARACTERS", "file.ENCODING"
    )
    yield refused("suffix.xlsx", good + b"junk", "file.BROKEN")
    yield refused("suffix of zeros.xlsx", good + bytes(512), "file.BROKEN")
    yield refused("comment.xlsx", assembled(entries_of(book.parts), comment=b"hello"), "file.BROKEN")
    yield refused(
        "comment with a zip.xlsx", assembled(entries_of(book.parts), comment=other[:60_000]), "file.BROKEN"
    )
    yield refused("gaps.xlsx", assembled(entries_of(book.parts), gap=b"gap!"), "file.BROKEN")
    yield refused("behind.xlsx", assembled(entries_of(book.parts), behind=b"\0"), "file.BROKEN")
    for count in (0, 1, 10**3):
        yield refused(
            f"count {count}.xlsx",
            assembled(entries_of(book.parts), count=count),
            "file.BROKEN",
            "file.WRONG_KIND",
        )
