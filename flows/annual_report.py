"""annual_report: the report of a fiscal year, as known now or at the end of a day."""

import sys
from datetime import date

from prefect import flow

from flows.command import run
from flows.settings import Settings
from tasks.steps import report_step


@flow(name="annual-report")
def annual_report(fiscal_year: int, as_of: date | None = None, home: str = "", catalog: str = "") -> str:
    """Print the annual report's workbook; its path."""
    world = Settings.given(home=home, catalog=catalog).open()
    path = report_step(world, fiscal_year, as_of)
    print(path)
    return path


if __name__ == "__main__":
    sys.exit(run(annual_report, ["fiscal_year", "as_of"], required=["fiscal_year"]))
