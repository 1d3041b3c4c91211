"""A center gets a blank workbook made for it, and what it fills in is read without a question."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from jsonschema import Draft202012Validator

from flows.issue_templates import issue_templates
from samples.lines import lines_of
from samples.tables import performance_by_month
from samples.vouchers import reported_by_month
from schemas.catalog import Catalog
from schemas.choices import names_for
from schemas.forms import form_by_id
from schemas.json_schema import json_schema
from schemas.period import FISCAL_MONTHS, Period
from schemas.template import template_version
from tasks.issue import issue
from tasks.template.content import Content
from tasks.template.workbook import lines_workbook, monthly_workbook
from tests.blank_forms import fill
from tests.conftest import SAMPLES, MakeWorld
from tests.walking import query, walk

LINES = ("event", "client", "spending")
CENTERS = ("industry", "sme", "electronics", "icc", "projects")
APRIL, MAY, JUNE = (Period("month", 2021, month) for month in (4, 5, 6))


def opened(content: bytes, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def test_blank_workbooks_filled_month_after_month_are_let_in_without_a_finding(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    """Saved by a program that drops what formulas had come to, as openpyxl does."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    world = make_world(inbox)
    of_year = catalog.in_year(2021)
    performance, spending = performance_by_month(), reported_by_month(of_year, 2021)
    for month in FISCAL_MONTHS:
        period = Period("month", 2021, month)
        for center_id in CENTERS:
            path = issue(world, center_id, period)[0]
            sent = inbox / of_year.center[center_id].channel / path.name
            lines = {name: lines_of(of_year, name, center_id, period) for name in LINES}
            fill(path, sent, of_year, period, performance[month], spending[month], lines)
        walk(world)
        refused = query(world, "select rule_id, address, message from fact_finding")
        assert not refused, period.id
    assert query(world, "select rule_id, address, message from bridge_finding") == []
    assert query(world, "select count(*) from dim_submission where state = 'accepted'") == [(12 * 21,)]
    rows = query(
        world,
        "select value, status from mart_performance where indicator = '窓口相談件数' and fiscal_year = 2021",
    )
    assert rows == [(8833.0, "報告済")]
    sums = query(world, "select sum(reported_yen) from mart_expenditure_month where fiscal_year = 2021")
    centers = [row.program_id for row in of_year.programs if row.center_id in CENTERS]
    total = sum(yen for month in spending.values() for pair, yen in month.items() if pair[0] in centers)
    assert sums == [(total,)]


def test_every_sheet_says_for_whom_and_when_it_is_and_of_which_version(catalog: Catalog) -> None:
    book = opened(monthly_workbook(catalog, "industry", MAY))
    assert book.sheetnames[:4] == ["実績", "支出", "イベント", "支援先"]
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 5 + ["hidden"] * 2
    forms = ("performance", "expenditure", "event", "client", "spending")
    for sheet, form_id in zip(book, forms, strict=False):
        form = form_by_id(form_id)
        version = template_version(catalog.in_year(2021), "industry", form, MAY)
        assert sheet["A1"].value == f"令和3年5月分 {form.title}（{form.number}）"
        assert [sheet[cell].value for cell in ("B2", "E2", "G2", "B3")] == [
            "産業振興センター",
            "令和3年度",
            "5月",
            1,
        ]
        assert [sheet[cell].value for cell in ("G1", "F3", "G3")] == [None, "様式の版", version]


def test_a_center_gets_the_sheets_that_it_owes(catalog: Catalog) -> None:
    names = {center: opened(monthly_workbook(catalog, center, MAY)).sheetnames for center in CENTERS}
    visible = {
        center: [name for name in found if name not in ("前月", "一覧")] for center, found in names.items()
    }
    assert visible["sme"] == ["実績", "支出", "支援先", "支出明細"]
    assert visible["icc"] == ["実績", "支出", "イベント", "支出明細"]
    assert visible["projects"] == ["実績", "支出", "支出明細"]


def test_a_half_and_a_year_have_workbooks_of_their_own(catalog: Catalog) -> None:
    half = Period("half", 2021, 1)
    sheet = opened(lines_workbook(catalog, "industry", form_by_id("survey"), half)).active
    assert sheet["A1"].value == "令和3年度上期 利用者アンケート集計表（様式第11号）"
    assert (sheet["F2"].value, sheet["G2"].value) == ("対象期", "上期")
    sheet = opened(lines_workbook(catalog, "icc", form_by_id("narrative"), half.year)).active
    assert sheet["F2"].value is None
    rows = [row[:3] for row in sheet.iter_rows(min_row=6, max_row=10, values_only=True)]
    assert rows == [
        (None, "総括", None),
        ("4-(1) ICC 施設管理運営事業", "概要", None),
        ("4-(2) クリエイティブ産業振興事業", "概要", None),
        ("4-(2) クリエイティブ産業振興事業", "申告値", "クロスガーデン利用者数（月平均）"),
        ("4-(2) クリエイティブ産業振興事業", "申告値", "クロスガーデン利用者数（前年度比）"),
    ]


