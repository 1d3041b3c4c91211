"""What people type into the forms of lines (events, clients, spending, answers, texts), by center and period.

Each row is keyed by the form's column ids and holds names as they are picked from lists, not ids.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from samples.spread import spending_by_month
from samples.tables import table
from samples.vouchers import as_typed, vouchers
from schemas.catalog import Catalog
from schemas.choices import written
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.narrative import NARRATIVE
from schemas.forms.spending import SPENDING
from schemas.forms.survey import SATISFACTION, SURVEY
from schemas.period import Period, month_of, periods_of
from tasks.template.book import Cell

Line = dict[str, Cell]

SURVEY_SERIES = "1-01.user_survey"
SURVEYED_FACILITY = "seminar_room"
ROOMS = ("セミナールームA", "セミナールームB", "セミナールームC", "セミナールームA・B", "セミナールームD")


def lines_of(catalog: Catalog, form_id: str, center_id: str, period: Period) -> list[Line]:
    """The rows of a form that a center owes for a period, in the order in which they are typed."""
    makers = {
        EVENT.id: _events,
        CLIENT.id: _clients,
        SPENDING.id: _spending,
        SURVEY.id: _answers,
        NARRATIVE.id: _texts,
    }
    return list(makers[form_id](catalog, center_id, period))


def _events(catalog: Catalog, center_id: str, period: Period) -> Iterator[Line]:
    """The events that ended in the month."""
    for row in table("events"):
        program = catalog.program[row["program_id"]]
        start, end = (date.fromisoformat(row[name]) for name in ("start_date", "end_date"))
        if program.center_id == center_id and month_of(end) == period:
            yield {
                "program": written(program),
                "event_no": int(row["event_no"]),
                "series": catalog.series_by_id[row["series_id"]].series_name,
                "name": row["name"],
                "host": row["host"],
                "start_date": start,
                "end_date": end,
                "place": row["place"],
                "target": row["target"] or None,
                **{column.id: _count(row[column.id]) for column in EVENT.measures},
                "cancelled": row["cancelled"] or None,
                "note": row["note"] or None,
            }


def _clients(catalog: Catalog, center_id: str, period: Period) -> Iterator[Line]:
    """The clients helped in the month."""
    for row in table("clients"):
        indicator = catalog.indicator[row["indicator_id"]]
        program = catalog.program[indicator.program_id]
        if program.center_id == center_id and int(row["month"]) == period.number:
            yield {
                "program": written(program),
                "indicator": indicator.label,
                "client": row["client"],
                **{column.id: _count(row[column.id]) for column in CLIENT.measures},
                "note": row["note"] or None,
            }


def _spending(catalog: Catalog, center_id: str, period: Period) -> Iterator[Line]:
    """The month's invoices, as the center typed them."""
    true = vouchers(catalog, period, spending_by_month()[period.number])
    for voucher in as_typed(true):
        program = catalog.program[voucher.program_id]
        if voucher.reference and program.center_id == center_id:
            yield {
                "program": written(program),
                "account": catalog.account[voucher.account_id].account_name,
                "reference": voucher.reference,
                "invoice_code": voucher.invoice_code,
                "payee_code": voucher.payee_code,
                "inspected_on": voucher.day,
                "amount_yen": voucher.yen,
                "tax_rate": voucher.tax_rate,
                "memo": voucher.memo,
            }


def _answers(catalog: Catalog, center_id: str, period: Period) -> Iterator[Line]:
    """The answers of a half-year, spread over the days on which the rooms were open."""
    series = catalog.series_by_id[SURVEY_SERIES]
    if catalog.program[series.program_id].center_id != center_id:
        return
    counts = {int(row["month"]): {mark: int(row[mark]) for mark in SATISFACTION} for row in table("survey")}
    number = 0
    for month in _months_of(period):
        marks = _mixed(counts.get(month.number, {}))
        days = _open_days(catalog, month) if marks else []
        for position, mark in enumerate(marks):
            number += 1
            yield {
                "answer_code": f"A{number:04d}",
                "answered_on": days[position * len(days) // len(marks)],
                "series": series.series_name,
                "room": ROOMS[number % len(ROOMS)],
                "satisfaction": mark,
            }


def _texts(catalog: Catalog, center_id: str, period: Period) -> Iterator[Line]:
    """The year's texts of a center; its summary belongs to no program."""
    for row in table("narrative"):
        if row["center_id"] == center_id:
            yield {
                "program": written(catalog.program[row["program_id"]]) if row["program_id"] else None,
                **{name: row[name] or None for name in ("kind", "title", "qualifier", "text")},
                "stated": _count(row["stated"]),
                "print_line": _count(row["line_no"]),
                "note": None,
            }


def _count(text: str) -> int | None:
    return int(text) if text else None


def _months_of(half: Period) -> list[Period]:
    periods = periods_of(half.fiscal_year)
    return [period for period in periods if period.frequency == "month" and period.half == half]


def _open_days(catalog: Catalog, month: Period) -> list[date]:
    shut = [row for row in catalog.closures if row.facility_id == SURVEYED_FACILITY]
    length = (month.last_day - month.first_day).days + 1
    days = [month.first_day + timedelta(days=offset) for offset in range(length)]
    return [day for day in days if not any(row.closed_from <= day <= row.closed_to for row in shut)]


def _mixed(counts: dict[str, int]) -> list[str]:
    """Each mark as often as counted, spread evenly among the others."""
    places = [((turn + 0.5) / count, mark) for mark, count in counts.items() for turn in range(count)]
    return [mark for _, mark in sorted(places)]
