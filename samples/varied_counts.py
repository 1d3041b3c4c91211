"""The counts of another year: each month's drawn anew around the sample's, held by what must hold."""

from collections.abc import Mapping
from itertools import pairwise
from random import Random

from samples.tables import number_or_text
from schemas.catalog import Catalog
from schemas.catalog_rows import Indicator
from schemas.period import FISCAL_MONTHS

Row = dict[str, str]
Count = int | float | str
Months = dict[str, Count]

_NAMES = [str(month) for month in FISCAL_MONTHS]
_MOVE = 0.3


def counted(expected: float, chance: Random) -> int:
    """How many there are where so many are expected."""
    return max(0, round(chance.gauss(expected, expected**0.5)))


def varied_counts(rows: list[Row], catalog: Catalog, chance: Random) -> list[Row]:
    """`performance.csv` of another year: flows, stocks, registers, wholes above their parts."""
    before = {row["indicator_id"]: _read(row) for row in rows}
    after = {name: _varied(catalog.indicator[name], months, chance) for name, months in before.items()}
    for rule in catalog.rules:
        if rule.kind == "continuity":
            joined, left = rule.parts
            _continue(after, joined, left, rule.whole, chance)
        if rule.kind == "le" and rule.whole in after:
            for part in (part for part in rule.parts if part in after and part not in _joining(catalog)):
                _limit(after[part], after[rule.whole])
    for row in catalog.indicators:
        if row.kind == "ratio" and {*row.numerator, *row.denominator} <= after.keys():
            for part in row.numerator:
                _limit(after[part], after[row.denominator[0]])
    return [
        {"indicator_id": name, **{m: str(months.get(m, "")) for m in _NAMES}}
        for name, months in after.items()
    ]


def _read(row: Row) -> Months:
    return {month: number_or_text(row[month]) for month in _NAMES if row[month]}


def _joining(catalog: Catalog) -> set[str]:
    return {part for rule in catalog.rules if rule.kind == "continuity" for part in rule.parts}


def _varied(indicator: Indicator, months: Months, chance: Random) -> Months:
    numbers = [value for value in months.values() if not isinstance(value, str)]
    if indicator.rule == "last":
        return _walked(months, numbers, chance)
    if indicator.kind == "amount":
        return {month: round(value * chance.uniform(0.8, 1.2)) for month, value in _numbers(months).items()}
    if "days" in indicator.measure or indicator.indicator_id.endswith(("_usable", "_days")):
        return dict(months)
    level = chance.uniform(0.85, 1.15)
    is_rare = numbers.count(0) * 2 >= len(numbers)

    def month(value: Count) -> Count:
        if isinstance(value, str) or value == 0:
            return value
        season = 1.0 if is_rare else chance.lognormvariate(0, 0.15)
        return max(1, counted(value * level * season, chance))

    return {name: month(value) for name, value in months.items()}


def _numbers(months: Months) -> Mapping[str, int | float]:
    return {month: value for month, value in months.items() if not isinstance(value, str)}


def _walked(months: Months, numbers: list[int | float], chance: Random) -> Months:
    """A stock of another year: from where the sample's starts, in steps like the sample's."""
    steps = [after - before for before, after in pairwise(numbers)]
    moves = [abs(step) for step in steps if step]
    if not moves:
        return dict(months)
    grows = min(steps) >= 0
    value, walked = numbers[0], Months()
    for month in months:
        if walked and (grows or chance.random() < _MOVE):
            mean = sum(moves) / len(moves)
            step = counted(mean, chance) if grows else min(moves) * chance.choice((-1, 1))
            value = max(0, round(value + step, 1))
        walked[month] = value
    return walked


def _continue(after: dict[str, Months], joined: str, left: str, register: str, chance: Random) -> None:
    """Who joins and leaves, and the register that follows."""
    value = chance.randint(80, 110)
    for month in _NAMES:
        came, went = (int(chance.random() < 0.3) for _ in range(2))
        value += came - went
        after[joined][month], after[left][month], after[register][month] = came, went, value


def _limit(part: Months, whole: Months) -> None:
    """No part above its whole; the sample's own step is kept."""
    for month, value in part.items():
        most = whole.get(month, 0)
        if not isinstance(value, str):
            part[month] = min(value, most) if not isinstance(most, str) else value
