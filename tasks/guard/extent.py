"""How far the cells of a sheet reach: the parser asks for memory for the whole box that they span."""

from tasks.guard import limits
from tasks.guard.refused import Refused


def check_extent(cells: int, last_row: int, last_column: int) -> None:
    """Refuse a sheet of too many cells, or with one too far away; rows and columns count from 1 here."""
    if cells > limits.MOST_CELLS:
        raise Refused("TOO_LARGE", f"セルが{limits.MOST_CELLS:,}個を超えます")
    if last_row * last_column > limits.LARGEST_AREA:
        raise Refused("TOO_LARGE", f"遠くのセル（{last_row:,}行目、{last_column:,}列目）に値があります")


def is_within(cells: int, last_row: int, last_column: int) -> bool:
    """Whether it would not be refused, and lies on a sheet at all."""
    is_on_sheet = last_row <= limits.LAST_ROW and last_column <= limits.LAST_COLUMN
    return is_on_sheet and cells <= limits.MOST_CELLS and last_row * last_column <= limits.LARGEST_AREA
