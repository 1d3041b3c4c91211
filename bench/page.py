"""The README's section on speed and its chart, written from what the parts of the bench printed."""

import csv
from collections.abc import Iterator
from pathlib import Path

from bench.measure import ROOT

KEPT = ROOT / "docs" / "speed"
README = ROOT / "README.md"
CHART = ROOT / "docs" / "speed.svg"
BEGIN, END = "<!-- speed: written by python -m bench -->", "<!-- end of speed -->"
PARTS = ("side_by_side", "large", "growth", "readers", "sample_year", "guard")
# The bars of the chart: the name of the figure, and what it is.
BARS = {
    "floor": "floor (nothing checked)",
    "polars_adbc": "Polars + ADBC (nothing checked)",
    "dlt_arrow": "dlt by hand, Arrow (nothing checked)",
    "warm": "nenpo, warm",
    "cold": "nenpo, cold",
    "nightly": "nenpo, cold, with Prefect",
    "dlt_documented": "dlt as documented",
    "typical": "pandas + GX by file",
}
COLORS = {"warm": "#2f6f4f", "cold": "#2f6f4f", "nightly": "#2f6f4f"}
LEFT, WIDTH, HEIGHT = 230, 900, 22

Lines = list[list[str]]


def write_page() -> None:
    """Replace the section between the marks, and the chart."""
    kept = {part: _kept(KEPT / f"{part}.txt") for part in PARTS if (KEPT / f"{part}.txt").is_file()}
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + BEGIN + "\n\n" + "\n".join(_section(kept)) + "\n" + END + after, "utf-8")
    if "side_by_side" in kept:
        CHART.write_text(_chart(_figures(kept["side_by_side"])), "utf-8")


def _kept(path: Path) -> Lines:
    return [line.split(" ", 1 if line[0] in "mv" else 4) for line in path.read_text("utf-8").splitlines()]


def _figures(lines: Lines) -> dict[str, float]:
    return {line[1]: float(line[2]) for line in lines if line[0] == "note" and _is_number(line[2])}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _section(kept: dict[str, Lines]) -> Iterator[str]:
    for part, lines in kept.items():
        about = {line[0]: line[1] for line in lines if line[0] in ("measured", "machine", "versions")}
        yield f"`bench.{part}`, {about['measured']}, {about['machine']}, {about['versions']}:"
        yield ""
        if part == "side_by_side":
            yield from _seconds(_figures(lines))
            yield "![seconds of each, workloads A and B](docs/speed.svg)"
            yield ""
        yield from _goals(lines)
        yield ""


def _seconds(figures: dict[str, float]) -> Iterator[str]:
    """Of each way: seconds, memory, rows a second, on both workloads."""
    yield "| | A: seconds | MiB | rows/s | B: seconds | MiB | rows/s |"
    yield "|---|---|---|---|---|---|---|"
    for name, what in BARS.items():
        cells = [
            figures.get(f"{workload}-{name}-{measure}")
            for workload in "AB"
            for measure in ("seconds", "mebibytes", "rows-a-second")
        ]
        shown = ("" if cell is None else f"{cell:,.1f}" if cell < 1_000 else f"{cell:,.0f}" for cell in cells)
        yield f"| {what} | {' | '.join(shown)} |"
    yield ""


def _goals(lines: Lines) -> Iterator[str]:
    with (ROOT / "bench" / "goals.csv").open(encoding="utf-8", newline="") as file:
        known = {row["goal"]: row for row in csv.DictReader(file)}
    yield "| goal | measured | limit | |"
    yield "|---|---|---|---|"
    for line in lines:
        if line[0] == "goal":
            _, name, met, value, limit = line
            row = known.get(name, {"what": name, "reason": ""})
            reason = f"**unmet**: {row['reason']}" if met == "unmet" else "met"
            yield f"| {row['what']} | {value} | {limit} | {reason} |"


def _chart(figures: dict[str, float]) -> str:
    """Bars on one scale a workload; the longest one is cut to the width."""
    parts = []
    y = 10
    for workload in "AB":
        named = {name: f"{workload}-{name}-seconds" for name in BARS}
        found = {name: figures[figure] for name, figure in named.items() if figure in figures}
        longest = max(found.values())
        parts.append(_text(0, y + 14, f"{workload}: seconds", bold=True))
        y += HEIGHT
        for name, seconds in found.items():
            width = max(2.0, seconds / longest * (WIDTH - LEFT - 80))
            color = COLORS.get(name, "#9aa5b1")
            parts.append(_text(0, y + 14, BARS[name]))
            parts.append(
                f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{HEIGHT - 6}" fill="{color}"/>'
            )
            parts.append(_text(LEFT + width + 6, y + 13, f"{seconds:.1f}"))
            y += HEIGHT
        y += HEIGHT
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" font-family="sans-serif">'
    back = f'<rect width="{WIDTH}" height="{y}" fill="white"/>'
    return "\n".join([head, back, *parts, "</svg>"]) + "\n"


def _text(x: float, y: float, text: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="13"{weight}>{text}</text>'
