"""References of cells and ranges: A1, B2:C3; rows and columns count from 0."""

import re

from tasks.guard import limits

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def column_of(letters: str) -> int:
    """0 for A, 25 for Z, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_of(reference: str) -> tuple[int, int] | None:
    """Row and column of A1; None for what is no cell of a sheet."""
    found = _CELL.fullmatch(reference)
    if not found:
        return None
    row, column = int(found[2]) - 1, column_of(found[1])
    return (row, column) if row < limits.LAST_ROW and column < limits.LAST_COLUMN else None


def range_of(reference: str) -> tuple[int, int, int, int] | None:
    """First row and column, last row and column of B2:C3, or of B2 alone."""
    first, _, last = reference.partition(":")
    start, end = cell_of(first), cell_of(last or first)
    if start is None or end is None or start[0] > end[0] or start[1] > end[1]:
        return None
    return (*start, *end)
