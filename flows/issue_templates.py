"""issue_templates: the blank workbooks of a month, of one center or of all that owe something then."""

import sys

from prefect import flow

from flows.command import run
from flows.settings import Settings
from schemas.catalog import Catalog
from schemas.period import Period, parse_id
from tasks.steps import issue_step


@flow(name="issue-templates")
def issue_templates(month: str, center_id: str = "", home: str = "", catalog: str = "") -> list[str]:
    """Write the blank forms of a month (2021-05); their paths."""
    world = Settings.given(home=home, catalog=catalog).open()
    period = _month(month)
    centers = _centers(world.catalog.in_year(period.fiscal_year), center_id, month)
    paths = issue_step(world, centers, period.id)
    print("\n".join(paths))
    return paths


def _month(text: str) -> Period:
    try:
        period = parse_id(text)
    except ValueError as error:
        raise ValueError(f"対象月「{text}」は読めません。「2021-05」のように指定してください。") from error
    if period.frequency != "month":
        raise ValueError(f"対象月「{text}」は月ではありません。「2021-05」のように指定してください。")
    return period


def _centers(catalog: Catalog, center_id: str, month: str) -> list[str]:
    if not center_id:
        return [*catalog.center]
    if center_id not in catalog.center:
        raise ValueError(f"センターID「{center_id}」は、{month} の centers.csv にありません。")
    return [center_id]


if __name__ == "__main__":
    sys.exit(run(issue_templates, ["month", "center_id"], required=["month"]))
