# SPDX-License-Identifier: Apache-2.0
"""Keyboard alone, without colour, light and dark, and what axe finds on every screen."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from standclear.geometry.volume import Datum
from tests.browser.kit import AZURE, NAMES, RELIEF, Desks, Exercise, hours_ahead
from tests.browser.shapes import flight, hospital

AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")
SCREENS = (
    "watch",
    "inbox",
    "notify",
    "stop",
    "replay",
    "log",
    "layers",
    "desk",
    "incidents",
    "incidents/new",
    "daily",
)
NAMED = "(element) => element.getAttribute('aria-label') || element.labels?.[0]?.innerText || element.innerText || ''"


@pytest.fixture
def blocked(exercise: Exercise) -> str:
    """A flight that a hospital stands against."""
    exercise.client(RELIEF).notify(hospital("St Anne", 30.2, 1.5), EVERYONE)
    low = flight("Low", 30.2, 1.5, hours_ahead(30), 1_000, Datum.AMSL)
    return str(exercise.client(AZURE).notify(low, EVERYONE).notice)


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci in ui/")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_any_screen(desks: Desks, exercise: Exercise, blocked: str, dark: bool) -> None:
    page = desks.open(dark=dark)
    expect(page.get_by_role("heading", name="Standclear")).to_be_visible()
    assert violations(page) == []
    page = desks.sit(AZURE, "liaison", dark=dark)
    for screen in (*SCREENS, f"item/{blocked}", "stop/N1"):
        page.goto(f"{exercise.url}/#/{screen}")
        expect(page.locator("main > :not(h1, .wait)").first).to_be_visible()
        assert violations(page) == [], screen


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:160]} {json.dumps(node['any'][:1])[:300]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


def test_everything_that_is_pressed_has_a_name_in_words(
    desks: Desks, exercise: Exercise, blocked: str
) -> None:
    page = desks.sit(AZURE, "liaison")
    for screen in (*SCREENS, f"item/{blocked}"):
        page.goto(f"{exercise.url}/#/{screen}")
        expect(page.locator("main > *").first).to_be_visible()
        names = page.locator("button:visible, a:visible, select:visible, input:visible").evaluate_all(
            f"(all) => all.map({NAMED})"
        )
        assert [name for name in names if not re.search(r"\w{2}|^[+−–]$", name)] == [], screen


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what bears this name has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"({NAMED})(document.activeElement)").strip().startswith(name):
            return
    raise AssertionError(f"Tab does not come to {name!r}")


def test_a_notice_is_given_by_keyboard_alone(desks: Desks) -> None:
    page = desks.open()
    page.wait_for_selector("h2")
    tab_to(page, f"{NAMES[RELIEF]}, watch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation")).to_be_visible()
    tab_to(page, "Notify")
    page.keyboard.press("Enter")
    for name, typed in (
        ("Kind", "Hos"),
        ("Name", "Ford clinic"),
        ("Places, one a line", "1°10'00\"N 30°50'00\"E"),
        ("Radius in metres", "80"),
        ("To height", "30"),
        ("Everyone", "all"),
    ):
        if name == "Radius in metres":
            page.keyboard.press("Shift+Tab")
            page.keyboard.type(typed)
            expect(page.locator(".echo")).to_be_visible()
            continue
        tab_to(page, name)
        page.keyboard.type(typed)
    tab_to(page, "Give notice")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign and send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".receipt")).to_contain_text("Recorded as log number")


def test_the_watch_is_taken_by_keyboard_alone(desks: Desks) -> None:
    page = desks.sit(RELIEF)
    tab_to(page, "Administration")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take the watch")).to_be_visible()
    tab_to(page, "Take the watch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign and send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".receipt")).to_contain_text("Recorded as log number")
    tab_to(page, "Note for whoever takes over")


def test_a_verdict_is_told_by_word_sign_and_frame_without_its_colour(
    desks: Desks, exercise: Exercise, blocked: str
) -> None:
    later = flight("High", 10.0, 1.5, hours_ahead(30), 5_000, Datum.AMSL)
    clear = exercise.client(AZURE).notify(later, EVERYONE)
    page = desks.sit(AZURE)
    looks = {}
    for notice in (blocked, str(clear.notice)):
        verdict = page.get_by_role("row", name=re.compile(notice)).locator(".verdict")
        style = "(one) => [getComputedStyle(one).borderStyle, getComputedStyle(one).borderWidth].join()"
        looks[verdict.inner_text()] = verdict.evaluate(style)
    assert set(looks) == {"■ conflict", "○ no conflict found"}
    assert len(set(looks.values())) == 2


def test_the_middle_of_the_map_is_taken_and_read_as_strictly_as_what_is_typed(desks: Desks) -> None:
    page = desks.sit(RELIEF)
    page.get_by_role("navigation").get_by_role("link", name="Notify").click()
    page.get_by_role("button", name="Take the middle of the map").click()
    expect(page.locator(".echo")).to_be_visible()
    typed = page.get_by_label(re.compile("Places, one a line")).input_value()
    assert re.fullmatch(r"\d+\.\d{7} [NS] \d+\.\d{7} [EW]", typed)


def test_a_press_on_the_map_adds_a_place(desks: Desks) -> None:
    page = desks.sit(RELIEF)
    page.get_by_role("navigation").get_by_role("link", name="Notify").click()
    page.get_by_role("combobox", name="Shape").select_option("area")
    chart = page.locator(".chart")
    for x, y in ((200, 200), (300, 200), (250, 300)):
        chart.click(position={"x": x, "y": y})
        expect(page.locator(".echo").nth({200: 0, 300: 1, 250: 2}[x])).to_be_visible()
    assert len(page.get_by_label(re.compile("Places, one a line")).input_value().splitlines()) == 3


def test_a_pasted_shape_is_read_by_the_centre_and_said_back(desks: Desks) -> None:
    page = desks.sit(RELIEF)
    page.get_by_role("navigation").get_by_role("link", name="Notify").click()
    page.get_by_role("combobox", name="Kind", exact=True).select_option(
        "Camp or gathering of displaced people"
    )
    page.get_by_text("Paste GeoJSON").click()
    box = [[30.1, 1.5], [30.102, 1.5], [30.102, 1.502], [30.1, 1.502], [30.1, 1.5]]
    field = page.get_by_role("textbox", name="Paste GeoJSON")
    field.fill(json.dumps({"type": "Polygon", "coordinates": [box]}))
    page.get_by_role("button", name="Take its shapes").click()
    expect(page.get_by_text("Taken as it is:")).to_contain_text("1.50000°N 30.10000°E")
    field.fill(
        json.dumps({"type": "Polygon", "coordinates": [[[30.1, 91.5], [30.2, 1], [30, 2], [30.1, 91.5]]]})
    )
    page.get_by_role("button", name="Take its shapes").click()
    expect(page.get_by_role("alert").first).to_contain_text("91.5")


def test_a_lost_reply_leaves_the_command_waiting_and_it_is_recorded_once(
    desks: Desks, exercise: Exercise
) -> None:
    page = desks.sit(RELIEF, worker=False)
    page.goto(f"{exercise.url}/#/stop")
    held: list[Any] = []
    lost: list[str] = []

    def lose(route: Any) -> None:
        if lost:
            held.append(route)  # sent again: not before this test has seen what is said meanwhile
            return
        lost.append(route.request.post_data)
        route.fetch()
        route.abort()

    page.route("**/v1/commands", lose)
    page.get_by_label("Place", exact=True).fill("12.5000 N 31.0000 E")
    page.get_by_label("Reason").fill("fire")
    page.get_by_role("button", name="STOP").click()
    expect(page.get_by_text("Not sent: it has no log number yet.")).to_be_visible()
    expect(page.get_by_text("1 command has no log number yet")).to_be_visible()
    page.unroute("**/v1/commands", lose)
    for route in held:
        route.continue_()
    expect(page.locator(".receipt")).to_contain_text("Recorded as log number", timeout=20_000)
    stops = [one for one in exercise.client(RELIEF).notices(kind="stop") if one.content.name == "fire"]
    assert len(stops) == 1
    assert len(lost) == 1
    desks.faults.clear()  # the line that this test cut


def test_local_time_stands_beside_utc(desks: Desks) -> None:
    page = desks.sit(AZURE)
    shown = page.locator("header time").all_inner_texts()
    now = datetime.now(UTC)
    assert shown[0][:5] in {f"{now - timedelta(minutes=m):%H:%M}" for m in (0, 1)}
    assert shown[0].endswith("Z")
    assert "GMT+3" in shown[1]
