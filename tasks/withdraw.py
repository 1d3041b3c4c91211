"""withdraw: a named person takes back a file, or one form of it; a decision like any other."""

import hashlib
import re

from schemas.forms import FORMS
from tasks.journal import Decision, append_decision
from tasks.versions import versions
from tasks.world import World


def withdraw(world: World, sha256: str, by: str, why: str, form_id: str = "") -> str:
    """Write the withdrawal of a file (by its hash); the decision's id. It may come before the file does.

    ValueError without a name or a reason (a withdrawal is somebody's word) or for what is no hash.
    """
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"「{sha256}」はSHA-256ではありません。mart_submission の sha256 を写してください。")
    known = [form.id for form in FORMS]
    if form_id and form_id not in known:
        raise ValueError(f"様式「{form_id}」はありません。{'、'.join(known)} のどれかです。")
    if not by or not why:
        raise ValueError("取下げには、だれが・なぜ を書いてください。")
    at = world.clock()
    identity = f"{sha256} {form_id} {by} {why} {at.isoformat()}"
    decision_id = hashlib.sha256(identity.encode()).hexdigest()[:16]
    append_decision(
        world,
        Decision(
            decision_id,
            "withdraw",
            at,
            by,
            why,
            versions(world.catalog),
            sha256=sha256,
            form_id=form_id,
        ),
    )
    return decision_id
