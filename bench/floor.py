"""The floor: what it costs to read the workbooks and load their rows, if nothing else is asked.

`python -m bench.floor INBOX URL FOLDER`. Two processes parse, each its half of the files; two Parquet files
and two plain tables come out. Nothing is checked, no cell keeps its address, there is no history and no star.
`--parse-only` measures the parse to Arrow alone, in one process.
"""

import argparse
import gc
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

# pyarrow, python-calamine and psycopg are imported where they are used: a worker takes only what it needs.
if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

ROOT = Path(__file__).parents[1]
WORKERS = 2
SCHEMA = "bench_floor"
FIRST_ROW = 6  # 0-based; cover and headings stand above
TOTALS = ["計", "合計"]
SHEETS = {"performance": "実績", "expenditure": "支出"}
# Of each sheet its columns from A on, and whether they are numbers; the file is put before them.
COLUMNS = {
    "performance": {
        "program": False,
        "indicator": False,
        "unit": False,
        "value": True,
        "cumulative": True,
        "as_of": False,
        "note": False,
    },
    "expenditure": {
        "program": False,
        "account": False,
        "amount_yen": True,
        "cumulative_yen": True,
        "note": False,
    },
}


def main() -> None:
    """Measure, and print the seconds and rows as the last line; or be one of the workers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("inbox", type=Path)
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--parse-only", action="store_true")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker is not None:
        work(given.folder, given.worker)
        return
    files = sorted(given.inbox.rglob("*.xlsx"))
    if given.parse_only:
        seconds, rows = parse_only(files)
    elif not given.url or given.folder is None:
        parser.error("URL and FOLDER are needed")
    else:
        given.folder.mkdir(parents=True, exist_ok=True)
        seconds, rows = load(files, given.url, given.folder)
    print(json.dumps({"seconds": round(seconds, 3), "rows": rows}))


def parse_only(files: Sequence[Path]) -> tuple[float, int]:
    """Seconds of the parse to Arrow in this process, everything imported; the rows."""
    import pyarrow.compute  # imported before the clock starts, used in `parse`
    from python_calamine import CalamineWorkbook

    del pyarrow, CalamineWorkbook
    gc.disable()
    began = time.perf_counter()
    tables = parse(files)
    return time.perf_counter() - began, sum(table.num_rows for table in tables.values())


def load(files: Sequence[Path], url: str, folder: Path) -> tuple[float, int]:
    """Seconds from when the workers stand ready to the end of the load; the rows that the tables then hold.

    A line says the same with the workers' start.
    """
    from concurrent.futures import ThreadPoolExecutor

    import psycopg
    import pyarrow as pa
    import pyarrow.csv  # used in `_copy`
    import pyarrow.parquet as pq

    libpq = re.sub(r"^postgresql\+\w+", "postgresql", url)
    connections = [psycopg.connect(libpq) for _ in range(WORKERS)]
    _empty_tables(connections[0])

    cold = time.perf_counter()
    workers = [_worker(folder, number) for number in range(WORKERS)]
    for worker in workers:
        _hear(worker)
    warm = time.perf_counter()
    for number, worker in enumerate(workers):
        _tell(worker, files[number::WORKERS])
    halves, copies = [], []
    with ThreadPoolExecutor(WORKERS) as pool:
        for number, worker in enumerate(workers):
            _hear(worker)
            half = {form: _handed_over(folder, number, form) for form in COLUMNS}
            # Each half has a connection of its own: the server uses a processor for each, and nobody waits.
            copies.append(pool.submit(_copy, connections[number], half))
            halves.append(half)
        for form in COLUMNS:
            pq.write_table(pa.concat_tables([half[form] for half in halves]), folder / f"{form}.parquet")
        for copy in copies:
            copy.result()
    ended = time.perf_counter()

    print(f"note floor-cold-seconds {ended - cold:.3f}")
    rows = sum(_count(connections[0], form) for form in COLUMNS)
    for connection in connections:
        connection.close()
    for worker in workers:
        worker.wait()
    for number in range(WORKERS):
        for form in COLUMNS:
            _between(folder, number, form).unlink()
    return ended - warm, rows


def parse(files: Iterable[Path]) -> "dict[str, pa.Table]":
    """Both sheets of the workbooks as two tables."""
    from python_calamine import CalamineWorkbook

    names: dict[str, list[str]] = {form: [] for form in COLUMNS}
    cells: dict[str, list[list[Any]]] = {form: [[] for _ in COLUMNS[form]] for form in COLUMNS}
    for file in files:
        book = CalamineWorkbook.from_path(str(file))
        for form, sheet in SHEETS.items():
            rows = book.get_sheet_by_name(sheet).to_python()[FIRST_ROW:]
            # A sheet may be wider than its form. Whole columns are taken, and no row is looked at here.
            for column, more in zip(cells[form], zip(*rows, strict=True), strict=False):
                column.extend(more)
            names[form] += [file.stem] * len(rows)
    return {form: _records(form, names[form], cells[form]) for form in COLUMNS}


def _records(form: str, names: list[str], cells: list[list[Any]]) -> "pa.Table":
    """The table of a form: no totals and no remarks, and the program, merged down its block, in each row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    arrays = {"file": pa.array(names, pa.string())}
    for (name, is_number), column in zip(COLUMNS[form].items(), cells, strict=True):
        if is_number:  # 「－」 stands where there is none
            arrays[name] = pa.array([v if type(v) is float else None for v in column], pa.float64())
        else:
            text = pa.array(column, pa.string())
            arrays[name] = pc.if_else(pc.equal(text, ""), None, text)
    arrays["program"] = pc.fill_null_forward(arrays["program"])
    label = arrays["indicator" if form == "performance" else "account"]
    kept = pc.and_(pc.is_valid(label), pc.invert(pc.is_in(label, pa.array(TOTALS))))
    return pa.table(arrays).filter(kept)


