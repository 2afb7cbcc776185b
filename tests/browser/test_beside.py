# SPDX-License-Identifier: Apache-2.0
"""What is said of a notice beside it, in browsers: on its way, how well known, doubted, by telephone, shown to whom."""

import re

from playwright.sync_api import Page, expect

from standclear.core.events import DeletionReported
from standclear.geometry.volume import Datum
from tests.browser.kit import AZURE, OCHRE, RELIEF, Desks, Exercise, hours_ahead
from tests.browser.shapes import flight, hospital
from tests.browser.test_two_parties import at, combo, go, number_in, sign

EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")


def open_item(page: Page, exercise: Exercise, notice: str) -> None:
    page.goto(f"{exercise.url}/#/item/{notice}")
    expect(page.get_by_role("heading", name="Challenges")).to_be_visible()


def give_notice_of_a_convoy(page: Page) -> str:
    go(page, "Notify")
    combo(page, "What").select_option("Movement")
    combo(page, "Kind").select_option("Humanitarian convoy by road")
    page.get_by_label("Name", exact=True).fill("Seven lorries")
    page.get_by_label(re.compile("Places, one a line")).fill("7.0000 N 30.0000 E\n7.1000 N 30.1000 E")
    page.get_by_label("Half width in metres").fill("500")
    page.get_by_label("To height").fill("100")
    page.get_by_label("From (UTC)", exact=True).fill(at(2))
    page.get_by_label("To (UTC)").fill(at(6))
    page.get_by_text("Air card, road card, contact plan").click()
    combo(page, "Armed escort").select_option("no")
    page.get_by_label("Vehicles").fill("7")
    page.get_by_label("Radio, in MHz").fill("121.5 123.450")
    page.get_by_label("Call sign").fill("relief 7")
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("Line 1").fill("+000 123, first driver")
    combo(page, "Everyone").select_option("all of it")
    page.get_by_role("button", name="Give notice").click()
    return number_in(sign(page))


def test_a_convoy_with_its_cards_is_called_before_it_goes_and_its_outcome_is_read_by_a_party(
    desks: Desks, exercise: Exercise
) -> None:
    relief, azure = desks.sit(RELIEF), desks.sit(AZURE)
    convoy = give_notice_of_a_convoy(relief)
    open_item(azure, exercise, convoy)
    article = azure.get_by_role("article")
    for row in ("Armed escort no", "Marking seen by night ▲ not stated", "Vehicles 7"):
        expect(azure.get_by_role("row", name=row)).to_be_visible()
    expect(azure.get_by_role("row", name="Call sign RELIEF 7")).to_be_visible()
    expect(azure.get_by_role("row", name="Radio 121.500 MHz, 123.450 MHz")).to_be_visible()
    expect(article).to_contain_text("+000 123, first driver")
    expect(article).to_contain_text("not called yet")

    open_item(relief, exercise, convoy)
    relief.get_by_role("button", name="Line 1: reached").click()
    sign(relief)
    expect(article).not_to_contain_text("not called yet")
    relief.get_by_text("Say how it came off").click()
    combo(relief, "It was").select_option("impeded")
    say = relief.get_by_role("button", name="Say so")
    expect(say).to_be_disabled()
    combo(relief, "By whose doing").select_option("Party Azure (placeholder)")
    relief.get_by_label("Reason (needed)").fill("six hours at the bridge")
    say.click()
    sign(relief)
    expect(article.locator(".told")).to_contain_text("impeded · by the doing of Party Azure (placeholder)")
    expect(article.locator(".told")).to_contain_text("six hours at the bridge")

    # An amendment keeps the cards, and brings the plan anew: the line is to be called again.
    relief.get_by_role("link", name="Amend").click()
    expect(relief.get_by_label("Line 1")).to_have_value("+000 123, first driver")
    expect(relief.get_by_label("Vehicles")).to_have_value("7")
    relief.get_by_label("To (UTC)").fill(at(7))
    relief.get_by_role("button", name="Amend", exact=True).click()
    sign(relief)
    expect(article).to_contain_text("not called yet")
    expect(azure.get_by_role("row", name="Vehicles 7")).to_be_visible()


