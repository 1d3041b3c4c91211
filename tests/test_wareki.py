"""Days, fiscal years, months and periods as offices write them."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.period import FISCAL_MONTHS, Period, fiscal_year_label, month_of, parse_id, periods_of
from schemas.values import Unreadable
from schemas.wareki import read_date, read_fiscal_year, read_month

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("令和3年5月10日", date(2021, 5, 10)),
        ("令和３年５月１０日", date(2021, 5, 10)),
        ("令和 3年 5月10日", date(2021, 5, 10)),
        ("令和03年05月10日", date(2021, 5, 10)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("令3.5.10", date(2021, 5, 10)),
        ("R3.5.10", date(2021, 5, 10)),
        ("r3.5.10", date(2021, 5, 10)),
        ("Ｒ３．５．１０", date(2021, 5, 10)),
        ("R.03/05/10", date(2021, 5, 10)),
        ("R3-5-10", date(2021, 5, 10)),
        ("H31.4.30", date(2019, 4, 30)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S1.12.25", date(1926, 12, 25)),
        ("2021/5/10", date(2021, 5, 10)),
        ("2021-05-10", date(2021, 5, 10)),
        ("2021.5.10", date(2021, 5, 10)),
        ("2021年5月10日", date(2021, 5, 10)),
        ("20210510", date(2021, 5, 10)),
        (20210510.0, date(2021, 5, 10)),
        ("2020/2/29", date(2020, 2, 29)),
        (date(2021, 5, 10), date(2021, 5, 10)),
        (datetime(2021, 5, 10, 23, 59, tzinfo=UTC), date(2021, 5, 10)),
    ],
)
def test_a_day_is_read_however_it_is_written(typed: object, means: date) -> None:
    assert read_date(typed) == means


@pytest.mark.parametrize(
    "typed",
    [
        "平成31年5月1日",
        "令和元年4月30日",
        "昭和64年1月8日",
        "平成元年1月7日",
        "昭和元年12月24日",
        "令和0年5月1日",
        "大正15年1月1日",
        "令和3年2月30日",
        "2021/2/29",
        "20210230",
        "R3.13.1",
        "R3.0.1",
        "R3.5.0",
        "5月10日",
        "3.5.10",
        "21/5/10",
        "2021年5月",
        "令和3年",
        "令和3年5月10日頃",
        "R3.5",
        "202105100",
        "",
        "五月十日",
        44326.0,
        44326.5,
        None,
        True,
    ],
)
def test_a_day_that_does_not_exist_or_lies_outside_its_era_is_refused(typed: object) -> None:
    with pytest.raises(Unreadable):
        read_date(typed)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("令和3年度", 2021),
        ("令和３年度", 2021),
        ("令和 3 年度", 2021),
        ("令和3年", 2021),
        ("令和元年度", 2019),
        ("R3", 2021),
        ("R3年度", 2021),
        ("R.3", 2021),
        ("平成31年度", 2019),
        ("H30年度", 2018),
        ("2021年度", 2021),
        ("2021", 2021),
        (2021.0, 2021),
        (2021, 2021),
    ],
)
def test_a_fiscal_year_is_read_however_it_is_written(typed: object, means: int) -> None:
    assert read_fiscal_year(typed) == means


@pytest.mark.parametrize("typed", ["本年度", "3", "21年度", "令和3年5月", "20211", "令和", "", 2021.5, None])
def test_what_names_no_fiscal_year_is_refused(typed: object) -> None:
    with pytest.raises(Unreadable):
        read_fiscal_year(typed)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("5月", 5),
        ("5", 5),
        ("５月", 5),
        ("05月", 5),
        ("5月分", 5),
        ("12月", 12),
        ("令和3年5月", 5),
        ("令和4年3月分", 3),
        ("R3年5月", 5),
        ("2021年5月", 5),
        (5.0, 5),
        (5, 5),
        (date(2021, 5, 31), 5),
    ],
)
def test_a_month_is_read_however_it_is_written(typed: object, means: int) -> None:
    assert read_month(typed) == means


@pytest.mark.parametrize("typed", ["0月", "13月", "五月", "5-6月", "上期", "", 0.0, 13.0, 5.5, None])
def test_what_names_no_month_is_refused(typed: object) -> None:
    with pytest.raises(Unreadable):
        read_month(typed)


@given(st.dates(min_value=date(2019, 5, 1), max_value=date(2099, 12, 31)))
def test_a_day_comes_back_from_every_way_of_writing_it(day: date) -> None:
    year = day.year - 2018
    ways = [
        f"令和{'元' if year == 1 else year}年{day.month}月{day.day}日",
        f"令和{year}年{day.month}月{day.day}日".translate(FULL_WIDTH),
        f"R{year}.{day.month}.{day.day}",
        f"R.{year:02d}/{day.month:02d}/{day.day:02d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        day.isoformat(),
    ]
    assert {read_date(way) for way in ways} == {day}


@given(st.dates(min_value=date(1926, 12, 25), max_value=date(2030, 12, 31)))
def test_a_day_belongs_to_one_era_only(day: date) -> None:
    read = []
    for era, first in (("令和", 2019), ("平成", 1989), ("昭和", 1926)):
        try:
            read.append(read_date(f"{era}{day.year - first + 1}年{day.month}月{day.day}日"))
        except Unreadable:
            continue
    assert read == [day]


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    with suppress(Unreadable):
        assert isinstance(read_date(text), date)


# --- Periods ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "period_id", "key", "first", "last", "label"),
    [
        (Period("month", 2021, 4), "2021-04", 202104, date(2021, 4, 1), date(2021, 4, 30), "令和3年4月"),
        (Period("month", 2021, 2), "2022-02", 202202, date(2022, 2, 1), date(2022, 2, 28), "令和4年2月"),
        (Period("month", 2019, 4), "2019-04", 201904, date(2019, 4, 1), date(2019, 4, 30), "平成31年4月"),
        (Period("month", 2019, 5), "2019-05", 201905, date(2019, 5, 1), date(2019, 5, 31), "令和元年5月"),
        (Period("half", 2021, 1), "FY2021H1", 20211, date(2021, 4, 1), date(2021, 9, 30), "令和3年度上期"),
        (Period("half", 2021, 2), "FY2021H2", 20212, date(2021, 10, 1), date(2022, 3, 31), "令和3年度下期"),
        (Period("year", 2021), "FY2021", 2021, date(2021, 4, 1), date(2022, 3, 31), "令和3年度"),
    ],
)
def test_a_period_has_its_id_key_days_and_label(
    period: Period, period_id: str, key: int, first: date, last: date, label: str
) -> None:
    assert (period.id, period.key) == (period_id, key)
    assert (period.first_day, period.last_day) == (first, last)
    assert period.label == label


@given(st.integers(min_value=1990, max_value=2099))
def test_a_year_has_fifteen_periods_whose_ids_and_keys_lead_back_to_them(fiscal_year: int) -> None:
    periods = periods_of(fiscal_year)
    assert [parse_id(period.id) for period in periods] == periods
    assert len({period.key for period in periods}) == len(periods) == 15


@given(st.integers(min_value=1990, max_value=2099))
def test_the_months_of_a_year_follow_each_other_from_april_to_march(fiscal_year: int) -> None:
    months = [Period("month", fiscal_year, number) for number in FISCAL_MONTHS]
    assert months[0].first_day == date(fiscal_year, 4, 1)
    for month, after in pairwise(months):
        assert after.first_day == month.last_day + timedelta(days=1)
    assert months[-1].last_day == Period("year", fiscal_year).last_day


@given(st.dates(min_value=date(1990, 4, 1), max_value=date(2099, 3, 31)))
def test_a_day_lies_in_its_month_and_in_its_half(day: date) -> None:
    month = month_of(day)
    assert month.first_day <= day <= month.last_day
    assert month.half.first_day <= day <= month.half.last_day


def test_only_september_and_march_end_a_half() -> None:
    assert [n for n in FISCAL_MONTHS if Period("month", 2021, n).ends_half] == [9, 3]


@pytest.mark.parametrize("period_id", ["2021-13", "2021", "FY", "FYH1", "令和3年度", ""])
def test_an_id_that_no_period_has_is_refused(period_id: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_id(period_id)


@pytest.mark.parametrize(
    ("fiscal_year", "label"),
    [(2018, "平成30年度"), (2019, "令和元年度"), (2020, "令和2年度"), (2021, "令和3年度")],
)
def test_a_fiscal_year_is_labelled_by_the_era_of_most_of_it(fiscal_year: int, label: str) -> None:
    assert fiscal_year_label(fiscal_year) == label
