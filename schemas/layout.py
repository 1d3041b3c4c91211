"""How an accounting package exports its journal: one TOML file a package in `schemas/layouts/`, and no code.

A layout says by what it is known, which lines make a slip, and which of its columns are ours.
"""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

FOLDER = Path(__file__).parent / "layouts"
READ = frozenset(
    {"slip_code", "posted_on", "closing", "memo", "internal", "allocation"}
    | {
        f"{side}_{what}"
        for side in ("debit", "credit")
        for what in (
            *("account", "sub_account", "program", "tax", "tax_rate"),
            *("yen", "tax_yen", "counterparty"),
        )
    }
)
REQUIRED = frozenset({"posted_on", "debit_account", "debit_yen", "credit_account", "credit_yen", "memo"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnownBy(_Strict):
    """`headings` that all stand in the file; or, without headings, a `column` whose cells are of a kind."""

    headings: tuple[str, ...] = ()
    column: str = ""
    values: tuple[str, ...] = ()
    pattern: str = ""


class Slip(_Strict):
    """Which lines make a slip: those that are the `same` in some columns; or what a `column` says of each
    line: that it is a slip by itself (`single`), the `first` of several, one `more` of them, the `last`.

    `held`: what only the first line of a slip need say. Without any of it, each line is a slip of its own.
    """

    same: tuple[str, ...] = ()
    column: str = ""
    single: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


class Layout(_Strict):
    """`columns`: from left to right, where the file has no headings. `reads`: our column -> theirs (one
    name, or several of which a file has one).

    `unquoted`: the column whose commas the package does not quote. `tax_is_beside`: amounts are without tax,
    which stands in a column of its own. `closing`: what stands there -> 中決 or 本決, or nothing for an
    entry that closes nothing.
    """

    id: str
    title: str
    kind: Literal["lines", "sheet"] = "lines"
    has_headings: bool = False
    columns: tuple[str, ...] = ()
    unquoted: str = ""
    tax_is_beside: bool = False
    known_by: KnownBy
    slip: Slip = Slip()
    reads: dict[str, tuple[str, ...]]
    closing: dict[str, Literal["", "中決", "本決"]] = {}

    @field_validator("reads", mode="before")
    @classmethod
    def _as_names(cls, reads: dict[str, str | list[str]]) -> dict[str, tuple[str, ...]]:
        return {
            name: (theirs,) if isinstance(theirs, str) else tuple(theirs) for name, theirs in reads.items()
        }

    @model_validator(mode="after")
    def _check(self) -> "Layout":
        """Every name is one of ours, or one of the package's; what no journal can do without is there."""
        unknown = {*self.reads, *self.slip.held} - READ
        missing = REQUIRED - self.reads.keys()
        if unknown or missing:
            raise ValueError(f"{self.id}: reads: unknown {sorted(unknown)}, missing {sorted(missing)}")
        firsts = {names[0] for names in self.reads.values()}
        named = {*firsts, *self.slip.same, *filter(None, (self.unquoted, self.slip.column))}
        if self.columns and named - {*self.columns}:
            raise ValueError(f"{self.id}: not in columns: {sorted(named - {*self.columns})}")
        if not self.has_headings and not self.columns:
            raise ValueError(f"{self.id}: a file without headings needs columns")
        return self


@lru_cache
def layouts() -> tuple[Layout, ...]:
    """All layouts; of two that know a file, the one whose name comes first reads it."""
    return tuple(map(load_layout, sorted(path.stem for path in FOLDER.glob("*.toml"))))


@lru_cache
def load_layout(name: str) -> Layout:
    """The layout of that file name. ValueError for one that does not hold together."""
    return Layout(id=name, **tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
