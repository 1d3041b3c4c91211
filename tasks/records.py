"""The records of a draft by column: what a sheet says is converted, judged and stored a column at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Records:
    """Lists of one length by name: submission_id, row (from 1), is_total, period_id, the form's columns.

    Beside each column stands "<column>__unread", what could not be read; beside each measure
    "<column>_status".
    """

    columns: Mapping[str, list[Any]] = field(default_factory=lambda: {"row": []})

    def __len__(self) -> int:
        return len(self.columns["row"])

    def __getitem__(self, name: str) -> list[Any]:
        return self.columns[name] if len(self) else []

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The records one by one, for what is asked of few of them."""
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, values, strict=True))
