"""A month of entries, and how each accounting package would export it: written without the reader's layouts."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

ACCOUNTS = {
    "rent": ("賃借料", "5212"),
    "salaries": ("給料手当", "5111"),
    "printing": ("印刷製本費", "5205"),
    "deposits": ("普通預金", "1112"),
    "payables": ("未払金", "2101"),
    "withholding": ("預り金", "2105"),
}
PROGRAMS = {
    "": ("", ""),
    "1-01": ("1-(1)", "101001"),
    "1-02": ("1-(2)", "101002"),
    "2-01": ("2-(1)", "102001"),
}


@dataclass(frozen=True)
class Side:
    """One side of a line: yen with tax, the tax in it, its rate in percent."""

    account: str
    program: str
    yen: int
    tax: int = 0
    rate: int = 0

    @property
    def name(self) -> str:
        return ACCOUNTS[self.account][0]

    @property
    def code(self) -> str:
        return ACCOUNTS[self.account][1]

    @property
    def department(self) -> str:
        return PROGRAMS[self.program][0]

    @property
    def department_code(self) -> str:
        return PROGRAMS[self.program][1]


@dataclass(frozen=True)
class Entry:
    """A slip: its lines, each a debit, a credit and a memo."""

    number: int
    day: date
    lines: Sequence[tuple[Side, Side, str]]
    closing: str = ""


def deposits(yen: int) -> Side:
    return Side("deposits", "", yen)


MARCH: tuple[Entry, ...] = (
    Entry(
        1,
        date(2022, 3, 1),
        [(Side("rent", "1-01", 165_000, 15_000, 10), deposits(165_000), "3月分,機器リース料")],
    ),
    Entry(
        2,
        date(2022, 3, 15),
        [
            (Side("salaries", "1-01", 200_000), deposits(200_000), "3月分給料①"),
            (Side("salaries", "2-01", 120_000), deposits(120_000), "3月分給料②"),
            (Side("salaries", "2-01", 30_000), Side("withholding", "", 30_000), "源泉所得税"),
        ],
    ),
    Entry(3, date(2022, 3, 22), [(deposits(5_400), Side("rent", "1-02", 5_400, 400, 8), "返金〜髙橋様")]),
    Entry(
        4,
        date(2022, 3, 31),
        [(Side("printing", "2-01", 88_000, 8_000, 10), Side("payables", "", 88_000), "広報紙の印刷（未払）")],
        closing="本決",
    ),
)


def fullwidth(text: str) -> str:
    """As CP932 has it: its wave dash is another letter."""
    return text.replace("〜", "～")


def lines(rows: Sequence[Sequence[object]], encoding: str = "cp932", end: bytes = b"") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    text = out.getvalue()
    return (fullwidth(text) if encoding == "cp932" else text).encode(encoding) + end


def _each(entries: Sequence[Entry]) -> Iterator[tuple[Entry, int, Side, Side, str]]:
    for entry in entries:
        for number, (debit, credit, memo) in enumerate(entry.lines):
            yield entry, number, debit, credit, memo


def _wareki(day: date) -> str:
    return f"R.{day.year - 2018:02d}/{day.month:02d}/{day.day:02d}"


def _of_yayoi(side: Side) -> list[object]:
    tax = f"課対仕入込{side.rate}%" if side.rate else "対象外"
    return [side.name, "", side.department, tax, side.yen, side.tax]


def yayoi(entries: Sequence[Entry]) -> bytes:
    rows = []
    for entry, n, debit, credit, memo in _each(entries):
        size = len(entry.lines)
        flag = "2111" if size == 1 else ("2110", "2100", "2101")[min(n, 1) + (n == size - 1 and n > 0)]
        first = n == 0
        head: list[object] = [
            flag,
            entry.number if first else "",
            entry.closing,
            _wareki(entry.day) if first else "",
        ]
        rows.append([*head, *_of_yayoi(debit), *_of_yayoi(credit), memo, "", "", 0, "", "", 0, 0, "no"])
    return lines(rows)


def pca_koueki(entries: Sequence[Entry]) -> bytes:
    """Codes quoted, names and amounts not, no comma of a memo either; 0x1A at the end."""
    text = ""
    for entry, _, debit, credit, memo in _each(entries):
        sides = []
        for side in (debit, credit):
            code = f'"{side.department_code}"' if side.department_code else ""
            sides.append(f'{code},"{side.code}",{side.name},"","","","","00",{side.yen},{side.tax}')
        text += (
            f'"001","{entry.day:%Y%m%d}","{entry.number:03d}","1",{sides[0]},{sides[1]},0,0,{memo},"0"\r\n'
        )
    return fullwidth(text).encode("cp932") + b"\x1a"


PCA_DX = [
    "伝票日付",
    "伝票番号",
    "仕訳区分",
    "管理仕訳区分",
    "借方税計算モード",
    "借方部門コード",
    "借方部門名",
    "借方科目コード",
    "借方科目名",
    "借方補助コード",
    "借方補助名",
    "借方税区分コード",
    "借方税区分名",
    "借方金額",
    "借方消費税額",
    "貸方税計算モード",
    "貸方部門コード",
    "貸方部門名",
    "貸方科目コード",
    "貸方科目名",
    "貸方補助コード",
    "貸方補助名",
    "貸方税区分コード",
    "貸方税区分名",
    "貸方金額",
    "貸方消費税額",
    "摘要文",
    "数字１",
    "数字２",
]


def pca_dx(entries: Sequence[Entry]) -> bytes:
    rows: list[list[object]] = [[*PCA_DX]]
    for entry, _, debit, credit, memo in _each(entries):
        row: list[object] = [f"{entry.day:%Y%m%d}", entry.number, "21", "0"]
        for side in (debit, credit):
            tax = f"課税仕入 {side.rate}%" if side.rate else "対象外"
            row += ["0", side.department_code, side.department, side.code, side.name, "", "", "", tax]
            row += [side.yen, side.tax]
        rows.append([*row, memo, "0", "0"])
    return lines(rows)


BUGYO_SIDE = (200, 201, 202, 203, 205, 208, 211, 213, 214, 220)
BUGYO = (
    ["OBCD001", "CSJS005", "CSJS006", "CSJS007", "CSJS100"]
    + [f"CSJS{n}" for n in BUGYO_SIDE]
    + [f"CSJS{n + 100}" for n in BUGYO_SIDE]
)


def bugyo(entries: Sequence[Entry]) -> bytes:
    """Amounts without tax; day and number on the first line of a slip alone."""
    rows: list[list[object]] = [[*BUGYO]]
    for entry, n, debit, credit, memo in _each(entries):
        head = [f"{entry.day:%Y/%m/%d}", "", entry.number] if n == 0 else ["", "", ""]
        row: list[object] = ["*" if n == 0 else "", *head, memo]
        for side in (debit, credit):
            row += [side.department_code, side.code, "", "", "", "", "", side.yen - side.tax, side.tax]
            row += [side.rate or ""]
        rows.append(row)
    return lines(rows)


MONEYFORWARD_SIDE = ["勘定科目", "補助科目", "部門", "取引先", "税区分", "インボイス", "金額(円)", "税額"]


def moneyforward(entries: Sequence[Entry]) -> bytes:
    names = ["取引No", "取引日"]
    names += [f"{side}{name}" for side in ("借方", "貸方") for name in MONEYFORWARD_SIDE]
    names += [
        "摘要",
        "仕訳メモ",
        "タグ",
        "MF仕訳タイプ",
        "決算整理仕訳",
        "作成日時",
        "作成者",
        "最終更新日時",
        "最終更新者",
    ]
    rows: list[list[object]] = [[*names]]
    for entry, _, debit, credit, memo in _each(entries):
        row: list[object] = [entry.number, f"{entry.day.year}/{entry.day.month:02d}/{entry.day.day}"]
        for side in (debit, credit):
            tax = f"課税仕入 {side.rate}%" if side.rate else "対象外"
            row += [side.name, "", side.department, "", tax, "", side.yen, side.tax]
        rows.append([*row, memo, "", "", "", "1" if entry.closing else "", *[""] * 4])
    return lines(rows, "utf-8")


def moneyforward_19(entries: Sequence[Entry]) -> bytes:
    """The older form: amounts alone."""
    side_names = ["勘定科目", "補助科目", "部門", "取引先", "税区分", "インボイス", "金額"]
    names = ["取引No", "取引日", *[f"{side}{name}" for side in ("借方", "貸方") for name in side_names]]
    rows: list[list[object]] = [[*names, "摘要", "タグ", "メモ"]]
    for entry, _, debit, credit, memo in _each(entries):
        row: list[object] = [entry.number, f"{entry.day:%Y/%m/%d}"]
        for side in (debit, credit):
            row += [
                side.name,
                "",
                side.department,
                "",
                f"課税 {side.rate}%" if side.rate else "対象外",
                "",
                side.yen,
            ]
        rows.append([*row, memo, "", ""])
    return lines(rows)


FREEE_SIDE = ["勘定科目", "金額", "税区分", "税金額", "税率", "取引先名", "補助科目名", "部門"]


def freee(entries: Sequence[Entry]) -> bytes:
    """Some of the hundred columns: what a user does not tick is not there."""
    names = ["No", "取引日", *[f"{side}{name}" for side in ("借方", "貸方") for name in FREEE_SIDE]]
    names += ["決算整理仕訳", "仕訳ID", "仕訳番号", "仕訳行番号", "仕訳行数", "取引内容"]
    rows: list[list[object]] = [[*names]]
    for entry, n, debit, credit, memo in _each(entries):
        row: list[object] = [len(rows), f"{entry.day:%Y-%m-%d}"]
        for side in (debit, credit):
            row += [side.name, side.yen, "課対仕入" if side.rate else "対象外", side.tax]
            row += [f"{side.rate}%" if side.rate else "", "", "", side.department]
        closing = "決算整理仕訳" if entry.closing else ""
        rows.append([*row, closing, 9_000 + entry.number, entry.number, n + 1, len(entry.lines), memo])
    return lines(rows, "utf-8-sig")


EXCEL_SIDE = ["勘定科目コード", "大科目", "中科目", "補助科目コード", "補助科目名", "区分(一般/指定)", "金額"]


def excel(entries: Sequence[Entry]) -> bytes:
    """A sheet with two lines of headings, the lower one the seventh."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet("仕訳帳"), book.add_format({"num_format": "yyyy/m/d"})
        sheet.write("A1", "仕訳帳")
        sheet.write("A6", "日付")
        sheet.merge_range("B6:H6", "借方")
        sheet.merge_range("I6:O6", "貸方")
        sheet.write("P6", "摘要")
        sheet.write_row(6, 0, ["", *EXCEL_SIDE, *EXCEL_SIDE, ""])
        for row, (entry, _, debit, credit, memo) in enumerate(_each(entries), start=7):
            sheet.write_datetime(row, 0, entry.day, day)
            for at, side in ((1, debit), (8, credit)):
                cells = [
                    int(side.code),
                    side.name,
                    "",
                    side.department_code,
                    side.department,
                    "一般",
                    side.yen,
                ]
                sheet.write_row(row, at, cells)
            sheet.write(row, 15, memo)
    return out.getvalue()


@dataclass(frozen=True)
class Package:
    """What writes a package's export; `lacks`: what its export does not say."""

    write: Callable[[Sequence[Entry]], bytes]
    suffix: str = "csv"
    lacks: frozenset[str] = field(default=frozenset())


TAXES = frozenset({"debit_tax_rate", "credit_tax_rate"})
PACKAGES = {
    "yayoi": Package(yayoi),
    "pca_koueki": Package(pca_koueki, "txt", TAXES | {"closing"}),
    "pca_dx": Package(pca_dx, lacks=frozenset({"closing"})),
    "bugyo": Package(bugyo, lacks=frozenset({"closing"})),
    "moneyforward": Package(moneyforward),
    "moneyforward_19": Package(moneyforward_19, lacks=frozenset({"closing"})),
    "freee": Package(freee),
    "excel": Package(excel, "xlsx", TAXES | {"closing", "slip"}),
}
