"""What the rows of a catalog must say together: names once, references that lead somewhere, sound feeds."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.catalog_rows import Feed
from schemas.form import Form
from schemas.forms import FORMS
from schemas.values import folded

if TYPE_CHECKING:
    from schemas.catalog import Catalog

# The `source_form` of what no form states: it is computed from other indicators alone.
DERIVED = "derived"
# Without its note a provisional figure would look like a final one.
NEEDED_COLUMNS = {
    "summary": {"text"},
    "performance": {"program", "label", "value", "note"},
    "overview": {"label", "value", "note"},
    "events": {"name", "months"},
    "settlement": {"program", "actual", "note"},
    "reconciliation": {"program", "status"},
}


class CatalogError(ValueError):
    """A catalog that cannot be used; says in Japanese which file and row, and what to do."""


def check(catalog: "Catalog") -> None:
    """CatalogError for the first thing wrong."""
    _check_names(catalog)
    _check_references(catalog)
    _check_forms(catalog)
    _check_feeds(catalog)
    _check_layouts(catalog)
    _check_tables(catalog)


def _check_names(catalog: "Catalog") -> None:
    """Ids, and the names by which forms and editions know indicators, are each given once."""
    named: list[tuple[str, object]] = [("centers.csv", row.center_id) for row in catalog.centers]
    named += [("programs.csv", row.program_id) for row in catalog.programs]
    named += [("accounts.csv", row.account_id) for row in catalog.accounts]
    named += [("codes.csv", (row.kind, folded(row.code), row.from_fy)) for row in catalog.codes]
    named += [("series.csv", row.series_id) for row in catalog.series]
    named += [("series.csv", (row.program_id, row.form, folded(row.series_name))) for row in catalog.series]
    for row in catalog.indicators:
        named.append(("indicators.csv", row.indicator_id))
        named.append(("indicators.csv", (row.program_id, "label", folded(row.label))))
        named.append(("indicators.csv", (row.program_id, "indicator", row.indicator, row.qualifier)))
    if len({*named}) == len(named):
        return
    (file, name), count = Counter(named).most_common(1)[0]
    raise CatalogError(f"{file}: 「{name}」が{count}行あります。1行にするか、名称を分けてください。")


def _check_references(catalog: "Catalog") -> None:
    """Every id that a row names must exist."""
    ids = {
        "centers.csv": set(catalog.center),
        "programs.csv": set(catalog.program),
        "accounts.csv": set(catalog.account),
        "indicators.csv": set(catalog.indicator),
        "funds.csv": {row.fund_id for row in catalog.funds},
        "facilities.csv": {row.facility_id for row in catalog.facilities},
        "units.csv": {row.unit for row in catalog.units},
        "series.csv": set(catalog.series_by_id),
    }
    known = {file: {"", *names} for file, names in ids.items()}
    for file, row_id, others, target in _references(catalog):
        if not known[target].issuperset(others):
            other = next(other for other in others if other not in known[target])
            raise CatalogError(
                f"{file} の {row_id}: 「{other}」が {target} にありません。"
                f"{target} に行を足すか、綴りを直してください。"
            )


def _references(catalog: "Catalog") -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """What names something: its file, the row, the ids that it names ("" for none), and the file of those."""
    for program in catalog.programs:
        yield "programs.csv", program.program_id, (program.center_id,), "centers.csv"
        yield "programs.csv", program.program_id, (program.parent_id,), "programs.csv"
        yield "programs.csv", program.program_id, program.funds, "funds.csv"
    for row in catalog.indicators:
        others = (row.part_of, *row.numerator, *row.denominator)
        yield "indicators.csv", row.indicator_id, (row.program_id,), "programs.csv"
        yield "indicators.csv", row.indicator_id, others, "indicators.csv"
        yield "indicators.csv", row.indicator_id, (row.facility_id,), "facilities.csv"
        yield "indicators.csv", row.indicator_id, (row.unit,), "units.csv"
    for code in catalog.codes:
        yield "codes.csv", code.code, (code.id,), f"{code.kind}s.csv"
    for rule in catalog.rules:
        yield "rules.csv", rule.rule_id, (*rule.parts, rule.whole), "indicators.csv"
    for series in catalog.series:
        yield "series.csv", series.series_id, (series.program_id,), "programs.csv"
    for feed in catalog.feeds:
        yield "feeds.csv", feed.indicator_id, (feed.indicator_id,), "indicators.csv"
        yield "feeds.csv", feed.indicator_id, (feed.series_id,), "series.csv"
    for aim in catalog.targets:
        yield "targets.csv", aim.indicator_id, (aim.indicator_id,), "indicators.csv"
    for owed in catalog.expected:
        yield "expected.csv", owed.form, (owed.center_id,), "centers.csv"


def _check_forms(catalog: "Catalog") -> None:
    """Forms are named as they are."""
    forms = {form.id: form for form in FORMS}
    named = [("expected.csv", row.center_id, row.form) for row in catalog.expected]
    named += [("series.csv", row.series_id, row.form) for row in catalog.series]
    named += [("indicators.csv", row.indicator_id, row.source_form) for row in catalog.indicators]
    for file, row_id, form_id in named:
        if form_id not in forms and (file, form_id) != ("indicators.csv", DERIVED):
            raise CatalogError(
                f"{file} の {row_id}: 様式「{form_id}」はありません。{'、'.join(forms)} です。"
            )


def _check_feeds(catalog: "Catalog") -> None:
    """Each feed is of its indicator's form, center and kind; what lines make has lines in every year."""
    forms = {form.id: form for form in FORMS}
    of_indicator: dict[str, list[Feed]] = {}
    for feed in catalog.feeds:
        of_indicator.setdefault(feed.indicator_id, []).append(feed)
        for fault in _faults(feed, catalog, forms[catalog.series_by_id[feed.series_id].form]):
            raise CatalogError(f"feeds.csv の {feed.indicator_id}（{feed.series_id}）: {fault}")
    for row in catalog.indicators:
        feeds = of_indicator.get(row.indicator_id, [])
        is_of_lines = row.source_form != DERIVED and bool(forms[row.source_form].choice_column)
        if row.is_input and is_of_lines and not any(feed.from_fy <= row.from_fy for feed in feeds):
            raise CatalogError(
                f"indicators.csv の {row.indicator_id}: {row.from_fy}年度から、様式 {row.source_form} の"
                "どの行から数えるかが feeds.csv にありません。"
            )
        if len({(bool(feed.choices), feed.series_id) for feed in feeds}) > len({f.series_id for f in feeds}):
            raise CatalogError(
                f"feeds.csv の {row.indicator_id}: 同じ種別で、選択肢のある行とない行が重なります。"
            )


