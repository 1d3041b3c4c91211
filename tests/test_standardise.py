"""Sheets as centers change them, read into the form's columns: by heading, never by place."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.catalog import Catalog
from schemas.submission import Receipt
from tasks.standardise import Draft, standardise

Row = list[Any]

CENTER = "産業振興センター"
COVER: list[Row] = [
    ["令和3年9月分 業務実績報告書（様式第5号）", None, None, None, None, "提出日", "令和3年10月8日"],
    ["センター名", CENTER, None, "年度", "令和3年度", "対象月", "9月"],
    ["版", 1, None, "提出者", "総務係", None, None],
    [None] * 7,
]
UPPER: Row = ["区分", "項目", "単位", "実績", None, "基準日", "備考"]
LOWER: Row = [None, None, None, "当月", "累計", None, None]
SUPPORT = "1-(4) 北大ビジネスインキュベーション支援事業"
EXPORT = "1-(6) 食品販路拡大支援事業"
ADVICE: Row = [SUPPORT, "経営アドバイス等の相談対応", "回", 6, 37, None, None]
INFORMATION: Row = [None, "情報提供", "件", 68, 411, None, None]


def sheet(
    *rows: Row,
    name: str = "実績",
    cover: list[Row] = COVER,
    headings: tuple[Row, ...] = (UPPER, LOWER),
    merged: list[list[int]] | None = None,
    is_visible: bool = True,
) -> dict[str, Any]:
    """A sheet as the reader sends it; `merged` holds first row and column, last row and column, from 0."""
    cells = [*cover, *headings, *rows]
    return {
        "name": name,
        "kind": "sheet",
        "is_visible": is_visible,
        "top": 0,
        "left": 0,
        "rows": cells,
        "merged": merged or [],
    }


def drafts(catalog: Catalog, *sheets: dict[str, Any], center_id: str = "industry") -> list[Draft]:
    arrived = datetime(2021, 10, 8, 1, 20, tzinfo=UTC)
    receipt = Receipt("r", "0" * 64, f"{center_id}/月報.xlsx", 1, center_id, center_id, "総務係", arrived)
    return standardise({"sheets": list(sheets)}, receipt, catalog)


def draft(catalog: Catalog, *rows: Row, **of_sheet: Any) -> Draft:
    (found,) = drafts(catalog, sheet(*rows, **of_sheet))
    return found


def values(found: Draft, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(record[name] for name in columns) for record in found.records]


def test_the_cover_says_whose_month_it_is(catalog: Catalog) -> None:
    found = draft(catalog, ADVICE)
    assert found.submission
    assert found.submission.id == "industry.performance.2021-09.0000000000000000"
    assert (found.submission.revision, found.submission.stated_on) == (1, date(2021, 10, 8))
    assert found.cover["month"].address == "実績!G2"
    assert found.titled == found.submission.period


def test_a_label_and_its_value_may_stand_in_one_cell(catalog: Catalog) -> None:
    cover: list[Row] = [
        ["令和3年9月分業務実績報告書"],
        [f"センター名：{CENTER}", "年度: 令和3年度", "対象月：9月", "提出日：R3.10.8", "版：第2版"],
    ]
    found = draft(catalog, ADVICE, cover=cover)
    assert found.submission
    assert found.submission.id.startswith("industry.performance.2021-09.")
    assert found.submission.revision == 2
    assert found.cover["stated_on"].address == "実績!D2"


def test_a_cover_without_a_revision_is_the_first(catalog: Catalog) -> None:
    found = draft(catalog, ADVICE, cover=[*COVER[:2], [None] * 7])
    assert found.submission
    assert found.submission.revision == 1


def test_headings_of_two_lines_are_found_and_cells_keep_their_addresses(catalog: Catalog) -> None:
    found = draft(catalog, ADVICE, merged=[[4, 0, 5, 0], [4, 3, 4, 4], [4, 5, 5, 5]])
    assert values(found, "indicator", "value", "cumulative", "row") == [("1-04.advice", 6.0, 37.0, 7)]
    assert found.address("value", 7) == "実績!D7"
    assert found.address("cumulative", 7) == "実績!E7"


def test_columns_are_found_by_heading_in_any_order(catalog: Catalog) -> None:
    headings: Row = ["備考", "当月", "累計", "項目", "区分", "単位", "基準日"]
    row: Row = ["確認済", 6, 37, "経営アドバイス等の相談対応", SUPPORT, "回", None]
    found = draft(catalog, row, headings=(headings,))
    # What stands to the left of a cell in the form has been read before it, wherever it stands in the sheet.
    assert values(found, "program", "indicator", "unit", "value", "note") == [
        ("1-04", "1-04.advice", "回", 6.0, "確認済")
    ]
    assert found.address("value", 6) == "実績!B6"


@pytest.mark.parametrize(
    "headings",
    [
        ("区分", "項目", "単位", "実績当月", "実績累計"),
        ("事業名", "指標", "単位", "当月実績", "累計"),
        (" 区 分 ", "項　目", "単位", "当月", "累計"),
        ("事業", "項目", "単位", "実績\n当月", "累計"),
    ],
)
def test_other_words_for_a_heading_are_known(catalog: Catalog, headings: tuple[str, ...]) -> None:
    found = draft(catalog, ADVICE[:5], headings=(list(headings),))
    assert values(found, "indicator", "value", "cumulative") == [("1-04.advice", 6.0, 37.0)]
    assert found.headings.unknown == {}


def test_a_heading_of_their_own_is_kept_as_unknown_and_its_column_is_not_read(catalog: Catalog) -> None:
    headings = ([*UPPER, None], [*LOWER, "前年同月"])
    found = draft(catalog, [*ADVICE, 99], headings=headings)
    assert found.headings.unknown == {7: "前年同月"}
    assert [99] not in found.records.columns.values()


def test_a_heading_that_is_missing_leaves_its_column_blank(catalog: Catalog) -> None:
    headings = ([*UPPER[:5], None, None], LOWER)
    found = draft(catalog, ADVICE, headings=headings)
    assert "as_of_date" not in found.headings.columns
    assert values(found, "as_of_date", "value") == [(None, 6.0)]


def test_a_merged_program_holds_for_all_its_rows(catalog: Catalog) -> None:
    found = draft(catalog, ADVICE, INFORMATION, merged=[[6, 0, 7, 0]])
    assert values(found, "program", "indicator") == [("1-04", "1-04.advice"), ("1-04", "1-04.information")]
    assert found.address("program", 8) == "実績!A7"


def test_notes_and_blank_rows_are_no_records(catalog: Catalog) -> None:
    notes: list[Row] = [["※色のついた欄に入力"], ["注 該当がないときは－"], [None] * 7]
    found = draft(catalog, ADVICE, *notes, INFORMATION, merged=[[6, 0, 6, 0]])
    assert values(found, "row", "value") == [(7, 6.0), (11, 68.0)]


def test_a_program_alone_in_its_row_is_no_record(catalog: Catalog) -> None:
    found = draft(catalog, ADVICE, [EXPORT, *[None] * 6])
    assert values(found, "row") == [(7,)]


def test_a_hidden_sheet_is_not_read(catalog: Catalog) -> None:
    hidden = sheet(ADVICE, name="前月", is_visible=False)
    found = drafts(catalog, hidden, sheet(ADVICE))
    assert [entry.grid.name for entry in found] == ["実績"]


def test_a_sheet_without_a_title_is_known_by_its_headings_and_not_left_unread(catalog: Catalog) -> None:
    cover: list[Row] = [["令和3年9月分 予定表"], *COVER[1:]]
    (draft,) = drafts(catalog, sheet(ADVICE, cover=cover))
    assert draft.form.id == "performance"
    assert not draft.has_title


def test_each_visible_sheet_is_a_form_of_its_own(catalog: Catalog) -> None:
    cover: list[Row] = [["令和3年9月分 支出報告書", *COVER[0][1:]], *COVER[1:]]
    headings: tuple[Row, ...] = (["区分", "科目", "支出額", None, "備考"], [None, None, "当月", "累計", None])
    spending = sheet(
        [SUPPORT, "給料手当", 504000, 3024000],
        [None, "計", 504000, 3024000],
        [None, "合計", "504,000", 3024000],
        name="支出",
        cover=cover,
        headings=headings,
        merged=[[6, 0, 7, 0]],
    )
    performance, expenditure = drafts(catalog, sheet(ADVICE), spending)
    assert performance.form.id == "performance"
    assert values(expenditure, "program", "account", "amount_yen", "is_total") == [
        ("1-04", "salaries", 504000.0, False),
        ("1-04", "計", 504000.0, True),
        ("", "合計", 504000.0, True),
    ]


@pytest.mark.parametrize(
    ("typed", "value", "status"),
    [
        (68, 68.0, "報告"),
        ("68件", 68.0, "報告"),
        ("６８ 件", 68.0, "報告"),
        ("1,234件/年", 1234.0, "報告"),
        ("△3", -3.0, "報告"),
        (0, 0.0, "報告"),
        ("－", None, "該当なし"),
        ("未実施", None, "未実施"),
        (None, None, None),
    ],
)
def test_a_value_has_a_number_or_a_status(
    catalog: Catalog, typed: Any, value: float | None, status: str | None
) -> None:
    found = draft(catalog, [SUPPORT, "情報提供", "件", typed, 411, None, None])
    assert values(found, "value", "value_status", "value__unread") == [(value, status, None)]


@pytest.mark.parametrize("typed", ["約68件", "68回", "六八", "6 8 件?", True])
def test_what_cannot_be_read_is_kept_as_it_was_typed(catalog: Catalog, typed: Any) -> None:
    found = draft(catalog, [SUPPORT, "情報提供", "件", typed, 411, None, None])
    assert values(found, "value", "value_status", "value__unread") == [(None, None, str(typed))]


@pytest.mark.parametrize(
    ("typed", "percent"),
    [(0.767, 76.7), (1, 100.0), (76.7, 76.7), ("76.7％", 76.7), ("76.7%", 76.7), (0, 0.0), (1.5, 1.5)],
)
def test_a_cell_in_percent_format_holds_a_fraction(catalog: Catalog, typed: Any, percent: float) -> None:
    program = "1-(1) 産業振興センター施設管理運営事業"
    found = draft(catalog, [program, "セミナールーム稼働率", "%", typed, "－", None, None])
    assert values(found, "value") == [(percent,)]


@pytest.mark.parametrize(
    ("unit", "typed", "yen"),
    [
        ("円", 61216842, 61216842.0),
        ("円", "61,216,842円", 61216842.0),
        ("千円", 61217, 61217000.0),
        ("千円", "61,217千円", 61217000.0),
        ("千円", 61216.842, 61216842.0),
    ],
)
def test_thousands_of_yen_are_yen(catalog: Catalog, unit: str, typed: Any, yen: float) -> None:
    found = draft(catalog, [EXPORT, "商談サポートによる輸出額", unit, typed, typed, None, None])
    assert values(found, "value", "cumulative", "value__unread") == [(yen, yen, None)]


@pytest.mark.parametrize(("unit", "typed"), [("円", "61,217千円"), ("千円", "61,216,842円")])
def test_a_value_in_another_size_than_its_unit_is_not_guessed(
    catalog: Catalog, unit: str, typed: str
) -> None:
    found = draft(catalog, [EXPORT, "商談サポートによる輸出額", unit, typed, "－", None, None])
    assert values(found, "value", "value__unread") == [(None, typed)]


@pytest.mark.parametrize(("unit", "known"), [("件", "件"), ("件/年", "件/年"), ("件／年", "件/年")])
def test_a_unit_may_be_written_in_every_way_of_the_catalog(catalog: Catalog, unit: str, known: str) -> None:
    found = draft(catalog, [SUPPORT, "情報提供", unit, 68, 411, None, None])
    assert values(found, "unit", "unit__unread") == [(known, None)]


def test_a_half_year_row_is_of_its_half_and_the_others_of_the_month(catalog: Catalog) -> None:
    found = draft(catalog, ADVICE, [EXPORT, "商談サポートによる輸出額", "円", 5, 5, None, None])
    assert values(found, "indicator", "period_id") == [
        ("1-04.advice", "2021-09"),
        ("1-06.exports", "FY2021H1"),
    ]


def test_a_program_of_another_center_is_not_known(catalog: Catalog) -> None:
    found = draft(catalog, ["2-(1) ア 窓口相談", "経営・融資相談（計）", "件", 1, 1, None, None])
    assert values(found, "program", "program__unread") == [(None, "2-(1) ア 窓口相談")]


@pytest.mark.parametrize("written", [SUPPORT, "1-(4)", "１－（４）".replace("－", "-"), "1-(4)　"])
def test_a_program_is_known_by_its_number_with_or_without_its_name(catalog: Catalog, written: str) -> None:
    found = draft(catalog, [written, *ADVICE[1:]])
    assert values(found, "program") == [("1-04",)]


def test_without_a_day_of_submission_the_sheet_is_a_draft_without_records(catalog: Catalog) -> None:
    cover: list[Row] = [[*COVER[0][:6], "月初め"], *COVER[1:]]
    found = draft(catalog, ADVICE, cover=cover)
    assert found.submission is None
    assert not found.records
    assert found.submission_id == "industry.unread.0000000000000000"
    assert found.cover["stated_on"].converted.unread == "月初め"


def test_an_export_without_headings_is_known_by_its_width(catalog: Catalog) -> None:
    debit, credit = (
        ["賃借料", None, "1-(4)", "対象外", "165000", "0"],
        ["普通預金", *[None] * 3, "165000", "0"],
    )
    line: Row = ["2000", "1", None, "R.03/04/01", *debit, *credit, "4月分", *[None] * 8]
    (found,) = drafts(catalog, unnamed("lines", line), center_id="foundation")
    assert found.form.id == "ledger"
    assert values(found, "posted_on", "debit_program", "debit_account", "debit_yen", "credit_account") == [
        (date(2021, 4, 1), "1-04", "rent", 165000.0, "deposits")
    ]
    assert found.address("debit_yen", 1) == "line 1:借方金額"
    assert found.submission
    assert found.submission.id.startswith("foundation.ledger.FY2021.")


EVENTS: Row = [
    *["区分", "催事番号", "種別", "催事名", "主催区分", "開始日", "終了日", "国内／海外", "対象国"],
    *["来場", "オンライン", "参加企業数（延べ）", "同時視聴者（最大）", "中止", "備考"],
]
TALK: Row = [
    *["1-(2)", "7", "人材育成セミナー等", "労務講座", "財団主催", "2021/9/14", "2021/9/14", "国内", None],
    *["20", "１５名", None, None, None, None],
]


def unnamed(kind: str, *rows: Row, **more: Any) -> dict[str, Any]:
    """The lines of a CSV file, or the rows of a posted object, as the reader sends them."""
    return {
        "name": "",
        "kind": kind,
        "is_visible": True,
        "top": 0,
        "left": 0,
        "rows": list(rows),
        "merged": [],
        **more,
    }


def test_an_export_says_nothing_of_itself(catalog: Catalog) -> None:
    # Its center is the channel's, its month that of its lines; it is stated on no day of its own.
    (found,) = drafts(catalog, unnamed("lines", EVENTS, TALK))
    assert found.submission
    assert found.submission.id == "industry.event.2021-09.0000000000000000"
    assert (found.submission.revision, found.submission.stated_on) == (1, None)
    assert found.cover["month"].address == "line 2:終了日"
    assert found.has_title
    assert values(found, "series", "end_date", "onsite", "online", "firms", "row") == [
        ("1-02.training", date(2021, 9, 14), 20.0, 15.0, None, 2)
    ]
    assert found.address("online", 2) == "line 2:オンライン"


def test_the_lines_of_an_export_are_of_the_month_of_most_and_of_the_earlier_of_two(catalog: Catalog) -> None:
    later = [*TALK[:6], "2021/10/1", *TALK[7:]]
    for lines, month in (([TALK, later], "2021-09"), ([later, later, TALK], "2021-10")):
        (found,) = drafts(catalog, unnamed("lines", EVENTS, *lines))
        assert found.period
        assert found.period.id == month


def test_an_export_in_which_some_headings_are_renamed_is_known(catalog: Catalog) -> None:
    headings = ["会場" if name == "来場" else name for name in EVENTS]
    (found,) = drafts(catalog, unnamed("lines", headings, TALK))
    assert found.form.id == "event"
    assert "onsite" not in found.headings.columns
    assert found.headings.unknown == {9: "会場"}


def test_headings_alone_or_of_no_form_are_no_draft(catalog: Catalog) -> None:
    assert drafts(catalog, unnamed("lines", EVENTS)) == []
    assert drafts(catalog, unnamed("lines", ["a", "b", "c"], [1, 2, 3])) == []


def test_what_a_web_form_posts_has_its_cover_in_its_fields(catalog: Catalog) -> None:
    names = [
        "program",
        "event_no",
        "series",
        "name",
        "host",
        "start_date",
        "end_date",
        "place",
        "online",
        "memo",
    ]
    talk = [
        "1-(2)",
        7.0,
        "人材育成セミナー等",
        "労務講座",
        "共催",
        "2021-09-14",
        "2021-09-14",
        "国内",
        15.0,
        "雨",
    ]
    cover = {"form": "event", "center_id": CENTER, "fiscal_year": 2021.0, "month": 9.0, "revision": 2.0}
    fields = {**cover, "stated_on": "2021-10-08", "submitter": "総務係"}
    (found,) = drafts(catalog, unnamed("object", talk, headings=names, fields=fields))
    assert found.submission
    assert found.submission.id == "industry.event.2021-09.0000000000000000"
    assert (found.submission.revision, found.submission.stated_on) == (2, date(2021, 10, 8))
    assert found.cover["month"].address == "/month"
    assert values(found, "host", "start_date", "online", "onsite") == [
        ("共催", date(2021, 9, 14), 15.0, None)
    ]
    assert found.address("online", 1) == "/rows/0/online"
    # A column that no row has may be blamed all the same; a name of their own is not read.
    assert found.address("onsite", 1) == "/rows/0/onsite"
    assert found.headings.unknown == {9: "memo"}


@pytest.mark.parametrize("nil", ["該当なし", " 該当 なし ", "該当なし　"])
def test_a_month_without_events_says_so(catalog: Catalog, nil: str) -> None:
    cover: list[Row] = [["令和3年9月分 イベント・セミナー一覧", *COVER[0][1:]], *COVER[1:]]
    for rows, is_nil in (([[nil, *[None] * 14]], True), ([], False), ([TALK], False)):
        found = draft(catalog, *rows, name="イベント", cover=cover, headings=(EVENTS,))
        assert (found.form.id, found.is_nil, len(found.records)) == ("event", is_nil, len(rows) - is_nil)
