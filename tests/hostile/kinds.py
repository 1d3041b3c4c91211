"""Files that are something else, and names that say something else than the bytes."""

import zipfile
from collections.abc import Iterator

from tests.hostile.book import Book
from tests.hostile.case import Hostile, let_in, refused
from tests.hostile.raw_zip import Entry, assembled

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)

MAGIC: dict[str, bytes] = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "rtf": b"{\\rtf1\\ansi a}",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "jpg": b"\xff\xd8\xff\xe0" + bytes(50),
    "gif": b"GIF89a" + bytes(50),
    "tif": b"II*\0" + bytes(50),
    "heic": b"\0\0\0\x18ftypheic" + bytes(50),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "rar": b"Rar!\x1a\x07\x01\0" + bytes(50),
    "gz": b"\x1f\x8b\x08\0" + bytes(50),
    "lzh": b"\x20\x10-lh5-" + bytes(50),
    "exe": b"MZ\x90\0" + bytes(50),
    "elf": b"\x7fELF\x02" + bytes(50),
    "html": b"<html><table><tr><td>1</td></tr></table></html>",
    "table": b"<table><tr><td>1</td></tr></table>",
    "doctype": b"<!DOCTYPE html><p>1",
    "xml": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "xls": _OLE + "Workbook".encode("utf-16-le") + bytes(500),
    "biff2": b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(50),
    "biff4": b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(50),
    "doc": _OLE + "WordDocument".encode("utf-16-le") + bytes(500),
    "jtd": _OLE + "DocumentText".encode("utf-16-le") + bytes(500),
    "ole": _OLE + bytes(500),
    "sqlite": b"SQLite format 3\0" + bytes(50),
    "parquet": b"PAR1" + bytes(50),
    "emptyzip": b"PK\x05\x06" + bytes(18),
}


def kinds(book: Book) -> Iterator[Hostile]:
    """All of them."""
    for name, content in MAGIC.items():
        for suffix in (name, "xlsx", "csv"):
            yield refused(f"{name} as.{suffix}", content + suffix.encode(), "file.WRONG_KIND")
    for number, content in enumerate((b"\0", b"\r\n", b"\xef\xbb\xbf", b" \n\t", b"\x1a", bytes(4096))):
        yield refused(f"nothing {number}.csv", content, "file.EMPTY")
    locked = _OLE + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    for suffix in ("xlsx", "xls", "bin", "csv"):
        yield refused(f"locked.{suffix}", locked + suffix.encode(), "file.PASSWORD")
    yield from _zips()
    good = book.zipped()
    for suffix in ("xls", "xlsb", "ods", "csv", "json", "txt", "docx", "zip", "pdf"):
        yield refused(
            f"workbook as.{suffix}",
            book.put("docProps/x.xml", f"<x>{suffix}</x>").zipped(),
            "file.WRONG_KIND",
        )
    yield let_in("workbook without a suffix", good)
    yield let_in("workbook as.xlsm", book.put("docProps/m.xml", "<m/>").zipped())
    yield let_in("workbook of a year.R03", book.put("docProps/y.xml", "<y/>").zipped())
    yield refused("text as.xlsx", "区分,項目\r\n1,2\r\n".encode(), "file.WRONG_KIND")
    yield refused("text as.json", "区分,項目\r\n3,4\r\n".encode(), "file.WRONG_KIND")
    yield refused("object as.csv", b'{"form": "event"}', "file.WRONG_KIND")
    yield refused("list as.json", b"[1, 2]\n", "file.WRONG_KIND")
    yield refused("object as.xlsx", b'{"form": "event", "rows": []}', "file.WRONG_KIND")


def _zips() -> Iterator[Hostile]:
    ods = b"application/vnd.oasis.opendocument.spreadsheet"
    odt = b"application/vnd.oasis.opendocument.text"
    inside = {
        "docx": [Entry("[Content_Types].xml", b"<Types/>"), Entry("word/document.xml", b"<w/>")],
        "pptx": [Entry("[Content_Types].xml", b"<Types/>"), Entry("ppt/presentation.xml", b"<p/>")],
        "xlsb": [Entry("[Content_Types].xml", b"<Types/>"), Entry("xl/workbook.bin", b"\0")],
        "ods": [Entry("mimetype", ods, method=zipfile.ZIP_STORED), Entry("content.xml", b"<o/>")],
        "odt": [Entry("mimetype", odt, method=zipfile.ZIP_STORED), Entry("content.xml", b"<o/>")],
        "numbers": [Entry("Index/Document.iwa", b"\0")],
        "zip": [Entry("月報.xlsx", b"PK\x03\x04")],
        "jar": [Entry("META-INF/MANIFEST.MF", b"a")],
    }
    for name, entries in inside.items():
        for suffix in (name, "xlsx"):
            marked = [*entries, Entry(f"{suffix}.txt", b"x")]
            yield refused(f"{name} in a zip as.{suffix}", assembled(marked), "file.WRONG_KIND")
