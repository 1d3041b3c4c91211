"""The differences of a fiscal year, as known at a moment: what they are, since when, and how they stand."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from schemas.difference import Category, category
from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.ledger import LEDGER
from schemas.forms.spending import SPENDING
from schemas.keys import surrogate
from warehouse.current import current
from warehouse.facts import FACTS
from warehouse.reconciliation.elements import AHEAD, BOOKED, OWED, REPORTED
from warehouse.reconciliation.loose import Element, loose, owed_references, twins
from warehouse.reconciliation.naming import Named, named
from warehouse.tables import DIM_SUBMISSION, FACT_EXPLANATION

OPEN, EXPLAINED, CLEARED, WAITING = "未説明", "説明済", "解消", "期間待ち"
NONE = "なし"
_MOST_PLACES = 3
_KEYS_A_QUERY = 500
_WAITS, _MAY_CLEAR = ("T2", "T3"), ("L1",)


@dataclass(frozen=True)
class Explanation:
    """What a named person said of a difference, when it was of `yen`."""

    decided_at: datetime
    by: str
    why: str
    yen: int


@dataclass(frozen=True)
class Difference:
    """One thing to clear. `id` is made of its first element's content, and outlives files and rebuilds."""

    id: str
    fiscal_year: int
    category: Category
    elements: tuple[Element, ...]
    witnesses: tuple[Element, ...]
    first_seen_at: datetime
    explanation: Explanation | None

    @property
    def lead(self) -> Element:
        """The element to blame: the center's, if there is one."""
        return self.elements[0]

    @property
    def yen(self) -> int:
        """How much is at stake: the most by which a program is wrong; of what has cleared, the amount."""
        left = max(map(abs, self._left_by_post.values()))
        return left or max(abs(e.amount_yen) for e in self.elements)

    @property
    def _left_by_post(self) -> Counter[tuple[int, int]]:
        """By program and account, what it makes of reported - booked over the year."""
        sums: Counter[tuple[int, int]] = Counter()
        for element in self.elements:
            sums[element.post] += element.difference_yen
        return sums

    @property
    def net_yen(self) -> int:
        """What it makes of reported - booked over the foundation's year."""
        return sum(e.difference_yen for e in self.elements)

    @property
    def status(self) -> str:
        """解消: nothing is left of it in any program. An explanation holds while the amount is the same."""
        if self.category.code in _WAITS:
            return WAITING
        if self.category.code in _MAY_CLEAR and not any(self._left_by_post.values()):
            return CLEARED
        return EXPLAINED if self.explanation and self.explanation.yen == self.yen else OPEN

    def side(self, side: str) -> str:
        """What a side has of it, as people write yen."""
        amounts = [e.amount_yen for e in self.elements if e.side == side]
        if self.category.code == "L1" and amounts:
            amounts = amounts[:1]
        return f"{sum(amounts):,}" if amounts else NONE

    @property
    def place(self) -> str:
        """The month, program and account to blame; of a month that has not come, the month."""
        return self.lead.month if self.lead.grain in (OWED, AHEAD) else self.lead.place

    @property
    def elsewhere(self) -> str:
        """Where the rest of it stands."""
        others = [_told(e, self.lead) for e in (*self.elements[1:], *self.witnesses)]
        more = f"ほか{len(others) - _MOST_PLACES}件" if len(others) > _MOST_PLACES else ""
        return "、".join(filter(None, (*others[:_MOST_PLACES], more))) or NONE

    @property
    def sentence(self) -> str:
        """What is wrong, where, and what to do."""
        return self.category.sentence.format(
            reported=self.side(REPORTED),
            booked=self.side(BOOKED),
            amount=f"{self.lead.amount_yen:,}",
            at=self.place,
            elsewhere=self.elsewhere,
        )


def _told(element: Element, lead: Element) -> str:
    """Where another element stands, and what of it is not the lead's."""
    parts = (("month", "period_key"), ("program", "program_key"), ("account", "account_key"))
    unlike = [getattr(element, word) for word, key in parts if getattr(element, key) != getattr(lead, key)]
    side = "" if element.side == lead.side else ("会計" if element.side == BOOKED else "センター")
    return " ".join(filter(None, (side, *unlike, element.address)))


def differences(connection: Connection, fiscal_year: int, as_of: datetime | None = None) -> list[Difference]:
    """All differences of the year, each element in one, in print order. `as_of`: naive UTC; None = now."""
    known = current(as_of, fiscal_year)
    left = loose(connection, known, fiscal_year)
    owed = owed_references(connection, known, fiscal_year, left)
    found = named(left, twins(connection, known, fiscal_year, left), owed)
    since = _first_known(connection, left, fiscal_year)
    said = _explanations(connection, as_of)
    ids = _ids(found)
    order = {id(element): n for n, element in enumerate(left)}
    made = [
        Difference(
            difference_id,
            fiscal_year,
            category(one.code),
            one.elements,
            one.witnesses,
            max(since[id(e)] for e in one.elements),
            said.get(difference_id),
        )
        for difference_id, one in zip(ids, found, strict=True)
    ]
    return sorted(made, key=lambda one: order[id(one.lead)])