def _faults(feed: Feed, catalog: "Catalog", form: Form) -> Iterator[str]:
    """What is wrong with a feed."""
    indicator, series = catalog.indicator[feed.indicator_id], catalog.series_by_id[feed.series_id]
    measures = {column.id for column in form.measures}
    choices = form.column(form.choice_column).choices if form.choice_column else ()
    if indicator.source_form != form.id:
        yield f"指標の出所は {indicator.source_form} で、種別の様式 {form.id} と違います。"
    if indicator.frequency != form.frequency:
        yield f"指標の頻度 {indicator.frequency} が様式 {form.id} の頻度 {form.frequency} と違います。"
    if not catalog.owes(_center(catalog, series.program_id), form.id):
        yield f"種別のセンターは様式 {form.id} を提出しません。expected.csv に行を足してください。"
    if _center(catalog, indicator.program_id) != _center(catalog, series.program_id):
        yield "指標と種別のセンターが違います。"
    if (indicator.rule == "count") == bool(feed.measures):
        yield "規則 count の指標は列なしで、ほかの規則の指標は列を挙げて数えます。"
    for name in feed.measures:
        if name not in measures:
            yield f"「{name}」は様式 {form.id} の数の列ではありません。"
    for choice in feed.choices:
        if choice not in choices:
            yield f"「{choice}」は選択肢（{'、'.join(choices)}）にありません。"


def _center(catalog: "Catalog", program_id: str) -> str:
    return catalog.program[program_id].center_id


def _check_layouts(catalog: "Catalog") -> None:
    """Each layout of a body's tables is of a form, reads columns of it, and its headings are there."""
    forms = {form.id: form for form in FORMS}
    for layout in catalog.layouts:
        if layout.form not in forms:
            raise CatalogError(f"layouts/{layout.id}.toml: 様式「{layout.form}」はありません。")
        columns = {column.id for column in forms[layout.form].columns}
        ours = {*layout.reads, *layout.constants, *layout.words, *layout.uncoded}
        theirs = {name for names in layout.reads.values() for name in names}
        theirs |= {*filter(None, [layout.fiscal_year])}
        if unknown := sorted(ours - columns):
            raise CatalogError(
                f"layouts/{layout.id}.toml: 様式 {layout.form} に列「{unknown[0]}」はありません。"
            )
        if missing := sorted(theirs - {*layout.headings}):
            raise CatalogError(f"layouts/{layout.id}.toml: headings に「{missing[0]}」がありません。")


def _check_tables(catalog: "Catalog") -> None:
    """The columns without which a table would hide something are there."""
    for table_id, needed in NEEDED_COLUMNS.items():
        missing = needed - {column.column for column in catalog.columns_of(table_id)}
        for name in sorted(missing):
            raise CatalogError(f"report_columns.csv: 表 {table_id} に列 {name} がありません。")
