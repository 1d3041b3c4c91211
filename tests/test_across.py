"""Rules between submissions open and close with the state; a settled ledger's word weighs more."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from tests.conftest import SAMPLES, MakeWorld
from tests.corruption_edits import edit
from tests.walking import query, walk

LEDGER = SAMPLES / "foundation" / "仕訳データ_R03.csv"
DEBIT, CREDIT, CLOSING, ACCOUNT, DEPARTMENT, DATE = 8, 14, 2, 4, 6, 3


def ledger_with(inbox: Path, more_yen: int, is_settled: bool) -> None:
    """The sample ledger in which April's honoraria of 5-(1) cost some yen more; with or without closing."""
    path = inbox / "foundation" / LEDGER.name
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("cp932"), newline="")))
    row = next(
        r for r in rows if r[ACCOUNT] == "諸謝金" and r[DEPARTMENT] == "5-(1)" and "04" in r[DATE][4:7]
    )
    row[DEBIT] = row[CREDIT] = str(int(row[DEBIT]) + more_yen)
    if not is_settled:
        for row in rows:
            row[CLOSING] = ""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("cp932"))


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_center_that_differs_from_the_ledger_is_told_at_its_line(
    make_world: MakeWorld, ledger_inbox: Path, is_settled: bool
) -> None:
    ledger_with(ledger_inbox, 5_000, is_settled)
    world = make_world(ledger_inbox)
    walk(world)
    rows = query(
        world,
        "select center_id, period_id, rule_id, address, message from mart_finding"
        " where rule_id like 'difference.%' and period_id = '2021-04'",
    )
    assert [row[:3] for row in rows] == [("projects", "2021-04", "difference.unknown")]
    assert rows[0][3].startswith("支出明細!G")
    assert "会計は" in rows[0][4]
    statuses = query(
        world,
        "select section, unexplained_yen from mart_reconciliation"
        " where status in ('差あり', '決算未了') and unexplained_yen <> 0 and center_id = 'projects'",
    )
    # The planted slip of 千円 and this one.
    assert sorted(statuses) == [("5", 7_430_562 - 5_000), ("5-(1)", 7_430_562 - 5_000)]


def test_a_finding_closes_when_the_month_that_caused_it_is_mended(
    make_world: MakeWorld, ledger_inbox: Path
) -> None:
    inbox = ledger_inbox
    mended = shutil.move(inbox / "foundation" / LEDGER.name, inbox.parent)
    shutil.copy(LEDGER, inbox / "foundation")
    ledger_with(inbox, 700, is_settled=True)
    world = make_world(inbox)
    walk(world)
    open_now = "select count(*) from bridge_finding where rule_id = 'difference.unknown'"
    assert query(world, open_now) == [(1,)]
    again = inbox / "foundation" / "仕訳データ_R03_再出力.csv"
    shutil.copy(mended, again)
    with (inbox / "arrivals.csv").open("a", encoding="utf-8") as file:
        file.write(f"foundation/{again.name},foundation,経理係,2022-05-10T09:00:00+09:00\n")
    walk(world)
    assert query(world, open_now) == [(0,)]


def test_what_a_center_states_of_the_year_is_judged_when_the_year_is_in(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    inbox = tmp_path / "in"
    shutil.copytree(SAMPLES / "icc", inbox / "icc")
    name = "インタークロス・クリエイティブ・センター"
    sheet = "事業概要・定性実績報告書"
    edit(inbox / "icc" / f"{sheet}_R03_{name}.xlsx", {f"{sheet}!F12": 118})
    march = shutil.move(inbox / "icc" / f"月報_R04-03_{name}.xlsx", tmp_path)
    world = make_world(inbox)
    walk(world)
    stated = "select address, seen, expected from bridge_finding where rule_id = 'narrative.stated.differs'"
    assert query(world, stated) == []
    shutil.move(march, inbox / "icc")
    walk(world)
    # Of the difference to the year before nothing can be said: what that year published is not in.
    assert query(world, stated) == [(f"{sheet}!F12", "118", "117")]


def test_an_event_is_told_of_its_other_name_whichever_month_comes_first(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    found = []
    for number, order in enumerate((("05", "06"), ("06", "05"))):
        inbox = tmp_path / f"in{number}"
        (inbox / "industry").mkdir(parents=True)
        world = make_world(inbox, name=f"home{number}")
        for month in order:
            path = inbox / "industry" / f"月報_R03-{month}_産業振興センター.xlsx"
            shutil.copy(SAMPLES / "industry" / path.name, path)
            edit(path, {"イベント!D6": f"創業者向けセミナー {month}月"})
            walk(world)
        found.append(query(world, "select rule_id, address, seen from bridge_finding"))
    assert found[0] == found[1]
    assert ("event.name.differs", "イベント!D6", "創業者向けセミナー 06月（国内）") in found[0]
