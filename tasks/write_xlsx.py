"""Printed tables into a workbook: places texts and numbers and formats them, and computes nothing.

Each figure links to its first row in 出典, and each cell of a received workbook named there links to
that cell of the stored original.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import xlsxwriter

from tasks.inert import looks_like_formula
from tasks.live import Places, formula, held, places
from warehouse.reports.figure import NOT_SAID, Figure, Line, Table
from warehouse.reports.table_sources import HEADINGS, source_rows, traced

SHEETS = {
    "summary": "Ⅰ総括",
    "performance": "Ⅱ事業実績",
    "overview": "Ⅲ事業実績一覧",
    "events": "Ⅲ実施催事一覧",
    "settlement": "Ⅳ資金収支決算",
    "reconciliation": "支出照合",
    "differences": "差異一覧",
}
SOURCES = "出典"
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day, so that the same report has the same bytes
_WIDTHS = {
    "番号": 13,
    "事業名": 40,
    "項目": 60,
    "実績": 24,
    "備考": 50,
    "財源": 34,
    "単位": 8,
    "状態": 14,
    "センター": 36,
    "総括": 120,
    "催事名": 56,
    "国内／海外": 11,
    "対象国": 34,
    "会期": 24,
    "差異番号": 20,
    "分類": 20,
    "月・事業・科目": 50,
    "内容": 70,
    "担当": 10,
    "説明": 60,
    "差異の理由": 60,
}
_WIDTH = 16
LONG = 60
QUOTED = " quoted"
THOUSAND = "thousand"
_SIGNATURE_HEIGHT = 48
_LINE_HEIGHT = 18
_MOST_LINES = 22  # of the 409 points that a row of Excel may have
_LARGEST_LINK_COUNT = 60_000


def write_xlsx(tables: list[Table], colophon: list[tuple[str, str]], originals: dict[str, str]) -> bytes:
    """The workbook's bytes. `originals`: SHA-256 to the path of the stored file, relative to the report."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    formats = _formats(book)
    figures = traced(tables)
    places = _places(tables)
    first_rows = _first_source_rows(figures)
    _write_colophon(book, formats, tables, colophon)
    for table in tables:
        _write_table(book, formats, table, first_rows)
    _write_sources(book, formats, figures, places, originals)
    book.close()
    return buffer.getvalue()


def _places(tables: list[Table]) -> dict[str, str]:
    """Figure id to every cell that it is printed in."""
    places: dict[str, list[str]] = {}
    for table in tables:
        for number, line in enumerate(table.lines, start=_first_row(table) + 1):
            for column, cell in enumerate(line.cells):
                if isinstance(cell, Figure):
                    at = f"{SHEETS[table.table_id]}!{_letter(column)}{number}"
                    places.setdefault(cell.figure_id, []).append(at)
    return {figure_id: "、".join(found) for figure_id, found in places.items()}


def _formats(book: Any) -> dict[str, Any]:
    edge: dict[str, Any] = {
        "border": 1,
        "border_color": "#BFBFBF",
        "valign": "vcenter",
        "font_name": "Yu Gothic",
    }
    number = {"0": "#,##0;△#,##0", "1": "#,##0.0;△#,##0.0", THOUSAND: "#,##0,;△#,##0,;0"}
    formats: dict[str, dict[str, Any]] = {
        "source": {},
        "title": {"bold": True, "font_size": 14, "font_name": "Yu Gothic"},
        "note": {"font_color": "#595959", "font_name": "Yu Gothic"},
        "heading": edge | {"bold": True, "bg_color": "#D9E2F3", "align": "center", "text_wrap": True},
    }
    shades: dict[str, dict[str, Any]] = {
        "row": {},
        "program": {"bold": True, "bg_color": "#EAF1DD"},
        "detail": {"font_color": "#404040", "indent": 2},
        "text": {},
        "heading": {"bold": True, "bg_color": "#F2F2F2"},
        "subtotal": {"bold": True},
    }
    shades["total"] = {"bold": True, "bg_color": "#F2F2F2", "top": 2}
    for kind, shade in shades.items():
        formats[f"{kind} text"] = edge | {"text_wrap": True, "indent": 1} | shade
        formats[f"{kind} words"] = edge | shade | {"align": "right"}
        for shown, pattern in number.items():
            formats[f"{kind} {shown}"] = edge | shade | {"num_format": pattern, "align": "right"}
    quoted = {f"{name}{QUOTED}": values | {"quote_prefix": True} for name, values in formats.items()}
    return {name: book.add_format(values) for name, values in (formats | quoted).items()}


