# SPDX-License-Identifier: Apache-2.0
"""The frame and the watch: sitting down, what is open, and that stale is loud."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from standclear.geometry.volume import Datum
from tests.browser.kit import AZURE, DESK, RELIEF, Desks, Exercise, hours_ahead, start
from tests.browser.shapes import flight, hospital

EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")


def test_a_hospital_recorded_elsewhere_appears_at_once(desks: Desks, exercise: Exercise) -> None:
    page = desks.sit(AZURE)
    recorded = exercise.client(RELIEF).notify(hospital("Hill hospital", 30.2, 1.5), EVERYONE)
    expect(page.get_by_role("row", name=f"{recorded.notice} Hospital Hill hospital")).to_be_visible()


def test_a_blocked_flight_stands_in_its_filers_queue_with_its_verdict(
    desks: Desks, exercise: Exercise
) -> None:
    exercise.client(RELIEF).notify(hospital("Lake hospital", 30.6, 1.5), EVERYONE)
    start_us = hours_ahead(30)
    filed = exercise.client(AZURE).notify(
        flight("Low over the lake", 30.6, 1.5, start_us, 200, Datum.AGL), EVERYONE
    )
    page = desks.sit(AZURE)
    queue = page.get_by_role("region", name="Open, by deadline")
    expect(queue.get_by_role("button", name=re.compile(f"{filed.notice} blocked"))).to_be_visible()
    row = page.get_by_role("row", name=re.compile(str(filed.notice)))
    expect(row).to_contain_text("■ conflict")


def test_two_tabs_of_one_post_share_one_stream(desks: Desks, exercise: Exercise) -> None:
    first = desks.sit(DESK)
    streams: list[str] = []
    context = first.context
    context.on(
        "request", lambda request: streams.append(request.url) if "/v1/stream" in request.url else None
    )
    second = context.new_page()
    second.goto(exercise.url)
    recorded = exercise.client(RELIEF).notify(hospital("Mill hospital", 30.40, 1.49), EVERYONE)
    for page in (first, second):
        expect(page.get_by_role("row", name=re.compile(str(recorded.notice)))).to_be_visible()
    assert streams == []
    first.close()
    recorded = exercise.client(RELIEF).notify(hospital("Ford hospital", 30.42, 1.50), EVERYONE)
    expect(second.get_by_role("row", name=re.compile(str(recorded.notice)))).to_be_visible()
    assert len(streams) == 1


def test_when_the_centre_falls_silent_no_verdict_is_current(browser: Browser, tmp_path: Path) -> None:
    exercise = start(tmp_path / "exercise")
    pages = Desks(exercise, browser)
    try:
        exercise.client(AZURE).notify(
            flight("High up", 30.6, 1.5, hours_ahead(30), 5_000, Datum.AMSL), EVERYONE
        )
        page = pages.sit(AZURE)
        verdict = page.locator(".verdict").first
        expect(verdict).to_have_text("○ no conflict found")
        exercise.stop()
        expect(verdict).to_contain_text("not current")
        expect(page.get_by_role("alert")).to_contain_text("not current; use the telephone")
        expect(page.get_by_role("status").first).to_contain_text("Link lost")
    finally:
        pages.close()


def test_an_invitation_typed_in_another_case_enrols_keys_that_cannot_be_taken_out(
    desks: Desks, exercise: Exercise
) -> None:
    code, _ = exercise.client(AZURE).invite(AZURE, "Night desk", hours_ahead(5))
    page = desks.open()
    page.get_by_label("Code, as it was handed over").fill(code.lower().replace("-", " "))
    page.get_by_label("Actor, by its id in the terms").fill(AZURE)
    page.get_by_label("Post, as it was invited").fill("Night desk")
    page.get_by_role("button", name="Make keys and enrol them").click()
    expect(page.get_by_role("status").first).to_contain_text("Link live")
    assert extractable(page) == [False, False]


def test_a_code_with_a_wrong_character_is_refused_before_anything_is_sent(desks: Desks) -> None:
    page = desks.open()
    page.get_by_label("Code, as it was handed over").fill("48GM-48GM-48GM-48GM-48GM-48GM-48GM")
    page.get_by_label("Actor, by its id in the terms").fill(AZURE)
    page.get_by_role("button", name="Make keys and enrol them").click()
    expect(page.get_by_role("alert")).to_contain_text("A character of the code is wrong")


def extractable(page: Page) -> object:
    return page.evaluate(
        """() => new Promise((resolve) => {
            const asked = indexedDB.open('standclear');
            asked.onsuccess = () => {
                const all = asked.result.transaction('posts').objectStore('posts').getAll();
                const keys = () => [all.result[0].command, all.result[0].session];
                all.onsuccess = () => resolve(keys().map((key) => key.private.extractable));
            };
        })"""
    )
