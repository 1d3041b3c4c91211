"""What a person sees in a cell of the report: a cell in 千円 holds yen and shows thousands."""

from typing import Any

THOUSANDS = "#,##0,;"


def shown(cell: Any) -> Any:
    """The value of an openpyxl cell as its format shows it, rounded half away from zero."""
    if isinstance(cell.value, int | float) and cell.number_format.startswith(THOUSANDS):
        size = (abs(round(cell.value)) + 500) // 1000
        return -size if cell.value < 0 else size
    return cell.value
