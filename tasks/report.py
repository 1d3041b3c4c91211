"""report: the annual report of a fiscal year as known on a day, as a workbook."""

from datetime import date
from pathlib import Path

from sqlalchemy import Select, func, select

from schemas.period import fiscal_year_label
from tasks.clock import end_of_day, tokyo_day
from tasks.submissions import naive
from tasks.world import World
from tasks.write_xlsx import write_xlsx
from warehouse.reports.contents import CONTENTS
from warehouse.reports.edition import Edition
from warehouse.schema import is_present
from warehouse.tables import DIM_SUBMISSION

FILE_NAME = "annual_report.xlsx"


def report(world: World, fiscal_year: int, as_of: date | None = None) -> Path:
    """Write the report, as known at the end of a day in Tokyo (now, if none is given); its path.

    ValueError for a year of which nothing was let in.
    """
    moment = naive(end_of_day(as_of)) if as_of else None
    with world.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Figures and their sources are of one moment, whatever is loaded meanwhile.
            connection.execution_options(isolation_level="REPEATABLE READ")
        if not is_present(connection) or not connection.scalar(_accepted(fiscal_year)):
            raise ValueError(f"{fiscal_year_label(fiscal_year)}の提出物がまだ受理されていません。")
        edition = Edition(connection, world.catalog, fiscal_year, moment)
        tables = [table(edition) for table in CONTENTS]
        s = DIM_SUBMISSION.c
        stored = connection.execute(select(s.sha256, s.file_name).distinct()).all()
    folder = world.home.report_folder(fiscal_year)
    originals = {
        row.sha256: "../../"
        + world.home.original(row.sha256, row.file_name).relative_to(world.home.root).as_posix()
        for row in stored
    }
    day = as_of or tokyo_day(world.clock())
    colophon = [
        ("", f"{fiscal_year_label(fiscal_year)} 年報"),
        ("基準日", f"{day:%Y年%-m月%-d日}までに届いたものによる"),
        ("カタログの版", world.catalog.sha256[:12]),
    ]
    path = folder / (f"annual_report_{day.isoformat()}.xlsx" if as_of else FILE_NAME)
    world.effects.publish(path, write_xlsx(tables, colophon, originals))
    return path


def _accepted(fiscal_year: int) -> Select[tuple[int]]:
    s = DIM_SUBMISSION.c
    return select(func.count()).where(s.fiscal_year == fiscal_year, s.state == "accepted")
