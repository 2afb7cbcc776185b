# SPDX-License-Identifier: Apache-2.0
"""A message as it is read out: a line a group, each sign by its name (ICAO Annex 10, Vol. II, 5.2.1.3)."""

from __future__ import annotations

import re
from typing import Final

LETTERS: Final = (
    "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo"
    " sierra tango uniform victor whiskey x-ray yankee zulu"
)
DIGITS: Final = "zero one two three four five six seven eight niner"
NAMES: Final = (
    dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTERS.split(), strict=True))
    | dict(zip("0123456789", DIGITS.split(), strict=True))
    | {".": "decimal", "-": "dash", "+": "plus", ":": "colon"}
)
SPELLED: Final = re.compile(r"[0-9]|^[A-Z]$|^[CLP](STRAIGHT|EITHER)?$")
"""Groups with a digit, and single letters, are spelled; words are said."""


def lines_of(message: str) -> tuple[str, ...]:
    """One line a group."""
    return tuple(_line(group) for group in message.split())


def _line(group: str) -> str:
    if not SPELLED.search(group):
        return group.lower()
    return " ".join(NAMES.get(sign, sign.lower()) for sign in group)
