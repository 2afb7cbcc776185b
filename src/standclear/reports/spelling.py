# SPDX-License-Identifier: Apache-2.0
"""How texts and times are written in a report, so that nothing in them hides or turns what stands beside."""

from __future__ import annotations

import unicodedata
from typing import Final

from standclear.units import us_to_iso

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
"""Unicode's first-strong isolate: a name in another script does not turn the sentence round it."""
HIDDEN: Final = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
"""Categories of characters that show nothing, or turn what stands beside them."""
JOINERS: Final = ("\u200c", "\u200d")
"""Part of ordinary spelling in some scripts."""


def visible(text: str) -> str:
    """Text whose every character can be seen: what controls the display is written out, and the rest kept."""
    return "".join(
        f"‹U+{ord(letter):04X}›"
        if unicodedata.category(letter) in HIDDEN and letter not in JOINERS
        else letter
        for letter in text
    )


def quoted(text: str) -> str:
    """Somebody's words, set apart: “Hospital on the hill”."""
    return f"“{ISOLATE}{visible(text)}{END_ISOLATE}”"


def moment(us: int) -> str:
    """A time: 2027-01-15 08:00:00.000000 UTC; without a fraction where there is none."""
    text = us_to_iso(us).replace("T", " ").removesuffix("Z")
    return f"{text} UTC"
