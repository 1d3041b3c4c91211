"""recover: what a killed run left behind is removed before a new one starts; nothing decided is lost.

Only for the holder of all locks: a lake file that no decision names may be another run's work.
"""

from tasks.effects import DRAFT
from tasks.journal import read_journal
from tasks.world import World


def recover(world: World) -> list[str]:
    """Remove unfinished files and lake files that no decision names; the names of what was removed."""
    named = {
        name for decision in read_journal(world.home) for files in decision.lake.values() for name in files
    }
    lake = world.home.lake
    orphans = [
        path
        for path in lake.rglob("*.parquet")
        if path != world.home.current and path.relative_to(lake).as_posix() not in named
    ]
    orphans += world.home.root.rglob(f".*{DRAFT}")
    for path in orphans:
        world.effects.remove(path)
    return [path.relative_to(world.home.root).as_posix() for path in orphans]
