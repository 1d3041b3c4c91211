"""The invoices of a year: what each month cost, cut into what each payee asked for; and their postings.

The ledger is right; where a center's books say otherwise, `patterns/differences.csv` says how.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from samples.spread import spending_by_month, spread
from samples.tables import table
from schemas.catalog import Catalog
from schemas.period import FISCAL_MONTHS, Period
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
    postings: dict[str, list[dict[str, str]]] = {}
    for row in table("postings"):
        postings.setdefault(row["account_id"], []).append(row)
    for (program_id, account_id), yen in spending.items():
        for row, part in _parts(postings[account_id], yen):
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


def _parts(rows: list[dict[str, str]], yen: int) -> Iterator[tuple[dict[str, str], int]]:
    """An account's yen by payee: by their shares, or all to the first where it is too little for each."""
    if abs(yen) < _SMALLEST * len(rows):
        rows = rows[:1]
    amounts = spread(yen, [int(row["share"]) for row in rows], 1)
    yield from ((row, amount) for row, amount in zip(rows, amounts, strict=True) if amount)


def as_typed(true: list[Voucher]) -> list[Voucher]:
    """The invoices of a month as their centers typed them: one twice, one elsewhere, one misread."""
    planted = _planted("center")
    return [voucher for one in true for voucher in _mistyped(one, planted.get(_place(one), {}))]


def _mistyped(voucher: Voucher, mistake: dict[str, str]) -> list[Voucher]:
    match mistake:
        case {"kind": "duplicate"}:
            return [voucher, voucher]
        case {"kind": "wrong_program", "other_program_id": program_id}:
            return [replace(voucher, program_id=program_id)]
        case {"kind": "transposition"}:
            return [replace(voucher, yen=_transposed(voucher.yen))]
        case {"kind": "thousand"}:
            return [replace(voucher, yen=voucher.yen * 1000)]
    return [voucher]


def _planted(by: str) -> dict[tuple[str, ...], dict[str, str]]:
    """What `differences.csv` says of which invoices: program, account, payee and month to its row."""
    names = ("program_id", "account_id", "payee_code", "month")
    return {tuple(row[name] for name in names): row for row in table("differences") if row["by"] == by}


def _place(voucher: Voucher) -> tuple[str, ...]:
    return voucher.program_id, voucher.account_id, voucher.payee_code, str(voucher.period.number)


def _transposed(yen: int) -> int:
    """The first two neighbouring digits that differ, changed over."""
    text = str(yen)
    at = next(n for n in range(1, len(text) - 1) if text[n] != text[n + 1])
    return int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def booked(true: list[Voucher]) -> list[tuple[Voucher, int, int]]:
    """Each posting: an invoice, the calendar month of its entry, and 1 or -1 for one that takes it back."""
    postings, planted = [], _planted("ledger")
    for voucher in true:
        month = voucher.period.number
        match planted.get(_place(voucher), {}):
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


def reported_by_month(catalog: Catalog, fiscal_year: int) -> dict[int, dict[ProgramAccount, int]]:
    """Calendar month to what centers report by program and account: the sums of what they typed."""
    found = {}
    for number, spending in spending_by_month().items():
        sums = dict.fromkeys(spending, 0)
        for voucher in as_typed(vouchers(catalog, Period("month", fiscal_year, number), spending)):
            sums[voucher.program_id, voucher.account_id] += voucher.yen
        found[number] = sums
    return found
