"""A workbook let through the guard: its sheets with their marks, or the reason why it may not be parsed."""

from dataclasses import dataclass

from tasks.guard import limits
from tasks.guard.extent import check_extent
from tasks.guard.kind import kind_of_package
from tasks.guard.marks import Marks
from tasks.guard.markup import broken, check_part
from tasks.guard.ordinary import ordinary_marks
from tasks.guard.package import Package, open_package
from tasks.guard.refused import Refused
from tasks.guard.sheet import closer_marks
from tasks.guard.strings import Strings
from tasks.guard.workbook import Contents, SheetEntry, contents_of

_MARKUP = (".xml", ".rels", ".vml")


@dataclass(frozen=True)
class Book:
    """What the guard knows of a workbook that the parser does not tell; marks by the sheets' names."""

    contents: Contents
    marks: dict[str, Marks]
    package: Package
    strings: Strings

    def closer(self, sheet: SheetEntry) -> Marks:
        """The marks of a sheet after a closer look; raises Refused."""
        return closer_marks(sheet.name, self.package.read(sheet.part), self.strings)


def guard_workbook(content: bytes) -> Book:
    """Look through a workbook before it is parsed; raises Refused."""
    package = open_package(content)
    if kind := kind_of_package(package):
        raise Refused("WRONG_KIND", kind)
    contents = contents_of(package)
    sheets = {sheet.part: sheet for sheet in contents.sheets if sheet.is_worksheet}
    strings = Strings(contents.strings, _part(package, contents.strings))
    marks = {sheet.name: _marks(sheet, _part(package, part), strings) for part, sheet in sheets.items()}
    for part in package.parts.keys() - sheets.keys() - {contents.strings.casefold()}:
        _part(package, part)
    return Book(contents, marks, package, strings)


def _part(package: Package, name: str) -> bytes:
    part = package.read(name)
    if name.casefold().endswith(_MARKUP):
        check_part(name, part)
    return part


def _marks(sheet: SheetEntry, part: bytes, strings: Strings) -> Marks:
    if not part:
        raise broken(sheet.name, "シートの中身がありません")
    if len(part) > limits.MOST_CELLS:
        check_extent(part.count(b"<v>"), 1, 1)
    return ordinary_marks(part, strings) or closer_marks(sheet.name, part, strings)
