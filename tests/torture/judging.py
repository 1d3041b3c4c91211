"""The judgement of a batch, remembered: it is pure, has no effects, and would be half of a case's time."""

import hashlib
import os
import pickle
from pathlib import Path

from schemas.catalog import Catalog
from tasks import validate as module
from tasks.standardise import Draft
from tasks.validate import Judged


def remember(memory: Path) -> None:
    """From here on a batch is judged once, and its findings are kept in a folder for all other processes."""
    judge = module.validate
    memory.mkdir()

    def validate(drafts: list[Draft], catalog: Catalog) -> list[Judged]:
        batch = repr([(draft.receipt, draft.submission, draft.records) for draft in drafts])
        known = memory / hashlib.sha256(batch.encode()).hexdigest()
        if not known.is_file():
            findings = [entry.findings for entry in judge(drafts, catalog)]
            unfinished = known.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(pickle.dumps(findings))
            unfinished.replace(known)
        findings = pickle.loads(known.read_bytes())
        return [Judged(draft, found) for draft, found in zip(drafts, findings, strict=True)]

    module.validate = validate
