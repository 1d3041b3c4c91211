"""The sheet 支出: each program's accounts, its 計, and the 合計 of all; yen by the month of inspection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samples.head import letter_of
from samples.page import BOX, INPUT, NOTE, SUM, Page, number_format
from samples.spread import ProgramAccount
from schemas.catalog import Catalog
from schemas.forms.expenditure import EXPENDITURE

FIRST_ROW = 7
_YEN = {"num_format": number_format()}
_MONTH, _YEAR = (letter_of(EXPENDITURE, column_id) for column_id in ("amount_yen", "cumulative_yen"))
_TOTAL, _GRAND_TOTAL = EXPENDITURE.total_words[0], EXPENDITURE.grand_total_words[0]


def spending_rows(
    catalog: Catalog, center_id: str, accounts: Sequence[ProgramAccount]
) -> dict[ProgramAccount, int]:
    """(Program, account) -> row, in print order; account "" is the program's 計, ("", "") the 合計."""
    ours = [key for key in accounts if catalog.program[key[0]].center_id == center_id]
    ours.sort(key=lambda key: (catalog.program[key[0]].sort_key, catalog.account[key[1]].line_no))
    order: list[ProgramAccount] = []
    for program_id, account_id in ours:
        if order and order[-1][0] != program_id:
            order.append((order[-1][0], ""))
        order.append((program_id, account_id))
    order += [(ours[-1][0], "")] if ours else []
    return {key: row for row, key in enumerate([*order, ("", "")], start=FIRST_ROW)}


@dataclass(frozen=True)
class SpendingSheet:
    """One center's month: yen by (program, account), `before` the sums up to the month before."""

    page: Page
    catalog: Catalog
    rows: Mapping[ProgramAccount, int]
    spending: Mapping[ProgramAccount, int]
    before: Mapping[ProgramAccount, int]

    def write(self) -> None:
        for key, row in self.rows.items():
            self.page.put(f"B{row}", self._account_name(*key), **BOX)
            self.page.put(f"{letter_of(EXPENDITURE, 'note')}{row}", None, **BOX)
            if key[1]:
                self._write_account(key, row)
            else:
                self._write_total(key[0], row)
        self._write_programs()
        end = self.rows["", ""]
        self.page.put(
            f"A{end + 2}", "※当月に検収した額を円単位で入力してください。戻入は△で示してください。", **NOTE
        )

    def _account_name(self, program_id: str, account_id: str) -> str:
        if account_id:
            return self.catalog.account[account_id].account_name
        return _TOTAL if program_id else _GRAND_TOTAL

    def _write_programs(self) -> None:
        for (program_id, account_id), end in self.rows.items():
            if account_id:
                continue
            if not program_id:
                self.page.put(f"A{end}", None, **BOX)
                continue
            program = self.catalog.program[program_id]
            start = min(row for key, row in self.rows.items() if key[0] == program_id)
            name = f"{program.printed_number} {program.program_name}"
            self.page.merge(f"A{start}", f"A{end}", name, **BOX)

    def _write_account(self, key: ProgramAccount, row: int) -> None:
        yen, before = self.spending[key], self.before.get(key, 0)
        self.page.put(f"{_MONTH}{row}", yen, **INPUT, **_YEN)
        if self.page.is_text(f"{_MONTH}{row}"):
            return self.page.put(f"{_YEAR}{row}", before + yen, **SUM, **_YEN)
        self.page.formula(f"{_YEAR}{row}", f"='前月'!{_YEAR}{row}+{_MONTH}{row}", before + yen, **SUM, **_YEN)

    def _write_total(self, program_id: str, row: int) -> None:
        """The 計 of a program, or of everything (by the 計 rows) for program ""."""
        of_program = [key for key in self.rows if key[1] and program_id in ("", key[0])]
        addends = [
            at
            for key, at in self.rows.items()
            if bool(key[1]) == bool(program_id) and self._is_under(program_id, key)
        ]
        month = sum(self.spending[key] for key in of_program)
        year = month + sum(self.before.get(key, 0) for key in of_program)
        for column, total in ((_MONTH, month), (_YEAR, year)):
            cells = [f"{column}{at}" for at in addends]
            if not cells or any(map(self.page.is_text, cells)):
                self.page.put(f"{column}{row}", total, **SUM, **_YEN)
            else:
                formula = f"=SUM({cells[0]}:{cells[-1]})" if program_id else "=" + "+".join(cells)
                self.page.formula(f"{column}{row}", formula, total, **SUM, **_YEN)

    @staticmethod
    def _is_under(program_id: str, key: ProgramAccount) -> bool:
        return key[0] == program_id if program_id else bool(key[0])
