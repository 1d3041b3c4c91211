"""Run a form's suite over a whole batch: which rows break which rule, by Great Expectations."""

import logging
import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

import pandas as pd

from expectations.rule import Rule

_WHETHER = {"result_format": "BOOLEAN_ONLY"}
_WHERE = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["record"],
    "return_unexpected_index_query": False,
}

_COLUMNS = ("column", "column_A", "column_B")

# What modules of the library name for expectations that are none of ours: statistics, and charts of them.
_NAMED_ONLY = ("scipy.stats", "altair")

Context = Any
Results = dict[str, Any]


def new_context() -> Context:
    """Where the suites of a batch are run; the library is imported here, when it is needed."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    for name in _NAMED_ONLY:
        _put_off(name)
    import great_expectations as gx

    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    return context


def _put_off(name: str) -> None:
    """Have a library imported when something of it is first used, and not where it is only named."""
    if name in sys.modules:
        return
    named = ModuleType(name)

    def used(attribute: str) -> Any:
        if sys.modules.get(name) is named:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    named.__getattr__ = used  # type: ignore[method-assign]
    sys.modules[name] = named
    package, _, last = name.rpartition(".")
    if package:
        setattr(import_module(package), last, named)


def broken_rows(context: Context, name: str, rules: list[Rule], frame: pd.DataFrame) -> list[list[int]]:
    """For each rule, the index of the rows in which it fails, in their order.

    Most rules hold in all rows of a batch, and to name rows costs as much again as to know that they hold:
    rows are named for the broken ones alone.
    """
    validate = _validator(context, name, rules, frame)
    held = {rule_id for rule_id, result in validate(rules, _WHETHER).items() if result.success}
    broken = [rule for rule in rules if rule.id not in held]
    found = validate(broken, _WHERE) if broken else {}
    context.data_sources.delete(name)
    return [_rows(found[rule.id], frame) if rule.id in found else [] for rule in rules]


def _validator(
    context: Context, name: str, rules: list[Rule], frame: pd.DataFrame
) -> Callable[[list[Rule], dict[str, Any]], Results]:
    """What validates rules on the frame."""
    import great_expectations as gx

    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    definition = asset.add_batch_definition_whole_dataframe(name)
    # The library makes a digest of all that it is given: it gets what the rules look at.
    looked_at = {value for rule in rules for name, value in rule.arguments.items() if name in _COLUMNS}
    seen = frame[[name for name in frame.columns if name in looked_at]].assign(record=range(len(frame)))
    batch = definition.get_batch(batch_parameters={"dataframe": seen})

    def validate(rules: Iterable[Rule], result_format: dict[str, Any]) -> Results:
        expectations = [
            getattr(gx.expectations, rule.expectation)(
                **rule.arguments, severity=rule.severity, meta={"rule": rule.id}
            )
            for rule in rules
        ]
        suite = gx.ExpectationSuite(name=name, expectations=expectations)
        results = batch.validate(suite, result_format=result_format).results
        return {_meta(result)["rule"]: result for result in results}

    return validate


def _meta(result: Any) -> dict[str, Any]:
    meta: dict[str, Any] = result.expectation_config.meta
    return meta


def _rows(result: Any, frame: pd.DataFrame) -> list[int]:
    told = result.exception_info
    # Of the rule, or of each metric that it needs.
    if any(info.get("raised_exception") for info in (told, *told.values()) if isinstance(info, dict)):
        raise RuntimeError(f"{result.expectation_config.meta}: {told}")
    positions = sorted({int(item["record"]) for item in result.result.get("unexpected_index_list") or []})
    return [int(frame.index[position]) for position in positions]
