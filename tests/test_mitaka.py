"""Another body's budget, read by its own catalog and layouts and no code of ours.

The data is 「三鷹市 令和6年度予算データ」 (Mitaka city, CC BY 4.0), as the city publishes it. It is read from
beside the project, and the tests are skipped where it is not there.
"""

import csv
import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.catalog import load_catalog
from tasks.world import World
from tests.conftest import ROOT, MakeWorld
from tests.walking import query, walk

DATA = ROOT.parent / "shared" / "real" / "mitaka_fy2024"
CATALOG = ROOT / "tests" / "catalogs" / "mitaka"
SENT = {
    "expenditure.cp932.csv": "令和6年度予算_歳出.csv",
    "revenue.cp932.csv": "令和6年度予算_歳入.csv",
    "published_totals.csv": "款別予算額.csv",
}
JULY = datetime(2024, 7, 1, tzinfo=UTC)
FINDINGS = "select rule_id, address, seen, expected from mart_finding order by rule_id, address"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the city's data is not beside the project")


def arrived(inbox: Path, moments: dict[str, str]) -> None:
    """Say when files of the city came."""
    path = inbox / "arrivals.csv"
    if not path.exists():
        path.write_text("file,channel,sender,received_at\n", encoding="utf-8")
    with path.open("a", encoding="utf-8") as file:
        for name, moment in moments.items():
            file.write(f"city/{name},city,財政課,{moment}\n")


@pytest.fixture
def city(make_world: MakeWorld, tmp_path: Path) -> World:
    folder = tmp_path / "in" / "city"
    folder.mkdir(parents=True)
    for name, sent in SENT.items():
        shutil.copyfile(DATA / name, folder / sent)
    # A budget is passed before its year begins; what was printed of it came later.
    books = dict.fromkeys(list(SENT.values())[:2], "2024-03-28T10:00:00+09:00")
    arrived(folder.parent, books | {SENT["published_totals.csv"]: "2024-04-10T10:00:00+09:00"})
    world = make_world(folder.parent, catalog=load_catalog(CATALOG), clock=lambda: JULY)
    walk(world)
    return world


def changed(world: World, sent: str, number: int, heading: str, value: str, again: str) -> None:
    """Send a copy of a file in which one cell of a row is another."""
    original = world.inbox / "city" / sent
    rows = list(csv.reader(io.StringIO(original.read_bytes().decode("cp932"), newline="")))
    rows[number - 1][rows[0].index(heading)] = value
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    (world.inbox / "city" / again).write_bytes(text.getvalue().encode("cp932"))
    arrived(world.inbox, {again: "2024-06-10T13:00:00+09:00"})


def test_each_row_of_the_citys_budget_is_read_in_yen_with_its_cell(city: World) -> None:
    assert query(city, "select count(*), sum(amount_yen) from fact_appropriation") == [
        (5_613, 122_908_044_000),
    ]
    assert query(city, "select count(*), sum(amount_yen) from fact_revenue") == [(821, 122_908_044_000)]
    assert query(city, "select status, count(*) from mart_submission group by status") == [("有効", 3)]
    assert query(
        city,
        "select fund, heading, path, amount_yen, amount_yen_at from fact_appropriation where line_no = 2",
    ) == [
        (
            "一般会計",
            "議会費",
            "01議会費／01議会費／01議会費／01議員人件費その他／01報酬／01議員報酬　２８人",
            186_240_000,
            "line 2:08予算額",
        )
    ]


def test_the_detail_comes_to_all_totals_that_the_city_printed_and_every_fund_balances(city: World) -> None:
    printed = (
        "select p.kind, count(*) from fact_published p join ({}) d on d.heading = p.title"
        " and d.fund = p.qualifier where p.kind = '{}' and p.value * 1000 = d.yen group by p.kind"
    )
    for kind, totals in (("appropriation", 12), ("revenue", 22)):
        sums = f"select fund, heading, sum(amount_yen) as yen from fact_{kind} group by fund, heading"
        assert query(city, printed.format(sums, kind)) == [(kind, totals)]
    funds = query(
        city,
        "select a.fund, a.yen, r.yen from"
        " (select fund, sum(amount_yen) as yen from fact_appropriation group by fund) a join"
        " (select fund, sum(amount_yen) as yen from fact_revenue group by fund) r on r.fund = a.fund",
    )
    assert len(funds) == 5
    assert all(spent == earned for _, spent, earned in funds)
    assert query(city, FINDINGS) == []


