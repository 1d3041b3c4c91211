"""The worker that turns bytes into cells: a lean process of its own, which may die without harm.

It says that it is there, reads one request a line from standard input ({"path": ..., "sha256": ...}) and
answers each, behind a heading (`tasks/framing.py`), with JSON:
{"sheets": [...], "book": {...}} or {"refused": CODE, "seen": ...}. It imports neither Prefect nor Great
Expectations nor pandas, and is told nothing that is secret.

A cell is text, a number, a boolean, null or {"date": "2021-05-10"}; numbers typed as text stay text. What
a sheet's cells do not say stands beside them: errors, formulas without a value, what is hidden, merged.
"""

import hashlib
import io
import json
import os
import resource
import stat
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from tasks.framing import THERE, framed
from tasks.guard import limits
from tasks.guard.book import Book, guard_workbook
from tasks.guard.kind import kind_of
from tasks.guard.lines import read_lines
from tasks.guard.merges import clipped
from tasks.guard.posted import cells_of, read_posted
from tasks.guard.refused import Refused
from tasks.guard.text import check_texts, gaiji_in, is_unusual
from tasks.guard.workbook import SheetEntry

MEMORY_LIMIT = 768 * limits.MIB
CPU_SECONDS_A_FILE = 30
OPEN_FILES = 32


def main() -> None:
    """Answer requests until standard input ends."""
    _limit()
    sys.stdout.buffer.write(THERE)
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
        resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS_A_FILE, resource.RLIM_INFINITY))
        request = json.loads(line)
        answer = answer_to(request["path"], request["sha256"])
        sys.stdout.buffer.write(framed(answer, request["sha256"]))
        sys.stdout.buffer.flush()


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def answer_to(path: str, sha256: str = "") -> bytes:
    """The answer about one file as JSON. Nothing but the end of the process keeps it from coming."""
    try:
        cells = read_cells(path, sha256)
        text = _written(cells)
        if is_unusual(text):
            check_texts(cells.get("sheets", []))
            for sheet in cells.get("sheets", []):
                sheet["gaiji"] = gaiji_in(sheet)
            text = _written(cells)
        answer = text.encode()
        if len(answer) > limits.LARGEST_ANSWER:
            raise Refused("TOO_LARGE", "値の合計が大きすぎます")
        return answer
    except Refused as refused:
        return json.dumps(_refusal(refused)).encode()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # the parser's panics are no Exceptions
        return json.dumps({"refused": "CANNOT_READ"}).encode()


def _written(cells: dict[str, Any]) -> str:
    return json.dumps(cells, ensure_ascii=False, default=_plain, allow_nan=False, separators=(",", ":"))


def read_cells(path: str, sha256: str = "") -> dict[str, Any]:
    """The sheets of a workbook, the lines of a CSV file, a posted object; or the code of a refusal.

    With `sha256` the bytes must be those that were received.
    """
    try:
        content = _content(path, sha256)
        kind = kind_of(content, os.path.splitext(path)[1])
        return {"workbook": _workbook, "lines": _lines, "object": _object}[kind](content)
    except Refused as refused:
        return _refusal(refused)


def _refusal(refused: Refused) -> dict[str, Any]:
    return {"refused": refused.code, "seen": refused.seen}


def _content(path: str, sha256: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        raise Refused("DAMAGED") from problem
    with open(descriptor, "rb") as file:
        known = os.fstat(descriptor)
        if not stat.S_ISREG(known.st_mode):
            raise Refused("DAMAGED")
        if known.st_size > limits.LARGEST_FILE:
            raise Refused("TOO_LARGE", f"{limits.LARGEST_FILE // limits.MIB}MBを超えます")
        content = file.read(limits.LARGEST_FILE + 1)
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise Refused("DAMAGED")
    return content


def _workbook(content: bytes) -> dict[str, Any]:
    book = guard_workbook(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if workbook.sheet_names != [sheet.name for sheet in book.contents.sheets]:
            raise Refused("BROKEN", "シートの一覧が読めません")
        sheets = [
            _sheet(workbook.get_sheet_by_index(index), entry, book)
            for index, entry in enumerate(book.contents.sheets)
            if entry.is_worksheet
        ]
    except Refused:
        raise
    except Exception as problem:
        raise Refused("BROKEN", "中身が読めません") from problem
    return {"sheets": sheets, "book": _of_book(book)}


def _of_book(book: Book) -> dict[str, bool]:
    contents = book.contents
    return {
        "has_macros": contents.has_macros,
        "has_links": contents.has_links,
        "counts_from_1904": contents.counts_from_1904,
    }


def _sheet(sheet: CalamineSheet, entry: SheetEntry, book: Book) -> dict[str, Any]:
    marks = book.marks[entry.name]
    if marks.has_values and sheet.start is None:
        raise Refused("BROKEN", f"シート「{entry.name}」の値が読めません")
    top, left = sheet.start or (0, 0)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=True)
    if marks.values is not None and marks.values != sum(len(row) - row.count("") for row in rows):
        marks = book.closer(entry)
    bottom, right = top + len(rows), left + (len(rows[0]) if rows else 0)
    return {
        "name": entry.name,
        "kind": "sheet",
        "is_visible": entry.is_visible,
        "top": top,
        "left": left,
        "rows": rows,
        "merged": clipped(marks.merged, bottom, right),
        "errors": marks.errors,
        "uncomputed": marks.uncomputed,
        "hidden_row": marks.hidden_row,
        "hidden_column": marks.hidden_column,
    }


def _lines(content: bytes) -> dict[str, Any]:
    lines = read_lines(content)
    beside = {"ragged": lines.ragged, "is_unended": lines.is_unended}
    return {"sheets": [_unnamed("lines", lines.rows) | beside]}


def _object(content: bytes) -> dict[str, Any]:
    fields, totals, rows = read_posted(content)
    names, cells = cells_of(rows)
    return {"sheets": [_unnamed("object", cells) | {"headings": names, "fields": fields, "totals": totals}]}


def _unnamed(kind: str, rows: list[list[Any]]) -> dict[str, Any]:
    return {"name": "", "kind": kind, "is_visible": True, "top": 0, "left": 0, "rows": rows, "merged": []}


def _plain(value: Any) -> Any:
    """What JSON does not know: a day, without its time; a time of day as its text."""
    return {"date": value.isoformat()[:10]} if isinstance(value, datetime | date) else str(value)


if __name__ == "__main__":
    main()
