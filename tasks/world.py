"""What every step is given: the home, the catalog, the clock, the effects and the warehouse."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from schemas.catalog import Catalog
from tasks.clock import Clock
from tasks.effects import Effects
from tasks.home import Home


@dataclass(frozen=True)
class World:
    """Passed down from the flow; there is no module-level state beside it."""

    inbox: Path
    home: Home
    catalog: Catalog
    clock: Clock
    effects: Effects
    engine: Engine
