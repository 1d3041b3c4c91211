"""The journal of every accounting package becomes the same lines, each with the cell that it came from."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from samples.exports import exported
from samples.lines import lines_of
from schemas.catalog import Catalog
from schemas.catalog_rows import Code
from schemas.forms.event import EVENT
from schemas.layout import Layout, layouts
from schemas.period import Period
from tasks.world import World
from tests.conftest import MakeWorld
from tests.journals import ACCOUNTS, MARCH, PACKAGES, PROGRAMS, Entry, Side, deposits, fullwidth, lines
from tests.walking import query, walk

GIVEN = Path(__file__).parent / "ledgers"

LINES = """
select slip, closing, posted_on, d.account_id, p.program_id, debit_tax_rate, debit_yen,
       c.account_id, q.program_id, credit_tax_rate, credit_yen, memo
from fact_ledger
join dim_account d on d.account_key = debit_account_key
join dim_account c on c.account_key = credit_account_key
left join dim_program p on p.program_key = debit_program_key
left join dim_program q on q.program_key = credit_program_key
order by fact_ledger.line_no
"""
COLUMNS = (
    *("slip", "closing", "posted_on", "debit_account", "debit_program", "debit_tax_rate", "debit_yen"),
    *("credit_account", "credit_program", "credit_tax_rate", "credit_yen", "memo"),
)

Send = Callable[..., World]


@pytest.fixture
def coded(catalog: Catalog) -> Catalog:
    """The catalog of a body whose books have codes."""
    codes = [
        Code(kind="account", code=code, id=id, from_fy=2020, to_fy=None) for id, (_, code) in ACCOUNTS.items()
    ]
    codes += [
        Code(kind="program", code=code, id=id, from_fy=2020, to_fy=None)
        for id, (_, code) in PROGRAMS.items()
        if code
    ]
    return replace(catalog, codes=tuple(codes), sha256="coded")


@pytest.fixture
def send(make_world: MakeWorld, tmp_path: Path, coded: Catalog) -> Send:
    """Walk one file that head office sent."""

    def sent(
        content: bytes,
        file: str = "仕訳.csv",
        catalog: Catalog = coded,
        channel: str = "foundation",
        name: str = "home",
    ) -> World:
        inbox = tmp_path / f"in {name}"
        (inbox / channel).mkdir(parents=True)
        (inbox / channel / file).write_bytes(content)
        world = make_world(inbox, catalog=catalog, name=name)
        walk(world)
        return world

    return sent


def loaded(world: World) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in query(world, LINES)]


def findings(world: World) -> list[tuple[Any, ...]]:
    return query(
        world,
        "select rule_id, address, message from mart_finding where severity = 'critical' order by address",
    )


def expected(entries: tuple[Entry, ...] = MARCH) -> list[dict[str, Any]]:
    rows = []
    for entry in entries:
        for debit, credit, memo in entry.lines:
            row: dict[str, Any] = {
                "slip": str(entry.number),
                "closing": entry.closing,
                "posted_on": str(entry.day),
            }
            for name, side in (("debit", debit), ("credit", credit)):
                row |= {
                    f"{name}_account": side.account,
                    f"{name}_program": side.program or "",
                    f"{name}_tax_rate": str(side.rate) if side.rate else "",
                    f"{name}_yen": side.yen,
                }
            rows.append({**row, "memo": fullwidth(memo)})
    return rows


def without(rows: list[dict[str, Any]], lacks: frozenset[str]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in lacks} for row in rows]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_month_of_entries_is_the_same_lines_whatever_package_wrote_it(send: Send, package: str) -> None:
    of = PACKAGES[package]
    world = send(of.write(MARCH), f"仕訳.{of.suffix}")
    assert findings(world) == []
    assert without(loaded(world), of.lacks) == without(expected(), of.lacks)


@pytest.mark.parametrize("name", sorted(path.name for path in GIVEN.iterdir()))
def test_a_file_made_by_hand_from_the_description_of_its_layout_loads(send: Send, name: str) -> None:
    world = send((GIVEN / name).read_bytes(), name)
    assert findings(world) == []
    rows = loaded(world)
    assert [
        (row["posted_on"], row["debit_account"], row["credit_account"], row["debit_yen"]) for row in rows
    ] == [
        ("2021-05-10", "rent", "deposits", 55_000),
        ("2021-05-25", "salaries", "deposits", 300_000),
        ("2021-05-25", "salaries", "withholding", 20_000),
    ]
    assert [row["debit_program"] for row in rows] == ["1-01", "1-01", "2-01"]


def test_every_layout_has_a_file_made_by_hand() -> None:
    given = {path.stem for path in GIVEN.iterdir()}
    assert {layout.id for layout in layouts()} <= given


UNEVEN = (
    Entry(
        1,
        MARCH[0].day,
        [
            (Side("salaries", "1-01", 200_000), deposits(250_000), "給料"),
            (Side("salaries", "2-01", 80_000), Side("withholding", "", 30_000), "給料"),
        ],
    ),
)


@pytest.mark.parametrize("package", [name for name in PACKAGES if name != "excel"])
def test_lines_that_balance_only_together_are_one_slip(send: Send, package: str) -> None:
    of = PACKAGES[package]
    world = send(of.write(UNEVEN), f"仕訳.{of.suffix}")
    assert findings(world) == []
    assert {row["slip"] for row in loaded(world)} == {"1"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_slip_that_does_not_balance_is_found_at_its_last_line_and_keeps_the_file_out(
    send: Send, package: str
) -> None:
    of = PACKAGES[package]
    entry = replace(MARCH[2], lines=[(deposits(5_401), MARCH[2].lines[0][1], "返金")])
    world = send(of.write((*MARCH[:2], entry, MARCH[3])), f"仕訳.{of.suffix}")
    [(rule_id, address, _)] = findings(world)
    assert rule_id == "ledger.debit_yen.slip_balance"
    line = {"excel": "仕訳帳!H12", "yayoi": "line 5:借方金額", "pca_koueki": "line 5:借方金額"}
    assert address == line.get(package, address)
    assert loaded(world) == []


def test_a_code_that_stands_for_nothing_of_ours_is_found_with_the_yen_behind_it(
    send: Send, coded: Catalog
) -> None:
    fewer = replace(coded, codes=tuple(row for row in coded.codes if row.id != "salaries"), sha256="fewer")
    world = send(PACKAGES["bugyo"].write(MARCH), catalog=fewer)
    found = findings(world)
    assert [row[:2] for row in found] == [
        ("ledger.debit_account.known", f"line {line}:CSJS201") for line in (3, 4, 5)
    ]
    [message, *_] = [row[2] for row in found]
    assert "「5111」に当たる勘定科目がありません（このファイルで3行、350,000円）。" in message
    assert loaded(world) == []


def test_a_masked_code_keeps_the_file_out(send: Send) -> None:
    content = PACKAGES["pca_koueki"].write(MARCH).replace(b'"5212"', b'"*"', 1)
    [(rule_id, address, _)] = findings(send(content, "PkJidou001.txt"))
    assert (rule_id, address) == ("ledger.debit_account.known", "line 1:借方科目コード")


def test_a_side_with_an_amount_and_no_account_keeps_the_file_out(send: Send) -> None:
    content = PACKAGES["moneyforward"].write(MARCH).decode().replace("普通預金", "", 1).encode()
    [(rule_id, address, _)] = findings(send(content))
    assert (rule_id, address) == ("ledger.credit_account.needed", "line 2:貸方勘定科目")


def test_a_side_that_is_blank_moves_nothing(send: Send) -> None:
    head, *rows = PACKAGES["moneyforward"].write(UNEVEN).decode().splitlines()
    names = head.split(",")
    cells = [row.split(",") for row in rows]
    account, yen = names.index("貸方勘定科目"), names.index("貸方金額(円)")
    cells[0][yen] = "280000"
    cells[1][account] = cells[1][yen] = ""
    world = send("\n".join([head, *map(",".join, cells), ""]).encode())
    assert findings(world) == []
    assert [row["credit_yen"] for row in loaded(world)] == [280_000, 0]


def test_a_line_with_a_flag_that_the_package_never_writes_is_found(send: Send) -> None:
    content = PACKAGES["yayoi"].write(MARCH).replace(b"\n2111,3,", b"\n2112,3,", 1)
    assert [row[:2] for row in findings(send(content))] == [("ledger.slip.required", "line 5:識別フラグ")]


def test_people_do_not_write_codes_into_forms(coded: Catalog) -> None:
    from schemas.forms.expenditure import EXPENDITURE
    from tasks.convert import Converter

    column = EXPENDITURE.column("account")
    assert Converter(coded, "industry", EXPENDITURE.id).convert(column, "5111", {}).value is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reads": {"posted_on": "日付"}}, "missing"),
        ({"has_headings": False, "columns": ()}, "needs columns"),
        ({"slip": {"same": ("ない列",)}}, "not in columns"),
    ],
)
def test_a_layout_that_does_not_hold_together_is_refused(change: dict[str, Any], said: str) -> None:
    yayoi = next(layout for layout in layouts() if layout.id == "yayoi_25")
    with pytest.raises(ValueError, match=said):
        Layout(**{**yayoi.model_dump(), **change})


def changed(package: str, line: int, name: str, value: str, entries: tuple[Entry, ...] = MARCH) -> bytes:
    """A package's export with another value under a heading, in a line that counts from 1 as in the file."""
    rows = [*csv.reader(io.StringIO(PACKAGES[package].write(entries).decode("cp932"), newline=""))]
    rows[line - 1][rows[0].index(name)] = value
    return lines(rows)


