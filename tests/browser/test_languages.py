# SPDX-License-Identifier: Apache-2.0
"""Every language once, on every screen; the one that is written from right to left as it is read."""

import re

import pytest
from playwright.sync_api import Page, expect

from standclear.geometry.volume import Datum
from tests.browser.kit import AZURE, RELIEF, Desks, Exercise, hours_ahead
from tests.browser.shapes import flight, hospital

EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")
WATCH = {
    "en": "Watch",
    "de": "Wache",
    "fr": "Veille",
    "ru": "Дежурство",
    "uk": "Чергування",
    "ar": "المناوبة",
}
FOUND = {
    "en": "conflict",
    "de": "Konflikt",
    "fr": "conflit",
    "ru": "конфликт",
    "uk": "конфлікт",
    "ar": "تعارض",
}
KEY = re.compile(r"(?<![\w.@/])[a-z]+\.[a-z]+(?:_[a-z]+)*(?![\w.@/])")
"""What a text's key would look like on the page."""


@pytest.mark.parametrize("language", WATCH)
def test_every_screen_speaks_the_language(desks: Desks, exercise: Exercise, language: str) -> None:
    exercise.client(RELIEF).notify(hospital("St Anne", 30.2, 1.5), EVERYONE)
    low = flight("Low", 30.2, 1.5, hours_ahead(30), 1_000, Datum.AMSL)
    filed = exercise.client(AZURE).notify(low, EVERYONE)
    page = desks.sit(AZURE, "liaison", language=language)
    assert page.evaluate("document.documentElement.lang") == language
    expect(page.get_by_role("navigation").get_by_role("link").first).to_have_text(WATCH[language])
    expect(page.locator(".band")).to_contain_text("EXERCISE")
    for screen in ("watch", "inbox", "notify", "stop", f"item/{filed.notice}"):
        page.goto(f"{exercise.url}/#/{screen}")
        expect(page.locator("main > *").first).to_be_visible()
        if screen.startswith("item"):
            expect(page.locator(".verdict").first).to_have_text(re.compile(FOUND[language]))
        assert KEY.findall(said(page)) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is too wide"


def said(page: Page) -> str:
    """What stands there, but for what machines say and what the terms and the log are called."""
    text = page.get_by_role("main").inner_text()
    return text.replace("exercise.example", "")


def test_arabic_runs_from_right_to_left_and_places_do_not(desks: Desks, exercise: Exercise) -> None:
    exercise.client(RELIEF).notify(hospital("St Anne", 30.2, 1.5), EVERYONE)
    page = desks.sit(AZURE, language="ar")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    queue = page.locator(".queue").bounding_box()
    chart = page.locator(".map").bounding_box()
    assert queue is not None
    assert chart is not None
    assert queue["x"] > chart["x"], "the queue stands at the right"
    place = page.get_by_role("row", name=re.compile("St Anne")).first.locator("bdi[dir=ltr]").last
    expect(place).to_have_text(re.compile(r"^\d+\.\d{5}°N \d+\.\d{5}°E$"))
    assert page.locator(".chart").evaluate("(chart) => getComputedStyle(chart).direction") == "ltr"


def test_a_language_that_was_chosen_is_kept_and_texts_change_at_once(desks: Desks) -> None:
    page = desks.sit(AZURE)
    page.get_by_role("combobox", name="Language").select_option("Українська")
    expect(page.get_by_role("navigation").get_by_role("link").first).to_have_text(WATCH["uk"])
    page.reload()
    expect(page.get_by_role("navigation").get_by_role("link").first).to_have_text(WATCH["uk"])
