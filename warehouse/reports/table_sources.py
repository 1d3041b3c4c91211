"""出典: for every printed figure, the cells (or figures) that it came from and how they give it.

One row a figure and source. A figure made of other figures names them; each of those has rows of its
own here, down to the cells of the received files.
"""

from collections.abc import Iterable, Iterator

from warehouse.reports.figure import Cell, Figure, Part, Table
from warehouse.reports.rules import RULES

HEADINGS = (
    "数値ID",
    "掲載箇所",
    "項目",
    "印字",
    "単位",
    "規則",
    "規則の意味",
    "役割",
    "出典の数値ID",
    "出典のファイル",
    "出典のセル",
    "セルの値",
    "原本のSHA-256",
)


def traced(tables: Iterable[Table]) -> list[Figure]:
    """Every printed figure once, in print order, each behind the figures that only it is made of."""
    found: dict[str, Figure] = {}
    for table in tables:
        for figure in table.figures():
            for one in _with_parts(figure):
                found.setdefault(one.figure_id, one)
    return list(found.values())


def _with_parts(figure: Figure) -> Iterator[Figure]:
    yield figure
    for source in figure.sources:
        if isinstance(source, Part):
            yield from _with_parts(source.figure)


def source_rows(figure: Figure, placed_at: str) -> Iterator[tuple[str | float | None, ...]]:
    """The rows of one figure in the order of `HEADINGS`; a figure without sources has one row."""
    head = (
        figure.figure_id,
        placed_at,
        figure.label,
        figure.text,
        figure.unit,
        figure.rule,
        _meaning(figure),
    )
    for source in figure.sources:
        if isinstance(source, Cell):
            cell = (source.role, "", source.file_name, source.address, source.value, source.sha256)
            yield head + cell
        else:
            yield (*head, source.role, source.figure.figure_id, "", "", None, "")
    if not figure.sources:
        yield (*head, "", "", "", "", None, "")


def _meaning(figure: Figure) -> str:
    rounding = {"half_up": "四捨五入", "floor": "切捨て"}[figure.rounding]
    meaning = RULES.get(figure.rule, "")
    is_rounded = figure.rule in ("ratio", "share", "mean", "thousand", "execution")
    return f"{meaning}（小数{figure.decimals}桁に{rounding}）" if is_rounded else meaning
