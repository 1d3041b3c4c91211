"""What the cells of a sheet take: a choice from a list, a count, a day; the hidden sheet of long lists."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tasks.template.book import NOTE, Book
from tasks.template.head import letter

LISTS_SHEET = "一覧"
_LONGEST = 250  # Excel takes 255 characters in a cell's own list
_FIRST_ROW = 2

Rule = dict[str, Any]


class Lists:
    """The dropdowns of one workbook; a list too long for its cell stands on the sheet 一覧, once."""

    def __init__(self) -> None:
        self._columns: list[tuple[str, ...]] = []

    def choice(self, names: Sequence[str]) -> Rule:
        """One of some names."""
        message = "一覧（▼）から選んでください。"
        return _rule("list", "選択肢にありません", message, source=self._source(tuple(names)))

    def write(self, book: Book) -> None:
        """Add the sheet 一覧 if a list needs it."""
        if not self._columns:
            return
        page = book.page(LISTS_SHEET)
        page.sheet.hide()
        page.put("A1", "※選択肢の一覧です。入力欄が使うので、消さないでください。", **NOTE)
        for position, names in enumerate(self._columns):
            for row, name in enumerate(names, start=_FIRST_ROW):
                page.put(f"{letter(position)}{row}", name)

    def _source(self, names: tuple[str, ...]) -> list[str] | str:
        if len(",".join(names)) <= _LONGEST and not any("," in name for name in names):
            return list(names)
        if names not in self._columns:
            self._columns.append(names)
        column = letter(self._columns.index(names))
        return f"='{LISTS_SHEET}'!${column}${_FIRST_ROW}:${column}${_FIRST_ROW + len(names) - 1}"


def count() -> Rule:
    """A whole number of at least 0."""
    return _whole(0)


def serial() -> Rule:
    """A whole number of at least 1."""
    return _whole(1)


def day(earliest: date) -> Rule:
    """A date of the sheet, not before a day."""
    message = "日付を「2021/5/10」のように入力してください。"
    return _rule("date", "日付ではありません", message, criteria=">=", value=earliest)


def _whole(least: int) -> Rule:
    message = f"{least} 以上の整数を、数字だけで入力してください。"
    return _rule("integer", "整数ではありません", message, criteria=">=", value=least)


def _rule(kind: str, title: str, message: str, **limits: Any) -> Rule:
    return {"validate": kind, **limits, "error_title": title, "error_message": message}
