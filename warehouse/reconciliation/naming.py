"""From elements that met no other to differences: which belong together, and what they are.

A difference is one thing to clear: loose elements of one 伺番号. What the number does not join, amounts do,
where there is but one way.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from warehouse.reconciliation.amounts import slip_between
from warehouse.reconciliation.elements import AHEAD, BOOKED, CELL, LINE, OWED, REPORTED, SHEET
from warehouse.reconciliation.loose import Element

_DAYS_BETWEEN_TWINS = 5


@dataclass(frozen=True)
class Named:
    """Elements that make one difference, the one to blame first; its category's code; its witnesses."""

    code: str
    elements: tuple[Element, ...]
    witnesses: tuple[Element, ...] = ()


def named(
    loose: Sequence[Element], twins: Sequence[Element], owed: frozenset[str] = frozenset()
) -> list[Named]:
    """Each loose element in one difference.

    `twins`: what has their side, program, account and yen. `owed`: numbers that the ledger has in
    months that are not reported too; what is loose of them cannot be judged yet.
    """
    found = [Named("S1", (e,)) for e in loose if e.grain == SHEET]
    for code, grain in (("T2", OWED), ("T3", AHEAD)):
        waiting = (e for e in loose if e.grain == grain)
        found += [Named(code, tuple(g)) for g in _grouped(waiting, lambda e: (e.center_id, e.period_key))]
    waits = [e for e in loose if e.grain in (LINE, CELL) and e.reference in owed]
    found += [Named("T2", _center_first(group)) for group in _grouped(waits, lambda e: e.reference)]
    rest = [e for e in loose if e.grain in (LINE, CELL) and e.reference not in owed]
    for step in (_by_reference, _doubled_by_reference, _corrected, _by_net, _by_amount, _doubled):
        more = list(step(rest, twins))
        taken = {id(e) for one in more for e in one.elements}
        rest = [e for e in rest if id(e) not in taken]
        found += more
    unreported = {(e.center_id, e.period_key) for e in loose if e.grain == OWED}
    return [*found, *(Named(_code_of_lone(e, unreported), (e,)) for e in rest)]


def _code_of_lone(element: Element, unreported: set[tuple[str, int]]) -> str:
    """What only the ledger has may stand in an earlier month that the center has not reported."""
    if element.side == REPORTED:
        return "M1"
    may_be = any(c == element.center_id and month <= element.period_key for c, month in unreported)
    return "T2" if may_be else "M2"


def _grouped(elements: Iterable[Element], key: Callable[[Element], Hashable]) -> list[list[Element]]:
    groups: dict[Hashable, list[Element]] = defaultdict(list)
    for element in elements:
        groups[key(element)].append(element)
    return list(groups.values())


def _sides(group: Sequence[Element]) -> tuple[list[Element], list[Element]]:
    return [e for e in group if e.side == REPORTED], [e for e in group if e.side == BOOKED]


