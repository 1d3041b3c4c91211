"""Numbers as Japanese offices type them, read exactly or refused, never guessed.

Absence has a type: "－" is 該当なし (nothing to measure), which is neither 0 nor a blank.
"""

import math
import re
import unicodedata
from functools import lru_cache

REPORTED = "報告"
NOT_APPLICABLE = "該当なし"

_ABSENT = {
    **dict.fromkeys("-－―‐–—ー−…", NOT_APPLICABLE),
    **{word: word for word in (NOT_APPLICABLE, "未実施", "未報告", "秘匿")},
    "なし": NOT_APPLICABLE,
}
_NUMBER = re.compile(
    r"^(?P<open>\()?(?P<sign>[△▲\-−‐–-])?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?(?P<close>\))?(?P<unit>(?:[^\d.,△▲(-].*)?)$",
    re.ASCII,
)


class Unreadable(ValueError):
    """A cell that cannot be read as its column's type; carries what was seen."""


@lru_cache(maxsize=2**16)
def folded(text: str) -> str:
    """Text for comparing: NFKC, without white space, in lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def read_number(cell: object, units: frozenset[str] = frozenset()) -> tuple[float | None, str]:
    """The number in a cell and the status of it: (1234.0, 報告) or (None, 該当なし).

    Takes full-width digits, well-placed thousands separators, △ ▲ - and parentheses for negatives,
    and one of `units` (folded) behind the digits. Raises Unreadable for everything else, dates,
    booleans and non-finite numbers included. A blank gives (None, "").
    """
    if cell is None:
        return None, ""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            raise Unreadable(str(cell))
        return float(cell), REPORTED
    if not isinstance(cell, str):
        raise Unreadable(str(cell))
    text = cell.strip()
    if not text:
        return None, ""
    if text in _ABSENT:
        return None, _ABSENT[text]
    return _number_of_text(text, units), REPORTED


def _number_of_text(text: str, units: frozenset[str]) -> float:
    found = _NUMBER.match(folded(text))
    if not found or bool(found["open"]) != bool(found["close"]):
        raise Unreadable(text)
    if found["unit"] and found["unit"] not in units:
        raise Unreadable(text)
    size = float(found["digits"].replace(",", "") + (found["decimals"] or ""))
    return -size if found["sign"] or found["open"] else size


def plain(value: object) -> str:
    """A value as people write it: thousands separated, no ".0"; "" for nothing, NaN or no day."""
    if value is None or str(value) in ("nan", "NaT"):
        return ""
    if isinstance(value, float):
        return f"{value:,.10g}" if abs(value) < 1e10 else f"{value:,.0f}"
    return str(value)
