"""Write the whole sample year: `python -m samples.make_year [folder]` (default: samples/inbox)."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import cast

from samples.arrivals import Arrival, MonthArrival, monthly_arrivals, sender_of, write_arrivals
from samples.dirt import dirt_of
from samples.exports import exported, posted
from samples.head_office import appropriation_rows, budget_rows, published_rows, revenue_rows
from samples.ledger import income_lines, slips, spending_lines, write_ledger
from samples.lines import Line, lines_of
from samples.spread import spending_by_month
from samples.tables import cumulated, performance_by_month, table
from samples.vouchers import Voucher, booked, reported_by_month, vouchers
from samples.wording import DateStyle, written
from schemas.catalog import Catalog, load_catalog
from schemas.forms import form_by_id
from schemas.period import FISCAL_MONTHS, Period, parse_id
from schemas.values import NOT_APPLICABLE
from tasks.template.content import Content, ProgramAccount
from tasks.template.wording import wareki
from tasks.template.workbook import lines_workbook, monthly_forms, monthly_workbook

FISCAL_YEAR = 2021
HEAD_OFFICE = "foundation"
INBOX = Path(__file__).parent / "inbox"
CATALOG = Path(__file__).parents[1] / "schemas" / "catalog"

Spending = dict[int, dict[ProgramAccount, int]]
Vouchers = dict[int, list[Voucher]]


def make_year(folder: Path = INBOX) -> list[Arrival]:
    """Write every file of the year and the list of arrivals into a folder; the list is returned too."""
    every_year = load_catalog(CATALOG)
    catalog = every_year.in_year(FISCAL_YEAR)
    months = [Period("month", FISCAL_YEAR, number) for number in FISCAL_MONTHS]
    spent = spending_by_month()
    true = {period.number: vouchers(catalog, period, spent[period.number]) for period in months}
    spending = reported_by_month(catalog, FISCAL_YEAR)
    from_centers = monthly_arrivals(catalog, months)
    for arrival in from_centers:
        _write_month(folder, catalog, arrival, spending)
    sent_alone = [_write_alone(folder, catalog, row) for row in table("sendings")]
    from_head_office = [_write_head_office(folder, every_year, row, true) for row in table("head_office")]
    arrivals: list[Arrival] = [*from_centers, *sent_alone, *from_head_office]
    write_arrivals(folder / "arrivals.csv", arrivals)
    return arrivals


def _write_month(folder: Path, catalog: Catalog, arrival: MonthArrival, spending: Spending) -> None:
    """One center's workbook; what earlier months add up to is true even where one was mistyped."""
    month, performance = arrival.period.number, performance_by_month()
    earlier = FISCAL_MONTHS[: FISCAL_MONTHS.index(month)]
    style = cast(DateStyle, sender_of(arrival.center_id)["date_style"])
    content = Content(
        performance=performance[month],
        cumulative_before=cumulated(performance[number] for number in earlier),
        spending=spending[month],
        spending_before={key: sum(spending[number][key] for number in earlier) for key in spending[month]},
        lines=_lines(catalog, arrival),
        revision=arrival.revision,
        stated_on=written(arrival.received_at.date(), style),
        submitter=arrival.sender,
    )
    made = monthly_workbook(
        catalog,
        arrival.center_id,
        arrival.period,
        content,
        forms=_sheets(catalog, arrival),
        typed=dirt_of(arrival.file),
    )
    _write(folder / arrival.file, made)


def _sheets(catalog: Catalog, arrival: MonthArrival) -> list[str]:
    """The forms that a month's workbook has sheets for: those that are not sent alone."""
    alone = {(row["center_id"], row["form"], row["period_id"]) for row in table("sendings")}
    owed = [form.id for form in monthly_forms(catalog, arrival.center_id)]
    return [form_id for form_id in owed if (arrival.center_id, form_id, arrival.period.id) not in alone]


def _lines(catalog: Catalog, arrival: MonthArrival) -> dict[str, list[Line]]:
    """Form id -> the rows of its sheet; 該当なし where there is none."""
    return {
        form.id: lines_of(catalog, form.id, arrival.center_id, arrival.period)
        or [{form.columns[0].id: NOT_APPLICABLE}]
        for form in map(form_by_id, _sheets(catalog, arrival))
        if form.may_be_nil
    }


def _write_alone(folder: Path, catalog: Catalog, row: dict[str, str]) -> Arrival:
    """One form of a center as a file of its own: a form service's export, a web form's JSON, a workbook."""
    center, sender = catalog.center[row["center_id"]], sender_of(row["center_id"])
    received_at = datetime.fromisoformat(row["received_at"])
    arrival = Arrival(
        f"{center.channel}/{row['file']}",
        center.channel,
        sender["sender"],
        received_at,
        int(row["revision"]),
    )
    form, period = form_by_id(row["form"]), parse_id(row["period_id"])
    lines = lines_of(catalog, form.id, center.center_id, period)
    day = received_at.date()
    match row["channel"]:
        case "csv":
            made = exported(form, lines)
        case "json":
            made = posted(
                form, catalog, center.center_id, period, lines, arrival.revision, day, arrival.sender
            )
        case _:
            style = cast(DateStyle, sender["date_style"])
            content = Content(
                lines={form.id: lines},
                revision=arrival.revision,
                stated_on=written(day, style),
                submitter=arrival.sender,
            )
            made = lines_workbook(catalog, center.center_id, form, period, content, dirt_of(arrival.file))
    _write(folder / arrival.file, made)
    return arrival


def _write_head_office(folder: Path, every_year: Catalog, row: dict[str, str], true: Vouchers) -> Arrival:
    """One file of head office's, by its form and year."""
    catalog = every_year.in_year(int(row["fiscal_year"]))
    center, sender = catalog.center[HEAD_OFFICE], sender_of(HEAD_OFFICE)["sender"]
    received_at = datetime.fromisoformat(row["received_at"])
    arrival = Arrival(
        f"{center.channel}/{row['file']}", center.channel, sender, received_at, int(row["revision"])
    )
    if row["form"] == "ledger":
        _write_ledger(folder / arrival.file, catalog, true)
        return arrival
    year = Period("year", int(row["fiscal_year"]))
    form = form_by_id(row["form"])
    match form.id:
        case "budget":
            rows = budget_rows(catalog, date.fromisoformat(row["until"]))
        case "appropriation":
            rows = appropriation_rows(catalog)
        case "revenue":
            rows = revenue_rows(catalog)
        case _:
            rows = published_rows(year.fiscal_year)
    content = Content(
        lines={form.id: rows},
        revision=arrival.revision,
        stated_on=wareki(received_at.date()),
        submitter=sender,
    )
    made = lines_workbook(catalog, HEAD_OFFICE, form, year, content, dirt_of(arrival.file))
    _write(folder / arrival.file, made)
    return arrival


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _write_ledger(path: Path, catalog: Catalog, true: Vouchers) -> None:
    postings = [posting for found in true.values() for posting in booked(found)]
    spent = spending_lines(catalog, postings)
    earned = (
        line
        for number in FISCAL_MONTHS
        for line in income_lines(catalog, Period("month", FISCAL_YEAR, number))
    )
    write_ledger(path, list(slips([*spent, *earned])))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else INBOX
    written_files = make_year(target)
    print(f"{target} に {len(written_files)} 件のファイルと arrivals.csv を作りました。")
