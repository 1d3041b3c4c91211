"""What a reader process answered, believed only in the shape that cells have."""

import json
from itertools import chain
from typing import Any

from expectations.structure import REFUSALS

LONGEST_SEEN = 300

Cells = dict[str, Any]

_SHEET = {
    "name": str,
    "kind": str,
    "is_visible": bool,
    "top": int,
    "left": int,
    "rows": list,
    "merged": list,
}
_CELL = {str, float, int, bool, type(None), dict}


def answered(answer: bytes) -> Cells:
    """The cells, or the refusal, in an answer. Raises ValueError for anything else."""
    cells = json.loads(answer, parse_constant=_refuse)
    if not isinstance(cells, dict):
        raise ValueError("no object")
    if "refused" in cells:
        if cells["refused"] not in REFUSALS or len(str(cells.get("seen", ""))) > LONGEST_SEEN:
            raise ValueError("no refusal of ours")
    elif not isinstance(cells.get("sheets"), list) or not all(map(_is_sheet, cells["sheets"])):
        raise ValueError("no sheets")
    return cells


def _is_sheet(sheet: Any) -> bool:
    if not isinstance(sheet, dict):
        return False
    if not all(type(sheet.get(name)) is kind for name, kind in _SHEET.items()):
        return False
    if sheet["kind"] not in ("sheet", "lines", "object") or min(sheet["top"], sheet["left"]) < 0:
        return False
    if not all(type(row) is list for row in sheet["rows"]):
        return False
    return _CELL.issuperset(map(type, chain.from_iterable(sheet["rows"])))


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
