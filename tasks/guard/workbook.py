"""What a workbook says of itself: its sheets in their order, where each stands, what else it carries."""

import re
import unicodedata
from dataclasses import dataclass

from tasks.guard import limits
from tasks.guard.markup import Attributes, Scan, broken
from tasks.guard.package import Package

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
_TRUE = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One entry of the list of sheets; `part` is the folded name of its part."""

    name: str
    part: str
    is_visible: bool
    is_worksheet: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """The sheets of a workbook, the name of the part of its strings ("": none), and what else it carries."""

    sheets: tuple[SheetEntry, ...]
    strings: str
    counts_from_1904: bool
    has_macros: bool
    has_links: bool


def contents_of(package: Package) -> Contents:
    """What the workbook part lists; raises Refused where a sheet is not there or named twice."""
    relations = _Relations(RELATIONS)
    relations.run(package.read(RELATIONS))
    listed = _Workbook(WORKBOOK)
    listed.run(package.read(WORKBOOK))
    sheets = tuple(_sheet(entry, relations, package) for entry in listed.sheets)
    _check_names(sheets)
    return Contents(
        sheets,
        _strings(relations, package),
        listed.counts_from_1904,
        any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in package.parts),
        any(name.startswith("xl/externallinks/") and name.endswith(".xml") for name in package.parts),
    )


def _strings(relations: "_Relations", package: Package) -> str:
    """The name of the part of shared strings; "" where there is none."""
    named = [_path(target) for kind, target in relations.targets.values() if kind == "sharedStrings"]
    there = [STRINGS] if STRINGS.casefold() in package.parts else []
    # Where they disagree, programs read different texts.
    if [name.casefold() for name in named] != [name.casefold() for name in there]:
        raise broken(RELATIONS, "文字列の部品が見つかりません")
    return STRINGS if there else ""


def _path(target: str) -> str:
    """Where a target stands, as the parser finds it: from the root, or from xl/."""
    if target.startswith("/xl/"):
        return target[1:]
    return target if target.startswith("xl/") else f"xl/{target}"


def _sheet(entry: tuple[str, str, str], relations: "_Relations", package: Package) -> SheetEntry:
    name, identifier, state = entry
    kind, target = relations.targets.get(identifier, ("", ""))
    part = _path(target).casefold()
    if part not in package.parts:
        raise broken(WORKBOOK, f"シート「{name}」の中身がありません")
    return SheetEntry(name, part, state in ("", "visible"), kind == "worksheet")


def _check_names(sheets: tuple[SheetEntry, ...]) -> None:
    names = {unicodedata.normalize("NFKC", sheet.name).casefold() for sheet in sheets}
    if not sheets:
        raise broken(WORKBOOK, "シートがありません")
    if any(not 0 < len(sheet.name) <= limits.LONGEST_SHEET_NAME for sheet in sheets):
        raise broken(WORKBOOK, "シートの名前がないか、長すぎます")
    if len(names) < len(sheets) or len({sheet.part for sheet in sheets}) < len(sheets):
        raise broken(WORKBOOK, "同じ名前のシートが2つあります")


class _Relations(Scan):
    """The targets of the workbook's relations by id: the last word of the type, and the path."""

    namespaces = ()

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.targets: dict[str, tuple[str, str]] = {}

    def opened(self, tag: str, attributes: Attributes) -> None:
        if tag != "Relationship":
            return
        identifier, target = attributes.get("Id", ""), attributes.get("Target", "")
        if identifier in self.targets:
            raise broken(self.name, "関係が2つあります")
        if re.search(r"\\|(?:^|/)\.\.(?:/|$)", target) and attributes.get("TargetMode") != "External":
            raise broken(self.name, "部品の場所が正しくありません")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.targets[identifier] = (kind, target)


class _Workbook(Scan):
    """The names, relations and states of the sheets, and from when days are counted."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.sheets: list[tuple[str, str, str]] = []
        self.counts_from_1904 = False

    def opened(self, tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904", "0").lower() in _TRUE
        if tag == "sheet" and self.depth == 3:
            identifier = attributes.get("r:id") or attributes.get("relationships:id", "")
            self.sheets.append((attributes.get("name", ""), identifier, attributes.get("state", "")))
