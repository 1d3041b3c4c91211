"""The same events are the same facts and the same findings, be they sent as a sheet, as CSV or as JSON."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from samples.exports import exported, posted
from samples.lines import lines_of
from schemas.catalog import Catalog
from schemas.form import Form
from schemas.forms.event import EVENT
from schemas.forms.survey import SURVEY
from schemas.period import Period
from tasks.template.content import Content
from tasks.template.workbook import lines_workbook
from tests.conftest import MakeWorld
from tests.walking import query, walk

NOVEMBER = Period("month", 2021, 11)
FIRST_HALF = Period("half", 2021, 1)
Rows = list[dict[str, Any]]


def sent(way: str, catalog: Catalog, center_id: str, form: Form, period: Period, rows: Rows) -> bytes:
    """A file of some rows by one of the ways."""
    of_year = catalog.in_year(2021)
    if way == "csv":
        return exported(form, rows)
    if way == "json":
        return posted(form, of_year, center_id, period, rows, 1, period.last_day, "管理係")
    content = Content(lines={form.id: rows}, stated_on=period.last_day)
    return lines_workbook(of_year, center_id, form, period, content)


@pytest.fixture
def walked_with(make_world: MakeWorld, tmp_path: Path) -> Callable[..., Any]:
    """Walk one file of a center, sent by one way; the world."""

    def walked(way: str, center_id: str, content: bytes) -> Any:
        suffix = {"sheet": "xlsx", "csv": "csv", "json": "json"}[way]
        path = tmp_path / way / center_id / f"提出.{suffix}"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        (tmp_path / way / "arrivals.csv").write_text(
            "file,channel,sender,received_at\n"
            f"{center_id}/{path.name},{center_id},,2022-06-01T09:00:00+09:00\n"
        )
        world = make_world(tmp_path / way, name=f"home {way}")
        walk(world)
        return world

    return walked


def facts(world: Any, form: Form) -> list[tuple[Any, ...]]:
    """The facts of a form, without what says in which file and cell they stood."""
    names = [column.fact_column for column in form.columns if column.id != "note"]
    return sorted(query(world, f"select period_key, {', '.join(names)} from fact_{form.id}"))


def test_a_month_of_events_gives_the_same_facts_by_every_way(
    catalog: Catalog, walked_with: Callable[..., Any]
) -> None:
    rows = lines_of(catalog.in_year(2021), EVENT.id, "electronics", NOVEMBER)
    assert len(rows) > 3
    found = {}
    for way in ("sheet", "csv", "json"):
        world = walked_with(way, "electronics", sent(way, catalog, "electronics", EVENT, NOVEMBER, rows))
        assert query(world, "select rule_id, message from mart_finding") == []
        found[way] = facts(world, EVENT)
        assert query(world, "select period_id, status from mart_submission") == [("2021-11", "有効")]
    assert len(found["sheet"]) == len(rows)
    assert found["sheet"] == found["csv"] == found["json"]


def test_a_half_year_of_answers_gives_the_same_facts_as_sheet_and_export(
    catalog: Catalog, walked_with: Callable[..., Any]
) -> None:
    rows = lines_of(catalog.in_year(2021), SURVEY.id, "industry", FIRST_HALF)
    found = {}
    for way in ("sheet", "csv"):
        world = walked_with(way, "industry", sent(way, catalog, "industry", SURVEY, FIRST_HALF, rows))
        assert query(world, "select rule_id, message from mart_finding") == []
        found[way] = facts(world, SURVEY)
    assert len(found["sheet"]) == 116
    assert found["sheet"] == found["csv"]


BROKEN = {
    "words for a count": ("online", "三十名ほど", "event.online.readable"),
    "a fraction of a person": ("online", 44.5, "event.online.count"),
    "an end in another month": ("end_date", "2021-12-24", "event.end_date.outside_month"),
    "an end before the start": ("end_date", "2021-11-01", "event.end_date.before_start"),
    "nobody counted": ("online", None, "event.onsite.needed"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_in_the_same_place_the_finding_is_the_same_at_its_own_address(
    catalog: Catalog, walked_with: Callable[..., Any], what: str
) -> None:
    column, value, rule_id = BROKEN[what]
    rows: Rows = [dict(row) for row in lines_of(catalog.in_year(2021), EVENT.id, "electronics", NOVEMBER)]
    at = next(n for n, row in enumerate(rows) if row["series"] == "テクニカルセミナー")
    assert rows[at]["start_date"].day > 1
    rows[at] |= {column: value}
    if what == "nobody counted":
        rows[at] |= {"onsite": None}
        column = "onsite"
    heading = EVENT.column(column).heading
    letter = "ABCDEFGHIJKLMNO"[[c.id for c in EVENT.columns].index(column)]
    addresses = {
        "sheet": f"{EVENT.title}!{letter}{at + 6}",
        "csv": f"line {at + 2}:{heading}",
        "json": f"/rows/{at}/{column}",
    }
    said = {}
    for way, address in addresses.items():
        content = sent(way, catalog, "electronics", EVENT, NOVEMBER, rows)
        world = walked_with(way, "electronics", content)
        found = query(world, "select rule_id, address, severity, seen, message from mart_finding")
        assert [(row[0], row[1], row[2]) for row in found] == [(rule_id, address, "critical")]
        said[way] = (found[0][3], found[0][4].removeprefix(f"{address}: "))
        assert query(world, "select count(*) from fact_event") == [(0,)]
    assert said["sheet"] == said["csv"] == said["json"]


def test_a_renamed_heading_of_an_export_is_named_and_the_file_waits(
    catalog: Catalog, walked_with: Callable[..., Any]
) -> None:
    rows = lines_of(catalog.in_year(2021), EVENT.id, "electronics", NOVEMBER)
    content = exported(EVENT, rows).decode("cp932").replace("主催区分", "開催区分", 1).encode("cp932")
    world = walked_with("csv", "electronics", content)
    found = query(world, "select rule_id, address, severity from mart_finding order by rule_id")
    assert found == [
        ("sheet.missing_column", "line 1:区分", "critical"),
        ("sheet.unknown_heading", "line 1:開催区分", "warning"),
    ]


def test_an_export_of_headings_alone_says_what_to_do(walked_with: Callable[..., Any]) -> None:
    world = walked_with("csv", "electronics", exported(EVENT, []))
    assert query(world, "select rule_id, severity from mart_finding") == [("file.NO_LINES", "critical")]


def test_an_object_in_which_a_key_stands_twice_is_refused_whole(
    catalog: Catalog, walked_with: Callable[..., Any]
) -> None:
    rows = lines_of(catalog.in_year(2021), EVENT.id, "electronics", NOVEMBER)
    good = sent("json", catalog, "electronics", EVENT, NOVEMBER, rows).decode()
    twice = good.replace('"revision": 1', '"revision": 1, "revision": 2')
    world = walked_with("json", "electronics", twice.encode())
    assert query(world, "select rule_id, seen from mart_finding") == [("file.REPEATED_KEY", "revision")]


def test_true_is_no_number_and_what_is_nested_is_nothing(
    catalog: Catalog, walked_with: Callable[..., Any]
) -> None:
    rows = lines_of(catalog.in_year(2021), EVENT.id, "electronics", NOVEMBER)
    made = json.loads(sent("json", catalog, "electronics", EVENT, NOVEMBER, rows))
    made["rows"][0]["online"], made["rows"][1]["online"] = True, [12]
    world = walked_with("json", "electronics", json.dumps(made).encode())
    found = query(world, "select rule_id, address from mart_finding order by address")
    assert found == [
        ("event.online.readable", "/rows/0/online"),
        ("event.online.readable", "/rows/1/online"),
    ]


def test_days_with_a_time_of_day_are_days(catalog: Catalog, walked_with: Callable[..., Any]) -> None:
    rows = lines_of(catalog.in_year(2021), SURVEY.id, "industry", FIRST_HALF)
    lines = list(csv.reader(io.StringIO(exported(SURVEY, rows).decode("cp932"))))
    for line in lines[1:]:
        line[1] += " 13:05:59"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    world = walked_with("csv", "industry", out.getvalue().encode("utf-8"))
    assert query(world, "select rule_id, message from mart_finding") == []
    assert query(world, "select count(*) from fact_survey") == [(116,)]


def test_an_object_whose_rows_were_lost_is_told_by_its_totals(
    catalog: Catalog, walked_with: Callable[..., Any]
) -> None:
    rows = lines_of(catalog.in_year(2021), EVENT.id, "electronics", NOVEMBER)
    made = json.loads(sent("json", catalog, "electronics", EVENT, NOVEMBER, rows)) | {"rows": []}
    world = walked_with("json", "electronics", json.dumps(made).encode())
    found = {address for (address,) in query(world, "select address from mart_finding")}
    assert {"/totals/onsite", "/totals/online"} & found


@pytest.mark.parametrize("totals", [{"onsit": 3}, {"onsite": "3"}, {"onsite": True}, {"onsite": [3]}])
def test_totals_that_nothing_could_be_held_against_are_refused(
    catalog: Catalog, walked_with: Callable[..., Any], totals: dict[str, Any]
) -> None:
    rows = lines_of(catalog.in_year(2021), EVENT.id, "electronics", NOVEMBER)
    made = json.loads(sent("json", catalog, "electronics", EVENT, NOVEMBER, rows)) | {"totals": totals}
    world = walked_with("json", "electronics", json.dumps(made).encode())
    [(rule_id, message)] = query(world, "select rule_id, message from mart_finding")
    assert rule_id == "file.BROKEN"
    assert "onsit" in message
