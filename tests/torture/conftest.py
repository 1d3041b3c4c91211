"""Fixtures of the slow tests: a real Prefect server for all of them."""

from collections.abc import Iterator

import pytest

from tests.serving import Prefect, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A server with a home and a port of its own."""
    with serving(tmp_path_factory.mktemp("server")) as prefect:
        yield prefect
