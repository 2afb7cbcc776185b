# SPDX-License-Identifier: Apache-2.0
"""The page checks a log whose terms were changed, and finds a change that nobody signed."""

from __future__ import annotations

import msgspec
from playwright.sync_api import expect

from standclear.core.enrolment import terms_hash
from standclear.core.terms import Kind, NoticeClass
from tests.browser.kit import AZURE, OCHRE, RELIEF, Desks, Exercise
from tests.browser.test_log import at_the_log, changed, check
from tests.browser.test_two_parties import combo


def agree(exercise: Exercise, title: str) -> None:
    """Both parties agree on other terms of this title, with one kind of site more that is called so, too."""
    kind = Kind(id=title.lower().replace(" ", "-"), notice=NoticeClass.SITE, name=title)
    standing = exercise.client(AZURE).terms().terms
    later = msgspec.structs.replace(
        standing,
        version=standing.version + 1,
        title=title,
        kinds=(*standing.kinds, kind),
    )
    exercise.client(AZURE).propose(later)
    exercise.client(OCHRE).assent(terms_hash(later))
    assert exercise.client(AZURE).terms().terms == later


def test_the_page_follows_terms_that_were_changed_in_the_log(desks: Desks, exercise: Exercise) -> None:
    agree(exercise, "Day clinic")
    page = at_the_log(desks, exercise)
    check(page)
    expect(page.get_by_text("What was fetched stands.")).to_be_visible()


def test_terms_that_were_changed_on_the_way_do_not_stand(desks: Desks, exercise: Exercise) -> None:
    agree(exercise, "Night clinic")
    page = at_the_log(desks, exercise)
    changed(page, b"Night clinic", b"Other clinic")
    check(page)
    expect(page.get_by_role("alert")).to_contain_text("It does not stand.")


def test_a_form_that_is_open_learns_the_kinds_of_terms_that_come_into_force(
    desks: Desks, exercise: Exercise
) -> None:
    page = desks.sit(RELIEF)
    page.get_by_role("navigation").get_by_role("link", name="Notify").click()
    kinds = combo(page, "Kind")
    expect(kinds).to_contain_text("Hospital")
    expect(kinds).not_to_contain_text("Field clinic")
    agree(exercise, "Field clinic")
    expect(kinds).to_contain_text("Field clinic")
