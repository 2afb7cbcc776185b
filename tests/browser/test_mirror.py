# SPDX-License-Identifier: Apache-2.0
"""The interface before a party's own mirror: it reads there, and nothing can be sent from there."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import expect

from standclear import wiring
from tests.browser.kit import AZURE, RELIEF, Desks, Exercise, hours_ahead
from tests.browser.shapes import hospital

EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "relief-one", "arbiter"), "full")


@pytest.fixture
def mirror(exercise: Exercise, tmp_path: Path) -> Iterator[tuple[wiring.Watching, str]]:
    with wiring.open_mirror(exercise.url, exercise.posts[AZURE], tmp_path / "mirror") as watching:
        watching.pull()
        running = wiring.serve_mirror(watching, 0)
        yield watching, running.url
        running.stop()


def test_a_mirror_shows_what_its_party_was_shown_and_sends_nothing(
    mirror: tuple[wiring.Watching, str], desks: Desks, exercise: Exercise
) -> None:
    watching, url = mirror
    recorded = exercise.client(RELIEF).notify(hospital("Mill hospital", 30.2, 1.5), EVERYONE)
    code, _ = exercise.client(AZURE).invite(AZURE, "Reader", hours_ahead(5))
    desks.at = url
    page = desks.open()
    page.get_by_label("Code, as it was handed over").fill(code)
    page.get_by_label("Actor, by its id in the terms").fill(AZURE)
    page.get_by_label("Post, as it was invited").fill("Reader")
    page.get_by_role("button", name="Make keys and enrol them").click()
    carried = page.get_by_label(re.compile("^Carry this to the centre")).input_value()
    with httpx2.Client(base_url=exercise.url, trust_env=False) as http:
        answer = http.post(
            "/v1/commands/batch", content=carried, headers={"Content-Type": "application/json"}
        )
    assert answer.json()["results"][0]["status"] == 201
    watching.pull()
    page.get_by_role("button", name="party-azure, Reader").click()
    expect(page.get_by_role("banner")).to_contain_text("Mirror: reading only")
    expect(page.get_by_role("row", name=re.compile("Mill hospital"))).to_be_visible()
    page.goto(f"{url}/#/item/{recorded.notice}")
    expect(page.get_by_role("button", name="Acknowledge")).to_be_disabled()
