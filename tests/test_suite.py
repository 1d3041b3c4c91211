"""A suite that could not be asked is no suite that holds."""

import pandas as pd
import pytest

from expectations.rule import Rule
from tasks.suite import broken_rows, new_context

FRAME = pd.DataFrame({"value": [1, None, 3]})


def rule(column: str) -> Rule:
    return Rule("r", "critical", "value", "ExpectColumnValuesToNotBeNull", {"column": column}, "")


def test_the_rows_that_break_a_rule_are_named() -> None:
    assert broken_rows(new_context(), "frame", [rule("value")], FRAME) == [[1]]


def test_a_rule_over_a_column_that_is_not_there_is_an_error_and_not_held() -> None:
    with pytest.raises(RuntimeError, match="not_there"):
        broken_rows(new_context(), "frame", [rule("not_there")], FRAME)
