# SPDX-License-Identifier: Apache-2.0
"""What a dossier looks like: one file that runs nothing, whatever the names in it try, and a PDF that says the same."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from standclear.reports.html import html_of
from standclear.reports.map import map_of
from standclear.reports.page import Heading, Page, Para, Table
from standclear.reports.spelling import quoted, visible
from standclear.reports.typst import pdf_of, png_of
from tests import world
from tests.reports.kit import HERE, HILL, NORTH, asked, live, page, story
from tests.web.kit import Served, serve

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)">',
    '#panic("markup") $x^2$ *bold* @ref <label> `raw` //comment \\ #read("/etc/passwd")',
    "]]></text></svg><svg onload=alert(3)>&#x3c;",
    "مستشفى الأمل‮txt.exe",
    "N3 “ended” \u202eneddih\u2066 \u00ad",
    "W" * 200,
    "長い名前" * 50,
)


class Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    live(running)
    for place, name in enumerate(HOSTILE):
        site = msgspec.structs.replace(world.hospital(lon=30 + place / 1_000), name=name)
        running.client(HILL).notify(site, world.shown_to_all())
    yield running
    running.stop()


@pytest.fixture(scope="module")
def written(served: Served) -> Page:
    return page(asked(served, HILL))


def test_the_page_runs_nothing_and_fetches_nothing(written: Page) -> None:
    text = html_of(written)
    found = Tags(text)
    assert not {"script", "img", "iframe", "object", "embed", "link", "form", "base", "a"} & set(found.tags)
    assert not [
        name for name, _ in found.attributes if name.startswith("on") or name in ("href", "src", "xlink:href")
    ]
    assert '<meta http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;;' in text
    assert not re.search(r"url\((?!#sheet\))|@import|https?://(?!www\.w3\.org/2000/svg)", text)


def test_hostile_names_stand_there_as_they_were_given(written: Page) -> None:
    text = html_of(written)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "#panic(&quot;markup&quot;) $x^2$ *bold*" in text
    assert "W" * 200 in text
    assert text.count("<svg") == text.count("</svg>") == 2


def test_characters_that_turn_or_hide_text_are_written_out(written: Page) -> None:
    text = html_of(written)
    assert "مستشفى الأمل‹U+202E›txt.exe" in text
    assert not [
        letter for letter in text if letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u0007\u00ad"
    ]
    assert quoted("‮") == "“\u2068‹U+202E›\u2069”"
    assert visible("bell\u0007") == "bell‹U+0007›"
    assert visible("می‌روم") == "می‌روم"


def test_the_pdf_takes_every_text_as_text(written: Page) -> None:
    assert pdf_of(written).startswith(b"%PDF-")


def test_the_pdf_is_the_same_whenever_it_is_made(written: Page) -> None:
    assert pdf_of(written) == pdf_of(written)


def rows_of(png: bytes) -> list[bytearray]:
    """The rows of an 8-bit picture without interlace (PNG, ISO 15948), a byte a channel."""
    wide, _, _, colour = struct.unpack(">IIBB", png[16:26])
    channels = {2: 3, 6: 4}[colour]
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        data += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    raw, stride = zlib.decompress(data), wide * channels
    rows, above = [], bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        row = bytearray(raw[start + 1 : start + 1 + stride])
        for place in range(stride):
            left = row[place - channels] if place >= channels else 0
            corner = above[place - channels] if place >= channels else 0
            row[place] = (row[place] + _filter(raw[start], left, above[place], corner)) & 255
        rows.append(row)
        above = row
    return rows


def _filter(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        nearest = left + up - corner
        return min((left, up, corner), key=lambda one: abs(nearest - one))
    return (0, left, up, (left + up) // 2)[kind]


@pytest.mark.parametrize("word", ["W" * 400, "長" * 200, "0a" * 40, "مستشفى" * 40])
def test_a_long_word_stays_on_the_sheet(word: str) -> None:
    """In a paragraph and in a narrow cell: the right margin of the sheet stays white."""
    narrow = Table(("a", "b"), (("x", word[:200]),), (3, 1))
    (sheet,) = png_of(Page("t", "", [Heading(2, word), Para(word), narrow]), ppi=36)
    assert all(set(row[-4 * 12 :]) == {255} for row in rows_of(sheet))


def test_a_hash_is_set_without_anything_between_its_digits(written: Page) -> None:
    """Its 64 digits fill no more than the line they are given, so that they can be copied whole."""
    table = next(block for block in reversed(written.blocks) if isinstance(block, Table))
    (sheet,) = png_of(Page("t", "", [table]), ppi=36)
    assert all(set(row[-4 * 12 :]) == {255} for row in rows_of(sheet))


def test_an_exercise_is_marked_on_the_page(written: Page) -> None:
    text = html_of(written)
    assert written.mark == "EXERCISE"
    assert '<div class="mark">EXERCISE</div>' in text
    assert "EXERCISE. Everything in this dossier comes from an exercise." in text


def test_it_says_what_it_does_not_show(written: Page) -> None:
    text = html_of(written)
    assert "What this does not show" in text
    assert "That nothing else was there." in text
    assert "Hill Relief (hill-relief) holds its own views" in text


def test_the_map_has_place_radius_scale_and_north(served: Served) -> None:
    text = html_of(page(asked(served, HILL, near=HERE, radius_m="8000")))
    drawn = text[text.index("<svg") : text.index("</svg>")]
    assert 'stroke="#6a1b9a"' in drawn
    assert ">2,000 m<" in drawn
    assert ">N<" in drawn
    assert ">N3<" in drawn


def test_a_dossier_of_nothing_says_so(served: Served) -> None:
    text = html_of(page(asked(served, HILL, near="-60,-100", radius_m="0")))
    assert "0 notices and 0 planned activities are in this dossier." in text
    assert "No notice of a site, an area, a movement or a stop is in it." in text


def test_the_map_in_the_documents_is_the_one_drawn_today(tmp_path: Path) -> None:
    """Where this fails because the drawing was bettered, the new one is copied from the place it names."""
    running = serve()
    try:
        live(running)
        drawn = map_of(story(asked(running, NORTH)))
    finally:
        running.stop()
    (tmp_path / "dossier-map.svg").write_text(drawn + "\n", encoding="utf-8")
    kept = Path(__file__).parents[2] / "docs" / "dossier-map.svg"
    assert kept.read_text("utf-8") == drawn + "\n", tmp_path