def test_tax_that_cannot_be_read_is_not_left_out_of_an_amount(send: Send) -> None:
    [(rule_id, address, message)] = findings(send(changed("bugyo", 2, "CSJS214", "15,0000")))
    assert (rule_id, address) == ("ledger.debit_yen.readable", "line 2:CSJS213")
    assert "「150000（税 15,0000）」" in message


def test_lines_without_what_joins_them_are_not_one_slip(send: Send) -> None:
    found = findings(send(changed_utf8("freee", "仕訳ID", "")))
    assert [row[:2] for row in found] == [("ledger.slip.required", "line 2:仕訳ID")]


def test_a_slip_whose_first_or_last_line_is_lost_keeps_the_file_out(send: Send, tmp_path: Path) -> None:
    rows = PACKAGES["yayoi"].write(MARCH).splitlines(keepends=True)
    assert rows[1].startswith(b"2110")
    assert rows[3].startswith(b"2101")
    for lost, blamed in ((1, (2, 3)), (3, (2, 3))):
        left = [row for n, row in enumerate(rows) if n != lost]
        world = send(b"".join(left), f"{lost}.csv", name=f"lost {lost}")
        addresses = [row[1] for row in findings(world) if row[0] == "ledger.slip.required"]
        assert addresses == [f"line {line}:識別フラグ" for line in blamed]


