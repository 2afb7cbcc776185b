# SPDX-License-Identifier: Apache-2.0
"""Without a map, on a telephone, on paper: the same notices, the same words, nothing to press on paper."""

import re

from playwright.sync_api import Request, expect

from tests.browser.kit import RELIEF, Desks
from tests.browser.test_two_parties import give_notice_of_a_hospital, go


def test_without_a_map_nothing_of_the_map_is_fetched_and_everything_is_there_in_words(desks: Desks) -> None:
    relief = desks.sit(RELIEF)
    site = give_notice_of_a_hospital(relief, "Reed clinic", "3.3000 N 31.4000 E")
    relief.goto(f"{desks.exercise.url}/#/lite")
    relief.set_viewport_size({"width": 390, "height": 844})
    expect(relief.get_by_role("row", name=re.compile(f"{site} .*Reed clinic"))).to_be_visible()
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    relief.on("request", note)
    relief.reload()
    expect(relief.get_by_role("row", name=re.compile(f"{site} .*Reed clinic"))).to_be_visible()
    go(relief, "Watch")
    expect(relief.get_by_text("No map in this browser")).to_be_visible()
    assert not [url for url in asked if "Chart" in url or "countries" in url]
    assert relief.evaluate("document.documentElement.scrollWidth") <= 390
    go(relief, "Without map")
    relief.get_by_role("button", name="With map again").click()
    expect(relief.locator("canvas").first).to_be_visible()


def test_a_notice_goes_on_paper_with_its_message_its_hash_and_what_holds_when_it_is_old(desks: Desks) -> None:
    relief = desks.sit(RELIEF)
    site = give_notice_of_a_hospital(relief, "Stone clinic", "3.4000 N 31.4000 E")
    relief.goto(f"{desks.exercise.url}/#/item/{site}")
    relief.get_by_role("button", name="Make the pack").click()
    pack = relief.locator(".pack")
    expect(pack).to_contain_text("the place is still spared: call the centre")
    expect(pack.locator("pre").first).to_contain_text("SC1")
    expect(pack.locator("code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    relief.emulate_media(media="print")
    expect(relief.get_by_label("EXERCISE")).to_be_visible()
    expect(relief.get_by_role("navigation")).to_be_hidden()
    expect(relief.locator(".map")).to_be_hidden()
    expect(relief.get_by_role("button", name="Print")).to_be_hidden()
    expect(pack).to_be_visible()
