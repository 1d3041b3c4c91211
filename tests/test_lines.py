"""What lines of events, texts and exports must never do: vanish, count twice, read as 0, or stop a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from samples.exports import exported, posted
from samples.lines import lines_of
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms.event import EVENT
from schemas.forms.narrative import NARRATIVE
from schemas.forms.survey import SURVEY
from schemas.period import Period
from tasks.report import report
from tasks.template.content import Content
from tasks.template.workbook import lines_workbook
from tasks.world import World
from tests.conftest import SAMPLES, MakeWorld
from tests.walking import query, walk

NOVEMBER, YEAR = Period("month", 2021, 11), Period("year", 2021)
Rows = list[dict[str, Any]]


class Inbox:
    """An inbox that files are put into, each at its moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.arrivals = ["file,channel,sender,received_at"]

    def put(self, center_id: str, name: str, content: bytes, at: str = "2022-06-01T09:00") -> None:
        (self.folder / center_id).mkdir(parents=True, exist_ok=True)
        (self.folder / center_id / name).write_bytes(content)
        self.arrivals.append(f"{center_id}/{name},{center_id},,{at}:00+09:00")
        (self.folder / "arrivals.csv").write_text("\n".join(self.arrivals), encoding="utf-8")


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "in")


@pytest.fixture
def rows(catalog: Catalog) -> Rows:
    """The events of electronics in November."""
    return [dict(row) for row in lines_of(catalog.in_year(2021), EVENT.id, "electronics", NOVEMBER)]


def sheet(
    catalog: Catalog, center_id: str, form: Form, period: Period, rows: Rows, revision: int = 1, on: str = ""
) -> bytes:
    content = Content(lines={form.id: rows}, revision=revision, stated_on=on or period.last_day)
    return lines_workbook(catalog.in_year(2021), center_id, form, period, content)


def findings(world: World) -> list[tuple[Any, ...]]:
    return query(world, "select rule_id, address from mart_finding order by rule_id, address")


def value(world: World, indicator_id: str) -> tuple[Any, ...]:
    sql = "select value, status from mart_performance where indicator_id = :id and fiscal_year = 2021"
    return query(world, sql, id=indicator_id)[0]


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_page_of_text_for_a_name_costs_its_own_file_on_both_engines(
    make_world: MakeWorld,
    inbox: Inbox,
    rows: Rows,
    catalog: Catalog,
    new_database: Callable[[], str],
    engine: str,
) -> None:
    rows[1]["name"] = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(1000))
    inbox.put("electronics", "e.xlsx", sheet(catalog, "electronics", EVENT, NOVEMBER, rows))
    inbox.put("icc", "e.xlsx", sheet(catalog, "icc", EVENT, NOVEMBER, []))
    question = exported(EVENT, rows[:1]).decode("cp932").replace("備考", "同意します。" * 600, 1)
    inbox.put("industry", "q.csv", question.encode("utf-8"))
    world = make_world(inbox.folder, url=new_database() if engine == "postgres" else "")
    walk(world)
    assert ("event.name.short", f"{EVENT.title}!D7") in findings(world)
    assert all(len(address) < 100 for _, address in findings(world))
    assert query(world, "select center_id, status from mart_submission order by center_id") == [
        ("electronics", "差戻し"),
        ("icc", "有効"),
        ("industry", "差戻し"),
    ]


ICC_TEXTS = "icc/事業概要・定性実績報告書_R03_インタークロス・クリエイティブ・センター.xlsx"
PUBLISHED_R03, BUDGET_R03 = "foundation/公表値_R03.xlsx", "foundation/予算異動明細書_R03_第2版.xlsx"


