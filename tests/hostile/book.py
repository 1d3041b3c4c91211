"""A good month's workbook in its parts, to be put together again with something wrong in it."""

import io
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from schemas.catalog import Catalog
from schemas.period import Period
from tests.workbooks import write_monthly

MAY = Period("month", 2021, 5)
PERFORMANCE = "xl/worksheets/sheet1.xml"
EXPENDITURE = "xl/worksheets/sheet2.xml"
STRINGS = "xl/sharedStrings.xml"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_BEGINNING = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Book:
    """The parts of a workbook by name, in their order."""

    parts: dict[str, bytes]

    def put(self, name: str, content: bytes | str) -> "Book":
        """With another part, or a part replaced."""
        data = content.encode() if isinstance(content, str) else content
        return replace(self, parts=self.parts | {name: data})

    def without(self, name: str) -> "Book":
        return replace(self, parts={known: part for known, part in self.parts.items() if known != name})

    def edit(self, name: str, old: str, new: str) -> "Book":
        """With something else in a part, which must be there."""
        text = self.parts[name].decode()
        assert old in text, (name, old)
        return self.put(name, text.replace(old, new, 1))

    def cell(self, reference: str, xml: str, name: str = PERFORMANCE) -> "Book":
        """With a cell replaced."""
        text = self.parts[name].decode()
        found = re.search(rf'<c r="{reference}"(?:[^<>]*/>|.*?</c>)', text)
        assert found, reference
        return self.put(name, text.replace(found[0], xml, 1))

    def zipped(self, method: int = zipfile.ZIP_DEFLATED) -> bytes:
        """The same bytes for the same parts."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as package:
            for name, part in self.parts.items():
                entry = zipfile.ZipInfo(name, _BEGINNING)
                entry.compress_type = method
                package.writestr(entry, part)
        return out.getvalue()


def good_book(catalog: Catalog, folder: Path) -> Book:
    """May of the smallest center: three rows of 実績 (D7 to D9 are 3), one of 支出 (C7 is 1)."""
    rows = catalog.in_year(2021).rows_of("projects", "performance", MAY)
    values = {row.indicator_id: 3 for row in rows}
    path = folder / "good.xlsx"
    write_monthly(path, catalog, "projects", MAY, values, {}, {("5-01", "honoraria"): 1}, {}, 1, "R3.6.1")
    with zipfile.ZipFile(path) as package:
        return Book({name: package.read(name) for name in package.namelist()})
