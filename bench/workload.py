"""The workloads: a catalog and the monthly workbooks of a body of many centers, from our own templates.

A is a night of 1,000 ordinary workbooks, B one of 20 very long ones, C the year of a national body. Every
figure follows from its place, so that what is made is the same each time: totals, shares, limits and
cumulatives hold, and no cell is wrong.
"""

import csv
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samples.make_year import CATALOG
from schemas.catalog import Catalog, load_catalog
from schemas.period import FISCAL_MONTHS, Period
from tasks.template.content import Content
from tasks.template.workbook import monthly_workbook

ROOT = Path(__file__).parents[1]
LAST_YEAR = 2021
MAKERS = 2
# Of each program's indicators, how many stand for what is not simply counted.
PARTS, STOCKS = 4, 2
_COPIED = ("units.csv", "report_tables.csv", "report_columns.csv", "funds.csv")
_EMPTY = ("closures.csv", "codes.csv", "facilities.csv", "feeds.csv", "series.csv", "targets.csv")


@dataclass(frozen=True)
class Size:
    """So many centers send a workbook for each month of so many years, up to a number of workbooks."""

    name: str
    workbooks: int
    centers: int
    programs: int
    indicators: int
    accounts: int

    @property
    def months(self) -> list[Period]:
        """The months of all years, oldest first, of which the last is March of the last fiscal year."""
        needed = -(-self.workbooks // self.centers)
        years = range(LAST_YEAR + 1 - -(-needed // len(FISCAL_MONTHS)), LAST_YEAR + 1)
        return [Period("month", year, number) for year in years for number in FISCAL_MONTHS][:needed]

    @property
    def books(self) -> list[tuple[int, Period]]:
        """(center, month) of each workbook, in order of arrival."""
        return [(center, month) for month in self.months for center in range(self.centers)][: self.workbooks]

    @property
    def rows(self) -> int:
        """The records that the workbooks hold together, totals not counted."""
        return self.workbooks * self.programs * (self.indicators + self.accounts)


A = Size("A", 1_000, 84, 4, 50, 10)
B = Size("B", 20, 1, 100, 200, 40)
C = Size("C", 10_000, 84, 4, 50, 10)
SIZES = {size.name: size for size in (A, B, C)}


def make(folder: Path, size: Size) -> Path:
    """`catalog/` and `inbox/` of a workload in a folder, made by two processes; the folder."""
    write_catalog(folder / "catalog", size)
    makers = [
        subprocess.Popen([sys.executable, "-m", "bench.workload", folder, size.name, str(n)], cwd=ROOT)
        for n in range(MAKERS)
    ]
    codes = [maker.wait() for maker in makers]
    if any(codes):
        raise RuntimeError("a workload could not be made")
    return folder


def center_id(center: int) -> str:
    return f"c{center:03d}"


def program_id(center: int, program: int) -> str:
    return f"{center_id(center)}-{program:03d}"


def indicator_id(center: int, program: int, indicator: int) -> str:
    return f"{program_id(center, program)}.i{indicator:03d}"


def write_catalog(folder: Path, size: Size) -> None:
    """The catalog of the body, in force since long ago."""
    folder.mkdir(parents=True)
    for name in _COPIED:
        shutil.copy(CATALOG / name, folder / name)
    for name in _EMPTY:
        (folder / name).write_text((CATALOG / name).read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    _table(folder, "centers", _centers(size))
    _table(folder, "programs", _programs(size))
    _table(folder, "indicators", _indicators(size))
    _table(folder, "accounts", _accounts(size))
    _table(folder, "expected", _expected(size))
    _table(folder, "rules", _rules(size))


def _table(folder: Path, name: str, rows: Iterator[dict[str, Any]]) -> None:
    headings = (CATALOG / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, headings, restval="", lineterminator="\n")
        lines.writeheader()
        lines.writerows(row | {"from_fy": 2000} for row in rows)


def _centers(size: Size) -> Iterator[dict[str, Any]]:
    for c in range(size.centers):
        name = f"第{c + 1}センター"
        yield _center(center_id(c), name, "center", c + 1)
    yield _center("foundation", "本部", "head_office", size.centers + 1)


def _center(known: str, name: str, role: str, section: int) -> dict[str, Any]:
    return {
        "center_id": known,
        "section": section,
        "center_name": name,
        "role": role,
        "is_site": "true",
        "channel": known,
    }


def _programs(size: Size) -> Iterator[dict[str, Any]]:
    for c in range(size.centers):
        for p in range(size.programs):
            number = f"{c + 1}-({p + 1})"
            yield {
                "program_id": program_id(c, p),
                "center_id": center_id(c),
                "printed_number": number,
                "section": number,
                "program_name": f"第{p + 1}支援事業",
                "level": "program",
                "sort_key": c * 1_000 + p,
                "department": number,
            }


def _indicators(size: Size) -> Iterator[dict[str, Any]]:
    for c in range(size.centers):
        for p in range(size.programs):
            for i in range(size.indicators):
                yield _indicator(c, p, i)


def _indicator(c: int, p: int, i: int) -> dict[str, Any]:
    """The first ones are a total and its parts, a rate with its components, and stocks; the rest counts."""
    row: dict[str, Any] = {
        "indicator_id": indicator_id(c, p, i),
        "program_id": program_id(c, p),
        "indicator": f"支援{i + 1}",
        "label": f"支援件数その{i + 1}",
        "kind": "flow",
        "measure": "cases",
        "count_basis": "延べ",
        "unit": "件",
        "printed_unit": "件",
        "rule": "sum",
        "decimals": 0,
        "rounding": "half_up",
        "frequency": "month",
        "source_form": "performance",
        "printed_in": "table",
        "line_no": i + 1,
    }
    total, rate = PARTS, PARTS + 3
    if i < PARTS:
        row |= {"part_of": indicator_id(c, p, total)}
    elif i == total:
        row |= {"kind": "total", "rule": "total"}
    elif i == rate:
        row |= {
            "kind": "ratio",
            "rule": "ratio",
            "unit": "%",
            "printed_unit": "％",
            "numerator": indicator_id(c, p, rate - 1),
            "denominator": indicator_id(c, p, rate - 2),
            "decimals": 1,
            "count_basis": "",
        }
    elif rate < i <= rate + STOCKS:
        row |= {"kind": "stock", "rule": "last"}
    return row


def _accounts(size: Size) -> Iterator[dict[str, Any]]:
    for a in range(size.accounts):
        yield {
            "account_id": f"a{a:02d}",
            "account_name": f"第{a + 1}費",
            "side": "支出",
            "line_no": a + 1,
            "is_allocated": "false",
        }


def _expected(size: Size) -> Iterator[dict[str, Any]]:
    for c in range(size.centers):
        for form in ("performance", "expenditure"):
            yield {
                "form": form,
                "center_id": center_id(c),
                "frequency": "month",
                "due_months_after": 1,
                "due_day": 10,
            }


def _rules(size: Size) -> Iterator[dict[str, Any]]:
    for c in range(size.centers):
        for p in range(size.programs):
            total = indicator_id(c, p, PARTS)
            yield {"rule_id": f"S{c}-{p}", "kind": "sum", "scope": "month", "whole": total}
            part, whole = (indicator_id(c, p, i) for i in (PARTS + 2, PARTS + 1))
            yield {"rule_id": f"L{c}-{p}", "kind": "le", "scope": "month", "parts": part, "whole": whole}


def write_books(folder: Path, size: Size, share: int) -> None:
    """One maker's share of the workbooks: inbox/<center>/<center>-<month>.xlsx."""
    catalog = load_catalog(folder / "catalog")
    of_year = {year: catalog.in_year(year) for year in {month.fiscal_year for month in size.months}}
    for c, month in size.books[share::MAKERS]:
        write_book(folder / "inbox", of_year[month.fiscal_year], size, c, month)


def write_book(inbox: Path, of_year: Catalog, size: Size, c: int, month: Period) -> Path:
    """One workbook, where its center's channel leaves it; its path."""
    path = inbox / center_id(c) / f"{center_id(c)}-{month.id}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(monthly_workbook(of_year, center_id(c), month, _content(size, c, month)))
    return path


def _content(size: Size, c: int, month: Period) -> Content:
    upto = FISCAL_MONTHS[: FISCAL_MONTHS.index(month.number)]
    before = [Period("month", month.fiscal_year, number) for number in upto]
    counts, spent = _counts(size, c, month), _spent(size, c, month)
    earlier = [_counts(size, c, one) for one in before]
    earlier_spent = [_spent(size, c, one) for one in before]
    return Content(
        performance=counts,
        cumulative_before={name: sum(one[name] for one in earlier) for name in counts},
        spending=spent,
        spending_before={pair: sum(one[pair] for one in earlier_spent) for pair in spent},
        stated_on="令和4年4月5日",
        submitter="総務係",
    )


def _counts(size: Size, c: int, month: Period) -> dict[str, int]:
    counts = {}
    for p in range(size.programs):
        for i in range(size.indicators):
            if i in (PARTS, PARTS + 3):
                continue  # the total and the rate are formulas
            least, most = (200, 100) if i == PARTS + 1 else (100, 100)
            counts[indicator_id(c, p, i)] = least + _number(c, p, i, month.key) % most
    return counts


def _spent(size: Size, c: int, month: Period) -> dict[tuple[str, str], int]:
    return {
        (program_id(c, p), f"a{a:02d}"): 100_000 + _number(c, p, a, -month.key) % 900_000
        for p in range(size.programs)
        for a in range(size.accounts)
    }


def _number(*place: int) -> int:
    return zlib.crc32(repr(place).encode())


if __name__ == "__main__":
    write_books(Path(sys.argv[1]), SIZES[sys.argv[2]], int(sys.argv[3]))