def test_a_word_on_how_well_a_site_is_known_is_read_by_its_author_and_not_by_another_party(
    desks: Desks, exercise: Exercise
) -> None:
    site = str(exercise.client(RELIEF).notify(hospital("Vale clinic", 26.0, 8.0), EVERYONE).notice)
    azure, relief, ochre = desks.sit(AZURE), desks.sit(RELIEF), desks.sit(OCHRE)
    open_item(azure, exercise, site)
    azure.get_by_text("Say how well it is known").click()
    combo(azure, "Level").select_option("remote")
    azure.get_by_label("How it was looked at").fill("imagery of last week")
    azure.get_by_role("button", name="Now", exact=True).click()
    azure.get_by_role("button", name="Say so").click()
    sign(azure)
    open_item(relief, exercise, site)
    expect(relief.get_by_role("article")).to_contain_text("imagery of last week")
    expect(relief.get_by_role("article")).to_contain_text("Looked at from afar")
    open_item(ochre, exercise, site)
    expect(ochre.get_by_role("article")).not_to_contain_text("imagery of last week")


def test_a_challenge_reaches_the_author_with_its_warning_and_is_answered_beside_it(
    desks: Desks, exercise: Exercise
) -> None:
    site = str(exercise.client(RELIEF).notify(hospital("Quay clinic", 26.5, 8.0), EVERYONE).notice)
    azure, relief, ochre = desks.sit(AZURE), desks.sit(RELIEF), desks.sit(OCHRE)
    open_item(azure, exercise, site)
    azure.get_by_text("Challenge this notice").click()
    combo(azure, "What is the matter").select_option("it is misused")
    azure.get_by_label("In words", exact=True).fill("Lorries stand there by night.")
    azure.get_by_label("A warning to pass on").fill("Remove them by Friday.")
    azure.get_by_role("button", name="Send the challenge").click()
    sign(azure)

    go(relief, "Inbox")
    relief.get_by_role("button", name=re.compile(f"{site} challenge, not answered")).click()
    challenge = relief.locator(".challenge")
    expect(challenge).to_contain_text("Remove them by Friday.")
    expect(relief.get_by_role("article")).to_contain_text("changes nothing about what is spared")
    challenge.get_by_role("textbox", name="Answer").fill("They bring water to the clinic.")
    challenge.get_by_role("button", name="Answer the challenge").click()
    sign(relief)
    expect(azure.locator(".challenge")).to_contain_text("They bring water to the clinic.")
    open_item(ochre, exercise, site)
    expect(ochre.get_by_role("article")).not_to_contain_text("Lorries")


def test_what_the_desk_hears_by_telephone_stands_as_relayed_and_never_as_signed(
    desks: Desks, exercise: Exercise
) -> None:
    high = flight("Patrol by telephone", 20.0, -3.0, hours_ahead(40), 3_000, Datum.AMSL)
    patrol = str(exercise.client(AZURE).notify(high, EVERYONE).notice)
    desk, azure = desks.sit("desk"), desks.sit(AZURE)
    open_item(desk, exercise, patrol)
    desk.get_by_text("Take down an answer by telephone").click()
    combo(desk, "Whose answer").select_option("Party Ochre (placeholder)")
    combo(desk, "At which echelon").select_option("liaison")
    said = combo(desk, "What was said")
    expect(said.get_by_role("option", name="consented")).to_have_count(0)
    said.select_option("objected")
    desk.get_by_label("Reason (needed)").fill("our own flight is there")
    desk.get_by_label("Who spoke, by post").fill("Duty officer")
    desk.get_by_label("Telephone number").fill("+000 555")
    record = desk.get_by_role("button", name="Record as relayed")
    expect(record).to_be_disabled()
    desk.get_by_role("button", name="Now", exact=True).click()
    desk.get_by_label("What was read back to them").fill("patrol, forty hours from now")
    record.click()
    sign(desk)
    open_item(azure, exercise, patrol)
    answered = azure.get_by_role("row", name=re.compile("^Party Ochre")).locator("li.objected")
    expect(answered).to_contain_text("objected · liaison · ☎ relayed by telephone")
    expect(answered).to_contain_text("Duty officer")
    expect(answered).not_to_contain_text("✓")


