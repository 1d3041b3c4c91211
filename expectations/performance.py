"""月次実績: what must hold between the rows of one month's sheet.

Rules that name indicators are rows of the catalog (`rules.csv`, `part_of`, numerators, facilities);
here stands only what they mean. A number that another rule already blames is NaN here, so that
everything that needs it is silent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.catalog_rows import Indicator
from schemas.form import Form
from schemas.period import parse_id
from schemas.submission import period_in
from schemas.values import NOT_APPLICABLE

Numbers = NDArray[Any]


def rules(form: Form, catalog: Catalog) -> list[Rule]:
    """The rules of the month's sheet, the most elementary first."""
    return [
        Rule(
            id="performance.value.whole",
            severity="critical",
            blames="value",
            expectation="ExpectColumnValuesToBeInSet",
            arguments={"column": "value_fraction", "value_set": [0]},
            message="「{seen}」は端数があります。この項目は{decimals}で入力してください。",
            needs=("indicator",),
        ),
        Rule(
            id="performance.value.negative",
            severity="critical",
            blames="value",
            expectation="ExpectColumnValuesToBeBetween",
            arguments={"column": "value", "min_value": form.column("value").minimum},
            message="「{seen}」は負の数です。件数・人数・面積・金額は 0 以上で入力してください。",
        ),
        Rule(
            id="performance.value.closed",
            severity="critical",
            blames="value",
            expectation="ExpectColumnValuesToBeInSet",
            arguments={"column": "value_while_closed", "value_set": [0]},
            message="「{seen}」とありますが、この月は施設が全日休館です。「－」にするか、休館日を本部に確認してください。",
        ),
        _equal(
            "performance.value.sum",
            "critical",
            "parts_sum",
            "「{seen}」ですが、内訳の合計は「{expected}」です。内訳か計を直してください。",
        ),
        _at_most(
            "performance.value.part_exceeds_whole",
            "critical",
            "whole_limit",
            "「{seen}」は全体の「{expected}」を超えています。どちらかを直してください。",
        ),
        _at_most(
            "performance.value.le",
            "warning",
            "le_limit",
            "「{seen}」は「{le_whole}」の「{expected}」を超えています。どちらかを確認してください。",
        ),
        _equal(
            "performance.value.rate",
            "warning",
            "rate_recomputed",
            "「{seen}」％とありますが、部品の行から計算すると「{expected}」％です。部品の行か率を確認してください。",
            compared="rate_rounded",
        ),
        marked(
            id="performance.as_of_date.required",
            severity="warning",
            blames="as_of_date",
            mark="as_of_missing",
            message="現在高の「基準日」が空白です。月末の日付を入力してください。",
        ),
        marked(
            id="performance.as_of_date.outside_month",
            severity="warning",
            blames="as_of_date",
            mark="as_of_outside",
            message="基準日「{seen}」は対象月の日付ではありません。月末の日付か、正しいシートか確認してください。",
        ),
    ]


def _equal(rule_id: str, severity: str, expected: str, message: str, compared: str = "value") -> Rule:
    return Rule(
        id=rule_id,
        severity=severity,  # type: ignore[arg-type]
        blames="value",
        expectation="ExpectColumnPairValuesToBeEqual",
        arguments={
            "column_A": compared,
            "column_B": expected,
            "ignore_row_if": "either_value_is_missing",
        },
        message=message,
        expected=expected,
    )


