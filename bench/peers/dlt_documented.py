"""dlt as its documentation reads Excel files: the filesystem source and a transformer with pandas."""

import os
import time
from collections.abc import Iterator
from typing import Any

# dlt takes its settings from the environment. A buffer larger than the default is what it advises for speed.
os.environ["DATA_WRITER__BUFFER_MAX_ITEMS"] = "50000"
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt
import openpyxl  # noqa: F401  # pandas imports it when it reads; here, that is before the clock starts
import pandas as pd
from dlt.common.storages.fsspec_filesystem import FileItemDict
from dlt.sources.filesystem import filesystem
from ends import given, libpq, say

NAME = "peer_dlt_documented"
TABLES = {"実績": "performance", "支出": "expenditure"}
COLUMNS = {
    "実績": ["program", "indicator", "unit", "value", "cumulative", "as_of", "note"],
    "支出": ["program", "account", "amount_yen", "cumulative_yen", "note"],
}
TOTALS = ["計", "合計"]
NONE = "－"  # no number, which is not 0


def main() -> None:
    """Run the pipeline into PostgreSQL."""
    work = given(NAME)
    chosen = {str(file.relative_to(work.inbox)) for file in work.files}
    began = time.perf_counter()
    pipeline = dlt.pipeline(
        NAME,
        pipelines_dir=str(work.folder / "pipelines"),
        destination=dlt.destinations.postgres(libpq(work.url)),
        dataset_name=work.schema,
    )
    files = filesystem(bucket_url=work.inbox.as_uri(), file_glob="**/*.xlsx")
    files.add_filter(lambda item: item["relative_path"] in chosen)
    # PostgreSQL takes Parquet by ADBC, and what was loaded stays in the pipeline's folder: the lake.
    pipeline.run(files | read_excel(), loader_file_format="parquet")
    seconds = time.perf_counter() - began
    say(work, seconds, "checks no values, keeps no cell addresses and no history, makes no star")


@dlt.transformer(columns={"note": {"data_type": "text"}})  # nothing in a column is no type
def read_excel(items: Iterator[FileItemDict]) -> Iterator[Any]:
    """Of each workbook, which is read once, the records of each sheet for the sheet's table."""
    for item in items:
        with item.open() as file:
            sheets = pd.read_excel(file, sheet_name=list(COLUMNS), header=None, skiprows=6, na_values=[NONE])
        for sheet, frame in sheets.items():
            yield dlt.mark.with_table_name(records(frame, sheet, item["file_name"]), TABLES[sheet])


def records(frame: pd.DataFrame, sheet: str, file: str) -> list[dict[str, Any]]:
    """The records of a sheet: no totals, the program in each row, None where no number stands."""
    columns = COLUMNS[sheet]
    frame = frame.iloc[:, : len(columns)].set_axis(columns, axis=1)
    label = frame[columns[1]]
    frame = frame[label.notna() & ~label.isin(TOTALS)]
    frame = frame.assign(file=file, program=frame["program"].ffill())
    return frame.astype(object).where(frame.notna(), None).to_dict(orient="records")


if __name__ == "__main__":
    main()
