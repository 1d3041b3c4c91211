"""The sheet 実績: inputs as typed numbers; totals, rates and cumulatives as formulas with their values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import groupby

from samples.head import letter_of
from samples.page import BOX, INPUT, NOTE, SUM, Page, number_format
from samples.wording import wareki
from schemas.catalog import Catalog
from schemas.catalog_rows import Indicator
from schemas.forms.performance import PERFORMANCE
from schemas.period import Period

FIRST_ROW = 7
NONE = "－"
Value = int | float | str

_ROUND = {"half_up": ("ROUND", ROUND_HALF_UP), "floor": ("ROUNDDOWN", ROUND_DOWN)}


def performance_rows(catalog: Catalog, center_id: str, period: Period) -> dict[str, int]:
    """Indicator id -> its row in a center's sheet of a month."""
    indicators = catalog.in_year(period.fiscal_year).rows_of(center_id, PERFORMANCE.id, period)
    return {row.indicator_id: number for number, row in enumerate(indicators, start=FIRST_ROW)}


def counted(value: Value | None) -> int | float:
    """What Excel's N() makes of a cell: text and blanks count as nothing."""
    return 0 if value is None or isinstance(value, str) else value


@dataclass(frozen=True)
class PerformanceSheet:
    """One center's month: `values` by indicator id, `before` the sums up to the month before.

    A total or rate that `values` names is typed as it stands there; otherwise it is a formula.
    """

    page: Page
    catalog: Catalog
    period: Period
    rows: Mapping[str, int]
    values: Mapping[str, Value]
    before: Mapping[str, int | float]

    def write(self) -> None:
        indicators = [self.catalog.indicator[indicator_id] for indicator_id in self.rows]
        for program_id, group in groupby(indicators, key=lambda row: row.program_id):
            of_program = list(group)
            program = self.catalog.program[program_id]
            first, last = (self.cell("program", of_program[at]) for at in (0, -1))
            self.page.merge(first, last, f"{program.printed_number} {program.program_name}", **BOX)
            for indicator in of_program:
                self._write_row(indicator)
        end = FIRST_ROW + len(self.rows)
        self.page.put(
            f"A{end + 1}", "※色のついた欄に当月の実績を入力してください。計・率・累計は計算式です。", **NOTE
        )
        self.page.put(
            f"A{end + 2}", f"※該当がないときは「{NONE}」、0のときは「0」を入力してください。", **NOTE
        )

    def cell(self, column_id: str, indicator: Indicator) -> str:
        return f"{letter_of(PERFORMANCE, column_id)}{self.rows[indicator.indicator_id]}"

    def value(self, indicator_id: str) -> Value | None:
        """The month's value: typed, or summed or divided from its components."""
        indicator = self.catalog.indicator[indicator_id]
        if indicator_id in self.values:
            return self.values[indicator_id]
        if indicator.rule == "total":
            return sum(self._counted(part) for part in self._parts(indicator_id))
        return self._rate(indicator) if indicator.rule == "ratio" else None

    def cumulative_before(self, indicator_id: str) -> int | float:
        """The year's sum up to the month before; of a total, that of its parts unless given."""
        parts = self._parts(indicator_id)
        return self.before.get(indicator_id, sum(self.before.get(part, 0) for part in parts))

    def _parts(self, indicator_id: str) -> list[str]:
        return [part for part in self.catalog.parts.get(indicator_id, ()) if part in self.rows]

    def _counted(self, indicator_id: str) -> int | float:
        """A value for use in formulas; a number typed by mistake counts as it was typed."""
        typed = self.page.typed.get(self.cell("value", self.catalog.indicator[indicator_id]))
        is_mistake = typed is not None and not isinstance(typed.value, str)
        return counted(typed.value if typed and is_mistake else self.value(indicator_id))

    def _rate(self, indicator: Indicator) -> int | float | str:
        above, below = (
            sum((Decimal(str(self._counted(row))) for row in ids), Decimal())
            for ids in (indicator.numerator, indicator.denominator)
        )
        if not below:
            return NONE
        step = Decimal(1).scaleb(-indicator.decimals)
        rate = (above / below * 100).quantize(step, rounding=_ROUND[indicator.rounding][1])
        return float(rate) if indicator.decimals else int(rate)

    def _write_row(self, indicator: Indicator) -> None:
        self.page.put(self.cell("indicator", indicator), indicator.label, **BOX)
        self.page.put(self.cell("unit", indicator), indicator.unit, **BOX, align="center")
        self._write_value(indicator)
        self._write_cumulative(indicator)
        as_of = wareki(self.period.last_day) if indicator.rule == "last" else None
        self.page.put(self.cell("as_of_date", indicator), as_of, **BOX)
        self.page.put(self.cell("note", indicator), None, **BOX)

    def _write_value(self, indicator: Indicator) -> None:
        cell, value = self.cell("value", indicator), self.value(indicator.indicator_id)
        formula = self._formula(indicator)
        look = {"num_format": number_format(indicator.decimals)}
        if formula and value is not None:
            self.page.formula(cell, formula, value, **SUM, **look)
        else:
            self.page.put(cell, value, **(INPUT if indicator.is_input else SUM), **look)

    def _formula(self, indicator: Indicator) -> str:
        """SUM of the parts or the rounded quotient; empty where a value was typed or text would not count."""
        operands = (*self._parts(indicator.indicator_id), *indicator.numerator, *indicator.denominator)
        cells = {row: self.cell("value", self.catalog.indicator[row]) for row in operands}
        is_typed = indicator.is_input or indicator.indicator_id in self.values
        if is_typed or not cells or any(map(self.page.is_text, cells.values())):
            return ""
        if indicator.rule == "total":
            return f"=SUM({','.join(cells.values())})"
        above, below = (
            f"({'+'.join(f'N({cells[row]})' for row in ids)})" if len(ids) > 1 else f"N({cells[ids[0]]})"
            for ids in (indicator.numerator, indicator.denominator)
        )
        name, _ = _ROUND[indicator.rounding]
        return f'=IF({below}=0,"{NONE}",{name}({above}/{below}*100,{indicator.decimals}))'

    def _write_cumulative(self, indicator: Indicator) -> None:
        cell, of_month = self.cell("cumulative", indicator), self.cell("value", indicator)
        look = {**SUM, "num_format": number_format(indicator.decimals)}
        if indicator.rule not in ("sum", "total"):
            return self.page.put(cell, NONE, **look)
        total = self.cumulative_before(indicator.indicator_id) + self._counted(indicator.indicator_id)
        if self.page.is_text(of_month):
            return self.page.put(cell, total, **look)
        self.page.formula(cell, f"='前月'!{cell}+N({of_month})", total, **look)
