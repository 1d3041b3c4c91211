"""Every event of a year with the months in which it was held: 「4月、9月」, 「7月～2月」.

An event is what has one 催事番号 in its program; its name and place are those of its first occurrence.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    select,
)

from warehouse.joined import joined
from warehouse.marts import event_occurrence
from warehouse.marts.mart import Mart

CANCELLED = "中止"
_EVENT = ("fiscal_year", "program_id", "event_no")


def query(current: CTE) -> Select[Any]:
    """One row an event; one of which nothing was held has 中止 for its months."""
    lines = event_occurrence.query(current).cte("occurrences")
    first, months, counts = _first(lines), _months(lines), _counts(lines)
    f, m, n = first.c, months.c, counts.c
    return select(
        f.fiscal_year,
        f.fiscal_year_label,
        f.center_id,
        f.center_name,
        f.program_id,
        f.section,
        f.sub_program,
        f.program,
        f.series_id,
        f.series_name,
        f.is_listed,
        f.event_no,
        f.name,
        f.domestic_or_overseas,
        f.target,
        func.coalesce(m.months, CANCELLED).label("months"),
        n.occurrences,
        n.cancelled,
    ).select_from(first.outerjoin(months, _same(f, m)).join(counts, _same(f, n)))


def _same(a: Any, b: Any) -> ColumnElement[bool]:
    return and_(*(a[name] == b[name] for name in _EVENT))


def _first(lines: CTE) -> CTE:
    """The first occurrence of each event, held ones before cancelled ones."""
    o = lines.c
    place = func.row_number().over(
        partition_by=[o[name] for name in _EVENT],
        order_by=(o.is_cancelled, o.start_date, o.end_date, o.name),
    )
    ranked = select(lines, place.label("place")).cte("ranked_occurrences")
    return select(ranked).where(ranked.c.place == 1).cte("first_occurrences")


def _counts(lines: CTE) -> CTE:
    o = lines.c
    return (
        select(
            *(o[name] for name in _EVENT),
            func.sum(1 - o.is_cancelled).label("occurrences"),
            func.sum(o.is_cancelled).label("cancelled"),
        )
        .group_by(*(o[name] for name in _EVENT))
        .cte("counts")
    )


def _months(lines: CTE) -> CTE:
    """The months of each event's held occurrences, each once, in order, joined by 「、」."""
    o = lines.c
    start, end = _month(o.start_date), _month(o.end_date)
    is_one = and_(start == end, extract("year", o.start_date) == extract("year", o.end_date))
    label = case((is_one, start), else_=start + literal("～") + end)
    spans = (
        select(
            *(o[name] for name in _EVENT),
            label.label("label"),
            func.min(o.start_date).label("start_date"),
            func.min(o.end_date).label("end_date"),
        )
        .where(o.is_cancelled == 0)
        .group_by(*(o[name] for name in _EVENT), label)
        .cte("spans")
    )
    s = spans.c
    event = [s[name] for name in _EVENT]
    months = joined(s.label).over(partition_by=event, order_by=(s.start_date, s.end_date), rows=(None, None))
    place = func.row_number().over(partition_by=event, order_by=(s.start_date, s.end_date))
    rows = select(*event, months.label("months"), place.label("place")).cte("joined_months")
    return select(rows).where(rows.c.place == 1).cte("months_of_events")


def _month(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """4月 for a day of April."""
    return cast(cast(extract("month", day), Integer), String) + literal("月")


MART = Mart(
    "mart_event",
    "催事。1行=1催事（事業×催事番号）×年度",
    {
        "fiscal_year": "年度（西暦）",
        "fiscal_year_label": "年度（令和）",
        "center_id": "センターID",
        "center_name": "センター名",
        "program_id": "事業ID（カタログ）",
        "section": "節番号",
        "sub_program": "枝（ア、イ…）",
        "program": "事業名",
        "series_id": "種別ID",
        "series_name": "種別",
        "is_listed": "実施催事一覧に印字する種別か",
        "event_no": "催事番号（印字順）",
        "name": "催事名",
        "domestic_or_overseas": "国内 / 海外",
        "target": "対象国",
        "months": "開催した月（4月、9月／7月～2月）。すべて中止なら「中止」",
        "occurrences": "開催の数",
        "cancelled": "中止の数",
    },
    query,
)
