# SPDX-License-Identifier: Apache-2.0
"""The log: the page checks what it was given, and says where it does not stand. A lying centre stands in between."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.kit import AZURE, RELIEF, Desks, Exercise
from tests.browser.shapes import hospital

EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")


def at_the_log(desks: Desks, exercise: Exercise) -> Page:
    exercise.client(RELIEF).notify(hospital("Hill hospital", 30.2, 1.5), EVERYONE)
    page = desks.sit(AZURE)
    page.get_by_role("link", name="Log").click()
    return page


def check(page: Page) -> None:
    page.get_by_role("button", name="Check it now").click()


def changed(page: Page, old: bytes, new: bytes) -> None:
    """From here on the server says something else than its log."""

    def lie(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.body().replace(old, new))

    page.route("**/v1/export", lie)


def test_the_page_checks_the_record_and_says_what_that_does_not_show(
    desks: Desks, exercise: Exercise
) -> None:
    page = at_the_log(desks, exercise)
    check(page)
    expect(page.get_by_text("What was fetched stands.")).to_be_visible()
    size = exercise.opened.centre.snapshot.size
    expect(page.get_by_role("row", name=re.compile("Entries here"))).to_contain_text(f"{size} / {size}")
    expect(page.get_by_text("A page proves nothing about the machine that served it.")).to_be_visible()
    expect(page.get_by_text("That what people signed is true.")).to_be_visible()
    check(page)
    expect(page.get_by_text(f"The log has grown from size {size}")).to_be_visible()


def test_a_name_changed_in_one_part_does_not_stand(desks: Desks, exercise: Exercise) -> None:
    page = at_the_log(desks, exercise)
    changed(page, b"Hill hospital", b"Mill hospital")
    check(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("It does not stand.")
    expect(alert).to_contain_text("a part does not stand under its entry: it was changed")


def test_a_log_without_its_last_entries_does_not_stand(desks: Desks, exercise: Exercise) -> None:
    page = at_the_log(desks, exercise)

    def cut(route: Route) -> None:
        answer = route.fetch()
        lines = answer.body().splitlines(keepends=True)
        route.fulfill(response=answer, body=b"".join(lines[:-1]))

    page.route("**/v1/export", cut)
    check(page)
    expect(page.get_by_role("alert")).to_contain_text("the last entry under the head is missing")


def test_another_log_under_the_same_name_is_told_from_the_one_that_was_checked(
    desks: Desks, exercise: Exercise
) -> None:
    page = at_the_log(desks, exercise)
    check(page)
    expect(page.get_by_text("What was fetched stands.")).to_be_visible()
    page.evaluate(
        """() => new Promise((resolve) => {
            const asked = indexedDB.open('standclear');
            asked.onsuccess = () => {
                const heads = asked.result.transaction('heads', 'readwrite').objectStore('heads');
                heads.getAll().onsuccess = (event) => {
                    const [head] = event.target.result;
                    heads.put({ ...head, root: 'ab'.repeat(32) }).onsuccess = resolve;
                };
            };
        })"""
    )
    check(page)
    expect(page.get_by_role("alert")).to_contain_text("these are two logs")


def test_what_is_pasted_as_a_head_must_be_one_of_this_log(desks: Desks, exercise: Exercise) -> None:
    page = at_the_log(desks, exercise)
    page.get_by_label("Their head").fill("nothing of the kind")
    check(page)
    expect(page.get_by_text("This is no signed head of this log.")).to_be_visible()
    page.get_by_label("Their head").fill(exercise.client(AZURE).checkpoint())
    check(page)
    theirs = page.get_by_role("row", name=re.compile("Their head"))
    expect(theirs).to_contain_text("nothing before it was changed")
