"""What was measured, as tables of text: by kind of figure, by corruption, by both, by rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bench.mutants.corruptions import CORRUPTIONS
from bench.mutants.trial import Verdict

Lines = Iterator[str]


def silent_pct(verdicts: Sequence[Verdict]) -> float:
    """The share of cases that nothing was found of, in percent."""
    return 100 * sum(not verdict.is_caught for verdict in verdicts) / len(verdicts)


def weighted_pct(verdicts: Sequence[Verdict], cells: Mapping[str, int]) -> float:
    """The same with each kind of figure weighing as many cells as the year has of it."""
    of_kind: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        of_kind.setdefault(verdict.mutant.cell.kind, []).append(verdict)
    shares = [(cells[kind], silent_pct(ours)) for kind, ours in of_kind.items()]
    return sum(weight * share for weight, share in shares) / sum(weight for weight, _ in shares)


def by_kind(damage: Sequence[Verdict], typing: Sequence[Verdict]) -> Lines:
    """A row a kind of figure, the most frequent first, and one of all."""
    kinds = Counter(verdict.mutant.cell.kind for verdict in damage)
    names = [name for name, _ in sorted(kinds.items(), key=lambda entry: (-entry[1], entry[0]))]
    yield from _both("kind of figure", names, damage, typing, lambda verdict: verdict.mutant.cell.kind)


def by_corruption(damage: Sequence[Verdict], typing: Sequence[Verdict]) -> Lines:
    """A row a kind of corruption."""
    yield from _both(
        "corruption", list(CORRUPTIONS), damage, typing, lambda verdict: verdict.mutant.corruption
    )


def by_both(verdicts: Sequence[Verdict]) -> Lines:
    """Silent of tried, a row a kind of figure and a column a corruption."""
    kinds = sorted({verdict.mutant.cell.kind for verdict in verdicts})
    yield from _table(
        ["kind of figure", *CORRUPTIONS],
        (
            [
                kind,
                *(
                    _part([v for v in verdicts if (v.mutant.cell.kind, v.mutant.corruption) == (kind, name)])
                    for name in CORRUPTIONS
                ),
            ]
            for kind in kinds
        ),
    )


def by_rule(damage: Sequence[Verdict], typing: Sequence[Verdict]) -> Lines:
    """A row a rule: how many cases it caught."""
    counts = [
        Counter(rule for verdict in verdicts for rule in verdict.rules) for verdicts in (damage, typing)
    ]
    names = sorted({*counts[0], *counts[1]}, key=lambda name: (-counts[0][name] - counts[1][name], name))
    rows = ([f"`{name}`", *(str(count[name]) for count in counts)] for name in names)
    yield from _table(["rule", "file damage", "typing"], rows)


def _both(
    heading: str,
    names: Iterable[str],
    damage: Sequence[Verdict],
    typing: Sequence[Verdict],
    of: Callable[[Verdict], str],
) -> Lines:
    def row(name: str, chosen: Callable[[Verdict], bool]) -> list[str]:
        cells = [name, str(sum(map(chosen, damage)))]
        for verdicts in (damage, typing):
            ours = [verdict for verdict in verdicts if chosen(verdict)]
            hinted = sum(not verdict.is_caught and bool(verdict.hints) for verdict in ours)
            cells += [
                str(sum(v.is_caught for v in ours)),
                f"{silent_pct(ours):.1f}" if ours else "",
                str(hinted),
            ]
        return cells

    headings = [heading, "cases"]
    for result in ("damage", "typing"):
        headings += [f"{result}: caught", "silent %", "of these hinted at"]
    rows = [row(name, lambda verdict, name=name: of(verdict) == name) for name in names]  # type: ignore[misc]
    yield from _table(headings, [*rows, row("all", lambda _: True)])


def _part(verdicts: Sequence[Verdict]) -> str:
    return f"{sum(not verdict.is_caught for verdict in verdicts)}/{len(verdicts)}" if verdicts else ""


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
