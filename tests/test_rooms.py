"""The house stands: who may import whom, what every form, rule and fact must have, where effects happen.

A failure here says which step of adding something was forgotten.
"""

import ast
import re
import string
from collections.abc import Iterator

import pytest
import yaml

from expectations.across import ACROSS_RULES
from expectations.columns import column_rules
from expectations.structure import STRUCTURE_RULES
from expectations.suites import SUITES, rules_of
from schemas.catalog import Catalog
from schemas.forms import FORMS
from schemas.forms.cover import COVER
from tasks.write_xlsx import SHEETS
from tests.conftest import ROOT, SAMPLES
from warehouse.across import QUERIES
from warehouse.facts import FACTS
from warehouse.marts import MARTS
from warehouse.reports.contents import CONTENTS
from warehouse.reports.rules import RULES
from warehouse.tables import METADATA

MAY_IMPORT = {
    "schemas": {"schemas"},
    "expectations": {"schemas", "expectations"},
    "warehouse": {"schemas", "warehouse"},
    "tasks": {"schemas", "expectations", "warehouse", "tasks"},
    "flows": {"schemas", "tasks", "flows", "warehouse"},
}
ROOMS = tuple(MAY_IMPORT)


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module, str]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield path.relative_to(ROOT).as_posix(), ast.parse(text), text


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_imports_only_go_down(room: str) -> None:
    for name, tree, _ in sources(room):
        rooms = {module.split(".")[0] for module in imported(tree)} & {*ROOMS, "tests", "samples", "bench"}
        assert rooms <= MAY_IMPORT[room], f"{name} may not import {rooms - MAY_IMPORT[room]}"


def test_the_warehouse_engine_is_all_that_flows_take_from_the_warehouse() -> None:
    for name, tree, _ in sources("flows"):
        taken = {module for module in imported(tree) if module.startswith("warehouse")}
        assert taken <= {"warehouse.engine"}, name


def test_prefect_and_great_expectations_are_imported_where_they_are_needed_only() -> None:
    for name, tree, _ in sources("schemas", "expectations", "warehouse", "tasks"):
        top = {module.split(".")[0] for module in imported_at_top(tree)}
        assert "great_expectations" not in top, f"{name}: import it inside the step, it costs seconds"
        assert "prefect" not in top or name == "tasks/steps.py", f"{name}: the domain is free of Prefect"


def imported_at_top(tree: ast.Module) -> set[str]:
    return imported(ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], []))


def test_the_reader_process_is_lean() -> None:
    (tree,) = (tree for name, tree, _ in sources("tasks") if name == "tasks/reader.py")
    allowed = {"csv", "io", "json", "resource", "sys", "datetime", "typing", "python_calamine"}
    assert {module.split(".")[0] for module in imported(tree)} <= allowed


EFFECTS = re.compile(
    r"\.write_bytes\(|\.write_text\(|\.unlink\(|\.rename\(|\.replace\(path|os\.replace|os\.rename|shutil\."
    r"|subprocess\.(run|Popen|call)|Popen\(|\.commit\(\)|\.open\(\"[wax]|open\([^)]*\"[wax]"
)
CLOCKS = re.compile(
    r"datetime\.now|date\.today|time\.time\(|utcnow|func\.now|current_timestamp", re.IGNORECASE
)


def test_every_effect_goes_through_the_effects() -> None:
    allowed = {"tasks/effects.py", "tasks/locks.py"}
    for name, _, text in sources("tasks", "warehouse", "schemas", "expectations", "flows"):
        found = [line for line in text.splitlines() if EFFECTS.search(line) and "effects." not in line]
        assert name in allowed or not found, f"{name}: {found}"


def test_time_comes_from_one_clock() -> None:
    for name, _, text in sources(*ROOMS):
        assert name == "tasks/clock.py" or not CLOCKS.search(text), name


def test_there_is_no_module_level_state() -> None:
    for name, tree, _ in sources(*ROOMS):
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)], name


def test_every_public_function_and_module_says_what_it_is() -> None:
    for name, tree, _ in sources(*ROOMS):
        assert ast.get_docstring(tree), f"{name} has no docstring"
        if name == "tasks/steps.py":
            continue
        for node in tree.body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and len(node.body) > 1:
                assert ast.get_docstring(node), f"{name}: {node.name} has no docstring"