@pytest.mark.parametrize(
    ("file", "cell", "rule_id"),
    [
        (ICC_TEXTS, "C9", "narrative.title.short"),
        (ICC_TEXTS, "D9", "narrative.qualifier.short"),
        (BUDGET_R03, "A6", "budget.decision_code.short"),
        (PUBLISHED_R03, "A8", "published.section.short"),
        (PUBLISHED_R03, "B8", "published.letter.short"),
        (PUBLISHED_R03, "C8", "published.title.short"),
        (PUBLISHED_R03, "D8", "published.qualifier.short"),
    ],
)
def test_what_tells_rows_apart_is_a_name_and_no_page(
    make_world: MakeWorld, inbox: Inbox, tmp_path: Path, file: str, cell: str, rule_id: str
) -> None:
    book = openpyxl.load_workbook(SAMPLES / file)
    sheet = next(sheet for sheet in book if sheet.sheet_state == "visible")
    sheet[cell] = "長い" * 101
    book.save(tmp_path / "long.xlsx")
    inbox.put(file.partition("/")[0], "long.xlsx", (tmp_path / "long.xlsx").read_bytes(), "2022-07-01T09:00")
    world = make_world(inbox.folder)
    walk(world)
    critical = query(world, "select rule_id, address from mart_finding where severity = 'critical'")
    assert (rule_id, f"{sheet.title}!{cell}") in critical


def test_an_answers_number_is_short(make_world: MakeWorld, inbox: Inbox, catalog: Catalog) -> None:
    answers = lines_of(catalog.in_year(2021), SURVEY.id, "industry", Period("half", 2021, 1))
    answers = [dict(row) for row in answers]
    answers[3]["answer_code"] = "A" * 201
    inbox.put("industry", "a.csv", exported(SURVEY, answers))
    world = make_world(inbox.folder)
    walk(world)
    assert findings(world) == [("survey.answer_code.short", "line 5:回答番号")]


def test_of_two_exports_of_a_day_the_later_one_counts(
    make_world: MakeWorld, inbox: Inbox, rows: Rows
) -> None:
    for hour, count in enumerate((10, 20, 30, 40), start=10):
        rows[0]["onsite"] = count
        inbox.put("electronics", f"{count}.csv", exported(EVENT, rows), f"2021-12-06T{hour}:00")
        world = make_world(inbox.folder)
        walk(world)
        assert query(world, "select max(onsite_count) from mart_event_occurrence") == [(float(count),)]
        assert findings(world) == []


def test_an_export_that_comes_after_a_second_revision_is_not_passed_over_in_silence(
    make_world: MakeWorld, inbox: Inbox, rows: Rows, catalog: Catalog
) -> None:
    revised = sheet(catalog, "electronics", EVENT, NOVEMBER, rows, revision=2, on="令和3年12月3日")
    inbox.put("electronics", "月報.xlsx", revised, "2021-12-03T09:00")
    rows[0]["online"] = 999
    inbox.put("electronics", "後.csv", exported(EVENT, rows), "2021-12-20T09:00")
    world = make_world(inbox.folder)
    walk(world)
    assert findings(world) == [("cover.revision.behind", "electronics/後.csv")]


def test_a_name_that_begins_like_a_note_is_a_name(
    make_world: MakeWorld, inbox: Inbox, rows: Rows, catalog: Catalog
) -> None:
    rows[0]["name"] = "注目の技術セミナー"
    made = [{"name": row.pop("name"), **row} for row in rows]
    content = posted(EVENT, catalog.in_year(2021), "electronics", NOVEMBER, made, 1, NOVEMBER.last_day, "係")
    inbox.put("electronics", "e.json", content.replace(b'"rows"', b'"rows"'))
    lines = exported(EVENT, made).decode("cp932").splitlines()
    turned = [",".join([*line.split(",")[3:4], *line.split(",")[:3], *line.split(",")[4:]]) for line in lines]
    inbox.put("electronics", "e.csv", "\r\n".join(turned).encode("cp932"), "2022-06-02T09:00")
    world = make_world(inbox.folder)
    walk(world)
    assert query(world, "select count(*) from fact_event") == [(2 * len(rows),)]


def text_row(kind: str, program: str | None = None, **cells: Any) -> dict[str, Any]:
    return {"program": program, "kind": kind, **cells}