def dropdowns(book: Any, sheet: str) -> dict[str, list[str]]:
    """Column letter -> what its dropdown offers, in the sheet's own list or in 一覧."""
    found = {}
    for rule in book[sheet].data_validations.dataValidation:
        if rule.type == "list":
            text = rule.formula1
            if text.startswith('"'):
                names = text.strip('"').split(",")
            else:
                name, _, cells = text.partition("!")
                names = [row[0].value for row in book[name.strip("'")][cells.replace("$", "")]]
            found[str(rule.sqref)[0]] = names
    return found


def test_choices_are_offered_as_the_reader_knows_them(catalog: Catalog) -> None:
    of_year, form = catalog.in_year(2021), form_by_id("event")
    book = opened(monthly_workbook(catalog, "electronics", MAY))
    offered = dropdowns(book, "イベント")
    assert offered["E"] == ["財団主催", "共催", "後援・協力"]
    assert "Developers Festa Sapporo" in offered["C"]
    assert offered["A"] == [*names_for(form.column("program"), form, of_year, "electronics"), "該当なし"]
    assert "3-(3) IoT推進コンソーシアム事業" in offered["A"]
    assert dropdowns(book, "支援先")["B"] == ["DX学校（参加企業）"]
    assert "委託費" in dropdowns(book, "支出")["B"]
    kinds = {str(r.sqref)[0]: r.type for r in book["イベント"].data_validations.dataValidation}
    assert (kinds["F"], kinds["G"], kinds["J"]) == ("date", "date", "whole")


def test_the_sums_of_a_blank_month_start_from_what_is_known(catalog: Catalog) -> None:
    def shown(period: Period, **before: Any) -> tuple[Any, Any]:
        pairs = [("5-01", "honoraria")]
        made = monthly_workbook(catalog, "projects", period, Content(**before), pairs)
        book = opened(made, values=True)
        return book["実績"]["E7"].value, book["支出"]["D7"].value

    assert shown(APRIL) == (0, 0)
    assert shown(MAY) == (None, None), "the month before is not known: no sum rather than a wrong one"
    known = {"cumulative_before": {"5-01.adopted": 4}, "spending_before": {("5-01", "honoraria"): 70}}
    assert shown(MAY, **known) == (4, 70)
    formulas = opened(monthly_workbook(catalog, "projects", MAY))
    assert formulas["実績"]["E7"].value == "=IF(ISNUMBER('前月'!E7),'前月'!E7+N(D7),\"\")"


def test_rates_and_totals_show_nothing_until_something_is_typed(catalog: Catalog) -> None:
    book = opened(monthly_workbook(catalog, "electronics", MAY), values=True)
    assert book["実績"]["B9"].value == "入居率（年度末）"
    assert book["実績"]["D9"].value is None
    book = opened(monthly_workbook(catalog, "sme", MAY), values=True)
    assert (book["実績"]["B7"].value, book["実績"]["D7"].value) == ("経営・融資相談（計）", None)
    content = Content(performance={"3-02.rooms_let": 3, "3-02.rooms_total": 0})
    book = opened(monthly_workbook(catalog, "electronics", MAY, content), values=True)
    assert book["実績"]["D9"].value == "－"


def test_what_is_shut_all_month_is_marked_beforehand(catalog: Catalog) -> None:
    assert opened(monthly_workbook(catalog, "industry", JUNE))["実績"]["D7"].value == "－"
    assert opened(monthly_workbook(catalog, "industry", MAY))["実績"]["D7"].value is None
    assert opened(monthly_workbook(catalog, "industry", MAY))["実績"]["F10"].value == "令和3年5月31日"


def test_a_program_without_known_accounts_has_rows_to_choose_them(catalog: Catalog) -> None:
    sheet = opened(monthly_workbook(catalog, "projects", MAY, spending_rows=[("5-01", "honoraria")]))["支出"]
    assert [sheet[f"B{row}"].value for row in range(7, 11)] == ["諸謝金", None, None, "計"]
    assert sheet["C10"].value == "=SUM(C7:INDEX(C:C,ROW()-1))"
    assert "A7:A10" in {str(cells) for cells in sheet.merged_cells.ranges}