def test_a_heading_that_stands_twice_in_a_journal_is_told(send: Send) -> None:
    rows = PACKAGES["moneyforward"].write(MARCH).decode().splitlines()
    rows = [f"{row},{'借方金額(円)' if n == 0 else 999999}" for n, row in enumerate(rows)]
    found = findings(send("\n".join([*rows, ""]).encode()))
    assert [row[0] for row in found] == ["file.REPEATED_HEADING"]


@pytest.mark.parametrize(("said", "closing"), [("true", "本決"), ("いいえ", ""), ("0", "")])
def test_a_closing_entry_is_known_however_the_package_says_so(send: Send, said: str, closing: str) -> None:
    content = changed_utf8("moneyforward", "決算整理仕訳", said)
    world = send(content)
    assert findings(world) == []
    assert loaded(world)[0]["closing"] == closing


def test_a_word_for_a_closing_entry_that_nobody_knows_keeps_the_file_out(send: Send) -> None:
    found = findings(send(changed_utf8("moneyforward", "決算整理仕訳", "仮締め")))
    assert [row[:2] for row in found] == [("ledger.closing.known", "line 2:決算整理仕訳")]


def changed_utf8(package: str, name: str, value: str) -> bytes:
    """A package's export in UTF-8 with another value in its first line."""
    rows = [*csv.reader(io.StringIO(PACKAGES[package].write(MARCH).decode("utf-8-sig"), newline=""))]
    rows[1][rows[0].index(name)] = value
    return lines(rows, "utf-8")


