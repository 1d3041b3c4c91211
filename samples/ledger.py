"""The ledger as the accounting package exports it: 25 columns without headings, CP932, CRLF."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from samples.tables import table
from samples.vouchers import Voucher
from schemas.catalog import Catalog
from schemas.layout import load_layout
from schemas.period import Period

_LAYOUT = "yayoi_25"
_BANK = "普通預金"
_TAX_FREE = {"借方税区分": "対象外", "借方税金額": "0", "貸方税区分": "対象外", "貸方税金額": "0"}
_KINDS_OF_TAX = {"10": "課対仕入10%", "8": "課対仕入8%(軽)"}
_UNUSED = {"付箋1": "0", "付箋2": "0", "調整": "no"}

Side = tuple[str, str]
Posting = tuple[Voucher, int, int]


@dataclass(frozen=True)
class Line:
    """One line of a slip; a side is an account's name and a department; `closing` is 本決 or empty.

    `tax_rate`: of the tax in its cost, which stands on the debit side unless it is taken back.
    """

    posted_on: date
    debit: Side
    credit: Side
    yen: int
    memo: str
    slip: str = ""
    closing: str = ""
    tax_rate: str = ""
    is_taken_back: bool = False


def spending_lines(catalog: Catalog, postings: Iterable[Posting]) -> Iterator[Line]:
    """One line a posting; a refund, or what takes an entry back, is the entry the other way round."""
    for voucher, month, sign in postings:
        period = replace(voucher.period, number=month)
        day = voucher.day if month == voucher.period.number else period.last_day.replace(day=20)
        department = catalog.program[voucher.program_id].department
        cost, money = (
            (catalog.account[voucher.account_id].account_name, department),
            (voucher.owed or _BANK, ""),
        )
        is_cost = voucher.yen * sign > 0
        debit, credit = (cost, money) if is_cost else (money, cost)
        memo = f"伺{voucher.reference}　{voucher.memo}" if voucher.reference else voucher.memo
        closing = "本決" if voucher.owed else ""
        yield Line(
            day, debit, credit, abs(voucher.yen), memo, voucher.slip, closing, voucher.tax_rate, not is_cost
        )


def income_lines(catalog: Catalog, period: Period) -> Iterator[Line]:
    """What came in that month."""
    for row in table("income"):
        months = row["months"].split("+")
        if str(period.number) in months:
            side = (
                catalog.account[row["account_id"]].account_name,
                catalog.program[row["program_id"]].department,
            )
            memo = row["memo"].format(month=period.number, turn=months.index(str(period.number)) + 1)
            yield Line(period.last_day.replace(day=25), (_BANK, ""), side, int(row["yen"]), memo)


def slips(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines by day; those of one payroll slip of three or more stay together, others stand alone."""
    ordered = sorted(lines, key=lambda line: line.posted_on)
    for (_, name), group in groupby(ordered, key=lambda line: (line.posted_on, line.slip)):
        together = list(group)
        if name and len(together) > 2:
            yield together
        else:
            yield from ([line] for line in together)


def write_ledger(path: Path, all_slips: list[list[Line]]) -> None:
    """Number the slips and write them in the package's columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = load_layout(_LAYOUT).columns
    with path.open("w", encoding="cp932", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
        for number, slip in enumerate(all_slips, start=1):
            for flag, line in zip(_flags(len(slip)), slip, strict=True):
                writer.writerow(_row(number, flag, line))


def _flags(size: int) -> list[str]:
    """2000 for a slip of one line; 2110, 2100 ..., 2101 for a longer one."""
    return ["2000"] if size == 1 else ["2110", *["2100"] * (size - 2), "2101"]


def _row(number: int, flag: str, line: Line) -> dict[str, str]:
    return {
        **_TAX_FREE,
        **_taxed(line),
        **_UNUSED,
        "識別フラグ": flag,
        "伝票No.": str(number),
        "決算": line.closing,
        "取引日付": _dated(number, line.posted_on),
        "借方勘定科目": line.debit[0],
        "借方部門": line.debit[1],
        "借方金額": str(line.yen),
        "貸方勘定科目": line.credit[0],
        "貸方部門": line.credit[1],
        "貸方金額": str(line.yen),
        "摘要": line.memo,
        "タイプ": "0" if flag == "2000" else "3",
    }


def _taxed(line: Line) -> dict[str, str]:
    """The kind of tax and the tax within the amount, cut to whole yen, on the side of the cost."""
    side, rate = "貸方" if line.is_taken_back else "借方", int(line.tax_rate or 0)
    if not rate:
        return {}
    tax = line.yen * rate // (100 + rate)
    return {f"{side}税区分": _KINDS_OF_TAX[line.tax_rate], f"{side}税金額": str(tax)}


def _dated(number: int, day: date) -> str:
    """Mostly R.03/04/30; slips typed elsewhere have 20210430 or 2021/4/30."""
    if number % 17 == 5:
        return f"{day:%Y%m%d}"
    if number % 23 == 7:
        return f"{day.year}/{day.month}/{day.day}"
    return f"R.{day.year - 2018:02d}/{day.month:02d}/{day.day:02d}"
