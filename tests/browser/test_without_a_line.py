# SPDX-License-Identifier: Apache-2.0
"""A page opened again without a line shows its own last answers, and says how old they are."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit import AZURE, RELIEF, Desks, Exercise, start
from tests.browser.shapes import hospital

OWNERS = """async () => {
  const ended = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const kept = (await ended(indexedDB.open('standclear'))).transaction('answers').objectStore('answers');
  return (await ended(kept.getAll())).map((one) => one.post);
}"""
"""Whose answers the browser keeps."""
EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")


@pytest.fixture
def alone(tmp_path: Path, browser: Browser) -> Iterator[tuple[Exercise, Desks]]:
    """A centre that a test may take away."""
    exercise = start(tmp_path / "exercise")
    pages = Desks(exercise, browser)
    yield exercise, pages
    pages.close()
    assert pages.outside == []
    exercise.stop()


def kept(page: Page) -> None:
    """Wait until the page's own parts are kept."""
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("async () => Boolean(await (await caches.open('standclear')).match('/'))")


def test_reloaded_without_a_line_it_shows_what_was_read_last_and_since_when(
    alone: tuple[Exercise, Desks],
) -> None:
    exercise, pages = alone
    page = pages.sit(AZURE)
    site = exercise.client(RELIEF).notify(hospital("Hill hospital", 30.2, 1.5), EVERYONE).notice
    row = page.get_by_role("row", name=re.compile(f"{site} .*Hill hospital"))
    expect(row).to_be_visible()
    page.reload()
    expect(row).to_be_visible()
    kept(page)
    exercise.running.stop()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("No link. What is shown was read")
    expect(row).to_be_visible()
    expect(page.locator(".link")).to_contain_text("Link lost")


def test_another_post_of_the_same_browser_sees_nothing_of_it(alone: tuple[Exercise, Desks]) -> None:
    exercise, pages = alone
    page = pages.sit(AZURE)
    exercise.client(RELIEF).notify(hospital("Hill hospital", 30.2, 1.5), EVERYONE)
    expect(page.get_by_role("row", name=re.compile("Hill hospital"))).to_be_visible()
    posts = page.evaluate(OWNERS)
    assert {post.split(" ")[1] for post in posts if post} == {"party-azure"}


def test_the_worker_answers_nothing_but_the_pages_own_parts(alone: tuple[Exercise, Desks]) -> None:
    _, pages = alone
    page = pages.sit(AZURE)
    kept(page)
    paths = page.evaluate(
        "async () => (await (await caches.open('standclear')).keys()).map((one) => new URL(one.url).pathname)"
    )
    assert all(path == "/" or path.startswith("/assets/") for path in paths)
    assert len(paths) > 5
