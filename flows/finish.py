"""How a run that decides something ends: loaded, published, printed, told, and in the state that says so."""

from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.command import REFUSALS
from tasks.completeness import fallen_due, owed
from tasks.steps import load_step, publish_step, report_step
from tasks.summary import artifact, summarise, tell
from tasks.unexplained import unexplained
from tasks.world import World


def finish(world: World, center_id: str = "") -> State[None]:
    """Load what was decided and print the reports that it changes.

    Completed; named 差戻しあり if something new stays out, refused or held. A run for one center tells
    only of it, and leaves the night's run to tell everybody of everything.
    """
    print(f"倉庫へ: 決定 {load_step(world)} 件")
    publish_step(world)
    due = fallen_due(world)
    summary = summarise(world, due, center_id)
    for fiscal_year in summary.fiscal_years:
        print(f"年報: {report_step(world, fiscal_year)}")
    print("\n".join(summary.lines()))
    create_table_artifact(
        key="ingest-result", table=artifact(summary), description="受理・差戻し・期限超過の一覧"
    )
    if not center_id:
        create_table_artifact(key="completeness", table=owed(due), description="提出状況（期限が来たもの）")
        open_now = unexplained(world)
        create_table_artifact(key="reconciliation", table=open_now, description="未説明の差異（報告と会計）")
        tell(world, summary)
    message = summary.lines()[0]
    is_all_in = not (summary.refused or summary.held)
    return Completed(message=message) if is_all_in else Completed(name=REFUSALS, message=message)
