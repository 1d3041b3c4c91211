"""A slice of `make torture`: nights that fail here and there and, run again, are as if they never had."""

import re
import subprocess
import sys

from tests.conftest import ROOT


def test_a_night_that_fails_anywhere_and_is_run_again_is_as_if_it_never_failed() -> None:
    command = [sys.executable, "-m", "tests.torture", "--engine", "sqlite", "--every", "29"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    [(cases, identical)] = re.findall(r"sqlite: (\d+) cases, (\d+) identical", done.stdout)
    assert int(cases) == int(identical) > 15
