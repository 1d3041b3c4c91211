"""check_table: which totals of a printed table do not add up, and by how much beyond rounding.

Needs no home and no server: `python -m flows.check_table FILE [--rounding half_up|floor|exact]`.
Exit codes: 0 all adds up; 3 something does not, or cannot be told; 1 the file cannot be read or has no total.
"""

import argparse
import sys
from pathlib import Path

from flows.command import ALL_IN, FAILED, WITH_REFUSALS
from tasks.check_table import check_table, lines


def main() -> int:
    """Check the tables of one file and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounding", choices=("half_up", "floor", "exact"))
    given = parser.parse_args()
    try:
        found = check_table(given.file, given.rounding)
    except (OSError, ValueError) as error:
        print(error)
        return FAILED
    for line in lines(found):
        print(line)
    if not any(one.checked or one.unclear for _, one in found):
        print("検算できる合計が見つかりません。")
        return FAILED
    is_clean = all(not (one.deviations or one.unclear or one.unreadable) for _, one in found)
    return ALL_IN if is_clean else WITH_REFUSALS


if __name__ == "__main__":
    sys.exit(main())
