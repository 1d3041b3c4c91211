"""Sums that are unknown when one of their parts is."""

import pandas as pd


def strict_sum(value: pd.Series, keys: list[pd.Series]) -> pd.Series:
    """Each row's group total; NaN for the whole group where one of its values or keys is missing."""
    groups = value.isna().groupby(keys, dropna=False)
    unknown = groups.transform("any").astype(bool)
    for key in keys:
        unknown |= key.isna()
    return value.groupby(keys, dropna=False).transform("sum").mask(unknown)
