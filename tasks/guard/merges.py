"""The merged cells of a sheet."""

import re

from tasks.guard import limits
from tasks.guard.markup import broken
from tasks.guard.reference import column_of, range_of
from tasks.guard.refused import Refused

_PLAIN = re.compile(rb"<mergeCell ref=\"([A-Z]{1,3})([1-9]\d{0,5}):([A-Z]{1,3})([1-9]\d{0,5})\"")
_MERGE = re.compile(rb"mergeCell\s[^<>]*?ref\s*=\s*[\"']([^\"'<>]*)[\"']")

Range = tuple[int, int, int, int]


def merges_of(part: bytes) -> list[Range]:
    """First row and column, last row and column of each merge. Raises Refused for what is no range."""
    if b"mergeCell" not in part:
        return []
    plain = _PLAIN.findall(part)
    count = part.count(b"mergeCell ")
    if count > limits.MOST_MERGES:
        raise Refused("TOO_LARGE", f"結合セルが{limits.MOST_MERGES:,}個を超えます")
    if len(plain) == count:
        ranges = [
            (int(top) - 1, column_of(left.decode()), int(bottom) - 1, column_of(right.decode()))
            for left, top, right, bottom in plain
        ]
        if all(top <= bottom and left <= right for top, left, bottom, right in ranges):
            return ranges
    return [_range(reference.decode("utf-8", "replace")) for reference in _MERGE.findall(part)]


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
