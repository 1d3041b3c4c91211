"""What a web form posts (JSON), read strictly: fields, `rows`, their `totals`; nothing said twice."""

import json
import math
import unicodedata
from typing import Any

from tasks.guard import limits
from tasks.guard.refused import Refused

_LONGEST_NUMBER = 400


def read_posted(content: bytes) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """The fields, the totals and the rows of a posted object.

    Raises Refused for a name twice (in any composition), for numbers that are none (NaN, 1e999), for
    what is nested too deep, and for what is no such object.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused("ENCODING", "JSONはUTF-8だけです") from problem
    try:
        posted = json.loads(
            text,
            object_pairs_hook=_unrepeated,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as problem:
        raise Refused("BROKEN", "JSONとして正しくありません") from problem
    if not isinstance(posted, dict):
        raise Refused("BROKEN", "JSONのオブジェクトではありません")
    rows = posted.pop("rows", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused("BROKEN", "rows が行の配列ではありません")
    totals = posted.pop("totals", {})
    if not isinstance(totals, dict):
        raise Refused("BROKEN", "totals が項目ごとの合計ではありません")
    if len(posted) + len(totals) > limits.MOST_COLUMNS:
        raise Refused("TOO_LARGE", f"{len(posted) + len(totals):,}項目あります")
    return _flattened(posted), _flattened(totals), rows


def cells_of(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    """The names that any row has, and the rows as cells under them."""
    names = list(dict.fromkeys(key for row in rows for key in row))
    if len(names) > limits.MOST_COLUMNS or len(names) * len(rows) > limits.LARGEST_AREA:
        raise Refused("TOO_LARGE", f"{len(names):,}項目×{len(rows):,}行あります")
    return names, [[_flat(row.get(name)) for name in names] for row in rows]


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names: set[str] = set()
    for name, _ in pairs:
        known = unicodedata.normalize("NFC", name)
        if known in names:
            raise Refused("REPEATED_KEY", known[:50] if known.isprintable() else ascii(known)[:50])
        names.add(known)
    return dict(pairs)


def _number(text: str) -> float:
    value = float(text) if len(text) <= _LONGEST_NUMBER else math.inf
    if not math.isfinite(value):
        raise Refused("NO_NUMBER", text[:30])
    return value


def _no_number(constant: str) -> float:
    raise Refused("NO_NUMBER", constant)


def _flattened(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: _flat(value) for key, value in fields.items()}


def _flat(value: Any) -> Any:
    """A scalar as it is; what is nested as its text, which no column can be."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and len(value) > limits.LONGEST_TEXT:
        raise Refused("TOO_LARGE", f"{limits.LONGEST_TEXT:,}字を超える値があります")
    return None if value == "" else value
