"""Sums that are unknown when one of their parts is."""

import pandas as pd


def strict_sum(value: pd.Series, keys: list[pd.Series]) -> pd.Series:
    """Each row's group total; NaN for the whole group where one of its values is missing."""
    unknown = value.isna().groupby(keys).transform("any")
    return value.groupby(keys).transform("sum").mask(unknown)