def test_what_was_not_carried_out_is_not_0(make_world: MakeWorld, inbox: Inbox, catalog: Catalog) -> None:
    program = "1-(9) 食品認証取得支援事業"
    status = text_row("実施状況", program, title="実施状況", qualifier="未実施", text="募集がなかったため")
    inbox.put("industry", "n.xlsx", sheet(catalog, "industry", NARRATIVE, YEAR, [status]))
    inbox.put("industry", "e.xlsx", sheet(catalog, "industry", EVENT, NOVEMBER, [{"program": "該当なし"}]))
    world = make_world(inbox.folder)
    walk(world)
    assert findings(world) == []
    assert value(world, "1-09.seminars") == (None, "未実施")
    printed = openpyxl.load_workbook(report(world, 2021), read_only=True)["Ⅲ事業実績一覧"]
    line = next(row for row in printed.iter_rows(values_only=True) if row[0] == "1-(9)")
    assert line[2:5] == ("実施状況", "", "未実施")


def test_a_peak_of_which_most_months_are_missing_is_provisional(
    make_world: MakeWorld, inbox: Inbox, rows: Rows, catalog: Catalog
) -> None:
    others = [row for row in rows if row["peak"] is None]
    inbox.put("electronics", "e.xlsx", sheet(catalog, "electronics", EVENT, NOVEMBER, others))
    world = make_world(inbox.folder)
    walk(world)
    assert value(world, "3-03.festa_peak_viewers") == (None, "暫定 (1/12)")
    month = "select value, status from mart_performance_month where indicator_id = '3-03.festa_peak_viewers'"
    assert query(world, month) == [(None, "該当なし")]


def test_a_text_may_name_only_what_is_printed_and_brackets_close(
    make_world: MakeWorld, inbox: Inbox, catalog: Catalog
) -> None:
    program = "1-(1) 産業振興センター施設管理運営事業"
    texts = [
        text_row("概要", program, text="コマは［セミナールーム利用コマ数］であった。"),
        text_row("実績", program, title="a", text="率は[セミナールーム稼働率]で"),
        text_row("実績", program, title="b", text="率は［セミナールーム稼働率 であった"),
    ]
    inbox.put("industry", "n.xlsx", sheet(catalog, "industry", NARRATIVE, YEAR, texts))
    world = make_world(inbox.folder)
    walk(world)
    assert findings(world) == [
        ("narrative.text.open_bracket", f"{NARRATIVE.title}!E7"),
        ("narrative.text.open_bracket", f"{NARRATIVE.title}!E8"),
        ("narrative.text.unknown_figure", f"{NARRATIVE.title}!E6"),
    ]


def test_texts_whose_titles_look_alike_have_sources_of_their_own(
    make_world: MakeWorld, inbox: Inbox, catalog: Catalog
) -> None:
    program = "1-(1) 産業振興センター施設管理運営事業"
    texts = [
        text_row("実績", program, title="甲（乙）", text="甲の文"),
        text_row("実績", program, title="甲", qualifier="乙", text="乙の文"),
    ]
    inbox.put("industry", "n.xlsx", sheet(catalog, "industry", NARRATIVE, YEAR, texts))
    world = make_world(inbox.folder)
    walk(world)
    sources = openpyxl.load_workbook(report(world, 2021), read_only=True)["出典"]
    cells = [row[10] for row in sources.iter_rows(values_only=True) if row[5] == "text"]
    assert cells == [f"{NARRATIVE.title}!E6", f"{NARRATIVE.title}!E7"]


def test_head_office_may_name_any_centers_figure(
    make_world: MakeWorld, inbox: Inbox, catalog: Catalog
) -> None:
    summary = text_row("総括", text="入居率は［1-(4)北大ビジネス・スプリング入居率］である。")
    inbox.put("foundation", "n.xlsx", sheet(catalog, "foundation", NARRATIVE, YEAR, [summary]))
    world = make_world(inbox.folder)
    walk(world)
    assert findings(world) == []


def test_a_stated_value_is_that_of_a_label_written_as_the_form_writes_it(
    make_world: MakeWorld, inbox: Inbox, catalog: Catalog
) -> None:
    program = "4-(2) クリエイティブ産業振興事業"
    row = text_row("申告値", program, title="クロスガーデン利用者数(月平均)", stated=99999)
    inbox.put("icc", "n.xlsx", sheet(catalog, "icc", NARRATIVE, YEAR, [row]))
    world = make_world(inbox.folder)
    walk(world)
    assert findings(world) == [("narrative.title.unknown", f"{NARRATIVE.title}!C6")]


