"""What a run tells: each refused file once, what is to be looked at, and of one center only that."""

import hashlib
import shutil
from pathlib import Path

import openpyxl
import pytest

from tasks.completeness import fallen_due
from tasks.load import load
from tasks.summary import FILES_SHOWN, REASONS_SHOWN, summarise, tell
from tasks.withdraw import withdraw
from tasks.world import World
from tests.conftest import SAMPLES, MakeWorld
from tests.walking import walk


@pytest.fixture
def troubled(make_world: MakeWorld, tmp_path: Path) -> World:
    """Ten broken files of projects, each with many wrong cells, and one of icc."""
    inbox = tmp_path / "in"
    for center_id, count in (("projects", 10), ("icc", 1)):
        (inbox / center_id).mkdir(parents=True)
        for path in sorted((SAMPLES / center_id).glob("月報*.xlsx"))[:count]:
            book = openpyxl.load_workbook(path)
            for row in range(7, 13):
                book["支出"][f"C{row}"] = "未定"
            book.save(inbox / center_id / path.name)
    shutil.copy(next((SAMPLES / "sme").glob("月報_R03-04*.xlsx")), tmp_path / "april.xlsx")
    book = openpyxl.load_workbook(tmp_path / "april.xlsx")
    book["実績"]["H5"] = "自分のメモ"
    (inbox / "sme").mkdir()
    book.save(inbox / "sme" / "月報.xlsx")
    world = make_world(inbox)
    walk(world)
    return world


def test_every_refused_file_is_named_before_any_fills_the_screen(troubled: World) -> None:
    lines = summarise(troubled, fallen_due(troubled)).lines()
    assert len(lines) < 2 + (FILES_SHOWN + 1) * (REASONS_SHOWN + 1) + 3
    refused = [line for line in lines if line.startswith("  差戻し")]
    assert len({line.split(": ")[0] for line in refused if ".xlsx" in line}) == FILES_SHOWN
    assert any("ほか 3 ファイル" in line for line in refused)
    assert any(line.endswith("ほか 3 件") for line in refused)


def test_what_is_to_be_looked_at_is_told_with_its_sentence(troubled: World) -> None:
    summary = summarise(troubled, fallen_due(troubled))
    told = [line for line in summary.lines() if line.startswith("  確認")]
    assert summary.warnings == len(told) == 1
    assert "見出し「自分のメモ」" in told[0]
    assert [row["センター"] for row in summary.rows if row["結果"] == "確認"] == ["中小企業支援センター"]


def test_a_centers_run_tells_only_of_the_center(troubled: World) -> None:
    summary = summarise(troubled, fallen_due(troubled), "icc")
    assert (summary.refused, summary.warnings) == (1, 0)
    centers = {row["センター"] for row in summary.rows}
    assert centers == {"インタークロス・クリエイティブ・センター"}


def test_what_is_decided_again_after_an_older_journal_came_back_is_told(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    world = make_world(inbox)
    journals = []
    for path in sorted((SAMPLES / "projects").glob("月報*.xlsx"))[:3]:
        shutil.copy2(path, inbox / "projects")
        walk(world)
        summary = summarise(world, [])
        assert summary.accepted == 1
        tell(world, summary)
        journals.append(world.home.journal.read_bytes())
    world.home.journal.write_bytes(journals[0])
    walk(world)
    assert summarise(world, []).accepted == 3, "rather all of them again than none"


def test_what_was_withdrawn_before_anybody_was_told_is_not_told_as_in(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    inbox = tmp_path / "in"
    (inbox / "projects").mkdir(parents=True)
    (first, second, *_) = sorted((SAMPLES / "projects").glob("月報*.xlsx"))
    for path in (first, second):
        shutil.copy2(path, inbox / "projects")
    world = make_world(inbox)
    walk(world)
    withdraw(world, hashlib.sha256(first.read_bytes()).hexdigest(), "経理", "二重")
    load(world)
    assert summarise(world, []).accepted == 1
