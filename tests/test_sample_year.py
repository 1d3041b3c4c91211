"""The sample year gives back the published report: on both engines, from the marts and from the workbook."""

from pathlib import Path

import openpyxl

from tasks.report import report
from tasks.world import World
from tests.reference import CENTER_TOTALS, published_numbers
from tests.walking import query

WALKED_FORMS = ("performance", "derived")


def _names(world: World) -> set[tuple[str, str, str, str]]:
    """The names of the indicators whose form is in this walk: monthly, half-yearly and computed ones."""
    catalog = world.catalog.in_year(2021)
    return {
        (program.section, program.letter, row.indicator, row.qualifier)
        for row in catalog.indicators
        for program in (catalog.program[row.program_id],)
        if row.is_printed and row.source_form in WALKED_FORMS
    }


def test_every_walked_figure_equals_the_published_one_in_mart_and_workbook(walked: World) -> None:
    published, names = published_numbers(), _names(walked)
    assert len(published) == 88
    assert len(names) == 52
    rows = query(
        walked,
        "select section, sub_program, indicator, qualifier, value, status, indicator_id"
        " from mart_performance where fiscal_year = 2021",
    )
    assert len(rows) == len({row[:4] for row in rows}) == 88
    in_mart = {row[:4]: row for row in rows}
    printed = _printed(report(walked, 2021))
    for name in names:
        *_, value, status, indicator_id = in_mart[name]
        assert (value, status) == (published[name], "報告済"), name
        assert printed[f"performance.2021.{indicator_id}"] == published[name], name
    for name in published.keys() - names:
        assert in_mart[name][4:6] == (None, "未報告"), name


def _printed(path: Path) -> dict[str, float | str]:
    """Figure id to the value in the printed cell that 出典 says it stands in."""
    book = openpyxl.load_workbook(path)
    values = {}
    for figure_id, place, *_ in book["出典"].iter_rows(min_row=2, values_only=True):
        if place:
            sheet, _, cell = str(place).partition("!")
            values[str(figure_id)] = book[sheet][cell].value
    return values


def test_the_centers_settlements_are_the_published_ones_rounded_once_from_yen(walked: World) -> None:
    rows = query(
        walked,
        "select center_id, sum(actual_yen), sum(reported_yen), sum(budget_yen - actual_yen - difference_yen),"
        " count(*) from mart_expenditure where fiscal_year = 2021 group by center_id",
    )
    of_centers = {row[0]: row[1:] for row in rows if row[0] != "foundation"}
    assert {c: (int(yen) + 500) // 1000 for c, (yen, *_) in of_centers.items()} == CENTER_TOTALS
    assert all(yen == reported and rest == 0 for yen, reported, rest, _ in of_centers.values())
    assert sum(count for *_, count in of_centers.values()) == 28
    printed = _printed(report(walked, 2021))
    totals = {c: printed[f"expenditure.2021.center.{c}.ledger.thousand"] for c in CENTER_TOTALS}
    assert totals == CENTER_TOTALS
    assert printed["expenditure.2021.foundation.foundation.ledger"] == 698_360_434


def test_a_program_that_was_not_carried_out_prints_so_with_its_reason(walked: World) -> None:
    rows = query(
        walked,
        "select actual_yen, budget_yen, status, status_reason from mart_expenditure"
        " where fiscal_year = 2021 and section = '1-(3)'",
    )
    assert rows == [(0, 0, "未実施", "他団体が受託したため")]
    book = openpyxl.load_workbook(report(walked, 2021))
    lines = [[c.value for c in row] for row in book["Ⅱ事業実績"].iter_rows()]
    line = next(line for line in lines if line[0] == "1-(3)")
    assert line[3] == "未実施"
    assert "他団体が受託" in str(line[5])
    lines = [[c.value for c in row] for row in book["Ⅳ資金収支決算"].iter_rows()]
    assert "未実施（他団体が受託したため）" in next(line for line in lines if line[0] == "1-(3)")


def test_only_the_planted_refusal_and_the_real_change_since_last_year_are_found(walked: World) -> None:
    rows = query(walked, "select center_id, period_id, rule_id, address, severity from mart_finding")
    assert sorted(rows) == [
        ("icc", "2022-01", "performance.value.readable", "実績!D8", "critical"),
        ("icc", "2022-03", "performance.value.last_year", "実績!E8", "warning"),
    ]


def test_every_column_of_every_mart_is_described(walked: World) -> None:
    described = set(query(walked, "select object_name, column_name from data_dictionary where comment <> ''"))
    for (name,) in query(walked, "select distinct object_name from data_dictionary"):
        with walked.engine.connect() as connection:
            columns = connection.exec_driver_sql(f"select * from {name} limit 0").keys()
        assert {(name, ""), *((name, column) for column in columns)} <= described
    if walked.engine.dialect.name == "postgresql":
        comments = query(
            walked,
            "select col_description(c.oid, a.attnum) from pg_class c join pg_attribute a"
            " on a.attrelid = c.oid"
            " where c.relname like 'mart\\_%' and c.relkind = 'v' and a.attnum > 0",
        )
        assert comments
        assert all(comment for (comment,) in comments)
