"""Center against ledger: what is planted is found, named and evidenced; what is explained stays explained."""

import csv
import io
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from samples.tables import table
from tasks.explain import explain, read_explanations
from tasks.load import load, rebuild
from tasks.report import report
from tasks.world import World
from tests.conftest import ROOT, MakeWorld
from tests.reference import CENTER_TOTALS
from tests.shown import shown
from tests.walking import query, state, walk

EXPLANATIONS = ROOT / "samples" / "explanations.csv"
LEDGER = "foundation/仕訳データ_R03.csv"
DATE, DEBIT_ACCOUNT, DEBIT_PROGRAM, DEBIT, CREDIT, MEMO = 3, 4, 6, 8, 14, 16

# Kind and place of the mistake (samples/patterns/differences.csv) to what it must be called.
NAMES = {
    ("duplicate", "center"): "D1",
    ("wrong_program", "center"): "C1",
    ("transposition", "center"): "E1",
    ("thousand", "center"): "E2",
    ("late_entry", "ledger"): "T1",
    ("wrong_program", "ledger"): "L1",
    ("double_entry", "ledger"): "L1",
}


def test_each_planted_difference_is_found_and_named_and_nothing_else(walked: World) -> None:
    planted = sorted((NAMES[row["kind"], row["by"]], int(row["month"])) for row in table("differences"))
    found = query(
        walked,
        "select d.code, e.period_id, d.status from mart_difference d join mart_difference_evidence e"
        " on e.difference_id = d.difference_id and e.evidence_no = 1",
    )
    assert sorted((code, int(period_id[-2:])) for code, period_id, _ in found) == planted
    # What the ledger itself took back needs no explanation; all else does.
    assert all(status == ("解消" if code == "L1" else "未説明") for code, _, status in found)


def test_the_evidence_of_a_difference_is_all_its_cells_and_postings_with_their_number(walked: World) -> None:
    rows = query(
        walked,
        "select d.code, e.reference, e.side, e.amount_yen, e.cell_yen, e.address, e.file_name"
        " from mart_difference d join mart_difference_evidence e on e.difference_id = d.difference_id"
        " where d.code <> 'L1' order by e.reference, e.evidence_no",
    )
    assert [row[:5] for row in rows] == [
        ("C1", "111-052", "reported", 86_176, 86_176),
        ("C1", "111-052", "booked", -86_176, 86_176),
        ("D1", "209-005", "reported", 13_927, 13_927),
        # The other entry of the same invoice is the witness, and makes no difference itself.
        ("D1", "209-005", "reported", 0, 13_927),
        ("E1", "310-031", "reported", 93_533, 93_533),
        ("E1", "310-031", "booked", -95_333, 95_333),
        ("T1", "410-022", "reported", 110_000, 110_000),
        ("T1", "410-022", "booked", -110_000, 110_000),
        ("E2", "512-002", "reported", 7_438_000, 7_438_000),
        ("E2", "512-002", "booked", -7_438, 7_438),
    ]
    for _, reference, side, _, _, address, file_name in rows:
        if side == "booked":
            assert file_name == LEDGER
            assert address.startswith("line ")
        else:
            sheet = openpyxl.load_workbook(ROOT / "samples" / "inbox" / file_name, read_only=True)["支出明細"]
            assert sheet[f"C{address.removeprefix('支出明細!G')}"].value == reference


def test_a_difference_is_told_to_whoever_can_mend_it(walked: World) -> None:
    rows = query(
        walked,
        "select center_id, rule_id, address, message from mart_finding where rule_id like 'difference.%'",
    )
    assert sorted((center, rule) for center, rule, *_ in rows) == [
        ("electronics", "difference.transposed"),
        ("icc", "difference.other_month"),
        ("industry", "difference.other_program"),
        ("projects", "difference.thousand"),
        ("sme", "difference.twice"),
    ]
    (message,) = (message for center, _, _, message in rows if center == "projects")
    assert message.startswith("支出明細!G7: ")
    assert "「7,438,000」円、会計は「7,438」円で、千倍違います" in message


