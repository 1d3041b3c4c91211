"""release: a named person lets in what came after its period was closed; it counts from then."""

import hashlib
from dataclasses import replace

from tasks.journal import Decision, Verdict, append_decision
from tasks.known import known
from tasks.versions import versions
from tasks.world import World


def release(world: World, sha256: str, by: str, why: str) -> str:
    """Write the release of a held file (by its hash), whose records are in the lake; the decision's id.

    ValueError without a name or a reason, or for a hash of which nothing is held.
    """
    if not by or not why:
        raise ValueError("承認には、だれが・なぜ を書いてください。")
    with known(world) as of_files:
        final = of_files.final([sha256]).values()
    held = [(decision, verdict) for decision, verdict in final if verdict.state == "held"]
    if not held:
        raise ValueError(
            f"保留中のファイルに「{sha256}」はありません。"
            "mart_submission の status が 保留 の行の sha256 を写してください。"
        )
    at = world.clock()
    identity = f"release {sha256} {by} {why} {at.isoformat()}"
    decision_id = hashlib.sha256(identity.encode()).hexdigest()[:16]
    verdicts = tuple(_let_in(verdict) for _, verdict in held)
    append_decision(
        world,
        Decision(decision_id, "release", at, by, why, versions(world.catalog), _lake(held), verdicts, sha256),
    )
    return decision_id


def _let_in(verdict: Verdict) -> Verdict:
    return replace(verdict, state="accepted", reason="", why="")


def _lake(held: list[tuple[Decision, Verdict]]) -> dict[str, list[str]]:
    """The lake files in which the records of the held files are: nothing is judged or written again."""
    files: dict[str, list[str]] = {}
    for decision, _ in held:
        for form_id, names in decision.lake.items():
            files[form_id] = [*dict.fromkeys([*files.get(form_id, ()), *names])]
    return files
