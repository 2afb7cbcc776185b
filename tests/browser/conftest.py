# SPDX-License-Identifier: Apache-2.0
"""One centre and one browser for a module; pages of their own for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from standclear.web.interface import PAGE, files
from tests.browser.kit import FLAGS, Desks, Exercise, start

CHROMIUM = shutil.which("chromium")
expect.set_options(timeout=20_000)  # a machine may be busy with other tests


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all tests of a process: it does not start twice."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    if PAGE not in files():
        pytest.skip("the interface was not built: make")
    with sync_playwright() as driving:
        yield driving


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield running
    running.close()


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exercise]:
    running = start(Path(tmp_path_factory.mktemp("centre")) / "exercise")
    yield running
    running.stop()


@pytest.fixture
def desks(exercise: Exercise, browser: Browser) -> Iterator[Desks]:
    pages = Desks(exercise, browser)
    yield pages
    pages.close()
    assert pages.outside == [], "a page asked another server"
    assert pages.faults == [], "a page met a fault"
