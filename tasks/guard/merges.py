"""The merged cells of a sheet."""

import re

from tasks.guard import limits
from tasks.guard.markup import broken
from tasks.guard.reference import range_of
from tasks.guard.refused import Refused

_MERGE = re.compile(rb"mergeCell\s[^<>]*?ref\s*=\s*[\"']([^\"'<>]*)[\"']")

Range = tuple[int, int, int, int]


def merges_of(part: bytes) -> list[Range]:
    """First row and column, last row and column of each merge. Raises Refused for what is no range."""
    if b"mergeCell" not in part:
        return []
    found = _MERGE.findall(part)
    if len(found) > limits.MOST_MERGES:
        raise Refused("TOO_LARGE", f"結合セルが{limits.MOST_MERGES:,}個を超えます")
    return [_range(reference.decode("utf-8", "replace")) for reference in found]


def clipped(merges: list[Range], rows: int, columns: int) -> list[Range]:
    """The merges as far as a sheet of so many rows and columns goes; Refused where they cover too much."""
    within = [
        (top, left, min(bottom, rows - 1), min(right, columns - 1))
        for top, left, bottom, right in merges
        if top < rows and left < columns
    ]
    area = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in within)
    if area > limits.LARGEST_MERGED_AREA:
        raise Refused("TOO_LARGE", f"結合セルが{limits.LARGEST_MERGED_AREA:,}マスを超えて重なります")
    return within


def _range(reference: str) -> Range:
    found = range_of(reference)
    if found is None:
        raise broken("mergeCell", f"範囲「{reference}」が正しくありません")
    return found
