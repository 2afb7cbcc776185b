# SPDX-License-Identifier: Apache-2.0
"""The words of the hotline's coded phrases, one pack a language (`LANGUAGE.json`); whoever reads picks the pack.

A new language is a file beside the others with the same phrases and the same blanks; a test compares them.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

from standclear.core.commands.talk import Filled
from standclear.units import E7, us_to_iso

LANGUAGES: Final = ("ar", "de", "en", "fr", "ru", "uk")
RIGHT_TO_LEFT: Final = ("ar",)
ISOLATED: Final = "\u2068{}\u2069"
"""Keeps numbers and places in their own order within a line that runs from right to left (Unicode UAX 9)."""


@cache
def pack(language: str) -> dict[str, str]:
    """The phrases of a language by id, with `{place}`, `{at}`, `{count}` and `{line}` where blanks are."""
    text = files(__package__).joinpath(f"{language}.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def worded(phrase: str, filled: Filled, language: str) -> str:
    """A phrase in a language, its blanks filled; the id itself where a newer centre knows one that we do not."""
    words = pack(language).get(phrase)
    if words is None:
        return phrase
    values = {
        "place": place_text(filled.place) if filled.place else "",
        "at": us_to_iso(filled.at_us) if filled.at_us is not None else "",
        "count": str(filled.count or ""),
        "line": filled.line,
    }
    if language in RIGHT_TO_LEFT:
        values = {name: ISOLATED.format(value) for name, value in values.items()}
    return words.format(**values)


def place_text(place: tuple[int, int]) -> str:
    """A place in decimal degrees, as exactly as it was given."""
    return f"{_degrees(place[1], 'NS')}, {_degrees(place[0], 'EW')}"


def _degrees(value_e7: int, letters: str) -> str:
    whole, rest = divmod(abs(value_e7), E7)
    return f"{whole}.{rest:07d}".rstrip("0").rstrip(".") + f"° {letters[value_e7 < 0]}"
