# SPDX-License-Identifier: Apache-2.0
"""A served centre for each test."""

from collections.abc import Iterator

import pytest

from tests.web.kit import Served, serve


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()
