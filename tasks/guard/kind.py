"""What a file is, by its first bytes; a suffix only has to agree with them."""

from typing import Literal

from tasks.guard.package import Package, open_package
from tasks.guard.refused import Refused

Kind = Literal["workbook", "lines", "object"]

# What each suffix that we know promises; one that is not here promises nothing.
_PROMISES: dict[str, tuple[str, ...]] = {
    ".xlsx": ("workbook",),
    ".xlsm": ("workbook",),
    ".csv": ("lines",),
    ".txt": ("lines", "object"),
    ".json": ("object",),
}
# Suffixes of what is never let in, so that a workbook under such a name is refused too.
_FOREIGN = (
    *(".xls", ".xlsb", ".ods", ".numbers", ".doc", ".docx", ".odt", ".jtd", ".ppt", ".pptx", ".pdf", ".rtf"),
    *(".htm", ".html", ".xml", ".zip", ".7z", ".rar", ".lzh", ".gz", ".png", ".jpg", ".jpeg", ".gif", ".exe"),
)
_NAMES = {
    "workbook": "Excelブック（.xlsx）",
    "lines": "テキスト（CSVなど）",
    "object": "JSON",
}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "リッチテキスト（.rtf）"),
    (b"\x89PNG", "画像（PNG）"),
    (b"\xff\xd8\xff", "画像（JPEG）"),
    (b"GIF8", "画像（GIF）"),
    (b"II*\0", "画像（TIFF）"),
    (b"MM\0*", "画像（TIFF）"),
    (b"7z\xbc\xaf", "圧縮ファイル（7z）"),
    (b"Rar!", "圧縮ファイル（RAR）"),
    (b"\x1f\x8b", "圧縮ファイル（gzip）"),
    (b"PK\x05\x06", "空のZIPファイル"),
    (b"PK\x07\x08", "分割されたZIPファイル"),
    (b"MZ", "プログラム（.exe）"),
    (b"\x7fELF", "プログラム"),
    (b"SQLite format 3", "データベース（SQLite）"),
    (b"PAR1", "Parquetファイル"),
    (b"\x09\x08", "古いExcelの形式（.xls）"),
    (b"\x09\x04", "古いExcelの形式（.xls）"),
    (b"\x09\x02", "古いExcelの形式（.xls）"),
    (b"\x09\x00\x04\x00", "古いExcelの形式（.xls）"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<table", "HTML"),
    (b"<svg", "画像（SVG）"),
    (b"<?xml", "XML"),
    (b"<!doctype", "XML"),
    (b"<workbook", "XML"),
)
_IN_OLE: tuple[tuple[str, str], ...] = (
    ("WordDocument", "Word文書（.doc）"),
    ("PowerPoint Document", "PowerPoint（.ppt）"),
    ("DocumentText", "一太郎文書（.jtd）"),
    ("Workbook", "古いExcelの形式（.xls）"),
    ("Book", "古いExcelの形式（.xls）"),
)
_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", "Excelバイナリブック（.xlsb）"),
    ("word/document.xml", "Word文書（.docx）"),
    ("ppt/presentation.xml", "PowerPoint（.pptx）"),
    ("content.xml", "OpenDocument"),
    ("index/document.iwa", "Numbers（.numbers）"),
)
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def kind_of(content: bytes, suffix: str) -> Kind:
    """What the bytes are to be read as.

    Raises Refused: EMPTY, PASSWORD, or WRONG_KIND for what is never read and for a suffix that lies.
    """
    if not content.strip(b"\0\t\n\r \x1a") or content in _BOMS:
        raise Refused("EMPTY")
    kind = _by_magic(content)
    suffix = suffix.lower()
    if suffix in _FOREIGN or kind not in _PROMISES.get(suffix, (kind,)):
        raise Refused("WRONG_KIND", _true_name(kind, content))
    return kind


def _true_name(kind: Kind, content: bytes) -> str:
    inside = kind_of_package(open_package(content)) if kind == "workbook" else ""
    return inside or _NAMES[kind]


def _by_magic(content: bytes) -> Kind:
    if content.startswith(b"PK\x03\x04"):
        return "workbook"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _of_ole(content)
    if content[2:5] == b"-lh" and content[6:7] == b"-":
        raise Refused("WRONG_KIND", "圧縮ファイル（LZH）")
    if content[4:8] == b"ftyp":
        raise Refused("WRONG_KIND", "画像か動画")
    for magic, name in _MAGIC:
        if content.startswith(magic):
            raise Refused("WRONG_KIND", name)
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, name in _MARKUP:
        if start.lower().startswith(magic):
            raise Refused("WRONG_KIND", name)
    return "object" if start[:1] == b"{" or start[:2] in (b"[{", b"[]") else "lines"


def _of_ole(content: bytes) -> Refused:
    if _in_directory("EncryptedPackage", content):
        return Refused("PASSWORD")
    known = (name for stream, name in _IN_OLE if _in_directory(stream, content))
    return Refused("WRONG_KIND", next(known, "古い形式の文書"))


def _in_directory(stream: str, content: bytes) -> bool:
    return stream.encode("utf-16-le") in content


def kind_of_package(package: Package) -> str:
    """What a zip is that is no workbook of ours, by the names in it; "" for one of ours."""
    names = package.parts.keys()
    if "xl/workbook.xml" in names:
        return ""
    if package.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "OpenDocument（.ods）"
    return next((kind for name, kind in _IN_ZIP if name in names), "ZIPファイル")
