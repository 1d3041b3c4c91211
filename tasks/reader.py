"""The worker that turns bytes into cells: a lean process of its own, which may die without harm.

It reads one request a line from standard input ({"path": ...}) and answers each with eight bytes of
length and that many bytes of JSON: {"sheets": [...]} or {"refused": CODE}. It imports neither
Prefect nor Great Expectations nor pandas, and is told nothing that is secret.

A cell is text, a number, a boolean, null, or {"date": "2021-05-10"}; numbers typed as text stay text.
"""

import csv
import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MEMORY_LIMIT = 768 * 2**20
CPU_SECONDS_A_FILE = 30


def main() -> None:
    """Answer requests until standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin.buffer:
        used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
        resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS_A_FILE, resource.RLIM_INFINITY))
        answer = json.dumps(read_cells(json.loads(line)["path"]), ensure_ascii=False).encode()
        sys.stdout.buffer.write(len(answer).to_bytes(8, "big") + answer)
        sys.stdout.buffer.flush()


def read_cells(path: str) -> dict[str, Any]:
    """The sheets of a workbook, the lines of a CSV file, a posted object; or the code of a refusal."""
    with open(path, "rb") as file:
        content = file.read()
    if not content:
        return {"refused": "EMPTY"}
    if content.startswith(b"PK\x03\x04"):
        return _workbook(path)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return {"refused": "PASSWORD" if b"E\0n\0c\0r\0y\0p\0t\0e\0d" in content else "WRONG_KIND"}
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return _posted(content)
    if content[:5].lower() in (b"%pdf-", b"<html", b"<?xml", b"<!doc") or b"\0" in content:
        return {"refused": "WRONG_KIND"}
    return _lines(content)


def _workbook(path: str) -> dict[str, Any]:
    try:
        workbook = CalamineWorkbook.from_path(path)
        metadata = workbook.sheets_metadata
        return {"sheets": [_sheet(workbook, index, entry) for index, entry in enumerate(metadata)]}
    except Exception:
        return {"refused": "BROKEN"}


def _sheet(workbook: CalamineWorkbook, index: int, metadata: Any) -> dict[str, Any]:
    sheet = workbook.get_sheet_by_index(index)
    top, left = sheet.start or (0, 0)
    return {
        "name": metadata.name,
        "kind": "sheet",
        "is_visible": metadata.visible == SheetVisibleEnum.Visible,
        "top": top,
        "left": left,
        "rows": [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=True)],
        "merged": [[*start, *end] for start, end in sheet.merged_cell_ranges or []],
    }


def _cell(value: Any) -> Any:
    if value == "":
        return None
    if isinstance(value, datetime | date):
        return {"date": value.isoformat()[:10]}
    if isinstance(value, time | timedelta):
        return str(value)
    return value


def _lines(content: bytes) -> dict[str, Any]:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return {"refused": "ENCODING"}
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return {"refused": "BROKEN"}
    return {"sheets": [_unnamed("lines", [[value or None for value in row] for row in rows])]}


def _posted(content: bytes) -> dict[str, Any]:
    """What a web form posts: fields, and `rows` of objects; no key twice, no NaN, nothing nested."""
    try:
        posted = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_unrepeated,
            parse_int=float,
            parse_constant=_refuse,
        )
    except UnicodeDecodeError:
        return {"refused": "ENCODING"}
    except (ValueError, RecursionError):
        return {"refused": "BROKEN"}
    rows = posted.pop("rows", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return {"refused": "BROKEN"}
    keys = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[_flat(row.get(key)) for key in keys] for row in rows]
    fields = {key: _flat(value) for key, value in posted.items()}
    return {"sheets": [_unnamed("object", cells) | {"headings": keys, "fields": fields}]}


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    for text in (part for pair in pairs for part in pair if isinstance(part, str)):
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ValueError("no text of this world")
    return dict(pairs)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _flat(value: Any) -> Any:
    """A scalar as it is; what is nested as its text, which no column can be."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return None if value == "" else value


def _unnamed(kind: str, rows: list[list[Any]]) -> dict[str, Any]:
    return {"name": "", "kind": kind, "is_visible": True, "top": 0, "left": 0, "rows": rows, "merged": []}


if __name__ == "__main__":
    main()
