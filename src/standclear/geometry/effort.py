# SPDX-License-Identifier: Apache-2.0
"""How much work a question may take: one counter for a whole answer, however many small ones it is made of.

Counted in pairs of pieces looked at, never in time, so that every machine gives up at the same place.
"""

from __future__ import annotations

from typing import Final

MAX_EFFORT: Final = 3_000_000
"""Half a second to one on a core of 2020. Beyond it nothing more is provable."""


class Effort:
    """What is left; below zero it was not enough."""

    def __init__(self, left: int = MAX_EFFORT) -> None:
        self.left = left

    def spend(self, work: int) -> bool:
        """Take from what is left; false when it is used up."""
        self.left -= work
        return self.left >= 0
