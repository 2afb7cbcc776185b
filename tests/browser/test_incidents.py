# SPDX-License-Identifier: Apache-2.0
"""Harm reported in one browser, put to the party in another, findings side by side; and the day's report of it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.kit import AZURE, OCHRE, RELIEF, Desks
from tests.browser.test_two_parties import combo, give_notice_of_a_hospital, go, sign


def report_harm(page: Page, words: str, about: str, put_to: str) -> str:
    go(page, "Incidents")
    page.get_by_role("link", name="Report harm").click()
    send = page.get_by_role("button", name="Report it")
    expect(send).to_be_disabled()
    page.get_by_label("Place", exact=True).fill("6.0000 N 29.0000 E")
    page.get_by_label("Place", exact=True).blur()
    page.get_by_label("How large or how unsure").fill("150")
    page.get_by_role("button", name="Now", exact=True).click()
    page.get_by_label("people injured").check()
    page.get_by_label("things damaged").check()
    page.get_by_label("What happened, in words").fill(words)
    page.get_by_label("What was there").fill("two ambulances")
    page.get_by_label("Notices it touches").fill(about.lower())
    combo(page, "Put it to").select_option(put_to)
    send.click()
    return "I" + re.sub(r"\D+", "", sign(page).locator("b").first.inner_text())


def test_harm_is_put_to_the_party_named_and_both_findings_stand_beside_each_other(desks: Desks) -> None:
    relief, azure, ochre = desks.sit(RELIEF), desks.sit(AZURE), desks.sit(OCHRE)
    site = give_notice_of_a_hospital(relief, "Ridge hospital", "6.0000 N 29.0000 E")
    incident = report_harm(relief, "Two shells in the yard.", site, "Party Azure (placeholder)")

    go(azure, "Inbox")
    azure.get_by_role("button", name=re.compile("finding awaited")).click()
    azure.get_by_role("link", name=re.compile(f"^{incident} ")).click()
    article = azure.get_by_role("article")
    expect(article).to_contain_text("It is put to you: say what you find")
    expect(article).to_contain_text("Two shells in the yard.")
    expect(article.get_by_role("link", name=site)).to_be_visible()
    give = azure.get_by_role("button", name="Sign the finding")
    expect(give).to_be_disabled()
    combo(azure, "What your side finds").select_option("It was otherwise")
    azure.get_by_label("Why, in words").fill("Our log shows no flight within 10 km.")
    give.click()
    sign(azure)

    relief.get_by_role("link", name=re.compile(f"^{incident} ")).click()
    theirs = relief.get_by_role("region", name="Party Azure (placeholder)")
    expect(theirs).to_contain_text("It was otherwise")
    expect(theirs).to_contain_text("Our log shows no flight within 10 km.")
    relief.get_by_text("Give a finding").click()
    combo(relief, "What your side finds").select_option("It was as reported")
    relief.get_by_label("Why, in words").fill("Our surgeon took the fragments out.")
    relief.get_by_role("button", name="Sign the finding").click()
    sign(relief)
    mine = azure.get_by_role("region", name="Relief Organisation One (placeholder)")
    expect(mine).to_contain_text("It was as reported")
    expect(theirs).not_to_contain_text("surgeon")

    # Nobody else is shown it, until its author has it shown: here as a cover, without words.
    go(ochre, "Incidents")
    expect(ochre.get_by_role("main")).to_contain_text("No incident that you are shown.")
    relief.get_by_text("Have it shown to another").click()
    combo(relief, "Recipient").select_option("Party Ochre (placeholder)")
    combo(relief, "Shown").select_option("cover")
    relief.get_by_role("button", name="Have it shown", exact=True).click()
    sign(relief)
    expect(ochre.get_by_role("article")).to_contain_text(
        "You are shown that something happened somewhere here"
    )
    expect(ochre.get_by_role("main")).not_to_contain_text("shells")


def test_the_day_is_shown_to_each_as_it_was_shown_it_and_can_be_turned(desks: Desks) -> None:
    desk, relief = desks.sit("desk"), desks.sit(RELIEF)
    incident = report_harm(
        relief, "The road was closed for six hours.", "", "nobody: desk and arbiter alone read it"
    )
    go(desk, "Daily report")
    article = desk.get_by_role("article")
    expect(article.get_by_role("heading", name=re.compile("^Daily report, "))).to_be_visible()
    before = article.get_by_role("heading", name=re.compile("^Daily report, ")).inner_text()
    desk.get_by_role("button", name="Day after").click()
    expect(article.get_by_role("heading", name=before)).to_have_count(0)
    expect(article).to_contain_text("This day has not ended")
    expect(article.get_by_role("link", name=incident)).to_be_visible()
    expect(article.get_by_role("columnheader", name="facilitated")).to_be_visible()
    desk.emulate_media(media="print")
    expect(desk.get_by_role("button", name="Print")).to_be_hidden()
    expect(desk.get_by_role("navigation")).to_be_hidden()
    expect(desk.get_by_label("EXERCISE")).to_be_visible()
    expect(article.get_by_role("columnheader", name="facilitated")).to_be_visible()
    azure = desks.sit(AZURE)
    azure.goto(desk.url)
    expect(azure.get_by_role("article")).to_contain_text("As Party Azure (placeholder) was shown it")
    expect(azure.get_by_role("article")).not_to_contain_text(incident)
