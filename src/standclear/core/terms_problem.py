# SPDX-License-Identifier: Apache-2.0
"""What is wrong with terms of reference: a sentence, its place, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, NamedTuple

MAX_PROBLEMS: Final = 100
"""Looking stops after so many: nobody reads more, and names are compared for each."""
Place = tuple[str | int, ...]
"""Section and position in the terms from 0, then the key: `("rule", 2, "between")`; empty for the whole."""


class Problem(NamedTuple):
    """What is wrong, as a sentence that stands alone; where in the terms; and what would be right."""

    place: Place
    sentence: str
    expected: str


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean ...?)` where one of the known words is close; otherwise nothing."""
    close = get_close_matches(word[:64], list(known), n=1)
    return f" (did you mean `{close[0]}`?)" if close else ""
