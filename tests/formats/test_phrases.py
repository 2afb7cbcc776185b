# SPDX-License-Identifier: Apache-2.0
"""The hotline's phrases read the same in every language, and none asks for leave."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from standclear.core.commands.talk import Filled
from standclear.core.phrases import PHRASES, Blank
from standclear.formats.phrases import LANGUAGES, pack, worded

FILLED = Filled(place=(-301234567, 15000000), at_us=1_800_000_000_000_000, count=4_321, line="0800 17")
NAMES = {Blank.PLACE: "place", Blank.AT: "at", Blank.COUNT: "count", Blank.LINE: "line"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_there_with_just_its_blanks_in_order_of_ids(language: str) -> None:
    assert list(pack(language)) == sorted(PHRASES)
    for phrase, blanks in PHRASES.items():
        found = re.findall(r"{(\w+)}", pack(language)[phrase])
        assert sorted(found) == sorted(NAMES[blank] for blank in blanks), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_phrase_says_what_fills_it(language: str) -> None:
    for phrase, blanks in PHRASES.items():
        words = worded(phrase, FILLED, language)
        for blank, said in {
            Blank.PLACE: "1.5° N, 30.1234567° W",
            Blank.AT: "2027-01-15",
            Blank.COUNT: "4321",
            Blank.LINE: "0800 17",
        }.items():
            assert (said in words) is (blank in blanks), words


def test_no_language_has_a_word_for_not_ours_or_for_leave() -> None:
    forbidden = re.compile(
        r"not ours|nicht unser|pas les nôtres|не наш|safe|approved|may we|permission", re.IGNORECASE
    )
    for language in LANGUAGES:
        assert not forbidden.search(" ".join(pack(language).values()))


def test_a_phrase_of_a_newer_centre_is_shown_by_its_name() -> None:
    assert worded("a-newer-one", Filled(), "de") == "a-newer-one"


def test_the_page_lists_every_phrase_in_its_english_words() -> None:
    page = (Path(__file__).parents[2] / "docs" / "hotline.md").read_text("utf-8")
    for phrase in PHRASES:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{phrase}` |"))
        assert row.endswith(f"| {pack('en')[phrase]} |")
