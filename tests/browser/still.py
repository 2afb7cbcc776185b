# SPDX-License-Identifier: Apache-2.0
"""An exercise whose clock stands, and what is to be seen in it: the same in every run but for keys and hashes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from standclear import wiring
from standclear.core.commands import Filled, Say
from standclear.geometry.volume import Datum
from tests.browser.kit import AZURE, OCHRE, RELIEF, Desks, Exercise, start
from tests.browser.shapes import HOUR_US, flight, hospital
from tests.maps.small_maps import mbtiles, png, shapes

NOW: Final = datetime(2027, 1, 17, 8, 30, tzinfo=UTC)
NOW_US: Final = int(NOW.timestamp()) * 1_000_000
EVERYONE: Final = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")
BLOCKED: Final = "N5"
SCREENS: Final = {
    "watch": "watch",
    "notify": "notify",
    "item": f"item/{BLOCKED}",
    "inbox": "inbox",
    "stop": "stop",
    "replay": "replay",
    "log": "log",
    "terms": "terms",
    "hotline": "hotline",
    "import": "import",
    "layers": "layers",
}
VARIES: Final = re.compile(r"[0-9a-f]{12,}|[0-9a-zA-Z+/]{40,}=*")
"""Keys and hashes, which are drawn anew in every run."""
HIDE: Final = """() => {
  const varies = /[0-9a-f]{12,}|[0-9a-zA-Z+\\/]{40,}=*/g;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let one = walk.nextNode(); one; one = walk.nextNode()) {
    const said = one.nodeValue.replace(varies, (found) => '0'.repeat(found.length));
    if (said !== one.nodeValue) one.nodeValue = said;
  }
}"""
LISTED: Final = ("watch", "replay", "terms", "inbox")
"""Screens with a table, which is read last."""
READY: Final = "() => document.fonts.status === 'loaded' && !document.querySelector('main > .wait')"
MOST_SHOTS: Final = 40


@contextmanager
def still(directory: Path) -> Iterator[Exercise]:
    """A served exercise with a hospital, three flights and a message; every reading of its clock is a µs later."""
    readings = itertools.count(NOW_US)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "utc_now_us", lambda: next(readings))
        (directory / "maps").mkdir(parents=True)
        mbtiles(directory / "maps" / "relief.mbtiles", {(0, 0, 0): png(180)}, name="Relief of the valley")
        shapes(directory / "maps" / "district.geojson")
        exercise = start(directory / "centre", layers=str(directory / "maps"))
        try:
            _fill(exercise)
            yield exercise
        finally:
            exercise.stop()


def _fill(exercise: Exercise) -> None:
    relief, azure, ochre = (exercise.client(actor) for actor in (RELIEF, AZURE, OCHRE))
    relief.notify(hospital("St Anne", 30.2, 1.5), EVERYONE)
    relief.notify(hospital("Ford clinic", 30.45, 1.62), EVERYONE)
    start_us = NOW_US + 30 * HOUR_US
    blocked = azure.notify(flight("Low", 30.2, 1.5, start_us, 1_000, Datum.AMSL), EVERYONE)
    assert blocked.notice == BLOCKED, blocked.notice
    azure.notify(flight("High", 30.7, 1.3, start_us, 5_000, Datum.AMSL), EVERYONE)
    asked = Say(
        **azure.who(),
        notice="",
        to=(RELIEF,),
        answers=0,
        urgent=False,
        phrase="",
        filled=Filled(),
        text="Is the ward at the ford in use?",
        language="en",
    )
    azure.act(asked)
    ochre.notify(flight("Survey", 30.0, 1.8, start_us, 4_000, Datum.AMSL), EVERYONE)


def seated(desks: Desks, size: tuple[int, int]) -> Page:
    """A page at a party's liaison, its clock at the same moment as the centre's."""
    page = desks.open()
    page.clock.set_fixed_time(NOW)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.reload()
    with page.expect_response(re.compile("countries-50m")) as atlas:
        page.get_by_role("button", name="Party Azure (placeholder), liaison", exact=True).click()
    atlas.value.finished()
    expect(page.locator(".link:not(.lost)")).to_be_visible(timeout=20_000)
    return page


def go(page: Page, screen: str) -> None:
    """Open a screen and wait until it is whole."""
    page.evaluate("(to) => { location.hash = to; }", f"#/{SCREENS[screen]}")
    expect(page.locator("main > :not(h1, .wait)").first).to_be_visible()
    if screen in LISTED:
        expect(page.locator("tbody tr").first).to_be_visible()
    page.wait_for_function(READY)


def shot(page: Page) -> bytes:
    """The screen once it stands still: two pictures alike, one after the other."""
    before = b""
    for _ in range(MOST_SHOTS):
        page.evaluate(HIDE)
        now = page.screenshot(animations="disabled", caret="hide")
        if now == before:
            return now
        before = now
    raise AssertionError("the screen does not come to rest")