STATEMENT = """
select scope, scope_id, reported_minus_ledger_yen,
  timing_yen + classification_yen + basis_yen + missing_yen + error_yen, unexplained_yen, status
from mart_reconciliation where fiscal_year = 2021 and role = 'center'
"""


def test_before_anything_is_explained_all_of_the_difference_is_unexplained(walked: World) -> None:
    rows = query(walked, STATEMENT)
    assert len(rows) == 28 + 5 + 1
    for _, scope_id, gap, explained, unexplained, _ in rows:
        assert explained + unexplained == gap, scope_id
    open_now = {scope_id for _, scope_id, _, _, _, status in rows if status == "差あり"}
    assert open_now >= {"1-05", "1-06", "2-01", "3-04", "4-02", "5-01", *CENTER_TOTALS, "foundation"}
    assert {scope_id for _, scope_id, _, _, yen, _ in rows if yen} == {
        *("1-05", "1-06", "2-01", "3-04", "5-01", "sme", "electronics", "projects", "foundation")
    }


@pytest.fixture
def explained(year: World) -> World:
    """The sample year with what the accountant said of it."""
    assert explain(year, read_explanations(EXPLANATIONS), "経理係")
    load(year)
    return year


def test_with_their_explanations_nothing_is_unexplained_and_the_totals_print(explained: World) -> None:
    rows = query(explained, STATEMENT)
    assert len(rows) == 28 + 5 + 1
    for _, scope_id, gap, told, unexplained, status in rows:
        assert (unexplained, told) == (0, gap), scope_id
        assert status in ("一致", "説明済"), scope_id
    book = openpyxl.load_workbook(report(explained, 2021), data_only=True)
    totals = {row[1].value: shown(row[3]) for row in book["Ⅳ資金収支決算"].iter_rows(min_row=4)}
    for center in explained.catalog.centers:
        if center.role == "center":
            assert totals[f"{center.center_name} 計"] == CENTER_TOTALS[center.center_id]
    reasons = [row[-2] for row in book["支出照合"].iter_rows(min_row=4, values_only=True)]
    assert sum("伺209-005" in str(reason) for reason in reasons) == 1
    said = {row[0]: row[-1] for row in book["差異一覧"].iter_rows(min_row=4, values_only=True)}
    assert sum("経理係" in str(reason) for reason in said.values()) == 5
    assert query(explained, "select count(*) from mart_finding where rule_id like 'difference.%'") == [(0,)]


def test_the_statement_as_of_the_day_before_knows_no_explanation(
    explained: World, make_world: MakeWorld
) -> None:
    before = openpyxl.load_workbook(report(explained, 2021, date(2022, 6, 30)), data_only=True)
    statuses = [row[8] for row in before["差異一覧"].iter_rows(min_row=4, values_only=True)]
    assert statuses.count("未説明") == 5
    foundation = next(
        row for row in before["支出照合"].iter_rows(values_only=True) if row[1] == "財団計（本部を除く）"
    )
    assert foundation[15] == 7_442_689
    assert foundation[-1] == "差あり"


def test_explanations_survive_a_rebuild_and_are_not_given_twice(explained: World) -> None:
    before = state(explained)
    rebuild(explained)
    assert state(explained) == before
    assert explain(explained, read_explanations(EXPLANATIONS), "経理係") == []
    decisions = query(explained, "select kind, decided_by, period_id from mart_decision")
    assert decisions == [("説明", "経理係", "FY2021")]


def test_an_explanation_needs_a_name_a_reason_and_a_difference_that_is_there(year: World) -> None:
    for reasons, by, word in (
        ({"0123456789abcdef": "不明"}, "経理係", "今ありません"),
        ({}, "経理係", "説明には"),
        ({"12769ffdcc6c6952": ""}, "経理係", "説明には"),
        ({"12769ffdcc6c6952": "誤り"}, "", "説明には"),
    ):
        with pytest.raises(ValueError, match=word):
            explain(year, reasons, by)


