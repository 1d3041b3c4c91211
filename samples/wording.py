"""Days as offices write them."""

from datetime import date
from typing import Literal

from tasks.template.wording import wareki

DateStyle = Literal["kanji", "letter", "full_width", "slash", "excel"]
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def written(day: date, style: DateStyle) -> str | date:
    """A day in a center's own way of writing; `excel` is a real date."""
    match style:
        case "kanji":
            return wareki(day)
        case "letter":
            return f"R{day.year - 2018}.{day.month}.{day.day}"
        case "full_width":
            return wareki(day).translate(_FULL_WIDTH)
        case "slash":
            return f"{day.year}/{day.month}/{day.day}"
        case "excel":
            return day
