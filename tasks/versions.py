"""The versions that stand on each decision: of the parser, the forms and rules, and the catalog."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from schemas.catalog import Catalog

GUARD = "2"


@lru_cache
def _sources(*folders: str) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((Path(__file__).parents[1] / folder).rglob("*.*")):
            if path.suffix == ".py" or path.parent.name == "layouts":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def versions(catalog: Catalog) -> dict[str, str]:
    """Name to version of everything that a judgement depends on."""
    return {
        "guard": GUARD,
        "parser": version("python-calamine"),
        "rules": f"{_sources('schemas', 'expectations', 'tasks')}.{catalog.sha256[:12]}",
        "catalog": catalog.sha256[:12],
    }
