"""Days as a form prints them."""

from datetime import date

from schemas.period import wareki_year


def wareki(day: date) -> str:
    """令和3年5月10日."""
    return f"{wareki_year(day)}{day.month}月{day.day}日"