def _look(name: str, text: str) -> str:
    """The format of a text: with the mark that keeps it text, if it could be taken for a formula."""
    return f"{name}{QUOTED}" if looks_like_formula(text) else name


def _first_row(table: Table) -> int:
    """The row, from 0, in which a table's lines begin: below its title, note and headings."""
    return 3


def _letter(column: int) -> str:
    return chr(65 + column)


def _write_colophon(book: Any, formats: Any, tables: list[Table], colophon: list[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("目次")
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 72)
    sheet.write_string(0, 0, colophon[0][1], formats["title"])
    for row, (name, value) in enumerate(colophon[1:], start=2):
        sheet.write_string(row, 0, name, formats["row text"])
        sheet.write_string(row, 1, value, formats["row text"])
    start = len(colophon) + 2
    entries = [(SHEETS[t.table_id], t.title) for t in tables] + [(SOURCES, "出典（すべての数値の元のセル）")]
    for row, (name, title) in enumerate(entries, start=start):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(row, 1, title, formats["row text"])


def _write_table(book: Any, formats: Any, table: Table, first_rows: dict[str, int]) -> None:
    sheet = book.add_worksheet(SHEETS[table.table_id])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer("&C&P / &N")
    sheet.freeze_panes(_first_row(table), 0)
    sheet.write_string(0, 0, table.title, formats["title"])
    sheet.write_string(1, 0, table.unit_note, formats["note"])
    for column, heading in enumerate(table.headings):
        sheet.set_column(column, column, _WIDTHS.get(heading, _WIDTH))
        sheet.write_string(2, column, heading, formats["heading"])
    placed = places(table, _first_row(table))
    for number, line in enumerate(table.lines, start=_first_row(table)):
        if line.kind == "text":
            _write_text(sheet, formats, number, line, table.headings, first_rows)
        else:
            _write_line(sheet, formats, number, line, first_rows, placed)
            _set_height(sheet, number, zip(line.cells, table.headings, strict=True))
    end = _first_row(table) + len(table.lines) + 1
    for number, note in enumerate(table.notes, start=end):
        sheet.write_string(number, 0, f"※ {note}", formats["note"])
    _write_sign_off(sheet, formats, table, end + len(table.notes) + 1)


def _write_sign_off(sheet: Any, formats: Any, table: Table, row: int) -> None:
    """A box for each who signs, under the last columns."""
    first = max(len(table.headings) - len(table.signers), 0)
    for column, signer in enumerate(table.signers, start=first):
        sheet.write_string(row, column, signer, formats["heading"])
        sheet.write_blank(row + 1, column, None, formats["row text"])
    if table.signers:
        sheet.set_row(row + 1, _SIGNATURE_HEIGHT)


def _write_line(
    sheet: Any, formats: Any, row: int, line: Line, first_rows: dict[str, int], placed: Places
) -> None:
    for column, cell in enumerate(line.cells):
        if isinstance(cell, Figure):
            _write_figure(sheet, formats, row, column, line, first_rows, placed)
        else:
            look = "words" if cell == NOT_SAID else "text"
            sheet.write_string(row, column, cell, formats[_look(f"{line.kind} {look}", cell)])


def _write_figure(
    sheet: Any,
    formats: Any,
    row: int,
    column: int,
    line: Line,
    first_rows: dict[str, int],
    placed: Places,
) -> None:
    """A figure linked to its first source; a long text, which is no link in all programs, from its left."""
    cell = line.cells[column]
    assert isinstance(cell, Figure)
    value = held(cell)
    shown = THOUSAND if value is not cell else str(cell.decimals)
    name = f"{line.kind} text" if cell.is_text else f"{line.kind} {shown}"
    style = formats[_look(name, cell.text) if cell.value is None else name]
    target = f"internal:'{SOURCES}'!A{first_rows[cell.figure_id] + 1}"
    if column and len(cell.text) > LONG:
        sheet.write_string(row, column, cell.text, style)
        before = line.cells[column - 1]
        words = before if isinstance(before, str) and before else SOURCES
        sheet.write_url(row, column - 1, target, formats[_look(f"{line.kind} text", words)], words)
        return
    sheet.write_url(row, column, target, style, cell.text)
    if cell.value is None or value.value is None:
        return
    if computed := formula(value, (row, column), placed):
        sheet.write_formula(row, column, computed, style, value.value)
    else:
        sheet.write_number(row, column, value.value, style)


def _write_text(
    sheet: Any, formats: Any, row: int, line: Line, headings: tuple[str, ...], first_rows: dict[str, int]
) -> None:
    """A text over all columns from its own on, in a row high enough for it."""
    style, last = formats["text text"], len(line.cells) - 1
    start = next(column for column, cell in enumerate(line.cells) if cell)
    text = line.cells[start]
    assert isinstance(text, Figure)
    for column in range(start):
        sheet.write_blank(row, column, None, style)
    if start < last:
        sheet.merge_range(row, start, row, last, "", style)
    _write_figure(sheet, formats, row, start, line, first_rows, {})
    width = sum(_WIDTHS.get(heading, _WIDTH) for heading in headings[start:])
    sheet.set_row(row, _LINE_HEIGHT * _lines(text.text, width))


def _set_height(sheet: Any, row: int, cells: Iterable[tuple[str | Figure, str]]) -> None:
    """High enough for the longest of the wrapped texts."""
    needed = max(
        _lines(cell.text if isinstance(cell, Figure) else cell, _WIDTHS.get(heading, _WIDTH))
        for cell, heading in cells
    )
    if needed > 1:
        sheet.set_row(row, _LINE_HEIGHT * needed)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes; Japanese is as wide as two of the units in which columns are measured."""
    units = [sum(1 if letter.isascii() else 2 for letter in line) for line in text.split("\n")]
    return min(sum(max(1, -(-line // (width - 2))) for line in units), _MOST_LINES)


def _first_source_rows(figures: list[Figure]) -> dict[str, int]:
    """Figure id to the row of its first source in 出典, from 0."""
    rows, row = {}, 1
    for figure in figures:
        rows[figure.figure_id] = row
        row += max(len(figure.sources), 1)
    return rows


def _write_sources(
    book: Any, formats: Any, figures: list[Figure], places: dict[str, str], originals: dict[str, str]
) -> None:
    sheet = book.add_worksheet(SOURCES)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P / &N")
    for column, heading in enumerate(HEADINGS):
        sheet.set_column(column, column, 26 if column in (0, 2, 8, 9) else 14)
        sheet.write_string(0, column, heading, formats["heading"])
    row, links = 1, 0
    first_rows = _first_source_rows(figures)
    for figure in figures:
        for values in source_rows(figure, places.get(figure.figure_id, "")):
            for column, value in enumerate(values):
                if isinstance(value, str) and value:
                    sheet.write_string(row, column, value, formats[_look("source", value)])
                elif value is not None and not isinstance(value, str):
                    sheet.write_number(row, column, value)
            if values[8] in first_rows:
                target = f"internal:'{SOURCES}'!A{first_rows[str(values[8])] + 1}"
                sheet.write_url(row, 8, target, string=str(values[8]))
            link = _link(str(values[-1]), str(values[10]), originals)
            if link and links < _LARGEST_LINK_COUNT:
                sheet.write_url(row, 10, link, string=str(values[10]))
                links += 1
            row += 1
    sheet.autofilter(0, 0, max(row - 1, 1), len(HEADINGS) - 1)


def _link(sha256: str, address: str, originals: dict[str, str]) -> str:
    """A link to the cell in the stored original, or to the original that has no cells to open."""
    sheet, found, cell = address.rpartition("!")
    if sha256 not in originals:
        return ""
    if not found:
        return f"external:{originals[sha256]}"
    quoted = sheet.replace("'", "''")
    return f"external:{originals[sha256]}#'{quoted}'!{cell}"
