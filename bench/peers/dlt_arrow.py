"""dlt with Arrow by hand: fastexcel reads, dlt loads the tables as it advises for PostgreSQL."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# dlt takes its settings from the environment. The others keep their defaults: to Arrow tables it adds no
# columns of its own, and neither more workers nor smaller files made this faster.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt
import fastexcel
import pyarrow as pa
import pyarrow.compute as pc
from ends import given, libpq, say

NAME = "peer_dlt_arrow"
TABLES = {"実績": "performance", "支出": "expenditure"}
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
    """Run the pipeline into PostgreSQL."""
    work = given(NAME)
    began = time.perf_counter()
    pipeline = dlt.pipeline(
        NAME,
        pipelines_dir=str(work.folder / "pipelines"),
        destination=dlt.destinations.postgres(libpq(work.url)),
        dataset_name=work.schema,
    )
    # PostgreSQL takes Parquet by ADBC, and what was loaded stays in the pipeline's folder: the lake.
    pipeline.run(workbooks(work.files), loader_file_format="parquet")
    seconds = time.perf_counter() - began
    say(work, seconds, "checks nothing, keeps no cell addresses and no history, makes no star")


@dlt.resource
def workbooks(files: list[Path]) -> Iterator[Any]:
    """Both sheets of all workbooks, each as one table for the sheet's table."""
    batches: dict[str, list[pa.RecordBatch]] = {sheet: [] for sheet in SHEETS}
    for file in files:
        book = fastexcel.read_excel(file)
        for sheet, columns in SHEETS.items():
            batch = book.load_sheet_eager(sheet, **_options(columns))
            batches[sheet].append(batch.append_column("file", pa.repeat(file.stem, batch.num_rows)))
    for sheet, found in batches.items():
        yield dlt.mark.with_table_name(_records(pa.Table.from_batches(found)), TABLES[sheet])


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
    table = table.filter(pc.and_(pc.is_valid(label), pc.invert(pc.is_in(label, TOTALS))))
    program = pc.fill_null_forward(table["program"].combine_chunks())
    return table.set_column(0, "program", program)


if __name__ == "__main__":
    main()
