"""The steps as Prefect tasks: thin wrappers, by the batch; results are ids, counts and paths."""

from datetime import date
from typing import Literal

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.journal import PIPELINE
from tasks.world import World


@task(name="recover", cache_policy=NO_CACHE)
def recover_step(world: World) -> list[str]:
    from tasks.recover import recover

    return recover(world)


@task(name="collect", cache_policy=NO_CACHE)
def collect_step(world: World, center_id: str = "") -> str:
    """What was taken in, in words."""
    from tasks.collect import collect

    return collect(world, center_id).line


@task(name="decide", cache_policy=NO_CACHE)
def decide_step(
    world: World,
    receipt_ids: list[str],
    kind: Literal["judge", "revalidate"] = "judge",
    by: str = PIPELINE,
    why: str = "",
) -> str:
    from tasks.decide import decide

    return decide(world, receipt_ids, kind, by, why)


@task(name="load", cache_policy=NO_CACHE)
def load_step(world: World) -> int:
    from tasks.load import load

    return load(world)


@task(name="rebuild", cache_policy=NO_CACHE)
def rebuild_step(world: World) -> int:
    from tasks.load import rebuild

    return rebuild(world)


@task(name="publish", cache_policy=NO_CACHE)
def publish_step(world: World) -> int:
    from tasks.publish import publish

    return publish(world)


@task(name="report", cache_policy=NO_CACHE)
def report_step(world: World, fiscal_year: int, as_of: date | None = None) -> str:
    from tasks.report import report

    return str(report(world, fiscal_year, as_of))


@task(name="issue", cache_policy=NO_CACHE)
def issue_step(world: World, center_ids: list[str], period_id: str) -> list[str]:
    from schemas.period import parse_id
    from tasks.issue import issue

    period = parse_id(period_id)
    return [str(path) for center_id in center_ids for path in issue(world, center_id, period)]
