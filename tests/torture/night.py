"""A night on four submissions of three forms, without Prefect, and everything that it leaves behind.

One month of 実績 and 支出, its 実績 in a revision, and events that are refused for one cell.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from flows.command import ALL_IN, WITH_REFUSALS
from schemas.catalog import Catalog
from schemas.period import Period
from tasks.completeness import fallen_due
from tasks.effects import Effects
from tasks.home import Home
from tasks.locks import hold_all
from tasks.report import report
from tasks.summary import summarise, tell
from tasks.world import World
from tests.compiled import Compiled, connected
from tests.conftest import NOON, SAMPLES
from tests.walking import state, walk
from tests.workbooks import write_monthly

MAY = Period("month", 2021, 5)
CENTER = "projects"


@dataclass(frozen=True)
class Remains:
    """What a night leaves: every file of the home but SQLite's own and the locks, and every covered row."""

    files: dict[str, bytes]
    tables: dict[str, list[str]]


def make_inbox(folder: Path, catalog: Catalog) -> Path:
    """An inbox of three files: a month, its revision, and events with a cell that is no number."""
    for name in (CENTER, "icc"):
        (folder / name).mkdir(parents=True)
    [month] = (SAMPLES / CENTER).glob("月報_R03-05_*")
    shutil.copy(month, folder / CENTER)
    rows = catalog.in_year(2021).rows_of(CENTER, "performance", MAY)
    values = {row.indicator_id: 7 for row in rows}
    revision = folder / CENTER / "月報_R03-05_第2版.xlsx"
    write_monthly(
        revision, catalog, CENTER, MAY, values, {}, {}, {}, 2, "令和3年6月20日", forms=("performance",)
    )
    posted = json.loads((SAMPLES / "icc" / "event_2021-10.json").read_bytes())
    posted["rows"][0]["onsite"] = "20人位"
    (folder / "icc" / "event_2021-10.json").write_text(json.dumps(posted, ensure_ascii=False))
    return folder


def open_world(
    inbox: Path,
    root: Path,
    catalog: Catalog,
    url: str = "",
    effects: Effects | None = None,
    compiled: Compiled | None = None,
) -> World:
    """The world of a home, as a flow opens it, at noon of a day that does not end."""
    effects = effects or Effects()
    effects.make_folder(root)
    engine = connected(url or Home(root).warehouse_url, Compiled() if compiled is None else compiled)
    return World(inbox, Home(root), catalog, lambda: NOON, effects, engine)


def night(world: World) -> int:
    """The steps of the nightly flow; its exit code."""
    with hold_all(world):
        walk(world)
        summary = summarise(world, fallen_due(world))
        for fiscal_year in summary.fiscal_years:
            report(world, fiscal_year)
        tell(world, summary)
    return WITH_REFUSALS if summary.refused else ALL_IN


def remains(world: World) -> Remains:
    """What stands in a home and its warehouse."""
    return Remains(files(world.home), state(world))


def files(home: Home) -> dict[str, bytes]:
    """Every file of a home, but the locks and the files of SQLite."""
    return {
        path.relative_to(home.root).as_posix(): path.read_bytes()
        for path in sorted(home.root.rglob("*"))
        if path.is_file()
        and home.locks not in path.parents
        and not path.name.startswith(("warehouse.db", "index.db"))
    }