def _at_most(rule_id: str, severity: str, limit: str, message: str) -> Rule:
    return Rule(
        id=rule_id,
        severity=severity,  # type: ignore[arg-type]
        blames="value",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments={
            "column_A": limit,
            "column_B": "value",
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        message=message,
        expected=limit,
    )


def prepare(frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The frame with one column for each thing that a rule compares; NaN where a rule does not apply."""
    frame = frame.copy(deep=False)
    value = pd.to_numeric(frame["value"])
    of = {row.indicator_id: row for row in catalog.indicators}
    is_ratio = frame["indicator"].isin([i for i, row in of.items() if row.kind == "ratio"])
    digits = frame["indicator"].map({i: row.decimals for i, row in of.items()}).fillna(0).astype(int)
    words = {n: f"小数{n}桁までの数" if n else "整数" for n in digits.unique()}
    frame["value"] = value
    frame["decimals"] = digits.map(words)
    scaled = value * 10.0**digits
    frame["value_fraction"] = (scaled - scaled.round()).abs().mask(is_ratio).round(6)
    frame["value_while_closed"] = value.where(_is_closed(frame, catalog))
    usable = value.mask(frame["value_fraction"].fillna(0) != 0).mask(value < 0)
    sheets = _Sheets.of(frame, usable)
    _add_sums(frame, sheets, catalog)
    _add_rates(frame, sheets, catalog)
    _add_limits(frame, sheets, catalog)
    _add_as_of(frame, catalog)
    return frame


@dataclass(frozen=True)
class _Sheets:
    """The values of a batch by submission and indicator; 該当なし counts as 0, what is wrong or blank as NaN.

    Of a row, `submission` and `indicator` are the numbers of what it is of; `numbers` has those of the
    indicators by id. `values` is looked up by both in one integer.
    """

    submission: Numbers
    indicator: Numbers
    numbers: dict[str, int]
    values: pd.Series

    @classmethod
    def of(cls, frame: pd.DataFrame, value: pd.Series) -> Self:
        submission, _ = pd.factorize(frame["submission_id"])
        indicator, ids = pd.factorize(frame["indicator"])
        filled = value.mask(frame["value_status"] == NOT_APPLICABLE, 0.0)
        known = (indicator >= 0) & ~frame["is_total"].to_numpy(bool)
        keys = submission * (len(ids) + 1) + indicator
        values = pd.Series(filled.to_numpy(float)[known], index=keys[known])
        numbers = {name: number for number, name in enumerate(ids)}
        return cls(submission, indicator, numbers, values[~values.index.duplicated()])

    def rows(self, ids: Collection[str]) -> tuple[Numbers, list[str]]:
        """The rows of some indicators, by their place in the frame, and the indicator of each."""
        names = {self.numbers[name]: name for name in ids if name in self.numbers}
        rows = np.flatnonzero(np.isin(self.indicator, [*names]))
        return rows, [names[number] for number in self.indicator[rows]]

    def sums(self, rows: Numbers, added: Sequence[tuple[str, ...]]) -> Numbers:
        """For each of some rows, the sum of some indicators of its submission; NaN if one is not there."""
        lengths = [len(ids) for ids in added]
        numbers = [self.numbers.get(name, len(self.numbers)) for ids in added for name in ids]
        keys = np.repeat(self.submission[rows], lengths) * (len(self.numbers) + 1) + np.array(numbers, int)
        sums = np.zeros(len(rows))
        np.add.at(sums, np.repeat(np.arange(len(rows)), lengths), self.values.reindex(keys).to_numpy())
        return sums


def _lay(frame: pd.DataFrame, column: str, rows: Numbers, values: Any, blank: object = float("nan")) -> None:
    """A column with values in some rows and a blank in all others."""
    laid = np.full(len(frame), blank, dtype=object if isinstance(blank, str) else float)
    laid[rows] = values
    frame[column] = laid


def _add_sums(frame: pd.DataFrame, sheets: _Sheets, catalog: Catalog) -> None:
    wholes = {rule.whole for rule in catalog.rules if rule.kind == "sum" and rule.scope == "month"}
    rows, ids = sheets.rows(wholes)
    _lay(frame, "parts_sum", rows, sheets.sums(rows, [catalog.parts[whole] for whole in ids]))


def _add_rates(frame: pd.DataFrame, sheets: _Sheets, catalog: Catalog) -> None:
    ratios = {
        row.indicator_id: row
        for row in catalog.indicators
        if row.kind == "ratio" and row.source_form == "performance"
    }
    rows, ids = sheets.rows(ratios)
    named = [ratios[name] for name in ids]
    whole = sheets.sums(rows, [row.denominator for row in named])
    part = sheets.sums(rows, [row.numerator for row in named])
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where((whole > 0) & (part <= whole), part / whole * 100, np.nan)
    _lay(frame, "rate_recomputed", rows, _rounded(rate, named))
    _lay(frame, "rate_rounded", rows, _rounded(frame["value"].to_numpy(float)[rows], named))
    limits = {row.numerator[0]: row.denominator for row in ratios.values() if len(row.numerator) == 1}
    rows, ids = sheets.rows(limits)
    _lay(frame, "whole_limit", rows, sheets.sums(rows, [limits[name] for name in ids]))


def _rounded(rate: Numbers, of: Sequence[Indicator]) -> Numbers:
    """As the indicators print it; the nudge is for quotients that should lie on a boundary and miss it."""
    scale = 10.0 ** np.array([row.decimals for row in of])
    half = np.array([0.5 if row.rounding == "half_up" else 0.0 for row in of])
    printed: Numbers = np.floor(rate * scale + half + 1e-9) / scale
    return printed


def _add_limits(frame: pd.DataFrame, sheets: _Sheets, catalog: Catalog) -> None:
    wholes = {
        part: rule.whole
        for rule in catalog.rules
        if rule.kind == "le" and rule.scope == "month"
        for part in rule.parts
    }
    rows, ids = sheets.rows(wholes)
    _lay(frame, "le_limit", rows, sheets.sums(rows, [(wholes[part],) for part in ids]))
    _lay(frame, "le_whole", rows, [catalog.indicator[wholes[part]].label for part in ids], blank="")


def _is_closed(frame: pd.DataFrame, catalog: Catalog) -> pd.Series:
    """Whether a row's facility was shut on every day of the month."""
    facility = {row.indicator_id: row.facility_id for row in catalog.indicators if row.facility_id}
    shut = {
        (facility_id, period_id)
        for facility_id in set(facility.values())
        for period_id in frame["period_id"].unique()
        if (period := parse_id(period_id)).frequency == "month"
        and catalog.open_days(facility_id, period) == 0
    }
    if not shut:
        return pd.Series(False, index=frame.index)
    places = zip(frame["indicator"].map(facility), frame["period_id"], strict=True)
    return pd.Series([place in shut for place in places], index=frame.index)


def _add_as_of(frame: pd.DataFrame, catalog: Catalog) -> None:
    """Stocks (and only they) need a day, and it lies in the month."""
    stock = frame["indicator"].isin([row.indicator_id for row in catalog.indicators if row.rule == "last"])
    blank = frame["as_of_date"].isna() & frame["as_of_date__unread"].isna()
    days = frame["as_of_date"].map(lambda day: f"{day:%Y-%m}", na_action="ignore")
    ids = {name: period_in(name).id for name in frame["submission_id"].unique()}
    months = frame["submission_id"].map(ids)
    frame["as_of_missing"] = (stock & blank).astype(int)
    frame["as_of_outside"] = (days.notna() & (days != months)).astype(int)
