"""A file of lines (CSV), decoded and split strictly: what could be read in two ways is not read."""

import csv
import io
import re
from typing import NamedTuple

from tasks.guard import limits
from tasks.guard.refused import Refused

_BOM = b"\xef\xbb\xbf"
_END_OF_FILE = b"\x1a"
_SEVERAL_BYTES = re.compile(rb"[\xe3-\xef][\x80-\xbf]{2}")
_KANA_OR_KANJI = re.compile("[ぁ-んァ-ヶ一-龠]")
# UTF-8 read as CP932, UTF-8 read as Latin-1, CP932 read as Latin-1.
_MOJIBAKE = re.compile(
    "\ufffd|[縺繧譁莠].{0,3}[縺繧譁莠]|(?:ã[\x80-\xbf‚ƒ„…†‡ˆ‰Š‹Œ•–—˜™š›œžŸ€].?){2}|(?:[\x82\x83‚ƒ][ -ÿ]){3}"
)
_SEPARATORS = {"\t": "タブ", ";": "セミコロン（;）", "|": "縦線（|）"}
_LONGEST_BROKEN_END = 3


class Lines(NamedTuple):
    """The rows of a file; `ragged` is the number of the first one (from 1; 0: none) of another width."""

    rows: list[list[str]]
    ragged: int
    is_unended: bool


def read_lines(content: bytes) -> Lines:
    """The rows of a file, which is `is_unended` if its last line has no line break.

    Raises Refused where the text cannot be told, or was cut, joined or mangled on its way.
    """
    text = _decoded(content.rstrip(_END_OF_FILE))
    if found := _MOJIBAKE.search(text):
        raise Refused("MOJIBAKE", _place(text, found.start()))
    if "\ufeff" in text:
        raise Refused("JOINED", _place(text, text.index("\ufeff")))
    if text.count("\n") > limits.MOST_LINES:
        raise Refused("TOO_LARGE", f"{limits.MOST_LINES:,}行を超えます")
    rows = _split(text)
    width = len(rows[0]) if rows else 0
    _check_separator(rows)
    if width > limits.MOST_COLUMNS or len(rows) > limits.MOST_CELLS // max(width, 1):
        raise Refused("TOO_LARGE", f"{width:,}列×{len(rows):,}行あります")
    ragged = (number for number, row in enumerate(rows, start=1) if row and len(row) != width)
    return Lines(rows, next(ragged, 0), not text.endswith(("\n", "\r")))


def _place(text: str, at: int) -> str:
    return f"{text.count(chr(10), 0, at) + 1}行目"


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_wide(content):
        raise Refused("ENCODING", "UTF-16")
    if b"\x1b" in content:
        raise Refused("ENCODING", "ISO-2022-JP（JIS）")
    if b"\0" in content:
        raise Refused("CONTROL_CHARACTERS", f"{content.count(10, 0, content.index(0)) + 1}行目のU+0000")
    try:
        return content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as problem:
        is_cut = len(content.removeprefix(_BOM)) - problem.start <= _LONGEST_BROKEN_END
        if is_cut and _SEVERAL_BYTES.search(content) and "end of data" in problem.reason:
            raise Refused("CUT") from problem
    return _of_japanese_windows(content)


def _is_wide(content: bytes) -> bool:
    """Whether every second byte is mostly NUL, as in UTF-16 without its mark."""
    start = content[:200]
    return b"\0" in start and max(start[::2].count(0), start[1::2].count(0)) * 4 > len(start)


def _of_japanese_windows(content: bytes) -> str:
    if content.startswith(_BOM) or _is_mixed(content):
        raise Refused("MIXED_ENCODINGS")
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError as problem:
        raise Refused("ENCODING", "不明") from problem
    if re.search("[\x80\uf8f0-\uf8f3]", text) or _is_euc(content, text):
        raise Refused("ENCODING", "EUC-JPか不明")
    return text


def _is_mixed(content: bytes) -> bool:
    """Whether some lines are UTF-8 and others cannot be."""
    lines = [line for line in content.split(b"\n") if not line.isascii()]
    utf8 = [_SEVERAL_BYTES.search(line) is not None for line in lines if _is_utf8(line)]
    return any(utf8) and len(utf8) < len(lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_euc(content: bytes, text: str) -> bool:
    """Whether it is Japanese in EUC-JP, and nothing but half-width katakana otherwise."""
    try:
        other = content.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return bool(_KANA_OR_KANJI.search(other)) and not re.search("[ぁ-んァ-ヶ]", text)


def _split(text: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as problem:
        if "limit" in str(problem):
            raise Refused("TOO_LARGE", f"{reader.line_num}行目に長すぎる値があります") from problem
        raise Refused("QUOTES", f"{reader.line_num}行目") from problem
    for number, row in enumerate(rows, start=1):
        if max(map(len, row), default=0) > limits.LONGEST_TEXT:
            raise Refused("TOO_LARGE", f"{number}行目に{limits.LONGEST_TEXT:,}字を超える値があります")
    return rows


def _check_separator(rows: list[list[str]]) -> None:
    first = rows[0] if rows else []
    if len(first) != 1:
        return
    for separator, name in _SEPARATORS.items():
        if first[0].lower().startswith("sep=") or first[0].count(separator) >= 2:
            raise Refused("SEPARATOR", name)
