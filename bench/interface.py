# SPDX-License-Identifier: Apache-2.0
"""How soon the interface shows something of use, how smoothly its map moves, and what it brings over the line.

A real centre and Debian's Chromium without a GPU, on loopback. `size` is how many sites the page's post was shown.
"""

from __future__ import annotations

import itertools
import math
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from bench.report import Row, say
from standclear.web import interface
from tests.browser.kit import AZURE, FLAGS, RELIEF, Desks, Exercise, start
from tests.browser.shapes import hospital

DRAWN: Final = 3_000
MANY: Final = 100_000
AT_ONCE: Final = 1_000
ROUNDS: Final = 5
MOVING_S: Final = 5
EVERYONE: Final = dict.fromkeys(("desk", "party-azure", "party-ochre", "arbiter"), "volume")
IMPORTED: Final = re.compile(rb"""(?:from|import)\s*["']\./([\w.-]+\.js)""")
"""A script that a script needs before it runs; what is fetched later is imported by a call."""
SOMETHING: Final = ".list tbody tr td:nth-child(2), .list .bar span:nth-of-type(2)"
"""The first notice in words, or how many are counted on the map."""
COUNT_FRAMES: Final = """() => {
  window.frames_drawn = []; const next = (at) => { window.frames_drawn.push(at); requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""


def measure(sizes: tuple[int, ...] = (DRAWN, MANY)) -> Iterator[Row]:
    """Yield what the page costs and how it moves, by how many sites there are."""
    if not (shutil.which("chromium") and interface.PAGE in interface.files()):
        say("no Chromium, or the interface was not built: left out")
        return
    yield from scripts()
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            exercise = start(Path(folder) / "exercise")
            try:
                say(f"giving notice of {size:,} sites: some minutes for many")
                fill(exercise, size)
                yield from looked_at(exercise, size)
            finally:
                exercise.stop()


def scripts() -> Iterator[Row]:
    """What is sent over the line, packed: to begin with, and in all."""
    named = {name: file for name, file in interface.files().items() if name.endswith(".js")}
    sizes = {name: len(file.packed or file.plain) for name, file in named.items()}
    begun: set[str] = set()
    left = {name for name in sizes if name.encode() in interface.files()[interface.PAGE].plain}
    while left:
        name = left.pop()
        begun.add(name)
        left |= {found.decode() for found in IMPORTED.findall(named[name].plain)} - begun
    to_begin_kb = sum(sizes[name] for name in begun) / 1e3
    yield Row("interface", "scripts to begin with", to_begin_kb, "kB", note="in English, without the map")
    packs = [size for name, size in sizes.items() if name[:3] in ("ar-", "de-", "fr-", "ru-", "uk-")]
    in_all_kb = sum(sizes.values()) / 1e3
    one_kb = in_all_kb - (sum(packs) - max(packs)) / 1e3
    note = f"gzip; the budget is 300 kB; with all six languages {in_all_kb:.0f} kB"
    yield Row("interface", "scripts of every screen, in one language", one_kb, "kB", note=note)


def fill(exercise: Exercise, size: int) -> None:
    """Sites a few kilometres apart, in a square grid, shown to everyone."""
    client, side = exercise.client(RELIEF), math.isqrt(size - 1) + 1
    for first in range(0, size, AT_ONCE):
        some = range(first, min(first + AT_ONCE, size))
        client.submit_batch(
            [
                client.signed_notice(hospital(f"Site {i}", 25 + i % side / 20, i // side / 20 - 5), EVERYONE)
                for i in some
            ]
        )


def looked_at(exercise: Exercise, size: int) -> Iterator[Row]:
    """Open the page anew several times, then move its map."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = Desks(exercise, browser).sit(AZURE)
        page.locator(SOMETHING).first.wait_for(timeout=60_000)
        took = [reloaded(page) for _ in range(ROUNDS)]
        yield Row(
            "interface",
            "from asking for the page to the first notice in words",
            statistics.median(took),
            "ms",
            low=min(took),
            high=max(took),
            size=size,
            note="on loopback, session held",
        )
        frames, longest_ms = moved(page)
        yield Row(
            "interface",
            "the map while it is dragged",
            frames,
            "frames/s",
            size=size,
            note=f"longest {longest_ms:.0f} ms",
        )
        browser.close()


def reloaded(page: Page) -> float:
    """How long a reload takes until the first row stands, in ms."""
    before = time.perf_counter()
    page.reload(wait_until="commit")
    page.locator(SOMETHING).first.wait_for(timeout=60_000)
    return (time.perf_counter() - before) * 1_000


def moved(page: Page) -> tuple[float, float]:
    """Frames a second while the map is dragged about, and the longest time between two, in ms."""
    page.locator(".map canvas").first.wait_for()
    box = page.locator(".map").first.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.evaluate(COUNT_FRAMES)
    until, turn = time.perf_counter() + MOVING_S, 0
    while time.perf_counter() < until:
        turn += 1
        page.mouse.move(middle[0] + 120 * math.sin(turn / 9), middle[1] + 80 * math.cos(turn / 7))
    drawn: list[float] = page.evaluate("window.frames_drawn")
    page.mouse.up()
    gaps = [later - sooner for sooner, later in itertools.pairwise(drawn)]
    return 1_000 * len(gaps) / sum(gaps), max(gaps)