def _nets_to_zero(group: Sequence[Element]) -> bool:
    """Whether in each program and account nothing is left of it over the year."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for element in group:
        sums[element.post] += element.difference_yen
    return not any(sums.values())


def _by_reference(rest: Sequence[Element], twins: Sequence[Element]) -> Iterator[Named]:
    """The loose elements of one number, where they are of both sides or undo each other."""
    for group in _grouped((e for e in rest if e.reference), lambda e: e.reference):
        reported, booked = _sides(group)
        if _nets_to_zero(group):
            yield _undone(reported, booked)
        elif reported and booked:
            yield from _paired(reported, booked)


def _undone(reported: list[Element], booked: list[Element]) -> Named:
    """What is over by the end of the year: the ledger took a posting back, or has it in another month."""
    taken_back = {e.post for e in booked if e.amount_yen < 0}
    if not taken_back and reported and booked:
        return Named("T1", (*reported, *booked))
    wrong_first = sorted(booked, key=lambda e: e.post not in taken_back)
    return Named("L1", (*wrong_first, *reported))


def _paired(reported: list[Element], booked: list[Element]) -> Iterator[Named]:
    """The nearest of the two sides with each other; what is over stays."""
    pairs = sorted(
        ((r, b) for r in reported for b in booked),
        key=lambda pair: (
            pair[0].amount_yen != pair[1].amount_yen,
            pair[0].post != pair[1].post,
            pair[0].period_key != pair[1].period_key,
        ),
    )
    taken: set[int] = set()
    for r, b in pairs:
        if not {id(r), id(b)} & taken:
            taken |= {id(r), id(b)}
            yield Named(_code_of_pair(r, b), (r, b))


def _code_of_pair(reported: Element, booked: Element) -> str:
    if reported.amount_yen != booked.amount_yen:
        return slip_between(reported.amount_yen, booked.amount_yen)
    if reported.program_key != booked.program_key:
        return "C1"
    if reported.account_key != booked.account_key:
        return "C2"
    return "T1" if reported.period_key != booked.period_key else "N1"


def _doubled_by_reference(rest: Sequence[Element], twins: Sequence[Element]) -> Iterator[Named]:
    """An element that stands a second time on its own side, under the same number."""
    for element in (e for e in rest if e.reference):
        same = [t for t in twins if t.reference == element.reference and _is_again(element, t)]
        if same:
            yield Named("D1", (element,), tuple(same[:1]))


def _is_again(element: Element, other: Element) -> bool:
    """Whether another line of the same side says the same of the same program and account."""
    return (
        (other.submission_key, other.line_no) != (element.submission_key, element.line_no)
        and (other.side, other.post, other.amount_yen) == (element.side, element.post, element.amount_yen)
        and other.document == element.document
    )


def _corrected(rest: Sequence[Element], twins: Sequence[Element]) -> Iterator[Named]:
    """Postings without a number that take each other back."""
    for group in _grouped((e for e in rest if e.side == BOOKED), lambda e: (e.post, abs(e.amount_yen))):
        if len(group) == 2 and _nets_to_zero(group) and not all(e.reference for e in group):
            yield Named("L1", tuple(group))


_OPPOSITES: tuple[tuple[str, Callable[[Element], Hashable]], ...] = (
    ("C1", lambda e: (e.account_key, e.period_key)),
    ("C2", lambda e: (e.program_key, e.period_key)),
    ("T1", lambda e: e.post),
)


def _by_net(rest: Sequence[Element], twins: Sequence[Element]) -> Iterator[Named]:
    """Cells that miss what other cells have too much: another program, account or month, where it is one."""
    cells = _grouped((e for e in rest if e.grain == CELL), lambda e: (e.post, e.period_key))
    for code, key in _OPPOSITES:
        for group in _grouped_cells(cells, key):
            if len(group) == 2 and _net(group[0]) == -_net(group[1]) != 0:
                cells = [cell for cell in cells if cell not in group]
                yield Named(code, _center_first([*group[0], *group[1]]))


def _net(cell: Sequence[Element]) -> int:
    return sum(e.difference_yen for e in cell)


def _grouped_cells(
    cells: Iterable[list[Element]], key: Callable[[Element], Hashable]
) -> list[list[list[Element]]]:
    """Cells that have a key in common and are off by the same yen."""
    groups: dict[Hashable, list[list[Element]]] = defaultdict(list)
    for cell in cells:
        groups[key(cell[0]), abs(_net(cell))].append(cell)
    return list(groups.values())


def _center_first(group: Sequence[Element]) -> tuple[Element, ...]:
    reported, booked = _sides(group)
    return (*reported, *booked)


_WAYS: tuple[tuple[str, Callable[[Element], Hashable]], ...] = (
    ("N1", lambda e: (e.post, e.period_key, e.amount_yen)),
    ("C1", lambda e: (e.account_key, e.period_key, e.amount_yen)),
    ("C2", lambda e: (e.program_key, e.period_key, e.amount_yen)),
    ("T1", lambda e: (e.post, e.amount_yen)),
    ("", lambda e: (e.post, e.period_key)),
)


def _by_amount(rest: Sequence[Element], twins: Sequence[Element]) -> Iterator[Named]:
    """Elements of the two sides that have all but one thing in common, where it is one of each."""
    taken: set[int] = set()
    for code, key in _WAYS:
        for group in _grouped((e for e in rest if id(e) not in taken), key):
            reported, booked = _sides(group)
            if len(reported) != 1 or len(booked) != 1:
                continue
            (r,), (b,) = reported, booked
            # Two numbers that differ speak against it, unless all else is the same.
            if code != "N1" and r.reference and b.reference:
                continue
            taken |= {id(r), id(b)}
            yield Named(code or _code_of_amounts(r, b), (r, b))


def _code_of_amounts(reported: Element, booked: Element) -> str:
    """What makes one amount of the other; of a whole cell, that all of it is there twice."""
    large, small = sorted((reported.amount_yen, booked.amount_yen), reverse=True)
    if reported.grain == CELL and small > 0 and large == 2 * small:
        return "D1"
    return slip_between(reported.amount_yen, booked.amount_yen)


def _doubled(rest: Sequence[Element], twins: Sequence[Element]) -> Iterator[Named]:
    """A line that stands a second time within some days, for the same payee, where no number tells."""
    for element in rest:
        same = [t for t in twins if element.grain == LINE and not element.reference and _is_twin(element, t)]
        if same:
            yield Named("D1", (element,), tuple(same[:1]))


def _is_twin(element: Element, other: Element) -> bool:
    if not (element.day and other.day) or abs((element.day - other.day).days) > _DAYS_BETWEEN_TWINS:
        return False
    return other.payee == element.payee and _is_again(element, other)