def _ids(found: Sequence[Named]) -> list[str]:
    """A word of 16 letters for each, from the content of its first element; the nth of alike ones."""
    seen: Counter[str] = Counter()
    ids = []
    for one in found:
        content = repr(_content(one.elements[0]))
        ids.append(hashlib.sha256(f"{content} {seen[content]}".encode()).hexdigest()[:16])
        seen[content] += 1
    return ids


def _content(element: Element) -> tuple[Any, ...]:
    if element.grain in (OWED, AHEAD):
        return element.grain, element.center_id, element.period_key
    post = (element.side, element.grain, *element.post, element.period_key, element.amount_yen)
    return (*post, element.reference, element.document, str(element.day or ""))


def _explanations(connection: Connection, as_of: datetime | None) -> dict[str, Explanation]:
    """The last one that was given of each difference."""
    x = FACT_EXPLANATION.c
    query = select(x.difference_id, x.decided_at, x.decided_by, x.why, x.amount_yen)
    if as_of is not None:
        query = query.where(x.decided_at <= as_of)
    rows = connection.execute(query.order_by(x.decided_at, x.decision_id))
    return {row[0]: Explanation(*row[1:]) for row in rows}


def _first_known(
    connection: Connection, elements: Sequence[Element], fiscal_year: int
) -> dict[int, datetime]:
    """By id(): when what an element says was first known, and the other side could be held against it.

    The first file that said it counts, if others said it again.
    """
    since = {id(e): e.known_at for e in elements}
    lines = [e for e in elements if e.grain not in (OWED, AHEAD)]
    for form, side in ((SPENDING, REPORTED), (EXPENDITURE, REPORTED), (LEDGER, BOOKED)):
        ours = [e for e in lines if e.side == side]
        told = _earliest(connection, form.id, fiscal_year, sorted({_said(e) for e in ours}))
        for e in ours:
            since[id(e)] = min(told.get(_said(e), e.known_at), since[id(e)])
    arrivals = _arrivals(connection, fiscal_year)
    return {id(e): max(since[id(e)], _compared_since(e, arrivals)) for e in elements}


def _said(element: Element) -> tuple[int, int, int, int]:
    return element.program_key, element.account_key, element.period_key, element.cell_yen


def _earliest(
    connection: Connection, form_id: str, fiscal_year: int, wanted: Sequence[tuple[int, ...]]
) -> dict[tuple[int, ...], datetime]:
    """Program, account, month and yen to the arrival of the first accepted file of the form with them."""
    f, s = FACTS[form_id].c, DIM_SUBMISSION.c
    keys = (
        [(f.program_key, f.account_key, f.amount_yen)]
        if form_id != LEDGER.id
        else [
            (f.debit_program_key, f.debit_account_key, f.debit_yen),
            (f.credit_program_key, f.credit_account_key, f.credit_yen),
        ]
    )
    earliest: dict[tuple[int, ...], datetime] = {}
    for program, account, amount in keys:
        key = (program, account, f.period_key, amount)
        for start in range(0, len(wanted), _KEYS_A_QUERY):
            part = wanted[start : start + _KEYS_A_QUERY]
            query = (
                select(*key, func.min(s.known_at))
                .select_from(FACTS[form_id].join(DIM_SUBMISSION, s.submission_key == f.submission_key))
                .where(s.state == "accepted", s.form_id == form_id, s.fiscal_year == fiscal_year)
                .where(program.in_(sorted({said[0] for said in part})), tuple_(*key).in_(part))
                .group_by(*key)
            )
            for *said, moment in connection.execute(query):
                at = tuple(said)
                earliest[at] = min(moment, earliest.get(at, moment))
    return earliest


Arrivals = dict[str, list[tuple[int, int, datetime]]]


def _arrivals(connection: Connection, fiscal_year: int) -> Arrivals:
    """Form to center, period and moment of what was accepted of the two sides."""
    s = DIM_SUBMISSION.c
    rows = connection.execute(
        select(s.form_id, s.center_key, s.period_key, s.known_at).where(
            s.state == "accepted", s.fiscal_year == fiscal_year, s.form_id.in_((EXPENDITURE.id, LEDGER.id))
        )
    )
    found: Arrivals = {EXPENDITURE.id: [], LEDGER.id: []}
    for row in rows:
        found[row.form_id].append((row.center_key, row.period_key, row.known_at))
    return found


def _compared_since(element: Element, arrivals: Arrivals) -> datetime:
    """When the other side of an element's month first came: a ledger that came after the month has it."""
    if element.side == BOOKED:
        center = surrogate(element.center_id)
        times = [
            at for of, month, at in arrivals[EXPENDITURE.id] if (of, month) == (center, element.period_key)
        ]
    else:
        times = [at for _, _, at in arrivals[LEDGER.id] if at.year * 100 + at.month > element.period_key]
    return min(times, default=element.known_at)
