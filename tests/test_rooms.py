"""The house stands: who may import whom, what every form, rule and fact must have, where effects happen.

A failure here says which step of adding something was forgotten.
"""

import ast
import re
import string
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from expectations.across import ACROSS_RULES
from expectations.structure import STRUCTURE_RULES
from expectations.suites import SUITES, rules_of
from schemas.catalog import Catalog, load_catalog
from schemas.forms import FORMS
from schemas.forms.cover import COVER
from schemas.submission import Receipt
from tasks.reader import read_cells
from tasks.standardise import Draft, standardise
from tasks.write_xlsx import SHEETS
from tests.conftest import NOON, ROOT, SAMPLES
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
    allowed = {"hashlib", "io", "json", "os", "resource", "stat", "sys", "datetime", "typing"}
    taken = {module for module in imported(tree) if not module.startswith("tasks.guard")}
    assert taken <= allowed | {"python_calamine", "tasks.framing"}


def test_the_guard_takes_nothing_but_the_standard_library() -> None:
    for name, tree, _ in sources("tasks"):
        if name.startswith("tasks/guard/"):
            foreign = {m for m in imported(tree) if m.split(".")[0] not in sys.stdlib_module_names}
            assert all(module.startswith("tasks.guard") for module in foreign), name


EFFECTS = re.compile(
    r"\.write_bytes\(|\.write_text\(|\.unlink\(|\.rename\(|\.replace\(path|os\.replace|os\.rename|shutil\."
    r"|\.mkdir\(|\.touch\(|truncate\(|fsync\(|\.create_all\(|\.drop_all\("
    r"|subprocess\.(run|Popen|call)|Popen\(|\.commit\(\)|\.open\(\"[wax]|open\([^)]*\"[wax]"
)
CLOCKS = re.compile(
    r"datetime\.now|date\.today|time\.time\(|utcnow|func\.now|current_timestamp", re.IGNORECASE
)


def test_every_effect_goes_through_the_effects() -> None:
    # What these words miss, `make torture` sees in a night: every write and statement outside of an effect.
    allowed = {"tasks/effects.py", "tasks/faults.py", "tasks/locks.py"}
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


def test_every_form_has_a_suite_a_fact_and_a_good_sample(catalog: Catalog) -> None:
    assert set(SUITES) == {form.id for form in (*FORMS, COVER)}
    assert set(FACTS) == {form.id for form in FORMS}
    missing = {form.id for form in FORMS}
    for path in sorted(SAMPLES.glob("*/*")):
        missing -= {draft.form.id for draft in drafts_of(path, catalog) if draft.records}
        if not missing:
            return
    assert not missing, "a file of this form in samples/inbox"


def drafts_of(path: Path, catalog: Catalog) -> list[Draft]:
    """The forms found in a file of the sample's inbox."""
    (center_id,) = (row.center_id for row in catalog.centers if row.channel == path.parent.name)
    name, size = f"{path.parent.name}/{path.name}", path.stat().st_size
    receipt = Receipt("r", "0" * 64, name, size, path.parent.name, center_id, "", NOON)
    return standardise(read_cells(str(path)), receipt, catalog)


