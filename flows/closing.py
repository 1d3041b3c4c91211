"""How a run that takes something in ends: the summary told, and the state that says how it went."""

from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.command import REFUSALS
from tasks.summary import Summary, artifact, tell
from tasks.world import World


def close(world: World, summary: Summary) -> State[None]:
    """Print and record the summary; Completed, named 差戻しあり where something was refused."""
    print("\n".join(summary.lines()))
    create_table_artifact(
        key="ingest-result", table=artifact(summary), description="受理・差戻しの結果（夜間処理）"
    )
    tell(world, summary)
    message = summary.lines()[0]
    return Completed(name=REFUSALS, message=message) if summary.refused else Completed(message=message)