@pytest.mark.parametrize("number", [2, 2_807, 5_614])
def test_one_yen_more_in_one_row_is_found_at_that_row(city: World, number: int) -> None:
    ((amount,),) = query(city, f"select amount_yen from fact_appropriation where line_no = {number}")
    more = f"{(amount + 1) / 1000:.3f}"
    changed(city, SENT["expenditure.cp932.csv"], number, "08予算額", more, "令和6年度予算_歳出_再.csv")
    walk(city)
    found = query(city, FINDINGS)
    # The fund no longer balances either; the printed total is in 千円 and does not see one yen.
    assert [rule for rule, *_ in found] == [
        "appropriation.amount_yen.changed",
        "appropriation.amount_yen.unbalanced",
    ]
    assert found[0][1:] == (f"line {number}:08予算額", f"{amount + 1:,}", f"{amount:,}")


def test_a_row_that_is_another_from_the_first_is_told_by_the_printed_total_and_the_fund(
    make_world: MakeWorld, tmp_path: Path, city: World
) -> None:
    changed(city, SENT["revenue.cp932.csv"], 2, "08予算額", "18486804", "令和6年度予算_歳入_再.csv")
    walk(city)
    assert ("revenue.amount_yen.changed", "line 2:08予算額") in [row[:2] for row in query(city, FINDINGS)]
    folder = tmp_path / "other" / "city"
    folder.mkdir(parents=True)
    for name in (*SENT.values(),):
        source = "令和6年度予算_歳入_再.csv" if name == SENT["revenue.cp932.csv"] else name
        shutil.copyfile(city.inbox / "city" / source, folder / name)
    arrived(folder.parent, dict.fromkeys(SENT.values(), "2024-04-10T10:00:00+09:00"))
    world = make_world(folder.parent, catalog=load_catalog(CATALOG), name="other home", clock=lambda: JULY)
    walk(world)
    assert [(rule, seen, expected) for rule, _, seen, expected in query(world, FINDINGS)] == [
        ("appropriation.amount_yen.unbalanced", "83,187,972,000", "83,187,973,000"),
        ("published.value.budget", "39,849,457", "39,849,458"),
    ]


def test_a_budget_whose_year_nobody_says_stays_out(make_world: MakeWorld, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "city"
    folder.mkdir(parents=True)
    shutil.copyfile(DATA / "revenue.cp932.csv", folder / "歳入.csv")
    world = make_world(tmp_path / "in", catalog=load_catalog(CATALOG), clock=lambda: JULY)
    walk(world)
    assert query(world, "select reason from mart_submission") == [("file.NO_YEAR",)]


def sent_without(make_world: MakeWorld, folder: Path, name: str, word: str) -> World:
    """A world to which the city sent its files, one of them without the rows that begin with a word."""
    (folder / "city").mkdir(parents=True)
    for source, sent in SENT.items():
        lines = (DATA / source).read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if source != name or not line.startswith(word.encode("cp932"))]
        assert source != name or len(kept) < len(lines)
        (folder / "city" / sent).write_bytes(b"".join(kept))
    arrived(folder, dict.fromkeys(SENT.values(), "2024-04-10T10:00:00+09:00"))
    return make_world(folder, catalog=load_catalog(CATALOG), clock=lambda: JULY)


@pytest.mark.parametrize(("name", "spent"), [("revenue.cp932.csv", True), ("expenditure.cp932.csv", False)])
def test_a_fund_that_one_of_the_books_has_not_at_all_is_told(
    make_world: MakeWorld, tmp_path: Path, name: str, spent: bool
) -> None:
    world = sent_without(make_world, tmp_path / "in", name, "06介護サービス事業特別会計")
    walk(world)
    rows = [(rule, seen, expected) for rule, _, seen, expected in query(world, FINDINGS)]
    yen = ("691,688,000", "0") if spent else ("0", "691,688,000")
    assert rows == [("appropriation.amount_yen.unbalanced", *yen)]


def test_a_printed_heading_that_no_row_has_is_told(make_world: MakeWorld, tmp_path: Path) -> None:
    world = sent_without(make_world, tmp_path / "in", "revenue.cp932.csv", "01一般会計,22市債")
    walk(world)
    rows = {(rule, seen, expected) for rule, _, seen, expected in query(world, FINDINGS)}
    assert ("published.value.budget", "1,366,000", "0") in rows


def test_a_table_of_two_years_is_of_neither(make_world: MakeWorld, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "city"
    folder.mkdir(parents=True)
    text = (DATA / "published_totals.csv").read_text(encoding="utf-8")
    (folder / "款別.csv").write_text(
        text.replace("132047,2024,revenue", "132047,2023,revenue", 1), encoding="utf-8"
    )
    world = make_world(folder.parent, catalog=load_catalog(CATALOG), clock=lambda: JULY)
    walk(world)
    assert query(world, "select reason from mart_submission") == [("file.NO_YEAR",)]
