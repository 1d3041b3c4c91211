"""A new indicator, a new center and a whole other body are rows of the catalog, and no code."""

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest

from schemas.catalog import Catalog, CatalogError, load_catalog
from schemas.period import FISCAL_MONTHS, Period
from tasks.report import report
from tests.conftest import ROOT, MakeWorld
from tests.walking import query, walk
from tests.workbooks import write_monthly

CULTURE = Path(__file__).parent / "catalogs" / "culture"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalog, to add rows to."""
    return Path(shutil.copytree(ROOT / "schemas" / "catalog", tmp_path / "catalog"))


def add_row(folder: Path, file: str, like: str, **values: object) -> None:
    """Append a row that is like the one with an id (its first column), but for some values."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    row = next(row for row in rows if like in row.values())
    with path.open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, row.keys(), lineterminator="\n").writerow(row | values)


def send_year(inbox: Path, catalog: Catalog, center_id: str, channel: str, year: int, **values: int) -> None:
    """Twelve months of a center in which every indicator has the same value each month."""
    (inbox / channel).mkdir(parents=True, exist_ok=True)
    before: dict[str, int] = {}
    programs = [row for row in catalog.programs if row.center_id == center_id]
    account = next(row.account_id for row in catalog.accounts if row.side == "支出")
    spending = {(row.program_id, account): 1_000_500 for row in programs}
    for number, month in enumerate(FISCAL_MONTHS):
        period = Period("month", year, month)
        rows = [row for row in catalog.rows_of(center_id, "performance", period) if row.is_input]
        numbers = {row.indicator_id: values.get(row.indicator_id.split(".")[1], 3) for row in rows}
        path = inbox / channel / f"{month:02d}.xlsx"
        spent = {key: yen * number for key, yen in spending.items()}
        write_monthly(path, catalog, center_id, period, numbers, before, spending, spent, 1, "R5.4.20")
        before = {name: before.get(name, 0) + value for name, value in numbers.items()}


def test_a_new_indicator_is_one_row(make_world: MakeWorld, folder: Path, tmp_path: Path) -> None:
    add_row(
        folder,
        "indicators.csv",
        "5-01.desk_users",
        indicator_id="5-01.pitches",
        indicator="ピッチ登壇",
        label="ピッチ登壇",
        line_no=4,
    )
    catalog = load_catalog(folder)
    send_year(tmp_path / "in", catalog.in_year(2021), "projects", "projects", 2021, pitches=5)
    world = make_world(tmp_path / "in", catalog=catalog)
    walk(world)
    sql = "select value, unit, status from mart_performance where indicator = 'ピッチ登壇'"
    assert query(world, sql) == [(60.0, "名", "報告済")]
    sheet = openpyxl.load_workbook(report(world, 2021), read_only=True)["Ⅱ事業実績"]
    assert ("ピッチ登壇", 60, "名") in [row[2:5] for row in sheet.iter_rows(values_only=True)]
    assert query(world, "select * from mart_finding") == []


def test_a_new_center_is_rows(make_world: MakeWorld, folder: Path, tmp_path: Path) -> None:
    add_row(
        folder,
        "centers.csv",
        "projects",
        center_id="bio",
        section=6,
        center_name="バイオセンター",
        channel="bio",
    )
    add_row(
        folder,
        "programs.csv",
        "5-01",
        program_id="6-01",
        center_id="bio",
        printed_number="6-(1)",
        section="6-(1)",
        program_name="バイオ支援事業",
        sort_key=6010,
        department="6-(1)",
    )
    names = {"program_id": "6-01", "indicator": "相談", "label": "相談"}
    add_row(folder, "indicators.csv", "5-01.desk_users", indicator_id="6-01.talks", **names)
    for form in ("performance", "expenditure"):
        add_row(folder, "expected.csv", "projects", form=form, center_id="bio")
    catalog = load_catalog(folder)
    send_year(tmp_path / "in", catalog.in_year(2021), "bio", "bio", 2021, talks=2)
    world = make_world(tmp_path / "in", catalog=catalog)
    walk(world)
    assert query(world, "select value, status from mart_performance where center_id = 'bio'") == [
        (24.0, "報告済")
    ]
    spent = "select reported_yen, status from mart_expenditure where center_id = 'bio'"
    assert query(world, spent) == [(12_006_000, "報告済")]


