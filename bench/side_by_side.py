"""nenpo beside the floor and beside what people would use instead, on workloads A and B: `make bench`.

Those that are quicker than us take turns with us, round by round; the two that are slower run once, on a
fifth of the workbooks, and their time is scaled up. A ratio is the median over the rounds. The machine's
PostgreSQL server is no part of what is measured.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.measure import ROOT, Cost, cost, goal, note
from bench.postgres import Databases, databases
from bench.serving import compile_all, server
from bench.workload import A, B, Size, make

ROUNDS = 5
PEERS = ROOT / "bench" / "peers"
QUICK = ("dlt_arrow", "polars_adbc")
SLOW = ("dlt_documented", "typical")
FIFTH = 5
# Of each workload: at most so many times the floor, bare, guarded and cold; at least so many times faster.
FLOOR_LIMITS = {"A": {"bare": 1.35, "warm": 1.6, "cold": 2.2}, "B": {"bare": 1.25, "warm": 1.6, "cold": 2.2}}
PEER_LIMITS = {
    "A": {"dlt_documented": 30.0, "typical": 60.0, "dlt_arrow": 2.0, "polars_adbc": 1.0},
    "B": {"dlt_documented": 15.0, "typical": 7.0, "dlt_arrow": 1.3, "polars_adbc": 1.0},
}
PREFECT_SHARE, MEBIBYTES = 0.12, {"A": 560.0, "B": 730.0}
# What a night with something new imports, however little that is.
IMPORTS = (
    "import tasks.collect, tasks.load, tasks.publish, tasks.recover, tasks.validate;"
    "tasks.validate.new_context()"
)

Round = dict[str, Cost]


def main() -> int:
    """Measure and print; 1 if a goal is unmet."""
    compile_all()
    _make_peers()
    met = []
    with (
        tempfile.TemporaryDirectory(prefix="nenpo-bench-") as name,
        databases() as new,
        server(Path(name)) as environment,
    ):
        note("imports-seconds", median(cost([sys.executable, "-c", IMPORTS]).seconds for _ in range(ROUNDS)))
        for size in (A, B):
            folder = make(Path(name) / size.name, size)
            nightly = environment if size is A else None
            rounds = [_round(folder, new, nightly) for _ in range(ROUNDS)]
            slow = {peer: _slow(peer, folder, new, size) for peer in SLOW}
            _print(size, rounds, slow)
            met += _goals(size, rounds, slow)
    return 0 if all(met) else 1


def _make_peers() -> None:
    """The peers' own venv, in which nothing of ours is."""
    made, lock = PEERS / ".venv" / ".made", PEERS / "requirements.lock"
    if made.is_file() and made.stat().st_mtime >= lock.stat().st_mtime:
        return
    subprocess.run([sys.executable, "-m", "venv", PEERS / ".venv"], check=True)
    pip = [PEERS / ".venv" / "bin" / "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", lock], check=True)
    subprocess.run(
        [PEERS / ".venv" / "bin" / "python", "-m", "compileall", "-q", PEERS / ".venv"], check=False
    )
    made.touch()


def _round(folder: Path, new: Databases, nightly: Mapping[str, str] | None) -> Round:
    """One run of everything that is quick; each of us in a home and a database of its own."""
    return {
        "floor": _floor(folder, new()),
        "cold": _ours(folder, new()),
        "warm": _ours(folder, new(), "--warm"),
        "bare": _ours(folder, new(), "--warm", "--bare"),
        **({"nightly": _nightly(folder, new(), nightly)} if nightly else {}),
        **{peer: _peer(peer, folder, new()) for peer in QUICK},
    }


def _floor(folder: Path, url: str) -> Cost:
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-floor-") as out:
        return cost([sys.executable, "-m", "bench.floor", folder / "inbox", url, out])


def _ours(folder: Path, url: str, *options: str) -> Cost:
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-home-") as home:
        return cost([sys.executable, "-m", "bench.ours", folder, url, home, *options])


def _nightly(folder: Path, url: str, environment: Mapping[str, str]) -> Cost:
    """The command that a schedule runs, without the annual report that it would print at its end."""
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-home-") as home:
        command = [sys.executable, "-m", "bench.with_prefect", "--warehouse", url, "--home", home]
        command += ["--inbox", folder / "inbox", "--catalog", folder / "catalog"]
        return cost(command, environment)