def test_reasons_are_read_from_what_excel_saves(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "cp932"):
        path = tmp_path / "理由.csv"
        path.write_text("差異番号,分類,説明\nabc,E2,千円と円\ndef,D1,\n", encoding=encoding)
        assert read_explanations(path) == {"abc": "千円と円"}
    path.write_text("番号,理由\nabc,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="見出し"):
        read_explanations(path)


def ledger_rows(inbox: Path) -> list[list[str]]:
    text = (inbox / LEDGER).read_bytes().decode("cp932")
    return list(csv.reader(io.StringIO(text, newline="")))


def send_ledger(inbox: Path, rows: list[list[str]], name: str = LEDGER, at: str = "") -> None:
    """Write a journal into the inbox; `at`: its moment of arrival."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    (inbox / name).write_bytes(text.getvalue().encode("cp932"))
    if at:
        with (inbox / "arrivals.csv").open("a", encoding="utf-8") as file:
            file.write(f"{name},foundation,経理係,{at}\n")


def month(row: list[str]) -> int:
    text = row[DATE]
    if text.isdecimal():
        return int(text[:6])
    year, number, _ = text.split("/")
    return (int(year.removeprefix("R.")) + 2018 if year.startswith("R.") else int(year)) * 100 + int(number)


def test_what_last_month_lacked_and_this_month_has_is_the_same_difference(
    make_world: MakeWorld, inbox: Path
) -> None:
    """The ledger of October lacks an invoice that November's has: one number, first seen in November."""
    rows = ledger_rows(inbox)
    (inbox / LEDGER).unlink()
    for last, at in ((202110, "2021-11-18T09:00:00+09:00"), (202111, "2021-12-18T09:00:00+09:00")):
        name = f"foundation/仕訳データ_{last}.csv"
        send_ledger(inbox, [row for row in rows if month(row) <= last], name, at)
    moments = [datetime(2021, 11, 30, tzinfo=UTC), datetime(2021, 12, 31, tzinfo=UTC)]
    world = make_world(inbox)
    walk(world)
    sheets = [
        openpyxl.load_workbook(report(world, 2021, moment.date()), data_only=True)["差異一覧"]
        for moment in moments
    ]
    found = [
        {row[0]: (row[1], row[8]) for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]}
        for sheet in sheets
    ]
    (number,) = (n for n, (category, _) in found[0].items() if category == "M1 会計になし")
    assert found[1][number] == ("T1 計上月の違い", "未説明")
    # Until the ledger comes to a month, and a center reports it, nothing is said against anybody.
    waiting = {category for category, status in found[0].values() if status == "期間待ち"}
    # One center reported October only in December.
    assert waiting == {"T2 センター未報告"}
    since = query(world, f"select first_seen_at from mart_difference where difference_id = '{number}'")
    assert str(since[0][0]).startswith("2021-12-18")


def taken(rows: list[list[str]], used: set[str]) -> list[str]:
    """The next posting of an invoice on a debit account of its own, not used yet."""
    planted = {"109-020", "111-052", "209-005", "306-008", "310-031", "410-022", "512-002"}
    for row in rows:
        mark = row[MEMO][1:8]
        # Head office's own (0..) are no center's.
        is_ours = (
            row[MEMO].startswith("伺")
            and mark[0] != "0"
            and row[DEBIT_PROGRAM]
            and mark not in used | planted
        )
        if (
            is_ours
            and len(set(row[DEBIT])) > 3
            and row[DEBIT][0] != row[DEBIT][1]
            and int(row[DEBIT]) > 9_999
        ):
            used.add(mark)
            return row
    raise AssertionError


