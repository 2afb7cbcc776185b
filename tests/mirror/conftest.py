# SPDX-License-Identifier: Apache-2.0
"""A served centre for each test."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.web.kit import Served, serve


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened
