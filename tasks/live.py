"""What a workbook computes itself: sums and differences of cells on the same sheet, 千円 shown of yen.

A cell in 千円 holds its yen, and the format shows thousands, so that sums over such cells are exact and are
rounded once, where they are shown. Excel rounds half away from zero there, as 四捨五入 does. It cannot cut:
a cell of 切捨て holds what is printed.
"""

from collections.abc import Iterator, Mapping

from warehouse.reports.figure import Figure, Part, Table
from warehouse.reports.rules import MINUS, PLUS

Places = Mapping[str, tuple[int, int]]
FEWEST_OF_A_SUM = 3


def held(figure: Figure) -> Figure:
    """The figure whose value the cell holds: of 千円 that are rounded to the nearest, the yen."""
    if figure.rule == "thousand" and figure.rounding == "half_up":
        (part,) = figure.sources
        assert isinstance(part, Part)
        return part.figure
    return figure


def places(table: Table, first_row: int) -> dict[str, tuple[int, int]]:
    """Figure id to the row and column, from 0, of the first cell of the table that holds its value."""
    found: dict[str, tuple[int, int]] = {}
    for row, line in enumerate(table.lines, start=first_row):
        for column, cell in enumerate(line.cells):
            if isinstance(cell, Figure) and cell.value is not None:
                found.setdefault(held(cell).figure_id, (row, column))
    return found


def formula(figure: Figure, at: tuple[int, int], known: Places) -> str:
    """The formula that gives the figure from other cells of its sheet; "" where it is not made of such.

    `at`: its own row and column, from 0.
    """
    parts = [source for source in figure.sources if isinstance(source, Part)]
    cells = [known.get(part.figure.figure_id) for part in parts]
    if figure.rule != "parts" or len(parts) != len(figure.sources) or not parts:
        return ""
    if any(cell is None or cell == at for cell in cells):
        return ""
    placed = [cell for cell in cells if cell]
    if all(part.role == PLUS for part in parts) and len(parts) >= FEWEST_OF_A_SUM:
        return f"=SUM({','.join(_ranges(placed))})"
    signs = ("-" if part.role == MINUS else "+" for part in parts)
    terms = "".join(f"{sign}{_name(*cell)}" for sign, cell in zip(signs, placed, strict=True))
    return "=" + terms.removeprefix("+")


def _ranges(cells: list[tuple[int, int]]) -> Iterator[str]:
    """Cells that follow each other downwards as one range."""
    start = end = cells[0]
    for row, column in [*cells[1:], (-1, -1)]:
        if (row, column) == (end[0] + 1, end[1]):
            end = (row, column)
            continue
        yield _name(*start) if start == end else f"{_name(*start)}:{_name(*end)}"
        start = end = (row, column)


def _name(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}"
