# SPDX-License-Identifier: Apache-2.0
"""Maps under the notices: one's own from this server; another's only where it was named and switched on."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit import AZURE, RELIEF, Desks, Exercise, start
from tests.browser.shapes import hospital
from tests.maps.small_maps import folder_of_maps, mbtiles, png

EVERYONE = dict.fromkeys(("desk", "party-azure", "party-ochre", "arbiter"), "volume")
WORLD = {
    (z, x, y): png(40 * (x + y) % 200 + 20) for z in range(3) for x in range(1 << z) for y in range(1 << z)
}


class OtherServer(ThreadingHTTPServer):
    """Somebody else's tiles: it learns who asks for what."""

    asked: list[str]
    told: list[str]

    def __init__(self) -> None:
        """Listen on loopback."""
        self.asked, self.told = [], []
        super().__init__(("127.0.0.1", 0), _Answering)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Answering(BaseHTTPRequestHandler):
    server: OtherServer

    def do_GET(self) -> None:
        """A grey tile."""
        self.server.asked.append(self.path)
        self.server.told += [name for name in ("Referer", "Origin", "Cookie") if name in self.headers]
        with suppress(ConnectionError):  # the page went on before it was answered
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(png(120))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def other() -> Iterator[OtherServer]:
    server = OtherServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory, other: OtherServer) -> Iterator[Exercise]:
    folder = folder_of_maps(Path(tmp_path_factory.mktemp("maps")))
    mbtiles(folder / "world.mbtiles", WORLD, name="World")
    (folder / "torn.pmtiles").write_bytes(b"PMTiles")
    address = f"http://127.0.0.1:{other.server_address[1]}/{{z}}/{{x}}/{{y}}.png"
    directory = Path(tmp_path_factory.mktemp("centre")) / "exercise"
    running = start(directory, layers=str(folder), xyz=address, xyz_credit="Tile makers")
    running.client(RELIEF).notify(hospital("Mill hospital", 30.2, 1.5), EVERYONE)
    yield running
    running.stop()


@pytest.fixture
def desks(exercise: Exercise, browser: Browser, other: OtherServer) -> Iterator[Desks]:
    pages = Desks(exercise, browser)
    yield pages
    pages.close()
    elsewhere = f"http://127.0.0.1:{other.server_address[1]}/"
    assert [url for url in pages.outside if not url.startswith(elsewhere)] == []
    assert pages.faults == []


def at_the_maps(desks: Desks, language: str = "en") -> Page:
    page = desks.sit(AZURE, language=language)
    page.goto(page.url.partition("#")[0] + "#/layers")
    return page


def test_a_map_of_ones_own_is_drawn_dimmed_credited_and_remembered(desks: Desks) -> None:
    page = at_the_maps(desks)
    expect(page.get_by_text("torn.pmtiles: cannot be drawn: it is torn")).to_be_visible()
    with page.expect_response("**/v1/layers/relief/tiles/**"):
        page.get_by_label("Relief map").check()
    expect(page.locator(".borders")).to_contain_text("© Mapmakers & friends")
    page.get_by_label("Strength of Relief map").fill("40")
    with page.expect_response("**/v1/layers/district/shapes"):
        page.get_by_label("district").check()
    page.get_by_role("link", name="Watch", exact=True).click()
    expect(page.locator(".borders")).to_contain_text("Mapmakers & friends")
    with page.expect_response("**/v1/layers/relief/tiles/**"):
        page.reload()
    page.goto(page.url.partition("#")[0] + "#/layers")
    expect(page.get_by_label("Strength of Relief map")).to_have_value("40")
    page.get_by_label("Relief map", exact=True).uncheck()
    expect(page.locator(".borders")).not_to_contain_text("Mapmakers")


def test_no_other_server_is_asked_until_somebody_switches_it_on_and_was_told(
    desks: Desks, other: OtherServer
) -> None:
    page = at_the_maps(desks)
    expect(page.get_by_text("Another server: it learns that you look, and where.")).to_be_visible()
    expect(page.get_by_label("Roads", exact=True)).to_be_visible()
    assert other.asked == []
    with page.expect_response(lambda answer: answer.url.endswith(".png")):
        page.get_by_label("Tiles of 127.0.0.1").check()
    expect(page.locator(".borders")).to_contain_text("it learns that you look, and where")
    assert other.asked
    assert other.told == [], "it learns no more than where somebody looks"


def test_the_land_of_the_page_can_be_left_out_and_the_screen_reads_in_arabic(desks: Desks) -> None:
    page = at_the_maps(desks, "ar")
    expect(page.get_by_role("heading", name="خرائط تحت الإخطارات")).to_be_visible()
    page.get_by_label("اليابسة وحدود العالم كما تأتي مع هذه الصفحة").uncheck()
    page.reload()
    expect(page.get_by_label("اليابسة وحدود العالم كما تأتي مع هذه الصفحة")).not_to_be_checked()