def test_another_body_is_another_folder(make_world: MakeWorld, tmp_path: Path) -> None:
    catalog = load_catalog(CULTURE)
    of_year = catalog.in_year(2022)
    inbox = tmp_path / "in"
    send_year(inbox, of_year, "hall", "hall-inbox", 2022, audience=299, seats=400)
    send_year(inbox, of_year, "museum", "museum", 2022, adult=10, child=7, objects=1234)
    world = make_world(inbox, catalog=catalog)
    walk(world)
    rows = query(world, "select indicator_id, value, status from mart_performance order by indicator_id")
    assert rows == [
        ("exhibit.adult", 120.0, "報告済"),
        ("exhibit.all", 204.0, "報告済"),
        ("exhibit.child", 84.0, "報告済"),
        ("exhibit.objects", 1234.0, "報告済"),
        ("stage.audience", 3588.0, "報告済"),
        ("stage.fill", 74.7, "報告済"),
    ]
    book = openpyxl.load_workbook(report(world, 2022))
    assert book["Ⅱ事業実績"]["A1"].value == "事業の実績"
    assert [cell.value for cell in book["Ⅳ資金収支決算"][3]] == ["事業", "決算", "予算", "備考"]
    assert query(world, "select * from mart_finding") == []


def test_a_catalog_row_that_names_nothing_says_where_and_what_to_do(folder: Path) -> None:
    add_row(folder, "indicators.csv", "5-01.desk_users", indicator_id="5-01.x", program_id="5-09")
    with pytest.raises(
        CatalogError, match=r"indicators\.csv の 5-01\.x: 「5-09」が programs\.csv にありません"
    ):
        load_catalog(folder)


def test_a_catalog_value_that_cannot_be_used_names_its_file_and_line(folder: Path) -> None:
    add_row(folder, "indicators.csv", "5-01.desk_users", indicator_id="5-01.x", decimals="二")
    lines = len((folder / "indicators.csv").read_text(encoding="utf-8").splitlines())
    with pytest.raises(CatalogError, match=rf"indicators\.csv {lines}行目 decimals: 「二」"):
        load_catalog(folder)


def test_an_unknown_column_of_a_catalog_file_is_refused(folder: Path) -> None:
    path = folder / "funds.csv"
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([first + ",color", *(line + ",red" for line in rest)]), encoding="utf-8")
    with pytest.raises(CatalogError, match="color"):
        load_catalog(folder)


@pytest.mark.parametrize(
    ("indicator_id", "series_id", "measures", "choices", "said"),
    [
        ("3-03.adopted", "3-03.technical", "onsite", "", "指標の出所は performance"),
        ("3-03.technical_sessions", "4-02.network", "", "", "センターが違います"),
        ("3-03.technical_attendees", "3-03.technical", "", "", "列を挙げて数えます"),
        ("3-03.technical_sessions", "3-03.technical", "onsite", "", "count の指標は列なし"),
        (
            "3-03.technical_attendees",
            "3-03.technical",
            "heads",
            "",
            "「heads」は様式 event の数の列ではありません",
        ),
        ("4-02.events_total", "4-02.network", "", "主催", "「主催」は選択肢"),
        ("4-02.events_total", "4-02.network", "", "共催", "選択肢のある行とない行が重なります"),
    ],
)
def test_a_feed_that_would_count_wrongly_is_refused_with_a_sentence(
    folder: Path, indicator_id: str, series_id: str, measures: str, choices: str, said: str
) -> None:
    with (folder / "feeds.csv").open("a", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerow((indicator_id, series_id, measures, choices, 2021, ""))
    with pytest.raises(CatalogError, match=said):
        load_catalog(folder)


def test_an_indicator_of_lines_without_lines_is_refused(folder: Path) -> None:
    add_row(
        folder, "indicators.csv", "3-03.technical_sessions", indicator_id="3-03.x", indicator="x", label="x"
    )
    with pytest.raises(CatalogError, match=r"indicators\.csv の 3-03\.x: 2021年度から"):
        load_catalog(folder)


def test_a_table_without_its_note_would_hide_what_is_provisional(folder: Path) -> None:
    path = folder / "report_columns.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if line != "performance,6,note,備考"), encoding="utf-8")
    with pytest.raises(CatalogError, match="表 performance に列 note がありません"):
        load_catalog(folder)


def test_a_day_due_that_a_month_has_not_is_its_last_one(
    make_world: MakeWorld, folder: Path, tmp_path: Path
) -> None:
    add_row(folder, "expected.csv", "projects", form="client", center_id="projects", due_day=31)
    catalog = load_catalog(folder)
    send_year(tmp_path / "in", catalog.in_year(2021), "projects", "projects", 2021)
    world = make_world(tmp_path / "in", catalog=catalog)
    walk(world)
    sql = (
        "select period_id, due_on from mart_completeness where form_id = 'client' and center_id = 'projects'"
    )
    assert ("2022-01", "2022-02-28") in [(period, str(day)) for period, day in query(world, sql)]
