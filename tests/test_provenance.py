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

from tasks.report import report
from tasks.world import World

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


def test_each_printed_figure_is_its_cells_combined_by_its_rule(walked: World) -> None:
    book = openpyxl.load_workbook(report(walked, 2021))
    sheet = book["出典"]
    names = [str(cell.value) for cell in sheet[1]]
    figures: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for values in sheet.iter_rows(min_row=2, values_only=True):
        figures[str(values[0])].append(dict(zip(names, values, strict=True)))
    originals = Originals(walked.home.raw)

    @cache
    def exact(figure_id: str) -> float | None:
        """A figure's value before rounding, in the unit of its cells."""
        sources = figures[figure_id]
        rule = sources[0]["規則"]
        cells = [s for s in sources if s["出典のセル"]]
        seen = [originals.value(s["原本のSHA-256"], s["出典のセル"]) for s in cells]
        if rule == "count":
            assert all(seen)
            return len({(s["原本のSHA-256"], s["出典のセル"]) for s in cells})
        if rule == "distinct":
            assert all(s["セルの値"] is None for s in cells), "the numbers of clients are not printed"
            return len(set(map(_folded, seen)))
        if rule == "share":
            parts = {role: {s["出典のセル"] for s in cells if s["役割"] == role} for role in ("分子", "分母")}
            assert all(seen)
            return len(parts["分子"]) / len(parts["分母"]) * 100
        by_role: dict[str, list[float | None]] = defaultdict(list)
        for source, found in zip(cells, seen, strict=True):
            number = _number(found)
            assert number == source["セルの値"], source
            by_role[source["役割"]].append(number)
        for source in sources:
            if source["出典の図ID"]:
                by_role[source["役割"]].append(exact(source["出典の図ID"]))
        total = {role: sum(v for v in found if v is not None) for role, found in by_role.items()}
        if rule in ("sum", "total", "published", "prior"):
            return sum(total.values())
        if rule in ("last", "max"):
            (only,) = by_role["値"] if rule == "last" else [max(v for v in by_role["値"] if v is not None)]
            return only
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

    def in_words(sources: list[dict[str, Any]]) -> str:
        """What a text or the months of an event must read."""
        cells = [s for s in sources if s["出典のセル"]]
        seen = [originals.value(s["原本のSHA-256"], s["出典のセル"]) for s in cells]
        if sources[0]["規則"] == "months":
            days = [_day(value).month for value in seen]
            spans = zip(days[::2], days[1::2], strict=True)
            return "、".join(f"{a}月" if a == b else f"{a}月～{b}月" for a, b in spans)
        (text,) = seen
        for source in sources[1:]:
            named = figures[source["出典の図ID"]][0]
            unit = re.split("[/／]", named["単位"])[0].replace("%", "％")
            text = re.sub("［[^］]+］", f"{named['印字']}{unit}", text, count=1)
        return str(text or "")

    numbers, texts = 0, 0
    for figure_id, sources in figures.items():
        head = sources[0]
        for place in filter(None, str(head["掲載箇所"] or "").split("、")):
            sheet_name, _, cell = place.partition("!")
            value = book[sheet_name][cell].value
            if head["規則"] in ("text", "months"):
                assert in_words(sources) in (value, ""), figure_id
                texts += 1
                continue
            if not head["規則"] or not (head["出典のセル"] or head["出典の図ID"]):
                assert not isinstance(value, int | float) or value == 0, figure_id
                continue
            expected = exact(figure_id)
            assert expected is not None
            if head["単位"] == "千円" and head["規則"] == "sum":
                expected = _half_up(expected / 1000, 0)
            elif head["規則"] == "mean":
                expected = math.floor(expected)
            elif head["規則"] not in EXACT:
                decimals = 1 if head["規則"] == "execution" or "小数1桁" in head["規則の意味"] else 0
                expected = _half_up(expected, decimals)
            assert value == expected, (figure_id, value, expected)
            numbers += 1
    assert numbers > 600
    assert texts > 80
