"""Kinds of corruption: what stands in the cells of a row afterwards, where it is something else at all."""

import random
import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from bench.mutants.cells import ValueCell
from tests.corruption_edits import Value

Cells = Mapping[str, Value]
Corruption = Callable[[ValueCell, random.Random], Cells | None]


def _instead(value: Callable[[ValueCell, random.Random], Value]) -> Corruption:
    """A corruption that puts another value into the cell; none where there is nothing to put."""

    def changed(cell: ValueCell, chance: random.Random) -> Cells | None:
        new = value(cell, chance)
        return None if new is None or _same(new, cell.value) else {cell.at: new}

    return changed


def _same(one: Value, other: Value) -> bool:
    return str(one) == str(other) or (_is_number(one) and _is_number(other) and float(one) == float(other))  # type: ignore[arg-type]


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float)


def _digits(value: Value, edit: Callable[[list[str], list[int]], None]) -> Value:
    """A value with its digits edited; signs, points and letters stay where they are."""
    letters = list(str(value))
    edit(letters, [n for n, letter in enumerate(letters) if letter.isdigit()])
    text = "".join(letters)
    if not _is_number(value):
        return text
    if not re.search(r"\d", text):
        return None
    return float(text) if "." in text else int(text)


def _swapped(cell: ValueCell, chance: random.Random) -> Value:
    def swap(letters: list[str], at: list[int]) -> None:
        pairs = [(a, b) for a, b in pairwise(at) if letters[a] != letters[b]]
        if pairs:
            a, b = chance.choice(pairs)
            letters[a], letters[b] = letters[b], letters[a]

    return _digits(cell.value, swap)


def _dropped(cell: ValueCell, chance: random.Random) -> Value:
    def drop(letters: list[str], at: list[int]) -> None:
        if at:
            del letters[chance.choice(at)]

    return _digits(cell.value, drop)


def _times(cell: ValueCell, factor: float) -> Value:
    if not _is_number(cell.value):
        return None
    number = round(float(cell.value) * factor, 10)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number


def _moved(cell: ValueCell, chance: random.Random) -> Cells | None:
    return {cell.at: None, cell.right: cell.value} if cell.right else None


def _other_month(cell: ValueCell, chance: random.Random) -> Value:
    return chance.choice(cell.others) if cell.others else None


CORRUPTIONS: dict[str, Corruption] = {
    "digits swapped": _instead(_swapped),
    "a digit dropped": _instead(_dropped),
    "x10": _instead(lambda cell, _: _times(cell, 10)),
    "/10": _instead(lambda cell, _: _times(cell, 0.1)),
    "sign": _instead(lambda cell, _: _times(cell, -1)),
    "the neighbour's value": _instead(lambda cell, _: cell.neighbour),
    "the row above": _instead(lambda cell, _: cell.above),
    "last month's value": _instead(lambda cell, _: cell.before),
    "another month's value": _instead(_other_month),
    "moved by a column": _moved,
    "blank": lambda cell, _: {cell.at: None},
}