def test_each_mistake_in_the_journal_is_called_by_its_name(make_world: MakeWorld, inbox: Path) -> None:
    rows, used = ledger_rows(inbox), set[str]()
    wanted: dict[str, str] = {}

    def mistake(rule: str) -> list[str]:
        row = taken(rows, used)
        wanted[row[MEMO][1:8]] = rule
        return row

    def amount(row: list[str], yen: int) -> None:
        row[DEBIT] = row[CREDIT] = str(yen)

    row = mistake("difference.transposed")
    amount(row, int(row[DEBIT][1] + row[DEBIT][0] + row[DEBIT][2:]))
    row = mistake("difference.digit")
    amount(row, int(row[DEBIT]) * 10)
    row = mistake("difference.thousand")
    amount(row, int(row[DEBIT]) * 1000)
    row = mistake("difference.tax")
    amount(row, round(int(row[DEBIT]) * 100 / 110))
    row = mistake("difference.sign")
    row[4:10], row[10:16] = row[10:16], row[4:10]
    row = mistake("difference.unknown")
    amount(row, int(row[DEBIT]) + 3)
    row = mistake("difference.other_account")
    row[DEBIT_ACCOUNT] = "会議費" if row[DEBIT_ACCOUNT] != "会議費" else "旅費交通費"
    row = mistake("difference.only_reported")
    rows.remove(row)
    row = mistake("difference.twice")
    rows.append([*row])
    row = mistake("difference.other_reference")
    lost, row[MEMO] = row[MEMO][1:8], "伺999-999" + row[MEMO][8:]
    used.add("999-999")
    wanted[lost] = "difference.other_reference"
    rows.append([*taken(rows, used)])
    rows[-1][MEMO] = "伺998-001　台帳にのみある支出"
    wanted["998-001"] = "difference.only_booked"
    for number, row in enumerate(rows, start=1):
        row[1] = str(number) if row[0] == "2000" else row[1]
    send_ledger(inbox, rows)
    world = make_world(inbox)
    walk(world)
    found = query(
        world,
        "select f.rule_id, e.reference from mart_finding f join mart_difference d"
        " on d.file_name = f.file_name and d.address = f.address join mart_difference_evidence e"
        " on e.difference_id = d.difference_id and e.evidence_no = 1 where f.rule_id like 'difference.%'",
    )
    planted = {"111-052", "209-005", "310-031", "410-022", "512-002"}
    assert {reference: rule for rule, reference in found if reference not in planted} == wanted


def test_a_body_whose_centers_send_no_lines_is_compared_by_program_account_and_month(
    make_world: MakeWorld, inbox: Path
) -> None:
    for path in (inbox / "projects").glob("月報*.xlsx"):
        book = openpyxl.load_workbook(path)
        del book["支出明細"]
        book.save(path)
    for folder in ("industry", "sme", "electronics", "icc"):
        shutil.rmtree(inbox / folder)
    world = make_world(inbox)
    walk(world)
    rows = query(
        world,
        "select code, status, reported, booked, address from mart_difference where center_id = 'projects'",
    )
    # Only the sum of the account is known: 4,959 + 7,438,000 against 4,959 + 7,438.
    assert rows == [("U", "未説明", "7,442,959", "12,397", "支出!C8")]
    gaps = query(world, STATEMENT.replace("role = 'center'", "section like '5%' and scope = 'program'"))
    assert all(explained + unexplained == gap for _, _, gap, explained, unexplained, _ in gaps)


def test_the_settlement_ends_in_the_years_balance_of_income_and_spending(walked: World) -> None:
    sheet = openpyxl.load_workbook(report(walked, 2021), data_only=True)["Ⅳ資金収支決算"]
    headings = [cell.value for cell in sheet[3]]
    (whole,) = (row for row in sheet.iter_rows(min_row=4) if row[1].value == "合計")
    said = {name: cell.value for name, cell in zip(headings, whole, strict=True)}
    ((budget, income, spent),) = query(
        walked,
        "select sum(income_budget_yen), sum(income_yen), sum(ledger_yen) from mart_reconciliation"
        " where fiscal_year = 2021 and scope = 'program'",
    )
    assert (said["収入予算 C"], said["収入決算 D"], said["決算額 B"]) == (budget, income, spent)
    assert said["収支差額（D－B）"] == income - spent
    by_source = dict(query(walked, "select source, sum(income_yen) from mart_income group by source"))
    assert sum(by_source.values()) == income
    assert by_source["指定管理料収入"] > 0
