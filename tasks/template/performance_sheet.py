"""The sheet 実績: inputs as typed numbers; totals, rates and cumulatives as formulas with their values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import groupby

from schemas.catalog import Catalog
from schemas.catalog_rows import Indicator
from schemas.choices import written
from schemas.forms.performance import PERFORMANCE
from schemas.period import Period
from tasks.template.book import BOX, INPUT, NOTE, SUM, Page, number_format
from tasks.template.content import Value
from tasks.template.head import letter_of
from tasks.template.wording import wareki

FIRST_ROW = 7
BEFORE_SHEET = "前月"
NONE = "－"
_NOTES = (
    "※色のついた欄に当月の実績を入力してください。計・率・累計は計算式です。",
    f"※該当がないときは「{NONE}」、0のときは「0」を入力してください。",
)

_ROUND = {"half_up": ("ROUND", ROUND_HALF_UP), "floor": ("ROUNDDOWN", ROUND_DOWN)}


def performance_rows(catalog: Catalog, center_id: str, period: Period) -> dict[str, int]:
    """Indicator id -> its row in a center's sheet of a month."""
    indicators = catalog.in_year(period.fiscal_year).rows_of(center_id, PERFORMANCE.id, period)
    return {row.indicator_id: number for number, row in enumerate(indicators, start=FIRST_ROW)}


def shut_values(catalog: Catalog, rows: Mapping[str, int], period: Period) -> dict[str, Value]:
    """「－」 for the inputs whose facility was shut on every day of the month."""
    indicators = [catalog.indicator[indicator_id] for indicator_id in rows]
    return {
        row.indicator_id: NONE
        for row in indicators
        if row.is_input and row.frequency == "month" and row.facility_id
        if catalog.open_days(row.facility_id, period) == 0
    }


def counted(value: Value | None) -> int | float:
    """What Excel's N() makes of a cell: text and blanks count as nothing."""
    return 0 if value is None or isinstance(value, str) else value


def _adds_up(indicator: Indicator) -> bool:
    """Whether its 累計 is a sum of months or halves."""
    return indicator.rule in ("sum", "total") and indicator.frequency != "year"


@dataclass(frozen=True)
class PerformanceSheet:
    """One center's month: `values` by indicator id, `before` the sums up to the month before, if known.

    A total or rate that `values` names is typed as it stands there; otherwise it is a formula, which
    shows nothing until what it needs is typed.
    """

    page: Page
    catalog: Catalog
    period: Period
    rows: Mapping[str, int]
    values: Mapping[str, Value]
    before: Mapping[str, int | float] | None

    def write(self) -> None:
        """Every row, by program, and the notes."""
        indicators = [self.catalog.indicator[indicator_id] for indicator_id in self.rows]
        for program_id, group in groupby(indicators, key=lambda row: row.program_id):
            of_program = list(group)
            program = self.catalog.program[program_id]
            first, last = (self.cell("program", of_program[at]) for at in (0, -1))
            self.page.merge(first, last, written(program), **BOX)
            for indicator in of_program:
                self._write_row(indicator)
        end = FIRST_ROW + len(self.rows)
        for row, note in enumerate(_NOTES, start=end + 1):
            self.page.put(f"A{row}", note, **NOTE)

    def write_before(self, page: Page) -> None:
        """The 累計 of the month before, each in the cell of the one that adds to it; none where unknown."""
        for indicator_id in self.rows:
            before = self.cumulative_before(indicator_id)
            if before is not None:
                page.put(self.cell("cumulative", self.catalog.indicator[indicator_id]), before)

    def cell(self, column_id: str, indicator: Indicator) -> str:
        return f"{letter_of(PERFORMANCE, column_id)}{self.rows[indicator.indicator_id]}"

    def value(self, indicator_id: str) -> Value | None:
        """The month's value: typed, or summed or divided from its components ("" while they are blank)."""
        indicator = self.catalog.indicator[indicator_id]
        if indicator_id in self.values:
            return self.values[indicator_id]
        if indicator.rule == "total":
            parts = self._parts(indicator_id)
            is_blank = all(self.value(part) is None for part in parts)
            return "" if is_blank else sum(self._counted(part) for part in parts)
        return self._rate(indicator) if indicator.rule == "ratio" else None

    def cumulative_before(self, indicator_id: str) -> int | float | None:
        """The year's sum up to the month before; of a total, that of its parts unless given.

        None where it is not known, or where months are not added up.
        """
        known = self.before
        if known is None or not _adds_up(self.catalog.indicator[indicator_id]):
            return None
        return known.get(indicator_id, sum(known.get(part, 0) for part in self._parts(indicator_id)))

    def _parts(self, indicator_id: str) -> list[str]:
        return [part for part in self.catalog.parts.get(indicator_id, ()) if part in self.rows]

    def _counted(self, indicator_id: str) -> int | float:
        """A value for use in formulas; a number typed by mistake counts as it was typed."""
        typed = self.page.typed.get(self.cell("value", self.catalog.indicator[indicator_id]))
        is_mistake = typed is not None and not isinstance(typed.value, str)
        return counted(typed.value if typed and is_mistake else self.value(indicator_id))

    def _rate(self, indicator: Indicator) -> int | float | str:
        if any(self.value(row) in (None, "") for row in (*indicator.numerator, *indicator.denominator)):
            return ""
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
        if formula:
            self.page.formula(cell, formula, "" if value is None else value, **SUM, **look)
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
            parts = ",".join(cells.values())
            return f'=IF(COUNTA({parts})=0,"",SUM({parts}))'
        above, below = (
            f"({'+'.join(f'N({cells[row]})' for row in ids)})" if len(ids) > 1 else f"N({cells[ids[0]]})"
            for ids in (indicator.numerator, indicator.denominator)
        )
        name, _ = _ROUND[indicator.rounding]
        blanks = ",".join(f'{cell}=""' for cell in cells.values())
        rate = f"{name}({above}/{below}*100,{indicator.decimals})"
        return f'=IF(OR({blanks}),"",IF({below}=0,"{NONE}",{rate}))'

    def _write_cumulative(self, indicator: Indicator) -> None:
        cell, of_month = self.cell("cumulative", indicator), self.cell("value", indicator)
        look = {**SUM, "num_format": number_format(indicator.decimals)}
        if not _adds_up(indicator):
            return self.page.put(cell, NONE, **look)
        before = self.cumulative_before(indicator.indicator_id)
        total = "" if before is None else before + self._counted(indicator.indicator_id)
        if self.page.is_text(of_month):
            return self.page.put(cell, total, **look)
        then = f"'{BEFORE_SHEET}'!{cell}"
        self.page.formula(cell, f'=IF(ISNUMBER({then}),{then}+N({of_month}),"")', total, **look)
