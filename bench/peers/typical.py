"""What is often written: pandas, Great Expectations, to_parquet and to_sql, a file at a time."""

import os
import time
from pathlib import Path

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as gxe
import openpyxl  # noqa: F401  # pandas imports it when it reads; here, that is before the clock starts
import pandas as pd
import pyarrow.parquet  # noqa: F401  # as above
from ends import given, say
from great_expectations.core.batch_definition import BatchDefinition
from sqlalchemy import create_engine

NAME = "peer_typical"
TABLES = {"実績": "performance", "支出": "expenditure"}
COLUMNS = {
    "実績": ["program", "indicator", "unit", "value", "cumulative", "as_of", "note"],
    "支出": ["program", "account", "amount_yen", "cumulative_yen", "note"],
}
NUMBERS = {"value", "cumulative", "amount_yen", "cumulative_yen"}
TOTALS = ["計", "合計"]
NONE = "－"  # no number, which is not 0
UNITS = ["件", "%", "人", "社", "回", "円"]
EXPECTATIONS = {
    "実績": [
        gxe.ExpectColumnValuesToNotBeNull(column="program"),
        gxe.ExpectColumnValuesToNotBeNull(column="indicator"),
        gxe.ExpectColumnValuesToBeInSet(column="unit", value_set=UNITS),
        gxe.ExpectColumnValuesToBeInTypeList(column="value", type_list=["int64", "float64"]),
        gxe.ExpectColumnValuesToBeBetween(column="value", min_value=0, max_value=1_000_000),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["program", "indicator"]),
    ],
    "支出": [
        gxe.ExpectColumnValuesToNotBeNull(column="program"),
        gxe.ExpectColumnValuesToNotBeNull(column="account"),
        gxe.ExpectColumnValuesToBeInTypeList(column="amount_yen", type_list=["int64", "float64"]),
        gxe.ExpectColumnValuesToBeBetween(column="amount_yen", min_value=0, max_value=10_000_000),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["program", "account"]),
    ],
}


def main() -> None:
    """File after file: read, check, write, load; a file that fails its checks would stay out."""
    work = given(NAME)
    began = time.perf_counter()
    checks = definitions()
    engine = create_engine(work.url)
    for table in TABLES.values():
        (work.folder / table).mkdir()
    for file in work.files:
        sheets = read(file)
        if not all(valid(sheets[sheet], *checks[sheet]) for sheet in TABLES):
            print(f"{file.name} is refused")
            continue
        with engine.begin() as connection:
            for sheet, table in TABLES.items():
                sheets[sheet].to_parquet(work.folder / table / f"{file.stem}.parquet", index=False)
                # One INSERT executed for many rows is two to five times as fast as method="multi".
                sheets[sheet].to_sql(table, connection, schema=work.schema, if_exists="append", index=False)
    seconds = time.perf_counter() - began
    say(
        work,
        seconds,
        "checks a file by six and five rules only, keeps no cell addresses, no history and no star",
    )


def definitions() -> dict[str, tuple[BatchDefinition, gx.ExpectationSuite]]:
    """Of each sheet how its frames are given to Great Expectations, and its suite; made once."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("workbooks")
    return {
        sheet: (
            source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("sheet"),
            context.suites.add(gx.ExpectationSuite(table, expectations=EXPECTATIONS[sheet])),
        )
        for sheet, table in TABLES.items()
    }


def read(file: Path) -> dict[str, pd.DataFrame]:
    """The records of both sheets: no totals, the program in each row, numbers as such."""
    sheets = pd.read_excel(
        file, sheet_name=list(COLUMNS), header=None, skiprows=6, na_values=[NONE], engine="openpyxl"
    )
    return {sheet: tidy(frame, COLUMNS[sheet], file.stem) for sheet, frame in sheets.items()}


def tidy(frame: pd.DataFrame, columns: list[str], file: str) -> pd.DataFrame:
    frame = frame.iloc[:, : len(columns)].set_axis(columns, axis=1)
    label = frame[columns[1]]
    frame = frame[label.notna() & ~label.isin(TOTALS)]
    frame = frame.assign(file=file, program=frame["program"].ffill())
    texts = [name for name in frame.columns if name not in NUMBERS]
    return frame.astype(dict.fromkeys(texts, "str"))  # pandas takes a column of nothing for numbers


def valid(frame: pd.DataFrame, definition: BatchDefinition, suite: gx.ExpectationSuite) -> bool:
    """Whether a sheet meets its expectations."""
    return bool(definition.get_batch({"dataframe": frame}).validate(suite).success)


if __name__ == "__main__":
    main()
