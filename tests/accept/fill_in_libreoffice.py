"""Open workbooks in a running LibreOffice, type into their cells and save them; for the system's python3.

`python3 fill_in_libreoffice.py PIPE JOBS`: JOBS is a JSON file, a list of
{"path": ..., "saved": ..., "cells": {sheet: {"D7": value}}}. A value is a number, a text, or
{"date": "2021-05-10"}, which is typed as people type a date. What is saved as .pdf is printed to it.
Writes a JSON list to standard output: of each job the typed cells that LibreOffice's own validation
would not have taken from a keyboard, as [sheet, cell, what was typed].
"""

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".pdf": "calc_pdf_Export"}
SECONDS_TO_START = 120


def main(pipe: str, jobs: str) -> None:
    """Do every job in the LibreOffice that listens at a pipe."""
    desktop = _desktop(pipe)
    answers = [_done(desktop, job) for job in json.loads(Path(jobs).read_text(encoding="utf-8"))]
    sys.stdout.write(json.dumps(answers))


def _desktop(pipe: str) -> Any:
    context = uno.getComponentContext()
    service = "com.sun.star.bridge.UnoUrlResolver"
    resolver = context.ServiceManager.createInstanceWithContext(service, context)
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            office = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return office.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", office)
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _done(desktop: Any, job: dict[str, Any]) -> list[list[str]]:
    hidden = _properties(Hidden=True)
    document = desktop.loadComponentFromURL(Path(job["path"]).as_uri(), "_blank", 0, hidden)
    if document is None:
        raise OSError(f"LibreOffice does not open {job['path']}")
    untaken = []
    for name, cells in job.get("cells", {}).items():
        sheet = document.Sheets.getByName(name)
        for address, value in cells.items():
            cell = sheet.getCellRangeByName(address)
            _type(cell, value)
            if not _is_taken(document, cell):
                untaken.append([name, address, cell.String])
    saved = Path(job["saved"])
    document.storeToURL(saved.as_uri(), _properties(FilterName=FILTERS[saved.suffix]))
    document.close(True)
    return untaken


def _type(cell: Any, value: Any) -> None:
    if isinstance(value, dict):
        year, month, day = map(int, value["date"].split("-"))
        cell.FormulaLocal = f"{year}/{month}/{day}"
    elif isinstance(value, str):
        cell.String = value
    else:
        cell.Value = value


def _is_taken(document: Any, cell: Any) -> bool:
    rule = cell.Validation
    kind, limit = rule.Type.value, rule.getFormula1()
    if kind == "LIST":
        return cell.String in _offered(document, limit)
    is_number = cell.Type.value == "VALUE"
    if kind == "WHOLE":
        return is_number and cell.Value.is_integer() and cell.Value >= float(limit)
    return kind == "ANY" or (is_number and cell.Value >= float(limit))


def _offered(document: Any, source: str) -> list[str]:
    """The choices of a list: written out in quotes, or the cells of a range of another sheet."""
    if source.startswith('"'):
        return re.findall(r'"([^"]*)"', source)
    sheet, cells = source.replace("$", "").replace("'", "").rsplit(".", 1)
    rows = document.Sheets.getByName(sheet).getCellRangeByName(cells).DataArray
    return [str(row[0]) for row in rows]


def _properties(**values: Any) -> tuple[PropertyValue, ...]:
    found = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        found.append(one)
    return tuple(found)


if __name__ == "__main__":
    main(*sys.argv[1:])
