"""Putting values into the cells of a received file, in place: a workbook, a CSV file, a posted object.

A workbook's cell is edited in the file's own bytes, so that the values that Excel kept for formulas stay as
they were: a damaged file, not a recalculated one.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from schemas.layout import load_layout

Value = str | int | float | None

# The address of all lines of a CSV file but its headings, and of all rows of a posted object.
BELOW_HEADINGS = "line 2 and below"
ALL_ROWS = "/rows"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_AT = re.compile(r"^(.+)!([A-Z]+)(\d+)$")
_LINE = re.compile(r"^line (\d+):(.+)$")
_ROW = re.compile(r"^/rows/(\d+)/(.+)$")


def edit(path: Path, cells: Mapping[str, Value]) -> None:
    """Put values into cells, addressed as findings address them: `実績!D8`, `line 12:来場`, `/rows/0/name`.

    The line or row after the last one is added; `line 1:x` without a heading x adds that heading. What
    BELOW_HEADINGS or ALL_ROWS names is removed.
    """
    {".csv": _edit_lines, ".json": _edit_object}.get(path.suffix, _edit_workbook)(path, cells)


def _edit_lines(path: Path, cells: Mapping[str, Value]) -> None:
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="cp932"), newline="")))
    layout = load_layout("yayoi_25").columns
    headings = list(layout) if len(lines[0]) == len(layout) else list(lines[0])
    for address, value in cells.items():
        if address == BELOW_HEADINGS:
            del lines[1:]
            continue
        number, heading = _parts(_LINE, address)
        line = int(number) - 1
        if heading not in headings:
            assert line == 0, address
            headings.append(heading)
            lines[0].append(heading)
            continue
        if line == len(lines):
            lines.append([""] * len(headings))
        lines[line][headings.index(heading)] = "" if value is None else str(value)
    with path.open("w", encoding="cp932", newline="") as out:
        csv.writer(out, lineterminator="\r\n").writerows(_as_wide(lines))


def _as_wide(lines: list[list[str]]) -> list[list[str]]:
    """The lines as an export has them: each as wide as the headings."""
    return [[*line, *[""] * (len(lines[0]) - len(line))] for line in lines]


def _edit_object(path: Path, cells: Mapping[str, Value]) -> None:
    posted = json.loads(path.read_text(encoding="utf-8"))
    for address, value in cells.items():
        if address == ALL_ROWS:
            posted["rows"] = []
            continue
        holder, name = posted, address.removeprefix("/")
        if found := _ROW.match(address):
            number, name = int(found[1]), found[2]
            if number == len(posted["rows"]):
                posted["rows"].append({})
            holder = posted["rows"][number]
        if name.startswith("totals/"):
            holder, name = posted["totals"], name.removeprefix("totals/")
        holder.pop(name, None)
        if value is not None:
            holder[name] = value
    path.write_text(json.dumps(posted, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _edit_workbook(path: Path, cells: Mapping[str, Value]) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheets = ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{{{_MAIN}}}sheet")
    part_of = {sheet.get("name"): f"xl/worksheets/sheet{n}.xml" for n, sheet in enumerate(sheets, start=1)}
    ElementTree.register_namespace("", _MAIN)
    ElementTree.register_namespace("r", _RELATIONS)
    roots = {name: ElementTree.fromstring(parts[name]) for name in part_of.values()}
    for address, value in cells.items():
        sheet, letters, row = _parts(_AT, address)
        _put(roots[part_of[sheet]], letters, int(row), value)
    for name, root in roots.items():
        parts[name] = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name), content)


def _parts(pattern: re.Pattern[str], address: str) -> tuple[Any, ...]:
    found = pattern.match(address)
    assert found, address
    return found.groups()


def _put(root: ElementTree.Element, letters: str, row: int, value: Value) -> None:
    data = root.find(f"{{{_MAIN}}}sheetData")
    assert data is not None
    line = _child(data, "row", str(row), int)
    cell = _child(line, "c", f"{letters}{row}", lambda name: (len(name), name))
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        inline = ElementTree.SubElement(cell, f"{{{_MAIN}}}is")
        ElementTree.SubElement(inline, f"{{{_MAIN}}}t").text = value
    elif value is not None:
        ElementTree.SubElement(cell, f"{{{_MAIN}}}v").text = repr(value)


def _child(
    parent: ElementTree.Element, tag: str, name: str, place: Callable[[str], Any]
) -> ElementTree.Element:
    """The row or cell of a name; a new one is put where the order of the sheet wants it."""
    children = list(parent)
    for child in children:
        if child.get("r") == name:
            return child
    position = sum(place(child.get("r", "")) < place(name) for child in children)
    made = ElementTree.Element(f"{{{_MAIN}}}{tag}", {"r": name})
    parent.insert(position, made)
    return made
