"""A rate or a mean is of the same months on both sides, or it is no figure."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import SAMPLES, MakeWorld
from tests.walking import query, walk


@pytest.mark.parametrize(
    ("center_id", "withheld", "indicator_id", "status"),
    [
        # クロスガーデン利用者数 of April; the days on which it was open are known.
        ("icc", [("R03-04", "D8")], "4-02.cross_garden_monthly_mean", "暫定 (11/12)"),
        # The slots used of April, the usable slots of October: eleven months each, and not the same ones.
        (
            "industry",
            [("R03-04", "D7"), ("R03-10", "D8")],
            "1-01.seminar_room_use_rate",
            "暫定 (11/12)",
        ),
    ],
)
def test_where_a_month_of_one_side_is_withheld_there_is_no_figure(
    make_world: MakeWorld,
    tmp_path: Path,
    center_id: str,
    withheld: list[tuple[str, str]],
    indicator_id: str,
    status: str,
) -> None:
    inbox = tmp_path / "in"
    (inbox / center_id).mkdir(parents=True)
    for path in (SAMPLES / center_id).glob("月報*.xlsx"):
        shutil.copy2(path, inbox / center_id)
    whole = make_world(inbox, name="whole")
    walk(whole)
    asked = f"select value, status from mart_performance where indicator_id = '{indicator_id}'"
    ((value, is_done),) = query(whole, asked + " and fiscal_year = 2021")
    assert value is not None
    assert is_done == "報告済"
    for month, cell in withheld:
        (path,) = (inbox / center_id).glob(f"*{month}*")
        book = openpyxl.load_workbook(path, data_only=True)
        book["実績"][cell] = "秘匿"
        book.save(path)
    world = make_world(inbox, name="withheld")
    walk(world)
    assert query(world, asked + " and fiscal_year = 2021") == [(None, status)]
