# SPDX-License-Identifier: Apache-2.0
"""Which entries hold a part for whom, so that reading an inbox costs no walk over everyone else's."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator

from standclear.tlog.entry import Entry


class Inboxes:
    """The numbers of the entries in which each slot is filled. One thread adds, any may read."""

    def __init__(self) -> None:
        """Start with none."""
        self._filled: dict[int, array[int]] = {}

    def add(self, entry: Entry) -> None:
        """Note which slots a stored entry fills."""
        for part in entry.parts:
            self._filled.setdefault(part.slot, array("Q")).append(entry.seq)

    def entries(self, slot: int, start: int, size: int) -> Iterator[int]:
        """The numbers, in order, of entries from `start` on, up to a log size, that fill a slot."""
        filled = self._filled.get(slot, array("Q"))
        for place in range(bisect_left(filled, start), len(filled)):
            if filled[place] >= size:
                return
            yield filled[place]
