"""A suite that could not be asked is no suite that holds."""

import subprocess
import sys

import pandas as pd
import pytest

from expectations.rule import Rule
from tasks.suite import broken_rows, new_context
from tests.conftest import ROOT

FRAME = pd.DataFrame({"value": [1, None, 3]})


def rule(column: str) -> Rule:
    return Rule("r", "critical", "value", "ExpectColumnValuesToNotBeNull", {"column": column}, "")


def test_the_rows_that_break_a_rule_are_named() -> None:
    assert broken_rows(new_context(), "frame", [rule("value")], FRAME) == [[1]]


def test_a_rule_over_a_column_that_is_not_there_is_an_error_and_not_held() -> None:
    with pytest.raises(RuntimeError, match="not_there"):
        broken_rows(new_context(), "frame", [rule("not_there")], FRAME)


def test_what_no_rule_of_ours_uses_is_imported_when_it_is_used() -> None:
    """Half of the import of Great Expectations is statistics and charts of them; in a process of its own."""
    program = (
        "import sys\n"
        "from tasks.suite import new_context\n"
        "new_context()\n"
        "new_context()\n"
        "assert not {'scipy.stats._stats_py', 'altair.vegalite'} & {*sys.modules}\n"
        "import altair\n"
        "import scipy.stats\n"
        "assert scipy.stats.norm.cdf(0) == 0.5\n"
        "assert altair.Chart.__name__ == 'Chart'\n"
        "assert {'scipy.stats._stats_py', 'altair.vegalite'} <= {*sys.modules}\n"
        "import scipy.stats as again\n"
        "assert again is sys.modules['scipy.stats'] is sys.modules['scipy'].stats\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
