"""recover: what a killed run left behind is removed before a new one starts; nothing decided is lost.

Only for the holder of all locks: a lake file that no decision names may be another run's work.
"""

from tasks.effects import DRAFT
from tasks.known import known
from tasks.world import World


def recover(world: World) -> list[str]:
    """Remove unfinished files and lake files that no decision names; the names of what was removed."""
    lake = world.home.lake
    files = {
        path.relative_to(lake).as_posix() for path in lake.rglob("*.parquet") if path != world.home.current
    }
    with known(world) as of_files:
        orphans = [lake / name for name in of_files.unnamed(sorted(files))]
    orphans += world.home.root.rglob(f".*{DRAFT}")
    for path in orphans:
        world.effects.remove(path)
    return [path.relative_to(world.home.root).as_posix() for path in orphans]
