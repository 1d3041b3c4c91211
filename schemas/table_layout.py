"""How another body writes one of our forms as CSV: one TOML file in the catalog's `layouts/`.

It says by which headings a file is known, and what of it are our columns.
"""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator


class TableLayout(BaseModel):
    """`headings`: all of them stand in the first line. `reads`: our column -> their heading, or several that
    are joined by ／. `constants`: our column -> what it always is. `words`: our column -> their word -> ours.

    `uncoded`: our columns before whose text their code stands (07商工費). `unit_yen`: what their amounts are
    multiplied with. `fiscal_year`: their column that says the year; else the file's name does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    form: str
    headings: tuple[str, ...]
    reads: dict[str, tuple[str, ...]]
    constants: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    uncoded: tuple[str, ...] = ()
    unit_yen: int = 1
    fiscal_year: str = ""

    @field_validator("reads", mode="before")
    @classmethod
    def _as_names(cls, reads: dict[str, str | list[str]]) -> dict[str, tuple[str, ...]]:
        return {
            name: (theirs,) if isinstance(theirs, str) else tuple(theirs) for name, theirs in reads.items()
        }


def table_layouts(folder: Path) -> tuple[TableLayout, ...]:
    """The layouts in a folder, by name; none without the folder. ValueError for one that does not hold."""
    return tuple(
        TableLayout(id=path.stem, **tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.toml"))
    )