def modules(room: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of a folder, by name."""
    for path in sorted((ROOT / room).glob("*.py")):
        if path.stem != "__init__":
            yield path.stem, ast.parse(path.read_text(encoding="utf-8"))


def test_every_module_of_a_form_is_entered_in_the_list_of_forms() -> None:
    names = {name for name, _ in modules("schemas/forms")}
    assert names == {form.id for form in (*FORMS, COVER)}, "schemas/forms/__init__.py: FORMS"


def test_every_module_of_expectations_of_a_form_is_entered_in_the_suites() -> None:
    suites = {
        name for name, tree in modules("expectations") if {"rules", "prepare"} <= functions(tree).keys()
    }
    assert suites == set(SUITES), "expectations/suites.py: SUITES"


def functions(tree: ast.Module) -> dict[str, list[str]]:
    """The public functions of a module and the names of their arguments."""
    return {
        node.name: [argument.arg for argument in node.args.args]
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


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
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    # A hostile file says with its code alone why it must be refused.
    names = {rule: rf"[\"'](file\.)?{re.escape(rule.removeprefix('file.'))}[\"']" for rule in rules}
    untold = [rule for rule, name in names.items() if not re.search(name, texts)]
    assert not untold, "a broken cell in tests/corruption_*.py or tests/test_corruptions.py"


def test_the_table_of_auditors_checks_names_each_once_and_only_rules_and_marts_that_exist(
    catalog: Catalog,
) -> None:
    text = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (R\d\d) ", text, re.MULTILINE) == [f"R{n:02d}" for n in range(1, 21)]
    rules = {rule.id for form in (COVER, *FORMS) for rule in rules_of(form, catalog.in_year(2021))}
    rules |= {rule.id for rule in ACROSS_RULES}
    named = re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", text)
    assert len(named) > 8
    assert set(named) <= rules
    assert set(re.findall(r"`(mart_\w+)`", text)) <= {mart.name for mart in MARTS}


def test_every_across_query_has_a_sentence_and_every_sentence_a_query() -> None:
    texts = "".join(text for _, _, text in sources("warehouse/across"))
    for rule in ACROSS_RULES:
        # One query asks for all categories of differences, by their names.
        asked_by_name = rule.id.startswith("difference.")
        assert asked_by_name or f'"{rule.id}"' in texts, f"no query asks {rule.id}"
    assert len(QUERIES) == len(set(QUERIES))
    asked = {(query.__module__, query.__name__) for query in QUERIES}
    written = {
        (f"warehouse.across.{name}", function)
        for name, tree in modules("warehouse/across")
        for function, arguments in functions(tree).items()
        if arguments == ["current", "years", "catalog"]
    }
    assert asked == written, "warehouse/across/__init__.py: QUERIES"


def test_every_module_of_a_mart_is_entered_in_the_list_of_marts() -> None:
    def makes_one(tree: ast.Module) -> bool:
        assigned = [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
        assigned += [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
        return any(isinstance(target, ast.Name) and target.id == "MART" for target in assigned)

    names = [name for name, tree in modules("warehouse/marts") if makes_one(tree)]
    found = [import_module(f"warehouse.marts.{name}").MART.name for name in names]
    assert sorted(mart.name for mart in MARTS) == sorted(found), "warehouse/marts/__init__.py: MARTS"


def test_every_mart_describes_each_of_its_columns() -> None:
    for mart in MARTS:
        assert mart.name.startswith("mart_")
        assert [column.name for column in mart.select().selected_columns] == list(mart.comments), mart.name


CATALOGS = (ROOT / "schemas" / "catalog", *sorted((ROOT / "tests" / "catalogs").iterdir()))
PRINTED = {table.__globals__["TABLE_ID"]: table for table in CONTENTS}


def test_every_module_of_a_table_is_entered_in_the_contents() -> None:
    tables = {name: tree for name, tree in modules("warehouse/reports") if name.startswith("table_")}
    entered = {table.__module__.rpartition(".")[2] for table in CONTENTS}
    # Where the figures come from is no table of the report; its writer takes it in itself.
    assert set(tables) - {"table_sources"} == entered, "warehouse/reports/contents.py: CONTENTS"
    assert set(PRINTED) == set(SHEETS), "tasks/write_xlsx.py: SHEETS"
    assert len(PRINTED) == len(CONTENTS)
    assert all(RULES.values())


@pytest.mark.parametrize("folder", CATALOGS, ids=lambda folder: folder.name)
def test_every_catalog_has_a_title_and_columns_for_every_table(folder: Path) -> None:
    catalog = load_catalog(folder)
    titled = {row.table_id for row in catalog.report_tables if row.title}
    assert set(PRINTED) - titled == set(), f"{folder}/report_tables.csv"
    # 出典 prints what it must, whatever the catalog.
    assert titled <= {*PRINTED, "sources"}, f"{folder}/report_tables.csv"
    for table_id in PRINTED:
        assert catalog.columns_of(table_id), f"{folder}/report_columns.csv: {table_id}"


@pytest.mark.parametrize("folder", CATALOGS, ids=lambda folder: folder.name)
def test_every_column_of_a_catalog_is_one_that_its_table_prints(folder: Path) -> None:
    for row in load_catalog(folder).report_columns:
        assert row.table_id in PRINTED, f"{folder}/report_columns.csv: {row}"
        module = PRINTED[row.table_id].__module__.replace(".", "/")
        assert row.column in cells_of(f"{module}.py"), f"{folder}/report_columns.csv: {row}"


def cells_of(module: str) -> set[str]:
    """The names that a table's module gives to the cells of its rows: the keys of its dictionaries."""
    (tree,) = (tree for name, tree, _ in sources("warehouse") if name == module)
    dictionaries = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    return {key.value for node in dictionaries for key in node.keys if isinstance(key, ast.Constant)}


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
        assert (ROOT / path).exists() or re.search(r"/(x|table_x)\.(py|toml)$", path), f"README names {path}"
