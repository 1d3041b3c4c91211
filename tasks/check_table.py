"""check_table: the printed tables of anybody's workbook or CSV file, footed."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from expectations.rounding import Mode
from expectations.structure import REFUSALS
from tasks.effects import Effects
from tasks.footing import Deviation, Footing, footing
from tasks.grid import grid_of
from tasks.printed import PrintedTable, tables_of
from tasks.read import read_files
from warehouse.reports.figure import number_text


def check_table(path: Path, mode: Mode | None = None) -> list[tuple[str, Footing]]:
    """Each table of a file, by its sheet, and what was found of it.

    OSError for a file that is not there; ValueError, with a sentence, for one that cannot be read.
    """
    found = []
    for table in _tables(path):
        found.append((table.grid.name or path.name, footing(table, mode)))
    return found


def _tables(path: Path) -> Iterator[PrintedTable]:
    content = path.read_bytes()
    with tempfile.TemporaryDirectory(prefix="nenpo-table-") as folder:
        # The reader takes stored originals, which are named by their hash.
        stored = Path(folder) / f"{hashlib.sha256(content).hexdigest()}{path.suffix}"
        effects = Effects()
        effects.publish(stored, content)
        with closing(read_files(effects, [stored])) as received:
            cells = next(received)
    if "refused" in cells:
        raise ValueError(REFUSALS[cells["refused"]].message.format(seen=cells.get("seen", "")))
    for sheet in cells["sheets"]:
        yield from tables_of(grid_of(sheet))


def lines(found: list[tuple[str, Footing]]) -> Iterator[str]:
    """What was found, for a terminal, in Japanese."""
    for name, one in found:
        if one.checked or one.unclear or one.unreadable:
            yield f"{name}: 検算 {one.checked} 件、不一致 {len(one.deviations)} 件"
        yield from (f"  {_said(deviation)}" for deviation in one.deviations)
        yield from (f"  判定できません: {what}" for what in one.unclear)
        yield from (f"  数として読めません: {what}" for what in one.unreadable)


def _said(one: Deviation) -> str:
    allowed = f"{one.least}～{one.greatest}" if one.least or one.greatest else "なし"
    place = " ".join(filter(None, (one.label, f"［{one.heading}］" if one.heading else "")))
    return (
        f"{one.address} {place}: 印刷は {_text(one.printed)}、計算は {_text(one.computed)}"
        f"（差 {_text(one.difference)}、端数処理で許される差 {allowed}）"
    )


def _text(value: Decimal) -> str:
    decimals = max(-int(value.as_tuple().exponent), 0)
    return number_text(float(value), decimals) if decimals else number_text(int(value), 0)
