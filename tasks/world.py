"""What every step is given: the home, the catalog, the clock, the effects and the warehouse."""

from pathlib import Path

from sqlalchemy import Engine

from schemas.catalog import Catalog
from tasks.clock import Clock
from tasks.effects import Effects
from tasks.home import Home


class World:
    """Passed down from the flow; there is no module-level state beside it.

    A plain class: Prefect walks through every dataclass that a task is given, down to each row of
    the catalog.
    """

    def __init__(
        self, inbox: Path, home: Home, catalog: Catalog, clock: Clock, effects: Effects, engine: Engine
    ) -> None:
        self.inbox = inbox
        self.home = home
        self.catalog = catalog
        self.clock = clock
        self.effects = effects
        self.engine = engine
