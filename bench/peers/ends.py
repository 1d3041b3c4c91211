"""The two ends that all peers share: what they are given, and what they say when they have done."""

import argparse
import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

import psycopg


class Given(NamedTuple):
    """What a peer works on; its schema and its folder exist and are empty."""

    inbox: Path
    files: list[Path]
    url: str
    schema: str
    folder: Path


def given(name: str) -> Given:
    """The arguments of a peer, whose schema and folder in FOLDER are named after it and are made anew."""
    parser = argparse.ArgumentParser()
    parser.add_argument("inbox", type=Path)
    parser.add_argument("url", help="SQLAlchemy URL of a PostgreSQL")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="so many workbooks, evenly spread")
    arguments = parser.parse_args()
    inbox, folder = arguments.inbox.resolve(), arguments.folder.resolve() / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = Given(inbox, _spread(sorted(inbox.rglob("*.xlsx")), arguments.limit), arguments.url, name, folder)
    with psycopg.connect(libpq(found.url)) as connection:
        connection.execute(f"drop schema if exists {found.schema} cascade")
        connection.execute(f"create schema {found.schema}")
    return found


def _spread(files: list[Path], limit: int | None) -> list[Path]:
    if limit is None or limit >= len(files):
        return files
    return [files[number * len(files) // limit] for number in range(limit)]


def libpq(url: str) -> str:
    """The URL without SQLAlchemy's driver, and with a socket's folder as its host: dlt wants a host there."""
    url = re.sub(r"^postgresql\+\w+", "postgresql", url)
    return re.sub(r"@/(\w*)\?host=([^&]*)$", lambda m: f"@{quote(unquote(m[2]), safe='')}/{m[1]}", url)


def say(work: Given, seconds: float, leaves_out: str) -> None:
    """The last line of a peer; the rows are counted in its tables, not believed."""
    with psycopg.connect(libpq(work.url)) as connection:
        counts = [
            connection.execute(f"select count(*) from {work.schema}.{table}").fetchone()
            for table in ("performance", "expenditure")
        ]
    rows = sum(count[0] for count in counts if count)
    print(json.dumps({"seconds": round(seconds, 3), "rows": rows, "leaves_out": leaves_out}))
