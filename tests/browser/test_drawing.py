# SPDX-License-Identifier: Apache-2.0
"""A form's map: a corner that is dragged is typed anew where it was dropped, and the others stay."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.kit import RELIEF, Desks, Exercise


def places(field: Locator) -> list[tuple[float, float]]:
    """Latitude and longitude of every place of the form, as typed."""
    lines = field.input_value().splitlines()
    return [(float(lat), float(lon)) for lat, lon in (re.findall(r"\d+\.\d+", line) for line in lines)]


def drag(page: Page, east_px: int, north_px: int) -> None:
    """Drag what lies in the middle of the map."""
    box = page.locator(".chart").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + east_px, y - north_px, steps=6)
    page.mouse.up()


def test_a_corner_is_dragged_and_said_back_where_it_was_dropped(desks: Desks, exercise: Exercise) -> None:
    page = desks.sit(RELIEF)
    page.goto(f"{exercise.url}/#/notify")
    page.get_by_role("combobox", name="Shape").select_option("line")
    page.locator(".chart canvas").first.wait_for()
    field = page.get_by_label(re.compile("Places, one a line"))
    field.fill("12.5000000 N 31.5000000 E")
    field.blur()
    expect(page.locator(".echo")).to_have_count(1)
    # The map has shown it in its middle; the second lies elsewhere.
    field.fill("12.5000000 N 31.5000000 E\n12.9000000 N 31.9000000 E")
    field.blur()
    expect(page.locator(".echo")).to_have_count(2)
    drag(page, 60, 40)
    expect(field).not_to_have_value(re.compile("12.5000000 N"))
    dropped, kept = places(field)
    assert kept == (12.9, 31.9)
    assert dropped[0] > 12.5, "north of where it was"
    assert dropped[1] > 31.5, "east of where it was"
    expect(page.locator(".echo").first).to_contain_text(f"{dropped[0]:.2f}"[:4])