def test_an_event_of_nearly_a_year_has_both_its_months(
    make_world: MakeWorld, inbox: Inbox, rows: Rows, catalog: Catalog
) -> None:
    from datetime import date

    rows = [rows[0] | {"start_date": date(2020, 11, 20), "end_date": date(2021, 11, 10)}]
    inbox.put("electronics", "e.xlsx", sheet(catalog, "electronics", EVENT, NOVEMBER, rows))
    world = make_world(inbox.folder)
    walk(world)
    assert query(world, "select months from mart_event") == [("11月～11月",)]


@pytest.mark.parametrize(
    "day", ["2021/11/05 9:30:12 午前 GMT+9", "2021-11-05T09:30:12.000+09:00", "2021-11-05T00:30Z"]
)
def test_the_clocks_of_form_services_are_read(
    make_world: MakeWorld, inbox: Inbox, rows: Rows, day: str
) -> None:
    rows = [rows[0] | {"start_date": day, "end_date": day}]
    inbox.put("electronics", "e.csv", exported(EVENT, rows))
    world = make_world(inbox.folder)
    walk(world)
    assert findings(world) == []
    assert query(world, "select count(*) from fact_event") == [(1,)]


def test_an_export_without_a_readable_day_says_that(make_world: MakeWorld, inbox: Inbox, rows: Rows) -> None:
    inbox.put("electronics", "e.csv", exported(EVENT, [row | {"end_date": "11月5日"} for row in rows]))
    world = make_world(inbox.folder)
    walk(world)
    ((rule_id, message),) = query(world, "select rule_id, message from mart_finding")
    assert rule_id == "file.NO_DAY"
    assert "「11月5日」など" in message


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800"])
def test_letters_that_no_database_takes_are_refused_before_it(
    make_world: MakeWorld, inbox: Inbox, rows: Rows, catalog: Catalog, letter: str
) -> None:
    of_year = catalog.in_year(2021)
    made = posted(EVENT, of_year, "electronics", NOVEMBER, rows, 1, NOVEMBER.last_day, "係").decode()
    inbox.put("electronics", "e.json", made.replace('"係"', f'"係{letter}"').encode())
    world = make_world(inbox.folder)
    walk(world)
    assert [rule for rule, _ in findings(world)] == ["file.CONTROL_CHARACTERS"]


def test_a_month_of_which_one_side_of_a_rate_was_withheld_makes_no_rate(
    make_world: MakeWorld, tmp_path: Path, catalog: Catalog
) -> None:
    from samples.spread import spending_by_month
    from samples.tables import performance_by_month
    from tests.workbooks import write_monthly

    (tmp_path / "in" / "industry").mkdir(parents=True)
    for month in (4, 7):
        values = dict(performance_by_month()[month])
        values |= (
            {"1-01.seminar_slots_used": "秘匿", "1-01.seminar_room_use_rate": "－"} if month == 4 else {}
        )
        path = tmp_path / "in" / "industry" / f"{month}.xlsx"
        period = Period("month", 2021, month)
        write_monthly(
            path, catalog, "industry", period, values, {}, spending_by_month()[month], {}, 1, "R4.5.1"
        )
    world = make_world(tmp_path / "in")
    walk(world)
    assert value(world, "1-01.seminar_room_use_rate") == (None, "暫定 (1/12)")


@pytest.mark.parametrize(("lines", "found"), [(900, True), (1_100, False)])
def test_a_total_is_held_against_the_lines_that_it_reaches_and_against_no_longer_list(
    make_world: MakeWorld, inbox: Inbox, rows: Rows, catalog: Catalog, tmp_path: Path, lines: int, found: bool
) -> None:
    many = [rows[0] | {"event_no": number, "onsite": 1} for number in range(1, lines + 1)]
    inbox.put("electronics", "e.xlsx", sheet(catalog, "electronics", EVENT, NOVEMBER, many))
    path = inbox.folder / "electronics" / "e.xlsx"
    book = openpyxl.load_workbook(path)
    book[EVENT.title]["J4"] = 5
    book.save(path)
    world = make_world(inbox.folder)
    walk(world)
    assert query(world, "select count(*) from fact_event") == [(lines,)]
    assert (("event.onsite.total", f"{EVENT.title}!J4") in findings(world)) == found