def work(folder: Path, number: int) -> None:
    """A worker: says that it is ready, takes its files, leaves its two tables in the folder and says so."""
    import pyarrow as pa
    import pyarrow.compute
    from python_calamine import CalamineWorkbook

    del pyarrow, CalamineWorkbook  # imported before the clock starts, used in `parse`
    gc.disable()  # it lives for one batch, and makes no cycles
    print("ready", flush=True)
    files = [Path(name) for name in json.loads(sys.stdin.readline())]
    for form, table in parse(files).items():
        with pa.ipc.new_file(str(_between(folder, number, form)), table.schema) as writer:
            writer.write_table(table)
    print("done", flush=True)


def _worker(folder: Path, number: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.floor", "-", "-", str(folder.resolve()), "--worker", str(number)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _hear(worker: "subprocess.Popen[str]") -> None:
    assert worker.stdout is not None
    if not worker.stdout.readline():
        raise RuntimeError("a worker of the floor died")


def _tell(worker: "subprocess.Popen[str]", files: Sequence[Path]) -> None:
    assert worker.stdin is not None
    worker.stdin.write(json.dumps([str(file.resolve()) for file in files]) + "\n")
    worker.stdin.flush()


def _between(folder: Path, number: int, form: str) -> Path:
    """Where a worker leaves its half of a form for its parent."""
    return folder / f"{form}-{number}.arrow"


def _handed_over(folder: Path, number: int, form: str) -> "pa.Table":
    import pyarrow as pa

    with pa.memory_map(str(_between(folder, number, form))) as source:
        return pa.ipc.open_file(source).read_all()


def _empty_tables(connection: "psycopg.Connection[Any]") -> None:
    connection.execute(f"drop schema if exists {SCHEMA} cascade")
    connection.execute(f"create schema {SCHEMA}")
    for form, columns in COLUMNS.items():
        cells = ", ".join(f"{name} {'float8' if number else 'text'}" for name, number in columns.items())
        connection.execute(f"create table {SCHEMA}.{form} (file text, {cells})")
    connection.commit()


def _copy(connection: "psycopg.Connection[Any]", half: "dict[str, pa.Table]") -> None:
    """COPY a worker's half into the tables, in one transaction."""
    import pyarrow as pa
    from pyarrow.csv import WriteOptions, write_csv

    for form, table in half.items():
        text = pa.BufferOutputStream()
        write_csv(table, text, WriteOptions(include_header=False))
        with connection.cursor().copy(f"copy {SCHEMA}.{form} from stdin (format csv)") as copy:
            copy.write(memoryview(text.getvalue()))
    connection.commit()


def _count(connection: "psycopg.Connection[Any]", form: str) -> int:
    found = connection.execute(f"select count(*) from {SCHEMA}.{form}").fetchone()
    return int(found[0]) if found else 0


if __name__ == "__main__":
    main()
