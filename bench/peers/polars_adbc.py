"""Polars: read_excel with its default engine, then write_parquet and write_database by ADBC."""

import time
from pathlib import Path

# Polars imports these when it needs them; here, that is before the clock starts.
import adbc_driver_postgresql.dbapi  # noqa: F401
import fastexcel  # noqa: F401
import polars as pl
from ends import given, libpq, say

NAME = "peer_polars_adbc"
COLUMNS = {
    "実績": ["program", "indicator", "unit", "value", "cumulative", "as_of", "note"],
    "支出": ["program", "account", "amount_yen", "cumulative_yen", "note"],
}
NUMBERS = ["value", "cumulative", "amount_yen", "cumulative_yen"]
TOTALS = ["計", "合計"]


def main() -> None:
    """Read, write, load."""
    work = given(NAME)
    began = time.perf_counter()
    sheets = read(work.files)
    for table, sheet in (("performance", "実績"), ("expenditure", "支出")):
        frame = tidy(sheets[sheet], COLUMNS[sheet])
        frame.write_parquet(work.folder / f"{table}.parquet")
        frame.write_database(f"{work.schema}.{table}", libpq(work.url), engine="adbc")
    seconds = time.perf_counter() - began
    say(work, seconds, "checks nothing, keeps no cell addresses and no history, makes no star")


def read(files: list[Path]) -> dict[str, pl.DataFrame]:
    """Both sheets of all workbooks; each workbook is opened once.

    Everything is read as text: a column where 「－」 stands would be of another type in each workbook, and
    the frames could not be put together.
    """
    return pl.read_excel(
        files,
        sheet_name=list(COLUMNS),
        has_header=False,
        read_options={"skip_rows": 6},
        infer_schema_length=0,
        drop_empty_cols=False,
        include_file_paths="file",
    )


def tidy(sheet: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The records: named columns, numbers, the program in each row; no totals and no remarks."""
    label = pl.col(columns[1])
    return (
        sheet.lazy()
        .select(
            pl.col("file").str.extract(r"([^/]+)\.xlsx$"),
            *(pl.col(f"column_{number}").alias(name) for number, name in enumerate(columns)),
        )
        .filter(label.is_not_null(), ~label.is_in(TOTALS))
        .with_columns(
            pl.col("program").forward_fill(),
            pl.col([name for name in NUMBERS if name in columns]).cast(pl.Float64, strict=False),
        )
        .collect()
    )


if __name__ == "__main__":
    main()
