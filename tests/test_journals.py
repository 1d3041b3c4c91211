"""The journal of every accounting package becomes the same lines, each with the cell that it came from."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.catalog import Catalog
from schemas.catalog_rows import Code
from schemas.layout import Layout, layouts
from tasks.world import World
from tests.conftest import MakeWorld
from tests.journals import ACCOUNTS, MARCH, PACKAGES, PROGRAMS, Entry, Side, deposits, fullwidth
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

    def sent(content: bytes, name: str = "仕訳.csv", catalog: Catalog = coded) -> World:
        inbox = tmp_path / "in"
        (inbox / "foundation").mkdir(parents=True)
        (inbox / "foundation" / name).write_bytes(content)
        world = make_world(inbox, catalog=catalog)
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
