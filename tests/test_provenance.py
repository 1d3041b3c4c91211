"""Every printed figure can be made again from the cells that 出典 names, read from the stored originals.

The originals are read here by openpyxl and csv, and combined by what the words of the rules mean: none
of our own reading or computing is used.
"""

import csv
import io
import json
import math
import re
import unicodedata
from collections import defaultdict
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl import Workbook

from tasks.world import World
from tests.shown import shown

EXACT = {"sum", "count", "distinct", "max", "last", "total", "signed", "parts", "published", "prior"}
EXACT |= {"difference", "thousand"}


class Originals:
    """The stored originals by hash: what stands in a cell of a workbook, a CSV file or a posted object."""

    def __init__(self, raw: Path) -> None:
        self.paths = {path.stem: path for path in raw.glob("??/*")}

    def value(self, sha256: str, address: str) -> Any:
        path = self.paths[sha256]
        if path.suffix == ".json":
            _, rows, number, name = address.split("/")
            return _object(path)[rows][int(number)][name]
        if path.suffix == ".csv":
            line, _, heading = address.removeprefix("line ").partition(":")
            return _lines(path)[int(line) - 1][_column(path, heading)]
        sheet, _, cell = address.partition("!")
        return _book(path)[sheet][cell].value


@cache
def _book(path: Path) -> Any:
    return openpyxl.load_workbook(path, data_only=True)


@cache
def _object(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def _lines(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("cp932"), newline="")))


def _column(path: Path, heading: str) -> int:
    """Of the journal, which has no headings, the columns of its amounts are known."""
    first = _lines(path)[0]
    return first.index(heading) if heading in first else {"借方金額": 8, "貸方金額": 14}[heading]


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str) and value.startswith("R"):
        year, month, day = map(int, value[1:].split("."))
        return date(2018 + year, month, day)
    year, month, day = map(int, re.split("[/-]", str(value)))
    return date(year, month, day)


def _folded(value: object) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip().upper()


def _number(value: object) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    text = unicodedata.normalize("NFKC", str(value)).replace(",", "")
    found = re.search(r"\d+(\.\d+)?", text)
    if not found:
        assert text in ("-", "ー", "—"), text
        return None
    return float(found[0]) * (-1 if text[0] in "△▲-" else 1)


def _half_up(value: float, decimals: int) -> float:
    scaled = abs(value) * 10**decimals
    return math.copysign(math.floor(scaled + 0.5 + 1e-9) / 10**decimals, value)


class Report:
    """The report: its figures as 出典 lists them, made again from the originals."""

    def __init__(self, sheets: Workbook, originals: Originals) -> None:
        self.sheets = sheets
        self.originals = originals
        sheet = self.sheets["出典"]
        names = [str(cell.value) for cell in sheet[1]]
        self.figures: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for values in sheet.iter_rows(min_row=2, values_only=True):
            self.figures[str(values[0])].append(dict(zip(names, values, strict=True)))

    def cells(self, figure_id: str) -> list[tuple[dict[str, Any], Any]]:
        """The rows of a figure that name cells, each with what stands in its cell."""
        rows = [row for row in self.figures[figure_id] if row["出典のセル"]]
        return [(row, self.originals.value(row["原本のSHA-256"], row["出典のセル"])) for row in rows]

    def exact(self, figure_id: str) -> float | None:
        """A figure's value before rounding, in the unit of its cells."""
        rule, cells = self.figures[figure_id][0]["規則"], self.cells(figure_id)
        if rule == "count":
            assert all(seen for _, seen in cells)
            return len({(row["原本のSHA-256"], row["出典のセル"]) for row, _ in cells})
        if rule == "distinct":
            assert all(row["セルの値"] is None for row, _ in cells), "the numbers of clients are not printed"
            return len({_folded(seen) for _, seen in cells})
        if rule == "share":
            assert all(seen for _, seen in cells)
            above, below = (
                {row["出典のセル"] for row, _ in cells if row["役割"] == role} for role in ("分子", "分母")
            )
            return len(above) / len(below) * 100
        return _combined(rule, self.by_role(figure_id))

    def by_role(self, figure_id: str) -> dict[str, list[float | None]]:
        """The numbers in a figure's cells, and the values of the figures that it is made of."""
        found: dict[str, list[float | None]] = defaultdict(list)
        for row, seen in self.cells(figure_id):
            number = _number(seen)
            assert number == row["セルの値"], row
            found[row["役割"]].append(number)
        for row in self.figures[figure_id]:
            if row["出典の数値ID"]:
                found[row["役割"]].append(self.exact(row["出典の数値ID"]))
        return found

    def printed(self, figure_id: str) -> float:
        """A figure as it must be printed: rounded as its rule says."""
        head, value = self.figures[figure_id][0], self.exact(figure_id)
        assert value is not None
        if head["単位"] == "千円" and head["規則"] == "sum":
            return _half_up(value / 1000, 0)
        if head["規則"] == "mean":
            return math.floor(value)
        if head["規則"] in EXACT:
            return value
        decimals = 1 if head["規則"] == "execution" or "小数1桁" in head["規則の意味"] else 0
        return _half_up(value, decimals)

    def words(self, figure_id: str) -> str:
        """What a text or the months of an event must read."""
        seen = [value for _, value in self.cells(figure_id)]
        if self.figures[figure_id][0]["規則"] == "months":
            days = [_day(value).month for value in seen]
            spans = zip(days[::2], days[1::2], strict=True)
            return "、".join(f"{a}月" if a == b else f"{a}月～{b}月" for a, b in spans)
        (text,) = seen
        for row in self.figures[figure_id][1:]:
            named = self.figures[row["出典の数値ID"]][0]
            unit = re.split("[/／]", named["単位"])[0].replace("%", "％")
            text = re.sub("［[^］]+］", f"{named['印字']}{unit}", text, count=1)
        return str(text or "")


def _combined(rule: str, by_role: dict[str, list[float | None]]) -> float | None:
    """The numbers of a figure's sources by role, as the words of its rule say."""
    total = {role: sum(v for v in found if v is not None) for role, found in by_role.items()}
    if rule in ("sum", "total", "published", "prior"):
        return sum(total.values())
    if rule == "last":
        (only,) = by_role["値"]
        return only
    if rule == "max":
        return max(v for v in by_role["値"] if v is not None)
    if rule in ("signed", "parts"):
        return total.get("加算", 0) - total.get("減算", 0)
    if rule == "thousand":
        return _half_up(total["加算"] / 1000, 0)
    if rule in ("ratio", "execution"):
        return total["分子"] / total["分母"] * 100
    if rule == "mean":
        return total["分子"] / sum(1 for v in by_role["分母"] if v)
    assert rule == "difference", rule
    return total["分子"] - total["前年度公表値"]


def test_each_printed_figure_and_text_is_its_cells_combined_by_its_rule(
    walked: World, book: Workbook
) -> None:
    report = Report(book, Originals(walked.home.raw))
    numbers, texts = 0, 0
    for figure_id, (head, *_) in report.figures.items():
        for place in filter(None, str(head["掲載箇所"] or "").split("、")):
            sheet, _, cell = place.partition("!")
            value = shown(book[sheet][cell])
            if head["規則"] in ("text", "months"):
                # A title without a text stands for itself.
                assert report.words(figure_id) in (value, ""), figure_id
                texts += 1
            elif not head["規則"] or not (head["出典のセル"] or head["出典の数値ID"]):
                assert not isinstance(value, int | float) or value == 0, figure_id
            else:
                assert value == report.printed(figure_id), (figure_id, value)
                numbers += 1
    assert numbers > 600
    assert texts > 80
