"""Write the whole sample year: `python -m samples.make_year [folder]` (default: samples/inbox)."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import cast

from samples.arrivals import Arrival, MonthArrival, monthly_arrivals, sender_of, write_arrivals
from samples.dirt import dirt_of
from samples.head import Cover
from samples.head_office import budget_rows, published_rows, write_table
from samples.ledger import income_lines, slips, spending_lines, write_ledger
from samples.spread import ProgramAccount, spending_by_month
from samples.tables import cumulated, performance_by_month, table
from samples.wording import DateStyle, wareki, written
from samples.workbook import write_monthly
from schemas.catalog import Catalog, load_catalog
from schemas.forms import form_by_id
from schemas.period import FISCAL_MONTHS, Period

FISCAL_YEAR = 2021
HEAD_OFFICE = "foundation"
INBOX = Path(__file__).parent / "inbox"
CATALOG = Path(__file__).parents[1] / "schemas" / "catalog"

Spending = dict[int, dict[ProgramAccount, int]]


def make_year(folder: Path = INBOX) -> list[Arrival]:
    """Write every file of the year and the list of arrivals into a folder; the list is returned too."""
    catalog = load_catalog(CATALOG).in_year(FISCAL_YEAR)
    months = [Period("month", FISCAL_YEAR, number) for number in FISCAL_MONTHS]
    spending = spending_by_month()
    from_centers = monthly_arrivals(catalog, months)
    for arrival in from_centers:
        _write_month(folder, catalog, arrival, spending)
    from_head_office = [_write_head_office(folder, catalog, row, spending) for row in table("head_office")]
    arrivals: list[Arrival] = [*from_centers, *from_head_office]
    write_arrivals(folder / "arrivals.csv", arrivals)
    return arrivals


def _write_month(folder: Path, catalog: Catalog, arrival: MonthArrival, spending: Spending) -> None:
    """One center's workbook; what earlier months add up to is true even where one was mistyped."""
    month, performance = arrival.period.number, performance_by_month()
    earlier = FISCAL_MONTHS[: FISCAL_MONTHS.index(month)]
    style = cast(DateStyle, sender_of(arrival.center_id)["date_style"])
    write_monthly(
        folder / arrival.file,
        catalog,
        arrival.center_id,
        arrival.period,
        performance[month],
        cumulated(performance[number] for number in earlier),
        spending[month],
        {key: sum(spending[number][key] for number in earlier) for key in spending[month]},
        revision=arrival.revision,
        stated_on=written(arrival.received_at.date(), style),
        submitter=arrival.sender,
        typed=dirt_of(arrival.file),
    )


def _write_head_office(folder: Path, catalog: Catalog, row: dict[str, str], spending: Spending) -> Arrival:
    """One file of head office's, by its form."""
    center, sender = catalog.center[HEAD_OFFICE], sender_of(HEAD_OFFICE)["sender"]
    received_at = datetime.fromisoformat(row["received_at"])
    arrival = Arrival(
        f"{center.channel}/{row['file']}", center.channel, sender, received_at, int(row["revision"])
    )
    if row["form"] == "ledger":
        _write_ledger(folder / arrival.file, catalog, spending)
        return arrival
    year = Period("year", int(row["fiscal_year"]))
    cover = Cover(center.center_name, year, arrival.revision, sender, wareki(received_at.date()))
    is_budget = row["form"] == "budget"
    rows = (
        budget_rows(catalog, date.fromisoformat(row["until"]))
        if is_budget
        else published_rows(year.fiscal_year)
    )
    write_table(folder / arrival.file, form_by_id(row["form"]), cover, rows, dirt_of(arrival.file))
    return arrival


def _write_ledger(path: Path, catalog: Catalog, spending: Spending) -> None:
    found = []
    for number in FISCAL_MONTHS:
        period = Period("month", FISCAL_YEAR, number)
        lines = [*spending_lines(catalog, period, spending[number]), *income_lines(catalog, period)]
        found += list(slips(lines))
    write_ledger(path, found)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else INBOX
    written_files = make_year(target)
    print(f"{target} に {len(written_files)} 件のファイルと arrivals.csv を作りました。")
