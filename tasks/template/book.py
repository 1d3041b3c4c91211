"""A workbook and its pages, made in memory; the one place that knows xlsxwriter.

A cell that `typed` names gets what a person typed there instead of what belongs there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from types import TracebackType
from typing import Any, Self

import xlsxwriter

Cell = int | float | str | date | None

_CREATED = datetime.fromisoformat("2021-04-01T09:00")
_FONT = {"font_name": "游ゴシック", "font_size": 10}
TITLE = {"bold": True, "font_size": 14, "valign": "vcenter"}
LABEL = {"border": 1, "bold": True, "bg_color": "#DCE6F1", "align": "center", "valign": "vcenter"}
BOX = {"border": 1, "valign": "vcenter", "text_wrap": True}
INPUT = {"border": 1, "valign": "vcenter", "bg_color": "#FFFBE6", "align": "right"}
SUM = {"border": 1, "valign": "vcenter", "bg_color": "#F2F2F2", "align": "right"}
ENTRY = {**BOX, "bg_color": "#FFFBE6"}
DAY = "yyyy/m/d"
NOTE = {"font_size": 9, "font_color": "#595959"}


@dataclass(frozen=True)
class Typed:
    """What a person typed, and (if not empty) what belongs there: the maker checks that it did."""

    value: int | float | str
    means: str = ""
    num_format: str = ""


def number_format(decimals: int = 0) -> str:
    """Thousands separators and a fixed number of decimals."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")


class Page:
    """A worksheet; cells are named as in Excel, and looks are xlsxwriter's format properties."""

    def __init__(self, book: Any, name: str, typed: Mapping[str, Typed], formats: dict[Any, Any]) -> None:
        self._book = book
        self._formats = formats
        self.sheet = book.add_worksheet(name)
        self.typed = typed

    def is_text(self, cell: str) -> bool:
        """Whether text was typed into a number's cell, so that Excel's formulas would not count it."""
        return cell in self.typed and isinstance(self.typed[cell].value, str)

    def shown(self, cell: str, value: Cell) -> Cell:
        """What is in a cell in which a value belongs: that, or what a person typed there."""
        return self.typed[cell].value if cell in self.typed else value

    def put(self, cell: str, value: Cell, **look: Any) -> None:
        """A number, text, day or blank in a cell."""
        if cell in self.typed:
            value, look = self._instead(cell, value, look)
        if isinstance(value, date):
            self.sheet.write_datetime(cell, value, self._format({**look, "num_format": DAY}))
        elif isinstance(value, str) and value:
            self.sheet.write_string(cell, value, self._format(look))
        elif value is None or value == "":
            self.sheet.write_blank(cell, None, self._format(look))
        else:
            self.sheet.write_number(cell, value, self._format(look))

    def formula(self, cell: str, formula: str, value: float | str, **look: Any) -> None:
        """A formula with its value in the cell, as Excel saves it."""
        if cell in self.typed:
            return self.put(cell, value, **look)
        self.sheet.write_formula(cell, formula, self._format(look), value)

    def merge(self, first: str, last: str, value: str, **look: Any) -> None:
        """One text over a range of cells; a range of one cell is simply written."""
        if first == last:
            return self.put(first, value, **look)
        self.sheet.merge_range(f"{first}:{last}", value, self._format(look))

    def restrict(self, first: str, last: str, rule: Mapping[str, Any]) -> None:
        """Let a range of cells take only what a rule of `lists` says; blanks are always taken."""
        self.sheet.data_validation(f"{first}:{last}", dict(rule))

    def print_setup(self, widths: list[int], frozen_rows: int) -> None:
        """Column widths in characters, and the rows that stay in view and stand on each printed page."""
        for position, width in enumerate(widths):
            self.sheet.set_column(position, position, width)
        self.sheet.freeze_panes(frozen_rows, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0, frozen_rows - 1)

    def _instead(self, cell: str, value: Cell, look: dict[str, Any]) -> tuple[Cell, dict[str, Any]]:
        typed = self.typed[cell]
        if typed.means and typed.means != str(value):
            raise ValueError(f"{self.sheet.name}!{cell} holds {value}, not {typed.means}: correct dirt.csv")
        if typed.num_format or isinstance(typed.value, str):
            look = {**look, "num_format": typed.num_format or "@"}
        return typed.value, look

    def _format(self, look: dict[str, Any]) -> Any:
        """One format a look: to make one costs more than to write the cell."""
        key = tuple(look.items())
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]


class Book:
    """A workbook that is the same, byte for byte, whenever it is made; `content` once it is closed."""

    def __init__(self, typed: Mapping[str, Mapping[str, Typed]] | None = None) -> None:
        self._typed = typed or {}
        self._formats: dict[Any, Any] = {}
        self._bytes = BytesIO()
        options = {"default_format_properties": dict(_FONT), "in_memory": True}
        self._book = xlsxwriter.Workbook(self._bytes, options)
        self._book.set_properties({"created": _CREATED})

    @property
    def content(self) -> bytes:
        return self._bytes.getvalue()

    def page(self, name: str) -> Page:
        return Page(self._book, name, self._typed.get(name, {}), self._formats)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._book.close()
