"""Numbers as offices type them: read exactly, or refused."""

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.values import NOT_APPLICABLE, REPORTED, Unreadable, folded, read_number

UNITS = frozenset({"件", "名", "人", "%"})
FULL_WIDTH = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        (0, 0),
        (74, 74),
        (312.5, 312.5),
        (-1200, -1200),
        ("0", 0),
        ("74", 74),
        (" 74 ", 74),
        ("007", 7),
        ("２８１", 281),
        ("１，２３４", 1234),
        ("1,234", 1234),
        ("61,216,842", 61216842),
        ("999,999.5", 999999.5),
        ("３１２．５", 312.5),
        ("△1,200", -1200),
        ("▲800,000", -800000),
        ("△ 5", -5),
        ("-3", -3),
        ("−3", -3),
        ("－3", -3),
        ("–3", -3),
        ("(1,200)", -1200),
        ("（1,200）", -1200),
        ("74件", 74),
        ("74 件", 74),
        ("７４件", 74),
        ("76.7％", 76.7),
        ("△5名", -5),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: object, means: float) -> None:
    assert read_number(typed, UNITS) == (means, REPORTED)


@pytest.mark.parametrize(
    "typed",
    [
        "1３9人位",
        "約5件",
        "5~6",
        "5箱",
        "74件74",
        "件",
        "1,23",
        "12,34",
        "1234,567",
        "1,2345",
        ",123",
        "1,,234",
        "1.2.3",
        "1.",
        ".5",
        "1 . 5,",
        "(1,200",
        "1,200)",
        "△△5",
        "+5",
        "1e3",
        "0x10",
        "nan",
        "inf",
        "一二三",
        "1/2",
        "2021/4/1",
        "#REF!",
        "=A1",
    ],
)
def test_text_that_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable):
        read_number(typed, UNITS)


@pytest.mark.parametrize(
    "cell",
    [True, False, math.nan, math.inf, -math.inf, date(2021, 4, 1), datetime(2021, 4, 1, tzinfo=UTC), [5]],
)
def test_what_is_no_number_by_its_type_is_refused(cell: object) -> None:
    with pytest.raises(Unreadable):
        read_number(cell)


@pytest.mark.parametrize("typed", ["-", "－", "―", "‐", "–", "—", "ー", "−", "…", " － ", "該当なし", "なし"])
def test_a_dash_is_not_applicable_and_never_zero(typed: str) -> None:
    assert read_number(typed) == (None, NOT_APPLICABLE)


@pytest.mark.parametrize("word", ["未実施", "未報告", "秘匿"])
def test_absence_keeps_the_word_that_says_why(word: str) -> None:
    assert read_number(word) == (None, word)


@pytest.mark.parametrize("cell", [None, "", " ", "　", "\n"])
def test_a_blank_is_neither_a_number_nor_a_status(cell: object) -> None:
    assert read_number(cell) == (None, "")


def test_a_unit_is_taken_only_where_it_is_allowed() -> None:
    assert read_number("74件", frozenset({"件"})) == (74, REPORTED)
    with pytest.raises(Unreadable):
        read_number("74件", frozenset({"名"}))
    with pytest.raises(Unreadable):
        read_number("74件")


@pytest.mark.parametrize("typed", ["312.5㎡", "312.5m2", "312.5 ㎡"])
def test_square_metres_may_stand_behind_a_number(typed: str) -> None:
    assert read_number(typed, frozenset({"m2"})) == (312.5, REPORTED)


def test_folding_makes_widths_spaces_and_cases_alike() -> None:
    assert folded("ＡＩ 人材　育成（１）") == folded("ai人材育成(1)")


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_an_integer_comes_back_from_every_way_of_writing_it(number: int) -> None:
    size = f"{abs(number):,}"
    ways = [str(number), f"{number:,}", f"{number:,}".translate(FULL_WIDTH), f"{number:,} 件"]
    ways += [f"△{size}", f"▲{size}", f"({size})", f"−{size}"] if number < 0 else []
    for way in ways:
        assert read_number(way, UNITS) == (number, REPORTED)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_decimal_comes_back_from_its_text(number: object) -> None:
    assert read_number(f"{number:,}") == (float(str(number)), REPORTED)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_of_the_sheet_is_itself(number: float) -> None:
    assert read_number(number) == (number, REPORTED)


@given(st.text(max_size=12))
def test_any_text_is_a_finite_number_an_absence_or_refused(text: str) -> None:
    try:
        value, status = read_number(text, UNITS)
    except Unreadable:
        return
    assert (value is None) == (status != REPORTED)
    assert value is None or math.isfinite(value)


@given(st.integers(min_value=1000, max_value=10**9), st.integers(min_value=1, max_value=12))
def test_a_separator_that_is_not_before_three_digits_is_refused(number: int, place: int) -> None:
    digits = str(number)
    place = place % (len(digits) - 1) + 1
    text = f"{digits[:place]},{digits[place:]}"
    if text == f"{number:,}":
        assert read_number(text) == (number, REPORTED)
    else:
        with pytest.raises(Unreadable):
            read_number(text)
