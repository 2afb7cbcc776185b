# SPDX-License-Identifier: Apache-2.0
"""What every reader knew at any size of the log, without folding the log from its beginning (docs/adr/).

Of each reader some former states are kept: they are persistent maps and share nearly all with the present
one. A question about the past takes the last one before it and folds the reader's views since, never more
than the spacing. The index is not kept with them: rows carry log sizes, and no read of the past asks it.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, Protocol

from msgspec.structs import replace

from standclear.core.events import Event
from standclear.core.evolve import after_entry
from standclear.core.knowledge import UNASKED_FIRST, Knowledge
from standclear.core.state import State
from standclear.geometry.index import NOT_KEPT
from standclear.tlog.slots import EVENTS_SLOT, FIRST_VIEW_SLOT

MARKS: Final = 128
"""States kept of a reader at most; with one more, every second is let go and the spacing doubles."""
FIRST_SPACING: Final = 256
"""Views between two of them at first; then at most a 64th of all the reader's views."""
NOTING: Final = 64
"""Entries between two looks at whether a state is to be kept."""
ANSWERED: Final = 16
"""Past states kept because they were asked for: pages of one answer follow each other."""
Views = Callable[[int, int, int], Iterator[tuple[int, tuple[Event, ...] | None]]]
"""By slot, from a number up to a log size: numbers of entries, and the events shown there; None where erased."""


class Present(Protocol):
    """What is known now."""

    @property
    def size(self) -> int:
        """How many entries the log has."""
        ...

    @property
    def state(self) -> State:
        """All of it."""
        ...

    @property
    def knowledge(self) -> Knowledge:
        """What each recipient knows."""
        ...


class _Mark(NamedTuple):
    """A reader's state after `size` entries, `views` of which it was shown."""

    size: int
    views: int
    state: State


class _Kept:
    """The marks of one reader, oldest first."""

    def __init__(self, spacing: int, most: int) -> None:
        self.marks: list[_Mark] = [_Mark(0, 0, UNASKED_FIRST)]
        self.spacing, self.most = spacing, most

    def add(self, mark: _Mark) -> None:
        """Keep a mark, in its place, if it is far enough from the one before it."""
        place = bisect_right(self.marks, mark.size, key=lambda kept: kept.size)
        if mark.views - self.marks[place - 1].views < self.spacing:
            return
        marks = [*self.marks[:place], mark, *self.marks[place:]]
        if len(marks) > self.most:
            marks, self.spacing = marks[::2], 2 * self.spacing
        self.marks = marks  # at once: others read while one adds


class Past:
    """What readers knew, by slot and log size. One thread notes the present; any may ask."""

    def __init__(
        self, views: Views, count: Callable[[int], int], spacing: int = FIRST_SPACING, most: int = MARKS
    ) -> None:
        """Start with nothing but what `views` gives; `count` says how many there are in a slot."""
        self._views, self._count = views, count
        self._spacing, self._most = spacing, most
        self._kept: dict[int, _Kept] = {}
        self._noted = 0
        self._answered: OrderedDict[tuple[int, int], State] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, snapshot: Present) -> None:
        """Keep of the present what the past will need."""
        if snapshot.size - self._noted < min(NOTING, self._spacing):
            return
        self._noted = snapshot.size
        self._note(EVENTS_SLOT, snapshot.size, snapshot.state)
        for number, state in snapshot.knowledge.items():
            self._note(FIRST_VIEW_SLOT + number, snapshot.size, state)

    def known(self, slot: int, size: int) -> State:
        """What the reader of a slot knew when the log had `size` entries; its index holds less than it knew."""
        asked = (slot, size)
        with self._lock:
            if asked in self._answered:
                self._answered.move_to_end(asked)
                return self._answered[asked]
        state = self._folded(slot, size)
        with self._lock:
            self._answered[asked] = state
            while len(self._answered) > ANSWERED:
                self._answered.popitem(last=False)
        return state

    def _note(self, slot: int, size: int, state: State) -> None:
        kept = self._kept.setdefault(slot, _Kept(self._spacing, self._most))
        views = self._count(slot)
        if views - kept.marks[-1].views >= kept.spacing:
            with self._lock:
                kept.add(_Mark(size, views, replace(state, index=NOT_KEPT)))

    def _folded(self, slot: int, size: int) -> State:
        """The nearest state before, and the views since; where those are many, marks are left on the way."""
        kept = self._kept.setdefault(slot, _Kept(self._spacing, self._most))
        mark = kept.marks[bisect_right(kept.marks, size, key=lambda one: one.size) - 1]
        state, views = mark.state, mark.views
        for seq, events in self._views(slot, mark.size, size):
            if events is not None:
                state = after_entry(replace(state, size=seq), events)
            views += 1
            if views - mark.views >= kept.spacing:
                state = replace(state, index=NOT_KEPT)
                mark = _Mark(seq + 1, views, state)
                with self._lock:
                    kept.add(mark)
        return state
