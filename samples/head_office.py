"""Head office's rows: the movements of the budget and the figures as published."""

from collections.abc import Mapping
from datetime import date

from samples.tables import number_or_text, table
from schemas.catalog import Catalog
from schemas.choices import written
from tasks.template.book import Cell
from tasks.template.wording import wareki


def budget_rows(catalog: Catalog, until: date) -> list[Mapping[str, Cell]]:
    """The movements decided up to a day, the program by number and name, the day in wareki."""
    rows: list[Mapping[str, Cell]] = []
    for row in table("budget"):
        decided_on, program = date.fromisoformat(row["decided_on"]), catalog.program[row["program_id"]]
        if decided_on <= until:
            rows.append(
                {
                    **row,
                    "decided_on": wareki(decided_on),
                    "program": written(program),
                    "amount_yen": int(row["amount_yen"]),
                }
            )
    return rows


def appropriation_rows(catalog: Catalog) -> list[Mapping[str, Cell]]:
    """What each program may spend, as passed before the year."""
    return [
        _item("事業費", written(catalog.program[row["program_id"]]), int(row["amount_yen"]))
        for row in table("budget")
        if row["movement"] == "当初"
    ]


def revenue_rows(catalog: Catalog) -> list[Mapping[str, Cell]]:
    """What is expected to come in, by program and account."""
    return [
        _item(
            catalog.account[row["account_id"]].account_name,
            written(catalog.program[row["program_id"]]),
            int(row["yen"]) * len(row["months"].split("+")),
        )
        for row in table("income")
    ]


def _item(heading: str, program: str, yen: int) -> Mapping[str, Cell]:
    return {
        "fund": "公益目的事業会計",
        "heading": heading,
        "path": f"{program}／{heading}",
        "program": program,
        "amount_yen": yen,
    }


def published_rows(fiscal_year: int) -> list[Mapping[str, Cell]]:
    """The figures of an edition of the annual report; texts have no value."""
    rows = table(f"published_{fiscal_year}")
    return [{**row, "value": number_or_text(row["value"]) if row["value"] else None} for row in rows]
