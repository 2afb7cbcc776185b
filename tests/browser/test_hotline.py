# SPDX-License-Identifier: Apache-2.0
"""The hotline in two browsers: said in one language, read in another, rung until it is answered."""

import re

from playwright.sync_api import expect

from tests.browser.kit import AZURE, RELIEF, Desks
from tests.browser.test_two_parties import combo, give_notice_of_a_hospital, go, sign


def test_a_phrase_said_in_english_is_read_in_german_and_answered(desks: Desks) -> None:
    relief, azure = desks.sit(RELIEF), desks.sit(AZURE, language="de")
    go(relief, "Hotline")
    relief.get_by_label("Party Azure (placeholder)").check()
    combo(relief, "What is said").select_option("Hold everything at …. There are people.")
    expect(relief.get_by_role("button", name="Say it")).to_be_disabled()
    relief.get_by_label("Place", exact=True).fill("2.5000 N 31.0000 E")
    relief.get_by_label("Place", exact=True).blur()
    relief.get_by_label("Urgent: ring until each has answered").check()
    relief.get_by_role("button", name="Say it").click()
    sign(relief)

    azure.get_by_role("button", name=re.compile("Nachricht, nicht beantwortet")).first.click()
    said = azure.locator(".said li").last
    expect(said).to_contain_text("Halten Sie alles an bei 2.5° N, 31° E. Dort sind Menschen.")
    expect(said).to_contain_text("DRINGEND")
    azure.get_by_role("button", name="Wir haben das gelesen").click()
    azure.get_by_role("button", name="Unterschreiben und senden").click()

    mine = relief.locator(".said li")
    relief.get_by_role("button", name=re.compile("^Party Azure")).click()
    expect(mine).to_have_count(2)
    expect(mine.last).to_contain_text("We have read this.")
    expect(mine.first).not_to_contain_text("not answered")


def test_own_words_stay_in_their_language_and_a_notice_is_spoken_of_with_those_it_was_shown_to(
    desks: Desks,
) -> None:
    relief, azure = desks.sit(RELIEF), desks.sit(AZURE)
    site = give_notice_of_a_hospital(relief, "River clinic", "3.1000 N 31.2000 E")
    relief.goto(f"{desks.exercise.url}/#/item/{site}")
    relief.get_by_role("link", name="Speak about it").click()
    relief.get_by_label("Party Azure (placeholder)").check()
    relief.get_by_label("Words", exact=True).fill("نحن في الطابق السفلي")
    combo(relief, "Language of the words").select_option("العربية")
    relief.get_by_role("button", name="Say it").click()
    sign(relief)
    go(azure, "Hotline")
    azure.get_by_role("button", name=re.compile(f"^{site} Relief Organisation One")).click()
    words = azure.locator(".said .words").last
    expect(words).to_have_text("نحن في الطابق السفلي")
    expect(words).to_have_attribute("lang", "ar")