def excel_book(send_rows: Callable[[Any], None]) -> bytes:
    """The Excel journal, changed by hand."""
    book = openpyxl.load_workbook(io.BytesIO(PACKAGES["excel"].write(MARCH)))
    send_rows(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_mark_before_a_line_of_an_excel_journal_is_no_note(send: Send) -> None:
    def mark(book: Any) -> None:
        sheet = book["仕訳帳"]
        for merged in [*sheet.merged_cells.ranges]:
            sheet.unmerge_cells(str(merged))
        sheet.insert_cols(1)
        for column, name in zip("CDEFGHI", ["借方"] * 7, strict=True):
            sheet[f"{column}6"] = name
        for column, name in zip("JKLMNOP", ["貸方"] * 7, strict=True):
            sheet[f"{column}6"] = name
        sheet["A7"], sheet["A9"] = "備考", "※軽減"

    world = send(excel_book(mark), "仕訳.xlsx")
    assert findings(world) == []
    assert len(loaded(world)) == len(expected())


def test_a_line_of_formulas_without_values_is_not_passed_over(send: Send) -> None:
    def uncompute(book: Any) -> None:
        for cell in book["仕訳帳"][9]:
            cell.value = "=Z1"

    found = findings(send(excel_book(uncompute), "仕訳.xlsx"))
    assert "cell.uncomputed" in {row[0] for row in found}


def test_a_hidden_journal_beside_a_visible_one_is_told(send: Send) -> None:
    def hide(book: Any) -> None:
        book.copy_worksheet(book["仕訳帳"]).sheet_state = "hidden"

    world = send(excel_book(hide), "仕訳.xlsx")
    assert "sheet.hidden" in {rule for (rule,) in query(world, "select rule_id from mart_finding")}


def test_an_export_of_events_as_wide_as_a_journal_is_one_of_events(send: Send, catalog: Catalog) -> None:
    events = lines_of(catalog.in_year(2021), EVENT.id, "electronics", Period("month", 2021, 11))
    rows = [*csv.reader(io.StringIO(exported(EVENT, events).decode("cp932"), newline=""))]
    wide = [
        [name, *row, *[""] * (24 - len(row))]
        for name, row in zip(["受付番号", *["2101"] * 99], rows, strict=False)
    ]
    world = send(lines(wide), channel="electronics")
    assert {form for (form,) in query(world, "select form_id from dim_submission")} == {"event"}


def test_a_comma_too_many_is_named_by_its_line(send: Send) -> None:
    rows = PACKAGES["yayoi"].write(MARCH).splitlines(keepends=True)
    rows[1] = rows[1].replace("給料①".encode("cp932"), "給料,①".encode("cp932"))
    [(rule_id, _, message)] = findings(send(b"".join(rows)))
    assert rule_id == "file.RAGGED"
    assert "2行目" in message


@pytest.mark.parametrize(("package", "name"), [("pca_dx", "管理仕訳区分"), ("bugyo", "CSJS006")])
def test_a_number_for_a_closing_entry_is_never_guessed(send: Send, package: str, name: str) -> None:
    found = findings(send(changed(package, 2, name, "2")))
    assert [row[:2] for row in found] == [("ledger.closing.known", f"line 2:{name}")]
