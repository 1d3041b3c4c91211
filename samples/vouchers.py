"""The invoices of a year: what each month cost, cut into what each payee asked for; and their postings.

The ledger is right; where a center's books say otherwise, `patterns/differences.csv` says how.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from samples.spread import spread
from samples.tables import table
from schemas.catalog import Catalog
from schemas.choices import written
from schemas.period import FISCAL_MONTHS, Period
from tasks.template.book import Cell
from tasks.template.content import ProgramAccount

# Less than this a payee is not paid by itself.
_SMALLEST = 5_000


@dataclass(frozen=True)
class Voucher:
    """One invoice as its center accepted it; of an account that head office allocates, a part of the payroll.

    `reference` is the number under which the center asked to spend; without one it is head office's own.
    """

    program_id: str
    account_id: str
    period: Period
    yen: int
    day: date
    memo: str
    reference: str = ""
    payee_code: str = ""
    invoice_code: str = ""
    tax_rate: str = ""
    slip: str = ""
    owed: str = ""


def vouchers(catalog: Catalog, period: Period, spending: Mapping[ProgramAccount, int]) -> list[Voucher]:
    """The invoices of a month, numbered through for each center."""
    numbers: dict[str, int] = {}
    found = []
    for (program_id, account_id), yen in spending.items():
        for row, part in _parts(account_id, yen):
            payee, center = row["payee_code"], catalog.program[program_id].center_id
            numbers[center] = numbers.get(center, 0) + bool(payee)
            section, number = catalog.center[center].section, numbers[center]
            day = period.last_day.replace(day=int(row["day"] or period.last_day.day))
            found.append(
                Voucher(
                    program_id,
                    account_id,
                    period,
                    part,
                    day,
                    row["memo"].format(month=period.number),
                    reference=f"{section}{period.number:02d}-{number:03d}" if payee else "",
                    payee_code=payee,
                    invoice_code=f"{payee}-{day:%y%m}-{number:03d}" if payee else "",
                    tax_rate=row["tax_rate"],
                    slip=f"{row['slip']} {catalog.program[program_id].department}" if row["slip"] else "",
                    owed=row["owed_at_year_end"] if period.number == FISCAL_MONTHS[-1] else "",
                )
            )
    return found


def _parts(account_id: str, yen: int) -> Iterator[tuple[dict[str, str], int]]:
    """An account's yen by payee: by their shares, or all to the first where it is too little for each."""
    rows = [row for row in table("postings") if row["account_id"] == account_id]
    if abs(yen) < _SMALLEST * len(rows):
        rows = rows[:1]
    amounts = spread(yen, [int(row["share"]) for row in rows], 1)
    yield from ((row, amount) for row, amount in zip(rows, amounts, strict=True) if amount)


def as_typed(true: list[Voucher]) -> list[Voucher]:
    """The invoices of a month as their centers typed them: one twice, one elsewhere, one misread."""
    typed: list[Voucher] = []
    for voucher in true:
        typed += _mistyped(voucher)
    return typed


def _mistyped(voucher: Voucher) -> list[Voucher]:
    match _planted(voucher, "center"):
        case {"kind": "duplicate"}:
            return [voucher, voucher]
        case {"kind": "wrong_program", "other_program_id": program_id}:
            return [replace(voucher, program_id=program_id)]
        case {"kind": "transposition"}:
            return [replace(voucher, yen=_transposed(voucher.yen))]
        case {"kind": "thousand"}:
            return [replace(voucher, yen=voucher.yen * 1000)]
    return [voucher]


def _planted(voucher: Voucher, by: str) -> dict[str, str]:
    """What `differences.csv` says of an invoice; nothing of most."""
    keys = ("program_id", "account_id", "payee_code")
    for row in table("differences"):
        named = all(row[key] == getattr(voucher, key) for key in keys)
        if row["by"] == by and named and int(row["month"]) == voucher.period.number:
            return row
    return {}


def _transposed(yen: int) -> int:
    """The first two neighbouring digits that differ, changed over."""
    text = str(yen)
    at = next(n for n in range(1, len(text) - 1) if text[n] != text[n + 1])
    return int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def booked(true: list[Voucher]) -> list[tuple[Voucher, int, int]]:
    """Each posting: an invoice, the calendar month of its entry, and 1 or -1 for one that takes it back."""
    postings = []
    for voucher in true:
        month = voucher.period.number
        match _planted(voucher, "ledger"):
            case {"kind": "late_entry", "other_month": later}:
                postings.append((voucher, int(later), 1))
            case {"kind": "double_entry", "other_month": later}:
                postings += [(voucher, month, 1), (voucher, month, 1), (voucher, int(later), -1)]
            case {"kind": "wrong_program", "other_program_id": program_id, "other_month": later}:
                wrong = replace(voucher, program_id=program_id)
                postings += [(wrong, month, 1), (wrong, int(later), -1), (voucher, int(later), 1)]
            case _:
                postings.append((voucher, month, 1))
    return postings


def reported(typed: list[Voucher], spending: Mapping[ProgramAccount, int]) -> dict[ProgramAccount, int]:
    """What centers report by program and account: the sums of their lines, with a row for each key."""
    sums = dict.fromkeys(spending, 0)
    for voucher in typed:
        sums[voucher.program_id, voucher.account_id] += voucher.yen
    return sums


def spending_rows(catalog: Catalog, center_id: str, typed: list[Voucher]) -> list[Mapping[str, Cell]]:
    """The rows of a center's 支出明細."""
    return [
        {
            "program": written(catalog.program[voucher.program_id]),
            "account": catalog.account[voucher.account_id].account_name,
            "reference": voucher.reference,
            "invoice_code": voucher.invoice_code,
            "payee_code": voucher.payee_code,
            "inspected_on": voucher.day,
            "amount_yen": voucher.yen,
            "tax_rate": voucher.tax_rate,
            "memo": voucher.memo,
        }
        for voucher in typed
        if voucher.reference and catalog.program[voucher.program_id].center_id == center_id
    ]
