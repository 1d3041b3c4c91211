"""How a year's yen fall on the months, so that the twelve tie to the year to the yen."""

from collections.abc import Sequence

from samples.tables import table
from schemas.period import FISCAL_MONTHS
from tasks.template.content import ProgramAccount


def spread(yen: int, weights: Sequence[int], unit_yen: int) -> list[int]:
    """Twelve amounts by weight, each cut to the unit; what the cutting left over falls in March."""
    months = [yen * weight // sum(weights) // unit_yen * unit_yen for weight in weights[:-1]]
    return [*months, yen - sum(months)]


def spending_by_month() -> dict[int, dict[ProgramAccount, int]]:
    """Calendar month -> (leaf program, account) -> yen; 0 in months without spending."""
    spending: dict[int, dict[ProgramAccount, int]] = {month: {} for month in FISCAL_MONTHS}
    for row in table("spending"):
        key = (row["program_id"], row["account_id"])
        unit_yen, weights = _pattern(*key)
        for month, yen in zip(FISCAL_MONTHS, spread(int(row["yen"]), weights, unit_yen), strict=True):
            spending[month][key] = yen
    _refund(spending)
    return spending


def _pattern(program_id: str, account_id: str) -> tuple[int, list[int]]:
    """The unit and weights of a program's account, else of the program, else of the account."""
    patterns = {(row["program_id"], row["account_id"]): row for row in table("spread")}
    wanted = ((program_id, account_id), (program_id, ""), ("", account_id))
    row = next(patterns[key] for key in wanted if key in patterns)
    return int(row["unit_yen"]), [int(row[str(month)]) for month in FISCAL_MONTHS]


def _refund(spending: dict[int, dict[ProgramAccount, int]]) -> None:
    """Put a fixed amount into a month; March takes the difference."""
    for row in table("refunds"):
        key, month = (row["program_id"], row["account_id"]), int(row["month"])
        spending[FISCAL_MONTHS[-1]][key] += spending[month][key] - int(row["yen"])
        spending[month][key] = int(row["yen"])
