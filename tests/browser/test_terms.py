# SPDX-License-Identifier: Apache-2.0
"""The terms in the browser: read in sentences, suspended and resumed by a party, and how another post is let in."""

from playwright.sync_api import expect

from tests.browser.kit import AZURE, OCHRE, Desks
from tests.browser.test_two_parties import combo, go, sign


def test_a_party_suspends_its_part_and_every_page_says_so_until_it_resumes(desks: Desks) -> None:
    azure, ochre = desks.sit(AZURE), desks.sit(OCHRE)
    go(azure, "Terms")
    expect(azure.locator("section.text")).to_contain_text("1.1")
    for stance, words in (
        ("suspends its part", "until our letter is answered"),
        ("resumes its part", "it was"),
    ):
        combo(azure, "Position").select_option(stance)
        azure.get_by_label("In words").fill(words)
        azure.get_by_role("button", name="Take this position").click()
        sign(azure)
        ochre.goto(f"{desks.exercise.url}/#/terms")
        expect(ochre.locator("section", has_text="Positions, side by side")).to_contain_text(words)
        ochre.reload()
        mark = ochre.locator("header").get_by_text("Part suspended: Party Azure (placeholder)")
        expect(mark).to_have_count(1 if stance.startswith("suspends") else 0)


def test_a_post_lets_another_in_by_a_code_that_is_shown_once(desks: Desks) -> None:
    azure = desks.sit(AZURE)
    go(azure, "Terms")
    azure.get_by_text("Let another post in").click()
    azure.get_by_label("Name of the post").fill("night")
    azure.get_by_role("button", name="Invite").click()
    sign(azure)
    code = azure.get_by_role("status").locator("code").inner_text()
    newcomer = desks.open()
    newcomer.get_by_text("Take up an invitation").first.click()
    newcomer.get_by_label("Code, as it was handed over").fill(code)
    newcomer.get_by_label("Actor, by its id in the terms").fill(AZURE)
    newcomer.get_by_label("Post, as it was invited").fill("night")
    newcomer.get_by_role("button", name="Make keys and enrol them").click()
    expect(newcomer.locator(".seat")).to_contain_text("night")
