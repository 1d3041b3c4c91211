"""A sheet in which something is unusual, gone through element by element.

What the parser would read otherwise than a spreadsheet program does is refused; what it leaves out
(errors, formulas without values, hidden rows and columns) is marked.
"""

import html
import math
import re

from tasks.guard import limits
from tasks.guard.extent import check_extent
from tasks.guard.marks import Marks
from tasks.guard.markup import Attributes, Scan, broken
from tasks.guard.merges import merges_of
from tasks.guard.reference import cell_of, letters_of
from tasks.guard.refused import Refused
from tasks.guard.strings import Strings

_TYPES = ("n", "s", "str", "b", "e", "d", "inlineStr")
_TRUE = ("1", "true", "on")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_INDEX = re.compile(r"\d{1,7}", re.ASCII)
_ERROR = re.compile(r"#[A-Z0-9/!?_]{2,20}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?Z?", re.ASCII)
# A number written with character references: the parser finds nothing there, others the number.
_DISGUISED = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*&#[^<]*)<")
_IN_A_ROW = ("c", "v", "f", "is", "t", "r", "rPr", "rPh", "phoneticPr", "extLst", "ext")


def closer_marks(name: str, part: bytes, strings: Strings) -> Marks:
    """The marks of a sheet; raises Refused for what is wrong in it, naming the sheet and the cell."""
    for text in _DISGUISED.findall(part):
        if not re.sub(r"[\d\s.eE+-]", "", html.unescape(text.decode())):
            raise broken(name, "数値が文字参照で書かれています")
    scan = _Sheet(name)
    scan.run(part)
    if scan.tables != 1:
        raise broken(name, "シートの中身がありません")
    check_extent(scan.cells, scan.last_row + 1, scan.last_column + 1)
    strings.check(scan.references)
    scan.marks.merged = merges_of(part)
    return scan.marks


class _Sheet(Scan):
    """Where the scan stands, and what it has found so far; rows and columns count from 0."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.marks = Marks()
        self.references: list[int] = []
        self.tables = self.cells = 0
        self.row = self.column = self.last_row = self.last_column = -1
        self._columns: set[int] = set()
        self._is_row_hidden = False
        self._hidden: list[tuple[int, int]] = []
        self._inside = 0
        self._type = ""
        self._has_formula = False
        self._values = 0
        self._tag = ""
        self._text: list[str] = []

    @property
    def at(self) -> str:
        return f"{letters_of(max(self.column, 0))}{self.row + 1}"

    def opened(self, tag: str, attributes: Attributes) -> None:
        if tag == "sheetData":
            self.tables += 1
            self._inside = self.depth
        elif tag == "col" and not self._inside:
            self._open_columns(attributes)
        elif self._inside:
            self._open_inside(tag, attributes)

    def _open_inside(self, tag: str, attributes: Attributes) -> None:
        level = self.depth - self._inside
        if tag == "row" and level == 1:
            self._open_row(attributes)
        elif tag == "c" and level == 2:
            self._open_cell(attributes)
        elif tag == "v" and level == 3:
            self._values += 1
            if self._values > 1:
                raise broken(self.name, f"{self.at}に値が2つあります")
        elif tag == "f" and level == 3:
            self._has_formula = True
        elif level < 3 or tag not in _IN_A_ROW or self._tag == "v":
            raise broken(self.name, f"{self.at}に知らない要素「{tag}」があります")
        self._tag = tag

    def _open_columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden", "").lower() in _TRUE:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal() and len(first + last) < 12:
                self._hidden.append((int(first) - 1, int(last) - 1))

    def _open_row(self, attributes: Attributes) -> None:
        said = attributes.get("r")
        row = int(said) - 1 if said and _INDEX.fullmatch(said) else self.row + 1 if said is None else -1
        if not self.row < row < limits.LAST_ROW:
            raise broken(self.name, f"行「{said}」が二重か、順序が違います")
        self.row, self.column = row, -1
        self._columns = set()
        self._is_row_hidden = attributes.get("hidden", "").lower() in _TRUE

    def _open_cell(self, attributes: Attributes) -> None:
        said = attributes.get("r")
        at = cell_of(said) if said is not None else (self.row, self.column + 1)
        if at is None or at[0] != self.row or at[1] in self._columns or at[1] >= limits.LAST_COLUMN:
            raise broken(self.name, f"セル「{said}」が二重か、別の行のものです")
        self.column = at[1]
        self._columns.add(at[1])
        self._type = attributes.get("t", "n")
        if self._type not in _TYPES:
            raise broken(self.name, f"{self.at}の型「{self._type}」を知りません")
        self._has_formula, self._values, self._text = False, 0, []

    def text(self, data: str) -> None:
        if self._inside and self._tag in ("v", "t"):
            self._text.append(data)
        elif self._inside and self._tag != "f" and data.strip():
            raise broken(self.name, f"{self.at}のあたりに余分な文字があります")

    def closed(self, tag: str) -> None:
        if self._inside and tag == "c" and self.depth - self._inside == 1:
            self._close_cell("".join(self._text))
        elif tag == "sheetData":
            self._inside = 0
        self._tag = ""

    def aside(self) -> None:
        if self._inside:
            raise broken(self.name, f"{self.at}のあたりに注釈があります")

    def _close_cell(self, text: str) -> None:
        if not text:
            if self._has_formula and self._type != "str":
                self.marks.uncomputed.append((self.row, self.column))
            return
        if len(text) > limits.LONGEST_TEXT:
            raise Refused(
                "TOO_LARGE", f"{self.name}の{self.at}に{limits.LONGEST_TEXT:,}字を超える文字列があります"
            )
        if not self._is_sound(text):
            raise broken(self.name, f"{self.at}の値「{text[:30]}」が正しくありません")
        self._mark(text)

    def _is_sound(self, text: str) -> bool:
        match self._type:
            case "n":
                return bool(_NUMBER.fullmatch(text)) and math.isfinite(float(text))
            case "s":
                return bool(_INDEX.fullmatch(text))
            case "b":
                return text in ("0", "1")
            case "e":
                return bool(_ERROR.fullmatch(text))
            case "d":
                return bool(_DAY.fullmatch(text))
            case _:
                return True

    def _mark(self, text: str) -> None:
        at = (self.row, self.column)
        self.cells += 1
        check_extent(self.cells, 1, 1)
        self.last_row, self.last_column = self.row, max(self.last_column, self.column)
        self.marks.has_values = True
        if self._type == "s":
            self.references.append(int(text))
        elif self._type == "e":
            self.marks.errors.append((*at, text))
        if self._is_row_hidden and self.marks.hidden_row is None:
            self.marks.hidden_row = at
        if self._hidden and self.marks.hidden_column is None and self._is_in_hidden_column():
            self.marks.hidden_column = at

    def _is_in_hidden_column(self) -> bool:
        return any(first <= self.column <= last for first, last in self._hidden)
