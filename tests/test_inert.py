"""What others wrote stays text in what we hand out, whatever it looks like."""

import io

import openpyxl
import pytest

from tasks.inert import looks_like_formula
from tasks.write_xlsx import write_xlsx
from warehouse.reports.figure import Figure, Line, Table

ATTACKS = ("=1+1", "＝1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '  =HYPERLINK("x")')


@pytest.mark.parametrize("text", ATTACKS)
def test_formula_like_text_is_known(text: str) -> None:
    assert looks_like_formula(text)


@pytest.mark.parametrize("text", ["", "研修（1回）", "△5", "－", "1-(2) 事業", "<script>", "https://例"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert not looks_like_formula(text)


@pytest.mark.parametrize("text", [*ATTACKS, "研修（1回）"])
def test_a_text_in_the_report_is_that_text_and_no_formula(text: str) -> None:
    figure = Figure("performance.2021.x", "項目", None, text, "", rule="text")
    table = Table("performance", "表", ("項目", "実績"), (Line((text, figure)),))
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([table], [("題", "年報")], {})))
    sheet = book["Ⅱ事業実績"]
    for cell in (sheet["A4"], sheet["B4"]):
        # openpyxl does not undo how the file format writes a carriage return.
        assert cell.value.replace("_x000D_", "\r").strip() == text.strip()
        assert cell.data_type == "s"
        assert bool(cell.quotePrefix) is looks_like_formula(text)