def _peer(peer: str, folder: Path, url: str, *options: str) -> Cost:
    with tempfile.TemporaryDirectory(prefix="nenpo-bench-peer-") as out:
        python = PEERS / ".venv" / "bin" / "python"
        environment = {**os.environ, "RUNTIME__DLTHUB_TELEMETRY": "false", "GX_ANALYTICS_ENABLED": "false"}
        return cost([python, PEERS / f"{peer}.py", folder / "inbox", url, out, *options], environment)


def _slow(peer: str, folder: Path, new: Databases, size: Size) -> Cost:
    """One run on a fifth of the workbooks, scaled: what comes before the first workbook is counted once."""
    found = _peer(peer, folder, new(), "--limit", str(size.workbooks // FIFTH))
    work = found.said["seconds"]
    return replace(found, seconds=found.seconds - work + work * FIFTH)


def _print(size: Size, rounds: list[Round], slow: dict[str, Cost]) -> None:
    """Every figure: the median of the rounds; rows a second of wall clock."""
    rows = {row for one in rounds for name, row in _rows(one).items() if name != "nightly"}
    if rows != {size.rows}:
        raise RuntimeError(f"rows loaded: {rows}, not {size.rows}")
    for name in rounds[0]:
        costs = [one[name] for one in rounds]
        seconds = median(_seconds(name, found) for found in costs)
        note(f"{size.name}-{name}-seconds", seconds)
        note(f"{size.name}-{name}-processor-seconds", median(found.processor for found in costs))
        note(f"{size.name}-{name}-mebibytes", median(found.mebibytes for found in costs))
        note(f"{size.name}-{name}-rows-a-second", round(size.rows / seconds))
    for step, _ in rounds[0]["warm"].said["steps"].items():
        note(f"{size.name}-warm-{step}-seconds", median(one["warm"].said["steps"][step] for one in rounds))
    for name, found in slow.items():
        note(f"{size.name}-{name}-seconds", found.seconds)
        note(f"{size.name}-{name}-mebibytes", found.mebibytes)
        note(f"{size.name}-{name}-rows-a-second", round(size.rows / found.seconds))


def _rows(one: Round) -> dict[str, int]:
    return {name: found.said.get("rows", 0) for name, found in one.items()}


def _seconds(name: str, found: Cost) -> float:
    """Of what is measured warm, the time that it says itself; of all else, from the start of its process."""
    return float(found.said["seconds"]) if name in ("floor", "warm", "bare") else found.seconds


def _goals(size: Size, rounds: list[Round], slow: dict[str, Cost]) -> list[bool]:
    met = []
    note(f"{size.name}-floor-from-the-start-seconds", median(one["floor"].seconds for one in rounds))
    for name, limit in FLOOR_LIMITS[size.name].items():
        ratio = median(_beside_floor(name, one) for one in rounds)
        met.append(goal(f"{size.name}-{name}-beside-floor", ratio, limit))
    cold = median(one["cold"].seconds for one in rounds)
    for peer, limit in PEER_LIMITS[size.name].items():
        if peer in slow:
            seconds, ratio = slow[peer].seconds, slow[peer].seconds / cold
        else:
            seconds = median(one[peer].seconds for one in rounds)
            ratio = median(one[peer].seconds / one["cold"].seconds for one in rounds)
        note(f"{size.name}-faster-than-{peer}-asks-for-seconds", seconds / limit)
        met.append(goal(f"{size.name}-faster-than-{peer}", ratio, limit, at_least=True))
    if size is A:
        share = median(1 - one["cold"].seconds / one["nightly"].seconds for one in rounds)
        met.append(goal("A-share-of-prefect", share, PREFECT_SHARE))
    peak = median(one["cold"].mebibytes for one in rounds)
    met.append(goal(f"{size.name}-mebibytes", peak, MEBIBYTES[size.name]))
    return met


def _beside_floor(name: str, one: Round) -> float:
    """Warm beside the floor's own time; cold, both from the start of their processes."""
    if name == "cold":
        return one["cold"].seconds / one["floor"].seconds
    return float(one[name].said["seconds"] / one["floor"].said["seconds"])


if __name__ == "__main__":
    sys.exit(main())