def test_every_form_has_a_suite_a_fact_and_a_good_sample() -> None:
    assert set(SUITES) == {form.id for form in (*FORMS, COVER)}
    assert set(FACTS) == {form.id for form in FORMS}
    samples = {path.name for path in SAMPLES.rglob("*")}
    # A sample's file name begins with its form's title, or with one of these.
    marks = {
        "performance": "月報",
        "expenditure": "月報",
        "budget": "予算",
        "ledger": "仕訳",
        "published": "公表値",
    }
    for form in FORMS:
        assert any(name.startswith(marks.get(form.id, form.title)) for name in samples), form.id


def test_every_fact_says_its_grain() -> None:
    facts = [table for name, table in METADATA.tables.items() if name.startswith("fact_")]
    assert len(facts) >= 7
    for table in facts:
        assert re.search(r"Grain: .+", table.comment or ""), table.name


def test_every_rule_has_one_id_a_severity_and_a_sentence_that_says_what_to_do(catalog: Catalog) -> None:
    rules = [rule for form in (COVER, *FORMS) for rule in rules_of(form, catalog.in_year(2021))]
    ids = [rule.id for rule in (*rules, *STRUCTURE_RULES, *ACROSS_RULES)]
    assert len(ids) == len(set(ids))
    for rule in (*rules, *STRUCTURE_RULES, *ACROSS_RULES):
        assert rule.severity in ("critical", "warning", "info")
        assert re.search(r"ください|なるはず|ていません|確認します", rule.message), (
            f"{rule.id}: what should they do?"
        )
        assert list(string.Formatter().parse(rule.message))
    assert not [rule.id for rule in ACROSS_RULES if rule.severity == "critical"]


def test_every_rule_blames_a_column_of_its_form(catalog: Catalog) -> None:
    for form in (COVER, *FORMS):
        columns = {column.id for column in form.columns}
        for rule in rules_of(form, catalog.in_year(2021)):
            assert {rule.blames, *rule.needs} <= columns, rule.id


def test_every_rule_is_tripped_by_a_test(catalog: Catalog) -> None:
    rules = [rule.id for form in (COVER, *FORMS) for rule in rules_of(form, catalog.in_year(2021))]
    rules += [rule.id for rule in (*STRUCTURE_RULES, *ACROSS_RULES)]
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("*.py"))
    # The rules that the columns bring are one rule each, however many columns there are.
    of_columns = {rule.id for form in (COVER, *FORMS) for rule in column_rules(form)}
    assert {rule for rule in rules if not re.search(rf"[\"']{re.escape(rule)}[\"']", texts)} <= of_columns
    kinds = {rule.rpartition(".")[2] for rule in of_columns}
    tripped = {rule for rule in of_columns if rule in texts}
    assert {rule.rpartition(".")[2] for rule in tripped} == kinds


def test_every_across_query_has_a_sentence_and_every_sentence_a_query() -> None:
    texts = "".join(text for _, _, text in sources("warehouse/across"))
    for rule in ACROSS_RULES:
        assert f'"{rule.id}"' in texts, f"no query asks {rule.id}"
    assert len(QUERIES) == len(set(QUERIES))


def test_every_mart_describes_each_of_its_columns() -> None:
    for mart in MARTS:
        assert mart.name.startswith("mart_")
        assert [column.name for column in mart.select().selected_columns] == list(mart.comments), mart.name


def test_every_printed_table_has_a_sheet_a_title_and_columns(catalog: Catalog) -> None:
    for table in CONTENTS:
        table_id = table.__globals__["TABLE_ID"]
        assert table_id in SHEETS
        assert catalog.table(table_id).title
        assert catalog.columns_of(table_id)
    assert all(RULES.values())


def test_every_deployment_names_a_flow_and_every_flow_a_deployment() -> None:
    entries = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    deployed = {entry["entrypoint"] for entry in entries}
    flows = {
        f"flows.{path.stem}.{node.name}"
        for path in (ROOT / "flows").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(d, ast.Call) and getattr(d.func, "id", "") == "flow" for d in node.decorator_list)
    }
    assert deployed == flows
    (nightly,) = (entry for entry in entries if entry["name"] == "nightly")
    assert nightly["schedules"][0]["timezone"] == "Asia/Tokyo"


def test_the_readme_says_where_things_go() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme
    for path in re.findall(r"`((?:schemas|expectations|warehouse|tasks|flows|samples)/[\w/.]+)`", readme):
        assert (ROOT / path).exists() or re.search(r"/(x|table_x)\.py$", path), f"README names {path}"
