"""月次実績: what must hold between the rows of one month's sheet.

Rules that name indicators are rows of the catalog (`rules.csv`, `part_of`, numerators, facilities);
here stands only what they mean. A number that another rule already blames is NaN here, so that
everything that needs it is silent.
"""

import numpy as np
import pandas as pd

from expectations.rule import Rule, marked
from schemas.catalog import Catalog
from schemas.catalog_rows import Indicator
from schemas.form import Form
from schemas.period import parse_id
from schemas.submission import period_in
from schemas.values import NOT_APPLICABLE


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
    frame = frame.copy()
    value = pd.to_numeric(frame["value"])
    kinds = frame["indicator"].map({row.indicator_id: row.kind for row in catalog.indicators})
    decimals = frame["indicator"].map({row.indicator_id: row.decimals for row in catalog.indicators})
    frame["value"] = value
    digits = decimals.fillna(0).astype(int)
    frame["decimals"] = digits.map(lambda n: f"小数{n}桁までの数" if n else "整数")
    scaled = value * 10.0**digits
    frame["value_fraction"] = (scaled - scaled.round()).abs().where(kinds != "ratio").round(6)
    frame["value_while_closed"] = value.where(_is_closed(frame, catalog))
    usable = value.mask(frame["value_fraction"].fillna(0) != 0).mask(value < 0)
    wide = _wide(frame, usable)
    _add_sums(frame, wide, catalog)
    _add_rates(frame, wide, catalog, kinds)
    _add_limits(frame, wide, catalog)
    _add_as_of(frame, catalog)
    return frame


def _wide(frame: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
    """Submission x indicator to value; 該当なし counts as 0, a cell that is wrong or blank as NaN."""
    filled = value.mask(frame["value_status"] == NOT_APPLICABLE, 0.0)
    known = frame["indicator"].notna() & ~frame["is_total"].astype(bool)
    table = frame.assign(filled=filled)[known].drop_duplicates(["submission_id", "indicator"])
    return table.pivot(index="submission_id", columns="indicator", values="filled")


def _at(frame: pd.DataFrame, indicator_id: str, by_submission: pd.Series) -> pd.Series:
    """A value a submission, laid on the rows of one indicator."""
    rows = frame["indicator"] == indicator_id
    return frame.loc[rows, "submission_id"].map(by_submission).astype(float)


def _columns(wide: pd.DataFrame, ids: tuple[str, ...]) -> pd.DataFrame:
    return wide.reindex(columns=list(ids))


def _add_sums(frame: pd.DataFrame, wide: pd.DataFrame, catalog: Catalog) -> None:
    frame["parts_sum"] = float("nan")
    for rule in catalog.rules:
        if rule.kind == "sum" and rule.scope == "month":
            parts = _columns(wide, catalog.parts[rule.whole]).sum(axis=1, skipna=False)
            found = _at(frame, rule.whole, parts)
            frame.loc[found.index, "parts_sum"] = found


def _add_rates(frame: pd.DataFrame, wide: pd.DataFrame, catalog: Catalog, kinds: pd.Series) -> None:
    frame["rate_recomputed"] = float("nan")
    frame["rate_rounded"] = float("nan")
    frame["whole_limit"] = float("nan")
    for row in catalog.indicators:
        if row.kind != "ratio" or row.source_form != "performance":
            continue
        whole = _columns(wide, row.denominator).sum(axis=1, skipna=False)
        part = _columns(wide, row.numerator).sum(axis=1, skipna=False)
        sound = (whole > 0) & (part <= whole)
        rate = (part / whole * 100).where(sound)
        found = _at(frame, row.indicator_id, _rounded(rate, row))
        frame.loc[found.index, "rate_recomputed"] = found
        typed = frame.loc[found.index, "value"]
        frame.loc[found.index, "rate_rounded"] = _rounded(typed, row)
        if len(row.numerator) == 1:
            limit = _at(frame, row.numerator[0], whole)
            frame.loc[limit.index, "whole_limit"] = limit


def _rounded(rate: pd.Series, row: Indicator) -> pd.Series:
    """As the indicator prints it; the nudge is for quotients that should lie on a boundary and miss it."""
    scale = 10.0**row.decimals
    half = 0.5 if row.rounding == "half_up" else 0.0
    printed: pd.Series = np.floor(rate * scale + half + 1e-9) / scale
    return printed


def _add_limits(frame: pd.DataFrame, wide: pd.DataFrame, catalog: Catalog) -> None:
    frame["le_limit"] = float("nan")
    frame["le_whole"] = ""
    for rule in catalog.rules:
        if rule.kind == "le" and rule.scope == "month":
            for part in rule.parts:
                found = _at(frame, part, _columns(wide, (rule.whole,))[rule.whole])
                frame.loc[found.index, "le_limit"] = found
                frame.loc[found.index, "le_whole"] = catalog.indicator[rule.whole].label


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
    places = zip(frame["indicator"].map(facility), frame["period_id"], strict=True)
    return pd.Series([place in shut for place in places], index=frame.index)


def _add_as_of(frame: pd.DataFrame, catalog: Catalog) -> None:
    """Stocks (and only they) need a day, and it lies in the month."""
    stock = frame["indicator"].map({row.indicator_id: row.rule == "last" for row in catalog.indicators})
    stock = stock.fillna(False).astype(bool)
    blank = frame["as_of_date"].isna() & frame["as_of_date__unread"].isna()
    days = frame["as_of_date"].map(lambda day: f"{day:%Y-%m}", na_action="ignore")
    months = frame["submission_id"].map(lambda name: period_in(name).id)
    frame["as_of_missing"] = (stock & blank).astype(int)
    frame["as_of_outside"] = (days.notna() & (days != months)).astype(int)
