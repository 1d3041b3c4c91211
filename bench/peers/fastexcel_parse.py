"""Fastexcel: the parse alone, of both sheets to Arrow in one process, beside `bench.floor --parse-only`."""

import json
import time
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc
from ends import given

NAME = "peer_fastexcel_parse"
SHEETS = {
    "実績": {
        "program": "string",
        "indicator": "string",
        "unit": "string",
        "value": "float",
        "cumulative": "float",
        "as_of": "string",
        "note": "string",
    },
    "支出": {
        "program": "string",
        "account": "string",
        "amount_yen": "float",
        "cumulative_yen": "float",
        "note": "string",
    },
}
TOTALS = pa.array(["計", "合計"])


def main() -> None:
    """Parse, and say how long that took; into URL and FOLDER nothing is written."""
    work = given(NAME)
    began = time.perf_counter()
    tables = parse(work.files)
    seconds = time.perf_counter() - began
    leaves_out = "parses only: writes and loads nothing, checks nothing, does not fill the program down"
    rows = sum(table.num_rows for table in tables.values())
    print(json.dumps({"seconds": round(seconds, 3), "rows": rows, "leaves_out": leaves_out}))


def parse(files: list[Path]) -> dict[str, pa.Table]:
    """Both sheets of the workbooks as two tables."""
    batches: dict[str, list[pa.RecordBatch]] = {sheet: [] for sheet in SHEETS}
    for file in files:
        book = fastexcel.read_excel(file)
        for sheet, columns in SHEETS.items():
            batches[sheet].append(book.load_sheet_eager(sheet, **_options(columns)))
    return {sheet: _records(pa.Table.from_batches(found)) for sheet, found in batches.items()}


def _options(columns: dict[str, str]) -> dict[str, Any]:
    # With types given, fastexcel need not guess them, and what is no number becomes null.
    return {
        "header_row": None,
        "skip_rows": 6,
        "use_columns": list(range(len(columns))),
        "column_names": list(columns),
        "dtypes": columns,
    }


def _records(table: pa.Table) -> pa.Table:
    label = table.column(1)
    return table.filter(pc.and_(pc.is_valid(label), pc.invert(pc.is_in(label, TOTALS))))


if __name__ == "__main__":
    main()
