# SPDX-License-Identifier: Apache-2.0
"""What two parties and a relief organisation do in their browsers, from notice to acknowledgement, and at a stop."""

import json
import re
from datetime import UTC, datetime, timedelta

import msgspec
from playwright.sync_api import Locator, Page, expect

from tests.browser.kit import AZURE, OCHRE, RELIEF, Desks
from tests.browser.shapes import hospital

EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")


def at(hours: float) -> str:
    """A time as it is typed, so many hours from now."""
    moment = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    return f"{moment:%Y-%m-%d %H:%M}Z"


def go(page: Page, screen: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=screen).click()


def combo(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def sign(page: Page) -> Locator:
    """Look at what is signed, sign it, and wait for its log number."""
    page.get_by_role("button", name="Sign and send").click()
    receipt = page.locator(".receipt").last
    expect(receipt).to_contain_text("Recorded as log number")
    return receipt


def give_notice_of_a_hospital(page: Page, name: str, place: str) -> str:
    go(page, "Notify")
    combo(page, "What").select_option("Site")
    combo(page, "Kind").select_option("Hospital")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label(re.compile("Places, one a line")).fill(place)
    page.get_by_label("Radius in metres").fill("150")
    page.get_by_label("To height").fill("1530")
    page.get_by_role("combobox", name="counted from").last.select_option("sea level (m)")
    combo(page, "Everyone").select_option("all of it")
    page.get_by_role("button", name="Give notice").click()
    return number_in(sign(page))


def file_a_flight(page: Page, name: str, place: str, height_m: int, from_hours: float) -> str:
    go(page, "Notify")
    combo(page, "What").select_option("Air activity")
    combo(page, "Kind").select_option(index=1)
    page.get_by_label("Name", exact=True).fill(name)
    combo(page, "Hazard to the ground").select_option("nothing of it reaches the ground, says its filer")
    page.get_by_label(re.compile("Places, one a line")).fill(place)
    page.get_by_label("Radius in metres").fill("1000")
    page.get_by_label("From height").fill(str(height_m))
    page.get_by_label("To height").fill(str(height_m + 100))
    page.get_by_label("From (UTC)", exact=True).fill(at(from_hours))
    page.get_by_label("To (UTC)").fill(at(from_hours + 1))
    combo(page, "Everyone").select_option("all of it")
    page.get_by_role("button", name="Give notice").click()
    return number_in(sign(page))


def number_in(receipt: Locator) -> str:
    return receipt.get_by_role("link").inner_text()


def test_notice_conflict_alternative_and_acknowledgement(desks: Desks) -> None:
    relief, azure, ochre = desks.sit(RELIEF), desks.sit(AZURE), desks.sit(OCHRE, "liaison")

    hospital = give_notice_of_a_hospital(relief, "Hill hospital", "1°30'00.0\"N 30°12'00.0\"E")
    expect(azure.get_by_role("row", name=re.compile(f"{hospital} .*Hill hospital"))).to_be_visible()

    # A survey over it, at the height of its roof.
    flight = file_a_flight(azure, "Survey of the hill", "1.5003 N 30.2004 E", 1_500, 30)
    azure.get_by_role("link", name=flight, exact=True).click()
    article = azure.get_by_role("article")
    expect(article.locator(".head .verdict")).to_have_text("■ conflict")
    expect(article).to_contain_text(f"{hospital} (Hill hospital)")
    expect(article.locator(".bracket").first).to_contain_text("/ 1,000 m")

    # The height that is offered is taken with one action.
    azure.get_by_role("button", name=re.compile(r"^Adopt: .* higher$")).click()
    sign(azure)
    expect(article.locator(".head .verdict")).to_have_text("○ no conflict found")
    expect(article).to_contain_text("version 2")

    # The other party's liaison takes note of the version that stands, under its own signature.
    go(ochre, "Inbox")
    ochre.get_by_role("button", name=re.compile(f"{flight} answer awaited liaison")).click()
    expect(ochre.get_by_role("article")).to_contain_text("You answer as liaison, for the echelon liaison.")
    ochre.get_by_role("button", name="Acknowledge").click()
    sign(ochre)

    row = azure.get_by_role("row", name=re.compile("^Party Ochre"))
    expect(row).to_contain_text("acknowledged · liaison · ✓ signed · liaison")
    expect(row).to_contain_text("awaited · air-operations")

    # An amendment lapses it.
    azure.get_by_role("link", name="Amend").click()
    azure.get_by_label("To (UTC)").fill(at(32))
    azure.get_by_role("button", name="Amend", exact=True).click()
    sign(azure)
    azure.goto(f"{desks.exercise.url}/#/item/{flight}")
    expect(azure.get_by_role("article")).to_contain_text("version 3")
    expect(row).to_contain_text("awaited · liaison")
    expect(row).not_to_contain_text("acknowledged")


def test_an_objection_needs_a_reason_and_is_read_by_the_author(desks: Desks) -> None:
    azure, ochre = desks.sit(AZURE), desks.sit(OCHRE, "liaison")
    flight = file_a_flight(azure, "Patrol", "1.0000 S 20.0000 E", 3_000, 40)
    go(ochre, "Inbox")
    ochre.get_by_role("button", name=re.compile(f"{flight} answer awaited liaison")).click()
    cannot = ochre.get_by_role("button", name="Cannot comply")
    expect(cannot).to_be_disabled()
    ochre.get_by_label(re.compile("^Reason")).fill("no radio to the unit before 06:00")
    cannot.click()
    sign(ochre)
    azure.get_by_role("link", name=flight, exact=True).click()
    row = azure.get_by_role("row", name=re.compile("^Party Ochre"))
    expect(row).to_contain_text("cannot comply · liaison · ✓ signed")
    expect(row).to_contain_text("no radio to the unit before 06:00")


def test_a_stop_is_read_back_from_the_ear_and_a_wrong_word_keeps_it_ringing(desks: Desks) -> None:
    relief, azure = desks.sit(RELIEF), desks.sit(AZURE, "acting-unit")
    relief.keyboard.press("F8")
    relief.get_by_label("Place", exact=True).fill("2.5000 N 31.0000 E")
    relief.get_by_label("Radius in metres").fill("3000")
    relief.get_by_label("Reason").fill("children on the road")
    expect(relief.locator(".echo")).to_contain_text("2°30'")
    relief.get_by_role("button", name="STOP").click()
    receipt = relief.locator(".receipt")
    expect(receipt).to_contain_text("Recorded as log number")
    stop = number_in(receipt)

    go(azure, "Watch")
    expect(
        azure.get_by_role("button", name=re.compile(f"{stop} stop, not read back .*yours")).first
    ).to_be_visible()
    azure.goto(f"{desks.exercise.url}/#/stop/{stop}")
    expect(azure.get_by_role("main")).not_to_contain_text("2.5")

    read_back(azure, "25.0000 N 31.0000 E", "3000")
    expect(azure.locator(".receipt")).to_contain_text("read back wrong")
    expect(azure.locator(".receipt")).to_contain_text("km off")
    row = relief.get_by_role("row", name=re.compile("^Party Azure"))
    expect(row).to_contain_text("read back wrong · acting-unit · ✓ signed")
    expect(row).to_contain_text("awaited · acting-unit")

    read_back(azure, "2.5000 N 31.0000 E", "3000")
    expect(azure.locator(".receipt")).to_contain_text("read back right")
    expect(row).to_contain_text("read back right · acting-unit · ✓ signed")
    expect(row).not_to_contain_text("awaited · acting-unit")


def read_back(page: Page, place: str, radius: str) -> None:
    page.get_by_label("Place, as heard").fill(place)
    page.get_by_label("Radius in metres, as heard").fill(radius)
    page.get_by_role("button", name="Read back").click()
    page.get_by_role("button", name="Sign and send").click()


def test_what_is_heard_cannot_be_pasted(desks: Desks) -> None:
    page = desks.sit(AZURE)
    page.goto(f"{desks.exercise.url}/#/stop/N1")
    field = page.get_by_label("Place, as heard")
    field.evaluate(
        """(field) => field.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true}))"""
    )
    expect(page.get_by_role("alert")).to_contain_text("Type what you heard")


def test_an_ambiguous_place_is_refused_with_both_readings(desks: Desks) -> None:
    page = desks.sit(RELIEF)
    page.goto(f"{desks.exercise.url}/#/stop")
    page.get_by_label("Place", exact=True).fill("33.5138 36.2765")
    page.get_by_label("Reason").focus()
    expect(page.get_by_role("alert")).to_contain_text("33.5138")
    expect(page.get_by_role("button", name="STOP")).to_be_disabled()
    combo(page, "Order of the numbers").select_option("longitude first")
    expect(page.locator(".echo")).to_contain_text("36.2765")
    expect(page.get_by_role("button", name="STOP")).to_be_enabled()


def test_a_flight_of_two_legs_asks_for_agreement_and_is_spared_all_the_same(desks: Desks) -> None:
    relief, azure = desks.sit(RELIEF), desks.sit(AZURE, "liaison")
    go(relief, "Notify")
    combo(relief, "What").select_option("Movement")
    combo(relief, "Kind").select_option("Medical or relief flight")
    relief.get_by_label("Name", exact=True).fill("Patients to the coast")
    relief.get_by_role("button", name="Add a leg").click()
    for number, (places, hours) in enumerate(
        (("3.0 N 32.0 E\n3.2 N 32.3 E", 50), ("3.2 N 32.3 E\n3.5 N 32.4 E", 52))
    ):
        leg = relief.get_by_role("group", name=f"Leg {number + 1}")
        leg.get_by_label(re.compile("Places, one a line")).fill(places)
        leg.get_by_label("Half width in metres").fill("1000")
        leg.get_by_label("From (UTC)").fill(at(hours))
        leg.get_by_label("To (UTC)").fill(at(hours + 1))
        expect(leg.locator(".echo")).to_have_count(2)
    combo(relief, "Everyone").select_option("all of it")
    relief.get_by_role("button", name="Give notice").click()
    expect(relief.get_by_role("table", name="Who would see what")).to_contain_text("Party Azure")
    movement = number_in(sign(relief))

    go(azure, "Inbox")
    azure.get_by_role("button", name=re.compile(f"{movement} agreement not obtained")).click()
    deny = azure.get_by_role("button", name="Deny agreement")
    expect(deny).to_be_disabled()
    azure.get_by_label("Reason (needed to deny)").fill("the strip is closed")
    deny.click()
    sign(azure)
    relief.goto(f"{desks.exercise.url}/#/item/{movement}")
    row = relief.get_by_role("row", name=re.compile("^Party Azure"))
    expect(row).to_contain_text("agreement denied · liaison")
    expect(row).to_contain_text("the strip is closed")
    expect(relief.get_by_role("article")).to_contain_text("It is spared all the same.")


def test_amending_says_again_what_the_form_does_not_ask_about(desks: Desks) -> None:
    relief = desks.sit(RELIEF)
    site = msgspec.structs.replace(hospital("Mill clinic", 33.0, 4.0), also=("La clinique du moulin",))
    client = desks.exercise.client(RELIEF)
    notice = str(client.notify(site, EVERYONE, {"plates": "AB 123"}, (AZURE,)).notice)
    relief.goto(f"{desks.exercise.url}/#/notify/{notice}")
    expect(relief.get_by_label("Name", exact=True)).to_have_value("Mill clinic")
    relief.get_by_label("Name", exact=True).fill("Mill clinic, north wing")
    relief.get_by_role("button", name="Amend", exact=True).click()
    sign(relief)
    item = client.notice(notice)
    assert item.content == msgspec.structs.replace(site, name="Mill clinic, north wing")
    assert item.version == 2
    details = client.details(notice)
    assert json.loads(details.body or "") == {"about": {"plates": "AB 123"}, "to": [AZURE]}