def test_what_is_issued_in_a_month(make_world: MakeWorld) -> None:
    world = make_world()

    def names(center_id: str, month: int) -> list[str]:
        return [path.name for path in issue(world, center_id, Period("month", 2021, month))]

    assert names("projects", 5) == ["月報_R03-05_財団プロジェクト推進事業.xlsx", "spending.schema.json"]
    assert names("industry", 9) == [
        "月報_R03-09_産業振興センター.xlsx",
        "event.schema.json",
        "利用者アンケート集計表_R03上期_産業振興センター.xlsx",
        "spending.schema.json",
    ]
    assert names("sme", 3) == [
        "月報_R04-03_中小企業支援センター.xlsx",
        "事業概要・定性実績報告書_R03_中小企業支援センター.xlsx",
        "spending.schema.json",
    ]
    assert names("foundation", 3) == ["事業概要・定性実績報告書_R03_財団本部.xlsx"]
    folder = world.home.template_folder(2021) / "industry"
    assert json.loads((folder / "event.schema.json").read_text(encoding="utf-8"))["title"]
    first = (folder / "月報_R03-09_産業振興センター.xlsx").read_bytes()
    issue(world, "industry", Period("month", 2021, 9))
    assert (folder / "月報_R03-09_産業振興センター.xlsx").read_bytes() == first


def validator(catalog: Catalog) -> Draft202012Validator:
    """Of what the web form of the smallest center with events posts."""
    schema = json_schema(form_by_id("event"), catalog.in_year(2021), "icc")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def posted() -> list[dict[str, Any]]:
    """The objects of the sample year."""
    paths = sorted((SAMPLES / "icc").glob("event_*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def test_the_schema_takes_what_the_sample_year_posts_and_a_month_without_events(catalog: Catalog) -> None:
    assert posted()
    for found in posted():
        assert not [*validator(catalog).iter_errors(found)], found["month"]
    assert validator(catalog).is_valid({**posted()[0], "rows": [{"program": "該当なし"}]})
    assert validator(catalog).is_valid({**posted()[0], "fiscal_year": 2021, "month": 10})


@pytest.mark.parametrize(
    "wrong",
    [
        {"online": -1},
        {"online": 2.5},
        {"series": "取引商談会"},
        {"host": "主催"},
        {"start_date": "10月20日"},
        {"氏名": "某"},
    ],
)
def test_the_schema_refuses_what_the_dropdowns_do_not_offer(catalog: Catalog, wrong: dict[str, Any]) -> None:
    found = posted()[0]
    row = found["rows"][0]
    assert validator(catalog).is_valid({**found, "rows": [row]})
    assert not validator(catalog).is_valid({**found, "rows": [{**row, **wrong}]})


def test_the_schema_refuses_another_center_and_an_object_without_its_month(catalog: Catalog) -> None:
    found = posted()[0]
    assert not validator(catalog).is_valid({**found, "center_id": "産業振興センター"})
    assert not validator(catalog).is_valid({name: value for name, value in found.items() if name != "month"})


def test_a_form_of_last_year_is_read_and_says_that_it_is_old(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    """It lacks a row that this year's form has; what it holds is taken all the same."""
    of_year = catalog.in_year(2021)
    last_year = replace(
        of_year, indicators=tuple(r for r in of_year.indicators if r.indicator_id != "5-01.desk_users")
    )
    lines = {"spending": lines_of(of_year, "spending", "projects", APRIL)}
    path = tmp_path / "in" / "projects" / "月報.xlsx"
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(monthly_workbook(last_year, "projects", APRIL))
    fill(blank, path, last_year, APRIL, performance_by_month()[4], reported_by_month(of_year, 2021)[4], lines)
    world = make_world(path.parents[1])
    walk(world)
    found = query(world, "select rule_id, address, severity from mart_finding order by rule_id, address")
    assert found == [
        ("cover.template.old", "実績!G3", "warning"),
        ("sheet.missing_rows", "実績!B5", "warning"),
    ]
    assert query(world, "select value from mart_performance_month where label like '%開設%'") == [(18.0,)]


def test_a_form_of_last_year_with_a_heading_that_nobody_knows_is_refused_with_a_sentence(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    of_year = catalog.in_year(2021)
    lines = {"spending": lines_of(of_year, "spending", "projects", APRIL)}
    path = tmp_path / "in" / "projects" / "月報.xlsx"
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(monthly_workbook(of_year, "projects", APRIL))
    fill(blank, path, of_year, APRIL, performance_by_month()[4], reported_by_month(of_year, 2021)[4], lines)
    book = openpyxl.load_workbook(path)
    book["実績"]["C5"] = "数え方"
    book.save(path)
    world = make_world(path.parents[1])
    walk(world)
    (found,) = query(world, "select rule_id, message from mart_finding where severity = 'critical'")
    assert found[0] == "sheet.missing_column"
    assert "見出し「単位」の列が見つかりません" in found[1]
    assert query(world, "select count(*) from fact_performance") == [(0,)]


@pytest.mark.parametrize(
    ("month", "center_id", "message"),
    [
        ("2021-13", "", "対象月「2021-13」は読めません"),
        ("FY2021", "", "対象月「FY2021」は月ではありません"),
        ("2021-05", "nobody", "センターID「nobody」"),
    ],
)
def test_a_wrong_month_or_center_is_said_in_japanese(
    tmp_path: Path, month: str, center_id: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        issue_templates.fn(month, center_id, home=str(tmp_path))
