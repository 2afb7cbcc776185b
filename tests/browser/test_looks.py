# SPDX-License-Identifier: Apache-2.0
"""How the main screens look, and what they say to those who do not see them, beside what is kept in `looks/`.

STANDCLEAR_LOOKS=renew keeps what is there now; look at it before you commit it.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit import Desks
from tests.browser.png import Picture, read_png, write_png
from tests.browser.still import SCREENS, VARIES, go, seated, shot, still

LOOKS: Final = Path(__file__).parent / "looks"
RENEW: Final = os.environ.get("STANDCLEAR_LOOKS") == "renew"
SHOTS: Final = os.environ.get("STANDCLEAR_SHOTS")
"""A folder for pictures of both sizes, to be looked at."""
HOW: Final = (
    "If it is meant to be so: STANDCLEAR_LOOKS=renew .venv/bin/pytest -n 0 tests/browser/test_looks.py, "
    "look at what changed in tests/browser/looks/, and commit it."
)
SIZE: Final = (1024, 640)
VARIANTS: Final = {"light": ("light", "en"), "dark": ("dark", "en"), "arabic": ("light", "ar")}
BLOCK: Final = 16
"""Pixels of a side; within a block only the mean colour counts, so that other edges of letters do not."""
APART: Final = 20.0
"""Of 255, by which a block's mean is another colour."""
MOST_APART: Final = 0.01
"""Of all blocks."""


WIDE: Final = "() => document.documentElement.scrollWidth - innerWidth"
SMALL: Final = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let one = walk.nextNode(); one; one = walk.nextNode()) {
    const [around, said] = [one.parentElement, one.nodeValue.trim()];
    const seen = said && around.checkVisibility() && !around.closest('.hidden');
    if (seen && parseFloat(getComputedStyle(around).fontSize) < 12) found.push(`smaller than 12 px: ${said}`);
  }
  return found;
}"""
NARROW: Final = """() => {
  const found = [];
  for (const one of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    // A link within a sentence is as high as its line (WCAG 2.2, 2.5.8); a label is pressed as what it names is.
    const inline = one.tagName === 'A' && getComputedStyle(one).display === 'inline';
    if (inline || !one.checkVisibility() || one.closest('.hidden') || one.matches('.skip')) continue;
    const { width, height } = (one.closest('label') ?? one).getBoundingClientRect();
    const said = `${Math.round(width)} x ${Math.round(height)} px to press: ${one.outerHTML.slice(0, 120)}`;
    if (Math.min(width, height) < 23.5) found.push(said);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    with still(tmp_path_factory.mktemp("looks")) as exercise:
        desks = Desks(exercise, browser)
        yield seated(desks, SIZE)
        desks.close()
        assert desks.outside == []
        assert desks.faults == []


def blocks(picture: Picture) -> NDArray[np.float64]:
    """The mean colour of each block."""
    high, wide, _ = picture.shape
    cut = picture[: high // BLOCK * BLOCK, : wide // BLOCK * BLOCK].astype(float)
    parted = cut.reshape(high // BLOCK, BLOCK, wide // BLOCK, BLOCK, 3)
    return np.asarray(parted.mean(axis=(1, 3)), np.float64)


def apart(one: Picture, other: Picture) -> float:
    """Which part of the blocks is another colour."""
    if one.shape != other.shape:
        return 1.0
    return float((np.abs(blocks(one) - blocks(other)).max(axis=2) > APART).mean())


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_main_screens_look_as_they_are_kept(page: Page, variant: str, tmp_path: Path) -> None:
    theme, language = VARIANTS[variant]
    page.evaluate(
        "([theme, language]) => { localStorage['standclear/theme'] = theme;"
        " localStorage['standclear/language'] = language; }",
        [theme, language],
    )
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    page.reload()
    expect(page.locator(".link:not(.lost)")).to_be_visible(timeout=20_000)
    changed = []
    for screen in SCREENS:
        go(page, screen)
        now = read_png(shot(page))
        kept = LOOKS / f"{screen}-{variant}.png"
        if RENEW:
            write_png(kept, now)
        share = apart(now, read_png(kept.read_bytes())) if kept.exists() else 1.0
        if share > MOST_APART:
            write_png(tmp_path / kept.name, now)
            changed.append(f"{kept.name}: {share:.1%} of it is another colour; now {tmp_path / kept.name}")
    assert not changed, "\n".join([*changed, HOW])


def test_the_main_screens_say_to_a_screen_reader_what_is_kept(page: Page) -> None:
    page.evaluate("() => { localStorage['standclear/language'] = 'en'; }")
    page.reload()
    expect(page.locator(".link:not(.lost)")).to_be_visible(timeout=20_000)
    changed: list[str] = []
    for screen in SCREENS:
        go(page, screen)
        shot(page)
        now = VARIES.sub("0", page.locator("main").aria_snapshot()) + "\n"
        kept = LOOKS / f"{screen}.aria.yml"
        if RENEW:
            kept.write_text(now, encoding="utf-8")
        before = kept.read_text("utf-8") if kept.exists() else ""
        changed += difflib.unified_diff(before.splitlines(), now.splitlines(), kept.name, "now", lineterm="")
    assert not changed, "\n".join([*changed, HOW])


@pytest.mark.parametrize("size", [(390, 844), (3840, 2160)], ids=["telephone", "wall"])
def test_on_a_telephone_and_on_a_wall_nothing_is_cut_off_too_small_to_read_or_to_press(
    page: Page, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    wrong = []
    for screen in SCREENS:
        go(page, screen)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if (beyond := page.evaluate(WIDE)) > 0:
            wrong.append(f"{screen}: {beyond} px lie beside the screen")
        wrong += [f"{screen}: {one}" for one in (*page.evaluate(SMALL), *page.evaluate(NARROW))]
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{screen}-{size[0]}.png")
    assert not wrong, "\n".join(wrong)
