# SPDX-License-Identifier: Apache-2.0
"""Replay: what was known then, and to whom; unmistakably not live, and nothing can be done there."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.kit import AZURE, DESK, RELIEF, Desks, Exercise
from tests.browser.shapes import hospital

EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")


def test_a_hospital_is_not_there_before_it_was_recorded(desks: Desks, exercise: Exercise) -> None:
    relief = exercise.client(RELIEF)
    first = relief.notify(hospital("Hill hospital", 30.2, 1.5), EVERYONE)
    second = relief.notify(hospital("Mill hospital", 30.3, 1.5), EVERYONE)
    page = desks.sit(AZURE)
    page.goto(f"{exercise.url}/#/replay?at={first.entry + 1}")
    page.reload()
    expect(page.get_by_text("REPLAY: this is not live")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(f"{first.notice} Hospital"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(f"{second.notice} Hospital"))).to_have_count(0)
    slider = page.get_by_label("Size of the log")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_role("row", name=re.compile(f"{second.notice} Hospital"))).to_be_visible()
    expect(page).to_have_url(re.compile(f"at={second.entry + 1}"))
    expect(page.get_by_text(f"Entry {second.entry}:")).to_contain_text("notice recorded")
    assert page.locator("main button.primary").count() == 0


def test_two_times_are_laid_beside_each_other(desks: Desks, exercise: Exercise) -> None:
    relief = exercise.client(RELIEF)
    kept = relief.notify(hospital("Lake hospital", 30.5, 1.5), EVERYONE)
    new = relief.notify(hospital("Ford hospital", 30.6, 1.5), EVERYONE)
    gone = relief.withdraw(str(kept.notice))
    page = desks.sit(AZURE)
    page.goto(f"{exercise.url}/#/replay?at={kept.entry + 1}&then={gone.entry + 1}")
    beside = page.get_by_role("table", name=f"From size {kept.entry + 1} to size {gone.entry + 1}")
    expect(beside.get_by_role("row", name=re.compile(str(kept.notice)))).to_contain_text(
        "current → withdrawn"
    )
    expect(beside.get_by_role("row", name=re.compile(str(new.notice)))).to_contain_text("came")


def test_the_desk_sees_what_a_party_had_been_sent(desks: Desks, exercise: Exercise) -> None:
    relief = exercise.client(RELIEF)
    told = relief.notify(hospital("Open hospital", 30.7, 1.5), EVERYONE)
    sealed = relief.notify(hospital("Sealed hospital", 30.8, 1.5), {"desk": "full"})
    page = desks.sit(DESK)
    page.goto(f"{exercise.url}/#/replay?at={sealed.entry + 1}")
    expect(page.get_by_role("row", name=re.compile(f"{sealed.notice} Hospital"))).to_be_visible()
    page.get_by_label("Known to").select_option(AZURE)
    expect(page.get_by_text("what Party Azure (placeholder) had been sent")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(f"{told.notice} Hospital"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(f"{sealed.notice} Hospital"))).to_have_count(0)


def test_a_time_that_is_none_is_said_to_be_none(desks: Desks, exercise: Exercise) -> None:
    page = desks.sit(AZURE)
    page.goto(f"{exercise.url}/#/replay?at=yesterday")
    expect(page.get_by_role("alert")).to_contain_text("a log size, or a time")
