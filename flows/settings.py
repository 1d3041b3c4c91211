"""Where a flow works: from its parameters, else from NENPO_... variables, else beside the project."""

from pathlib import Path
from typing import Self

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Engine

from flows import started
from schemas.catalog import load_catalog
from tasks.clock import system_clock
from tasks.effects import Effects
from tasks.garbage import uncollected
from tasks.home import Home
from tasks.world import World
from warehouse.engine import connect


class Settings(BaseSettings):
    """`warehouse` is an SQLAlchemy URL; empty means SQLite in the home. `fault` rehearses a failure."""

    model_config = SettingsConfigDict(env_prefix="NENPO_", frozen=True)

    inbox: Path = Path("inbox")
    home: Path = Path("out")
    warehouse: SecretStr = SecretStr("")
    catalog: Path = Path("schemas/catalog")
    fault: Path | None = None

    @classmethod
    def given(cls, **parameters: str) -> Self:
        """The settings with the parameters that a flow was really given."""
        return cls(**{name: value for name, value in parameters.items() if value})  # type: ignore[arg-type]

    def open(self) -> World:
        """The world that these settings describe; CatalogError for a catalog that cannot be used."""
        home = Home(self.home.resolve())
        effects = Effects(self.fault)
        effects.make_folder(home.root)
        with uncollected():
            catalog = load_catalog(self.catalog)
            started()
        return World(self.inbox.resolve(), home, catalog, system_clock, effects, self.engine())

    def engine(self) -> Engine:
        """The warehouse, and nothing that would show its password."""
        return connect(self.warehouse.get_secret_value() or Home(self.home.resolve()).warehouse_url)
