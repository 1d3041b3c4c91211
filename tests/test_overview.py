"""Ⅲ 事業実績一覧: all programs, the halves, and columns that switch on when enough rows have them."""

import csv
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from schemas.catalog import Catalog, load_catalog
from schemas.forms.published import PUBLISHED
from schemas.period import Period
from tasks.report import report
from tasks.template.content import Content
from tasks.template.workbook import lines_workbook
from tasks.world import World
from tests.conftest import ROOT, SAMPLES, MakeWorld
from tests.walking import walk

SHEET = "Ⅲ事業実績一覧"


def lines_of(book: Workbook) -> list[tuple[Any, ...]]:
    """The headings and lines of the sheet."""
    return list(book[SHEET].iter_rows(min_row=3, values_only=True))


def test_every_program_has_its_line_and_every_figure_its_halves(walked: World, book: Workbook) -> None:
    headings, *lines = lines_of(book)
    assert headings == ("番号", "事業名", "項目", "単位", "令和3年度", "上期", "下期", "備考")
    programs = [p for p in walked.catalog.in_year(2021).programs if p.level in ("program", "sub_program")]
    assert [n for n in (line[0] for line in lines) if n and "-" in n] == [
        p.printed_number for p in sorted(programs, key=lambda p: p.sort_key)
    ]
    assert sum(p.level == "program" for p in programs) == 28
    by_label = {line[2]: line for line in lines if line[2]}
    assert by_label["セミナールーム稼働率"][3:7] == ("%", 40.4, 34.8, 42)
    assert by_label["フォローアップ企業"][4:] == (72, 41, 45, "実数")
    assert by_label["ボランティアエキストラ（総登録者数）"][4:] == (3720, 3672, 3720, "9月末・3月末現在")
    assert by_label["利用者アンケート総合満足度（上期）"][4:7] == (85, 85, "－")
    assert by_label["クロスガーデン利用者数（月平均）"][4:7] == (117, "－", "－")
    assert by_label["実施状況"][4] == "未実施"


@pytest.fixture
def named(catalog: Catalog) -> list[tuple[str, dict[str, Any]]]:
    """The printed indicators of 2021 with the names under which editions publish them."""
    of_year = catalog.in_year(2021)
    found = []
    for row in of_year.indicators:
        program = of_year.program[row.program_id]
        name = {"section": program.section, "letter": program.letter, "title": row.indicator}
        if row.printed_in == "table":
            found.append((row.indicator_id, name | {"qualifier": row.qualifier}))
    return found


@pytest.mark.parametrize(("rows", "is_on"), [(43, False), (44, True)])
def test_the_year_before_and_the_target_are_printed_when_half_of_the_rows_have_them(
    make_world: MakeWorld, tmp_path: Path, named: list[tuple[str, dict[str, Any]]], rows: int, is_on: bool
) -> None:
    folder = Path(shutil.copytree(ROOT / "schemas" / "catalog", tmp_path / "catalog"))
    with (folder / "targets.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((2021, indicator_id, 100) for indicator_id, _ in named[:rows])
    catalog = load_catalog(folder)
    inbox = tmp_path / "in"
    for center_id, file_name in (("projects", "月報_R03-04_財団プロジェクト推進事業.xlsx"),):
        (inbox / center_id).mkdir(parents=True)
        shutil.copy(SAMPLES / center_id / file_name, inbox / center_id)
    published = [
        name | {"kind": "numeric", "value": 10, "unit_printed": "件"}
        for _, name in named[len(named) - rows :]
    ]
    (inbox / "foundation").mkdir()
    content = Content(lines={PUBLISHED.id: published}, stated_on="令和3年6月28日")
    made = lines_workbook(catalog, "foundation", PUBLISHED, Period("year", 2020), content)
    (inbox / "foundation" / "公表値_R02.xlsx").write_bytes(made)
    world = make_world(inbox, catalog=catalog)
    walk(world)
    headings, *lines = lines_of(openpyxl.load_workbook(report(world, 2021), read_only=True))
    assert ("令和2年度" in headings) is is_on
    assert ("目標" in headings) is is_on
    assert "増減" not in headings  # only one month of one center is in: few rows can have a change
    if is_on:
        line = next(line for line in lines if line[2] == "スタートアップ専門相談窓口（利用）")
        assert line[headings.index("令和2年度")] == 10
        assert line[headings.index("令和3年度")] == 15


def test_a_year_of_which_nothing_is_in_has_no_report_and_says_so(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    world = make_world(tmp_path / "in")
    with pytest.raises(ValueError, match="令和3年度の提出物がまだ受理されていません"):
        report(world, 2021)
    walk(world)
    with pytest.raises(ValueError, match="令和12年度の提出物がまだ受理されていません"):
        report(world, 2030)
