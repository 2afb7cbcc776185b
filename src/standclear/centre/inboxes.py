# SPDX-License-Identifier: Apache-2.0
"""Which entries hold a part for whom, so that reading an inbox costs no walk over everyone else's."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from standclear.centre.port import Reads
from standclear.core.events import Event
from standclear.past import Views
from standclear.sealing import events_in
from standclear.tlog.entry import Entry

NEAR: Final = 64
"""Entries that are rather read over than sought."""


class Inboxes:
    """The numbers of the entries in which each slot is filled. One thread adds, any may read."""

    def __init__(self) -> None:
        """Start with none."""
        self._filled: dict[int, array[int]] = {}

    def add(self, entry: Entry) -> None:
        """Note which slots a stored entry fills."""
        for part in entry.parts:
            self._filled.setdefault(part.slot, array("Q")).append(entry.seq)

    def columns(self, size: int) -> tuple[bytes, ...]:
        """Copy the numbers below a log size, in the order of slots: slots first, then a column for each."""
        slots = sorted(slot for slot, filled in self._filled.items() if filled[0] < size)
        columns = [self._filled[slot][: bisect_left(self._filled[slot], size)] for slot in slots]
        return (array("Q", slots).tobytes(), *(column.tobytes() for column in columns))

    @classmethod
    def restored(cls, columns: Sequence[bytes | memoryview]) -> Inboxes:
        """Return the inboxes of such columns."""
        inboxes, numbers = cls(), [array("Q") for _ in columns]
        for one, column in zip(numbers, columns, strict=True):
            one.frombytes(column)
        inboxes._filled = dict(zip(numbers[0], numbers[1:], strict=True))
        return inboxes

    def count(self, slot: int) -> int:
        """How many entries fill a slot."""
        return len(self._filled.get(slot, ()))

    def entries(self, slot: int, start: int, size: int) -> Iterator[int]:
        """The numbers, in order, of entries from `start` on, up to a log size, that fill a slot."""
        filled = self._filled.get(slot, array("Q"))
        for place in range(bisect_left(filled, start), len(filled)):
            if filled[place] >= size:
                return
            yield filled[place]


def stored_views(store: Reads, inboxes: Inboxes) -> Views:
    """What stands in a slot of a store, entry by entry, for `Past`."""

    def views(slot: int, start: int, size: int) -> Iterator[tuple[int, tuple[Event, ...] | None]]:
        reading: Iterator[Entry] = iter(())
        next_seq = -NEAR
        for seq in inboxes.entries(slot, start, size):
            if seq - next_seq >= NEAR:
                reading, next_seq = store.read(seq), seq
            for entry in reading:
                next_seq = entry.seq + 1
                if entry.seq == seq:
                    yield seq, events_in(entry, slot)
                    break

    return views