def test_an_author_reads_who_met_its_cover_and_that_reading_is_not_recorded(
    desks: Desks, exercise: Exercise
) -> None:
    seen = EVERYONE | {"party-azure": "cover"}
    site = str(exercise.client(RELIEF).notify(hospital("Covered clinic", 24.0, 9.0), seen).notice)
    exercise.client(AZURE).notify(flight("Low", 24.0, 9.0, hours_ahead(30), 0, Datum.AMSL), EVERYONE)
    relief = desks.sit(RELIEF)
    open_item(relief, exercise, site)
    relief.get_by_text("Who was shown it since, and who came near").click()
    table = relief.get_by_role("table").filter(has_text="An activity of its own met the cover")
    expect(table.get_by_role("row", name=re.compile("^Party Azure"))).to_contain_text("▲ met")
    expect(table.get_by_role("row", name=re.compile("^Party Ochre"))).not_to_contain_text("met")
    expect(relief.get_by_role("article")).to_contain_text("Reading is not recorded")


def test_an_objection_offers_another_time_and_the_author_reads_it(desks: Desks, exercise: Exercise) -> None:
    high = flight("Morning patrol", 21.0, -4.0, hours_ahead(44), 3_000, Datum.AMSL)
    patrol = str(exercise.client(AZURE).notify(high, EVERYONE).notice)
    ochre, azure = desks.sit(OCHRE, "liaison"), desks.sit(AZURE)
    go(ochre, "Inbox")
    ochre.get_by_role("button", name=re.compile(f"{patrol} answer awaited liaison")).click()
    ochre.get_by_label(re.compile("^Reason")).fill("our convoy passes then")
    ochre.get_by_text("Offer another time or height").click()
    ochre.get_by_label("Minutes later").fill("90")
    expect(ochre.get_by_role("status").filter(has_text="Offers:")).to_contain_text("1 h 30 min later")
    ochre.get_by_role("button", name="Object", exact=True).click()
    sign(ochre)
    open_item(azure, exercise, patrol)
    row = azure.get_by_role("row", name=re.compile("^Party Ochre")).first
    expect(row).to_contain_text("objected · liaison · ✓ signed")
    expect(row).to_contain_text("Offers: 1 h 30 min later")


def test_a_stop_read_back_by_telephone_is_compared_and_stands_as_relayed(
    desks: Desks, exercise: Exercise
) -> None:
    stop = str(exercise.client(RELIEF).stop((330_000_000, 20_000_000), 1_000_000, "fire").notice)
    desk, ochre = desks.sit("desk"), desks.sit(OCHRE)
    desk.goto(f"{exercise.url}/#/item/{stop}")
    desk.get_by_role("link", name="Take down a read-back by telephone").click()
    expect(desk.get_by_role("main")).not_to_contain_text("33.0")
    combo(desk, "Whose answer").select_option("Party Ochre (placeholder)")
    combo(desk, "At which echelon").select_option("liaison")
    place = desk.get_by_label("Place, as heard")
    place.fill("2.1000 N 33.0000 E")
    place.blur()
    desk.get_by_label("Radius in metres, as heard").fill("1000")
    desk.get_by_label("Who spoke, by post").fill("Duty officer")
    desk.get_by_label("Telephone number").fill("+000 777")
    desk.get_by_role("button", name="Now", exact=True).click()
    record = desk.get_by_role("button", name="Record as relayed")
    expect(record).to_be_disabled()
    desk.get_by_label("What was read back to them").fill("two degrees north, one thousand metres")
    record.click()
    expect(sign(desk)).to_contain_text("off, or the radius differs")
    place.fill("2.0000 N 33.0000 E")
    place.blur()
    record.click()
    expect(sign(desk)).to_contain_text("read back right")
    ochre.goto(f"{exercise.url}/#/item/{stop}")
    row = ochre.get_by_role("row", name=re.compile("^Party Ochre"))
    expect(row).to_contain_text("read back right · liaison · ☎ relayed by telephone")
    expect(row).to_contain_text("By telephone: Duty officer (+000 777)")


def test_a_party_says_that_it_deleted_its_copies_of_what_was_withdrawn(
    desks: Desks, exercise: Exercise
) -> None:
    client = exercise.client(RELIEF)
    listed = client.notify(hospital("Closed clinic", 31.9, 9.5), EVERYONE).notice or ""
    azure = desks.sit(AZURE)
    open_item(azure, exercise, listed)
    expect(azure.get_by_role("button", name="We deleted our copies")).to_have_count(0)
    client.withdraw(listed)
    azure.get_by_role("button", name="We deleted our copies").click()
    sign(azure)
    events = [
        event for view in client.inbox() for event in view.events if isinstance(event, DeletionReported)
    ]
    assert [(event.notice, event.actor) for event in events] == [(listed, AZURE)]
