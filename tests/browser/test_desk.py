# SPDX-License-Identifier: Apache-2.0
"""The administration in browsers: the watch taken and handed over by two, a roster, a drill and what it took."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.kit import AZURE, OCHRE, RELIEF, Desks
from tests.browser.test_two_parties import (
    at,
    combo,
    file_a_flight,
    give_notice_of_a_hospital,
    go,
    number_in,
    sign,
)


def let_in(desks: Desks, host: Page, actor: str, post: str) -> Page:
    """A colleague in another browser, let in by a post that sits already."""
    go(host, "Administration")
    if not host.get_by_label("Name of the post").is_visible():
        host.get_by_text("Let another post in").click()
    host.get_by_label("Name of the post").fill(post)
    host.get_by_role("button", name="Invite").click()
    sign(host)
    code = host.get_by_role("status").locator("code").inner_text()
    return enrol(desks, code, actor, post)


def enrol(desks: Desks, code: str, actor: str, post: str) -> Page:
    """A page that takes an invitation up."""
    page = desks.open()
    page.get_by_text("Take up an invitation").first.click()
    page.get_by_label("Code, as it was handed over").fill(code)
    page.get_by_label("Actor, by its id in the terms").fill(actor)
    page.get_by_label("Post, as it was invited").fill(post)
    page.get_by_role("button", name="Make keys and enrol them").click()
    expect(page.locator(".seat")).to_contain_text(post)
    return page


def test_a_watch_is_handed_over_with_what_is_open_and_signed_by_two(desks: Desks) -> None:
    relief, azure = desks.sit(RELIEF), desks.sit(AZURE)
    give_notice_of_a_hospital(relief, "Watch clinic", "4.0000 N 28.0000 E")
    flight = file_a_flight(azure, "Over the clinic", "4.0000 N 28.0000 E", 1_500, 30)
    night = let_in(desks, azure, AZURE, "watch, night")
    azure.get_by_role("button", name="Take the watch").click()
    sign(azure)
    expect(azure.locator("tr.mine", has_text="watch").first).to_be_visible()

    go(night, "Administration")
    expect(night.get_by_role("button", name="Take the watch without a handover")).to_be_visible()
    azure.get_by_label("Note for whoever takes over").fill("Call the clinic back at six.")
    azure.get_by_role("button", name="Hand the watch over").click()
    sign(azure)
    expect(azure.locator(".given")).to_contain_text("nobody has accepted it yet")

    handover = night.locator(".handover")
    expect(handover).to_contain_text("Call the clinic back at six.")
    expect(handover.get_by_role("listitem").filter(has_text=flight).first).to_be_visible()
    handover.get_by_role("button", name="I have read it: accept the watch").click()
    sign(night)
    row = night.get_by_role("row", name=re.compile("^Party Azure .*watch, night"))
    expect(row).to_contain_text("accepted from watch (entry")
    expect(azure.get_by_role("button", name="Take the watch without a handover")).to_be_visible()


def test_the_centres_own_watch_is_shown_to_every_party_and_a_partys_own_to_none(desks: Desks) -> None:
    desk, azure, ochre = desks.sit("desk"), desks.sit(AZURE), desks.sit(OCHRE)
    for page in (desk, azure):
        go(page, "Administration")
        page.get_by_role("button", name=re.compile("^Take the watch")).click()
        sign(page)
    go(ochre, "Administration")
    rows = ochre.locator("section", has_text="On watch now").locator("tbody tr")
    expect(rows.first).to_contain_text("Watch desk of the centre")
    expect(rows.filter(has_text="Party Azure")).to_have_count(0)


def test_a_roster_is_signed_whole_and_says_who_is_expected_now(desks: Desks) -> None:
    azure = desks.sit(AZURE)
    go(azure, "Administration")
    azure.get_by_role("button", name="Write a new roster").click()
    sign_it = azure.get_by_role("button", name="Sign the roster")
    expect(sign_it).to_be_disabled()
    first = azure.get_by_role("group", name="Shift 1")
    first.get_by_label("Post", exact=True).fill("watch, day")
    first.get_by_label("From (UTC)").fill(at(-1))
    first.get_by_label("To (UTC)").fill(at(7))
    azure.get_by_role("button", name="Add a shift").click()
    second = azure.get_by_role("group", name="Shift 2")
    expect(second.get_by_label("From (UTC)")).to_have_value(at(7))
    expect(second.get_by_label("To (UTC)")).to_have_value(at(15))
    second.get_by_label("Post", exact=True).fill("watch, night")
    sign_it.click()
    sign(azure)
    roster = azure.locator("section", has=azure.get_by_role("heading", name="Who is expected"))
    expect(roster.get_by_role("row", name=re.compile("^watch, day · now"))).to_contain_text(at(-1))
    expect(roster.get_by_role("row", name=re.compile("^watch, night"))).to_contain_text(at(15))


def test_a_drill_is_called_read_back_and_its_time_stands_for_the_echelon(desks: Desks) -> None:
    desk, azure = desks.sit("desk"), desks.sit(AZURE, "acting-unit")
    go(desk, "Administration")
    measured = desk.locator("table", has_text="What the last stop or drill took").get_by_role("row")
    expect(measured.filter(has_text="Party Azure")).to_contain_text("never measured")
    desk.get_by_text("Call a drill", exact=True).click()
    combo(desk, "Live or drill").select_option("unannounced: nobody was told beforehand")
    desk.get_by_label("Place", exact=True).fill("5.5000 N 31.0000 E")
    desk.get_by_label("Radius in metres").fill("1500")
    desk.locator("details", has_text="Call a drill").get_by_label("Reason").fill("weekly drill")
    desk.get_by_role("button", name="Call the drill").click()
    stop = number_in(sign(desk))
    expect(desk.locator(".running")).to_contain_text(stop)

    azure.goto(f"{desks.exercise.url}/#/stop/{stop}")
    azure.get_by_label("Place, as heard").fill("5.5000 N 31.0000 E")
    azure.get_by_label("Place, as heard").blur()
    azure.get_by_label("Radius in metres, as heard").fill("1500")
    azure.get_by_role("button", name="Read back").click()
    sign(azure)
    for page in (desk, azure):
        go(page, "Administration")
        times = page.locator("table", has_text="What the last stop or drill took").get_by_role("row")
        expect(times.filter(has_text="Party Azure").locator("b")).to_have_text(re.compile(r"\d+ s$"))
        expect(times.filter(has_text="Party Azure")).to_contain_text(stop)


def keys_of(page: Page) -> Locator:
    return page.locator("section", has=page.get_by_role("heading", name="Keys", exact=True))


def test_a_post_is_let_in_for_some_of_the_work_and_its_key_is_revoked(desks: Desks) -> None:
    relief = desks.sit(RELIEF)
    go(relief, "Administration")
    relief.get_by_text("Let another post in").click()
    relief.get_by_label("Name of the post").fill("driver")
    relief.get_by_label("Some of the work only").check()
    expect(relief.get_by_role("button", name="Invite")).to_be_disabled()
    relief.get_by_label("reports and challenges").check()
    relief.get_by_role("button", name="Invite").click()
    sign(relief)
    code = relief.get_by_role("status").locator("code").inner_text()
    driver = enrol(desks, code, RELIEF, "driver")
    keys = keys_of(relief)
    mine = keys.get_by_role("row", name=re.compile("^driver signs commands"))
    expect(mine).to_contain_text("stands")
    expect(mine).to_contain_text("reports and challenges")

    # Outside its work it is recorded and refused; inside, taken.
    go(driver, "Administration")
    driver.get_by_role("button", name=re.compile("^Take the watch")).click()
    driver.get_by_role("button", name="Sign and send").click()
    expect(driver.locator(".receipt")).to_contain_text("Recorded, and changed nothing")
    mine.get_by_role("button").click()
    keys.get_by_text(re.compile("^It signed 1 entry")).click()
    expect(keys.locator(".one ol")).to_contain_text("take_watch")
    revoke = keys.get_by_role("button", name="Revoke this key")
    expect(revoke).to_be_disabled()
    keys.locator(".one").get_by_label("Reason").fill("telephone lost at the ford")
    revoke.click()
    sign(relief)
    expect(mine.locator("b")).to_have_text("revoked")
    expect(mine).to_contain_text("telephone lost at the ford")


def test_new_keys_for_a_post_that_lost_its_own_are_signed_by_two_and_objected_to_by_itself(
    desks: Desks,
) -> None:
    ochre = desks.sit(OCHRE)
    day = let_in(desks, ochre, OCHRE, "day")
    night = let_in(desks, ochre, OCHRE, "night")
    keys = keys_of(ochre)
    keys.get_by_text("A post lost its keys").click()
    combo(ochre, "Which post").select_option("night")
    keys.get_by_label("Reason").last.fill("its telephone was taken")
    keys.get_by_role("button", name="Sign that it lost its keys").click()
    sign(ochre)
    expect(keys.get_by_role("status").locator("code")).to_be_visible()

    go(day, "Administration")
    expect(keys_of(day)).to_contain_text("a second post is to sign")
    keys_of(day).get_by_role("button", name="Sign as the second post").click()
    sign(day)
    expect(keys_of(day)).to_contain_text("a second post has signed")

    go(night, "Watch")
    night.get_by_role("button", name=re.compile("new keys for a post")).first.click()
    theirs = keys_of(night)
    expect(theirs.get_by_role("button", name="Sign as the second post")).to_have_count(0)
    theirs.locator(".replacing").get_by_label("Reason").fill("I have my keys")
    theirs.get_by_role("button", name="Object: it has not lost its keys").click()
    sign(night)
    expect(keys).to_contain_text("objected to: nobody takes them up")
