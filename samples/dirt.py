"""The planted dirt: what people typed, from `patterns/dirt.csv`; other classes only record a place."""

from collections.abc import Callable

from samples.tables import table
from tasks.template.book import Typed

_TYPED: dict[str, Callable[[str, str], Typed]] = {
    "number_as_text": Typed,
    "full_width_digits": Typed,
    "unit_in_value": Typed,
    "negative_triangle": Typed,
    "date_text": Typed,
    "unreadable": Typed,
    "fraction_percent": lambda typed, means: Typed(float(typed), means, "0.0%"),
    "first_version": lambda typed, means: Typed(int(typed), means),
}


def dirt_of(file: str) -> dict[str, dict[str, Typed]]:
    """Sheet -> cell -> what was typed, for a file (its path in the inbox)."""
    found: dict[str, dict[str, Typed]] = {}
    for row in table("dirt"):
        if row["file"] == file and row["class"] in _TYPED:
            typed = _TYPED[row["class"]](row["typed"], row["means"])
            found.setdefault(row["sheet"], {})[row["cell"]] = typed
    return found
