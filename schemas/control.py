"""The control number of codes: what a sheet's 合計 shows above them, and what tells a code that has changed.

Each character's code times its place (of the first twelve), summed over all codes: two digits swapped, one
dropped or another code make another number. The practice of accountants is the "hash total" of a batch.
"""

from collections.abc import Iterable

PLACES = 12
LAST_ROW = 1_000
"""Down to this row of a sheet its 合計 counts; of a longer list it says nothing."""


def control_number(codes: Iterable[str]) -> int | None:
    """The number over all codes as they are typed; None where a character is not known alike everywhere."""
    codes = list(codes)
    if not all(code.isascii() for code in codes):
        return None
    return sum(ord(letter) * place for code in codes for place, letter in enumerate(_placed(code), start=1))


def _placed(code: str) -> str:
    return code.ljust(PLACES)[:PLACES]


def control_formula(cells: str) -> str:
    """The spreadsheet's formula for it over a range of cells, blanks apart."""
    places = ",".join(map(str, range(1, PLACES + 1)))
    letters = f'CODE(MID({cells}&REPT(" ",{PLACES}),{{{places}}},1))'
    return f'SUMPRODUCT(({cells}<>"")*{letters}*{{{places}}})'
