"""The sheet 支出: each program's accounts, its 計, and the 合計 of all; yen by the month of inspection."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from schemas.catalog import Catalog
from schemas.choices import names_for, written
from schemas.forms.expenditure import EXPENDITURE
from tasks.template.book import BOX, ENTRY, INPUT, NOTE, SUM, Page, number_format
from tasks.template.content import ProgramAccount
from tasks.template.head import letter_of
from tasks.template.lists import Lists
from tasks.template.performance_sheet import BEFORE_SHEET

FIRST_ROW = 7
SPARE = ""
_SPARE_ROWS, _SPARE_ROWS_OF_NEW = 2, 10
_YEN = {"num_format": number_format()}
_ACCOUNT, _MONTH, _YEAR, _NOTE = (
    letter_of(EXPENDITURE, column_id) for column_id in ("account", "amount_yen", "cumulative_yen", "note")
)
_TOTAL, _GRAND_TOTAL = EXPENDITURE.total_words[0], EXPENDITURE.grand_total_words[0]
_TEXTS = (
    "※当月に検収した額を円単位で入力してください。戻入は△で示してください。",
    "※支出のない科目は「0」です。空いている行では、科目を一覧（▼）から選んでください。",
    "※行が足りないときは、計の行の上に行を挿入してください。",
)


@dataclass(frozen=True)
class Block:
    """The rows of a program from `first`: its accounts (SPARE: one to be chosen), and its 計 below."""

    program_id: str
    accounts: tuple[str, ...]
    first: int

    @property
    def total(self) -> int:
        return self.first + len(self.accounts)

    def rows(self) -> Iterator[tuple[ProgramAccount, int]]:
        """((program, account), row) of each account."""
        for row, account_id in enumerate(self.accounts, start=self.first):
            yield (self.program_id, account_id), row


def blocks_of(catalog: Catalog, center_id: str, pairs: Sequence[ProgramAccount], spare: bool) -> list[Block]:
    """A center's programs in print order, with the accounts of `pairs`; `spare`: and rows to choose others.

    A program without an account gets more of them: nobody knows yet what it spends on.
    """
    ours = [pair for pair in pairs if catalog.program[pair[0]].center_id == center_id]
    ours += [(program_id, SPARE) for program_id in _leaves(catalog, center_id) if spare]
    ours.sort(key=lambda pair: (catalog.program[pair[0]].sort_key, _place(catalog, pair[1])))
    blocks: list[Block] = []
    for program_id, group in groupby(ours, key=lambda pair: pair[0]):
        known = tuple(account_id for _, account_id in group if account_id != SPARE)
        empty = (_SPARE_ROWS if known else _SPARE_ROWS_OF_NEW) if spare else 0
        first = blocks[-1].total + 1 if blocks else FIRST_ROW
        blocks.append(Block(program_id, (*known, *[SPARE] * empty), first))
    return blocks


def _leaves(catalog: Catalog, center_id: str) -> list[str]:
    parents = {row.parent_id for row in catalog.programs}
    ours = [row.program_id for row in catalog.programs if row.center_id == center_id]
    return [program_id for program_id in ours if program_id not in parents]


def _place(catalog: Catalog, account_id: str) -> int:
    return catalog.account[account_id].line_no if account_id != SPARE else 0


@dataclass(frozen=True)
class ExpenditureSheet:
    """One center's month: yen by (program, account), `before` the sums up to the month before, if known."""

    page: Page
    catalog: Catalog
    center_id: str
    lists: Lists
    blocks: Sequence[Block]
    spending: Mapping[ProgramAccount, int]
    before: Mapping[ProgramAccount, int] | None

    def write(self) -> None:
        """Every row, by program, the sums, and the notes."""
        for block in self.blocks:
            self._write_block(block)
        end = self.grand_total
        self.page.put(f"A{end}", None, **BOX)
        self._write_sum(end, _GRAND_TOTAL, [str(block.total) for block in self.blocks], self.blocks)
        has_spare = any(SPARE in block.accounts for block in self.blocks)
        for row, text in enumerate(_TEXTS if has_spare else _TEXTS[:1], start=end + 2):
            self.page.put(f"A{row}", text, **NOTE)

    @property
    def grand_total(self) -> int:
        return self.blocks[-1].total + 1 if self.blocks else FIRST_ROW

    def write_before(self, page: Page) -> None:
        """The 累計 of the month before, each in the cell of the one that adds to it; none where unknown."""
        if self.before is None:
            return
        for block in self.blocks:
            for pair, row in block.rows():
                page.put(f"{_YEAR}{row}", self.before.get(pair, 0))

    def _write_block(self, block: Block) -> None:
        program = self.catalog.program[block.program_id]
        self.page.merge(f"A{block.first}", f"A{block.total}", written(program), **BOX)
        for pair, row in block.rows():
            self._write_account(pair[1], row)
            self._write_amount(pair, row)
        self._write_sum(block.total, _TOTAL, [f"{block.first}:{block.total - 1}"], [block])

    def _write_account(self, account_id: str, row: int) -> None:
        cell = f"{_ACCOUNT}{row}"
        self.page.put(f"{_NOTE}{row}", None, **BOX)
        if account_id != SPARE:
            return self.page.put(cell, self.catalog.account[account_id].account_name, **BOX)
        column = EXPENDITURE.column("account")
        names = names_for(column, EXPENDITURE, self.catalog, self.center_id)
        self.page.put(cell, None, **ENTRY)
        self.page.restrict(cell, cell, self.lists.choice(names))

    def _write_amount(self, pair: ProgramAccount, row: int) -> None:
        month, year = f"{_MONTH}{row}", f"{_YEAR}{row}"
        yen, total = self.spending.get(pair), self._year(pair)
        self.page.put(month, yen, **INPUT, **_YEN)
        if self.page.is_text(month):
            return self.page.put(year, total, **SUM, **_YEN)
        then = f"'{BEFORE_SHEET}'!{year}"
        formula = f'IF(ISNUMBER({then}),{then}+N({month}),"")'
        if pair[1] == SPARE:
            formula = f'IF({_ACCOUNT}{row}="","",{formula})'
        self.page.formula(year, f"={formula}", "" if total is None else total, **SUM, **_YEN)

    def _year(self, pair: ProgramAccount) -> int | None:
        """The 累計 of an account; None where it is not known or the account not chosen."""
        if self.before is None or pair[1] == SPARE:
            return None
        return self.before.get(pair, 0) + self.spending.get(pair, 0)

    def _write_sum(self, row: int, word: str, addends: Sequence[str], blocks: Sequence[Block]) -> None:
        """計 or 合計 of the rows of some blocks; `addends` are their row numbers or ranges of these."""
        self.page.put(f"{_ACCOUNT}{row}", word, **BOX)
        self.page.put(f"{_NOTE}{row}", None, **BOX)
        pairs = [pair for block in blocks for pair, _ in block.rows()]
        years = [year for year in map(self._year, pairs) if year is not None]
        self._write_total(_MONTH, row, addends, sum(self.spending.get(pair, 0) for pair in pairs))
        self._write_total(_YEAR, row, addends, sum(years) if years or not pairs else "")

    def _write_total(self, column: str, row: int, addends: Sequence[str], total: int | str) -> None:
        cells = [_reference(column, part) for part in addends]
        if not cells or self._holds_text(column, addends):
            return self.page.put(f"{column}{row}", total, **SUM, **_YEN)
        added = ",".join(cells)
        formula = f"SUM({added})"
        if column == _YEAR:
            formula = f'IF(COUNT({added})=0,"",{formula})'
        self.page.formula(f"{column}{row}", f"={formula}", total, **SUM, **_YEN)

    def _holds_text(self, column: str, addends: Sequence[str]) -> bool:
        """Whether a person typed text where a formula would count a number."""
        ends = [[int(number) for number in part.split(":")] for part in addends]
        return any(self.page.is_text(f"{column}{row}") for at in ends for row in range(at[0], at[-1] + 1))


def _reference(column: str, part: str) -> str:
    """A row, or the rows down to the one above the sum: a row inserted there must count too."""
    first, is_range, _ = part.partition(":")
    return f"{column}{first}" + (f":INDEX({column}:{column},ROW()-1)" if is_range else "")
