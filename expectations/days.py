"""Days that must lie in the period that a submission is for."""

import pandas as pd

from schemas.submission import period_in


def add_outside(frame: pd.DataFrame, column: str) -> None:
    """Add `is_outside`, 1 where the column's day is not in the submission's period, and `period_label`."""
    periods = frame["submission_id"].map(period_in)
    day = pd.to_datetime(frame[column])
    first = pd.to_datetime(periods.map(lambda period: period.first_day))
    last = pd.to_datetime(periods.map(lambda period: period.last_day))
    frame["is_outside"] = ((day < first) | (day > last)).astype(int)
    frame["period_label"] = periods.map(lambda period: period.label)
