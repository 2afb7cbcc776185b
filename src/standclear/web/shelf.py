# SPDX-License-Identifier: Apache-2.0
"""What one reader may see now, and how much of it: answered from its own knowledge and nothing else (law 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from standclear.core.knowledge import known_by
from standclear.core.model import Activity, Site, Verdict
from standclear.core.state import Notice, State
from standclear.units import us_to_iso
from standclear.web.auth import Reader
from standclear.web.record import Seen
from standclear.web.wire import WITHHELD_NOTE, AsOf


@dataclass(frozen=True, slots=True)
class Shelf:
    """The notices of one state in the order of their numbers, and how many of them are not assessed."""

    notices: tuple[int, ...]
    activities: tuple[int, ...]
    not_assessed: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader knows after so many entries. `state` is its own knowledge, or all for desk and arbiter."""

    reader: Reader
    state: State
    size: int
    at_us: int
    shelf: Shelf

    def as_of(self) -> AsOf:
        """Of which log this is true."""
        return as_of(self.size, self.at_us)

    def said(self) -> dict[str, object]:
        """The fields of every envelope (law 13)."""
        return {
            "exercise": self.state.exercise,
            "as_of": self.as_of(),
            "compared": self.compared(),
            "not_assessed": self.shelf.not_assessed,
            "outside": self.state.terms.outside,
            "note": WITHHELD_NOTE,
        }

    def compared(self) -> int:
        """How many live notices this reader may see."""
        if self.reader.sees_all:
            return len(self.state.showings)
        return self.state.visible.get(self.reader.number, 0)


class Shelves:
    """The last shelf of each reader, so that a page is not sorted anew while nothing was recorded for it."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: dict[int, tuple[State, Shelf]] = {}

    def sight(self, snapshot: Seen, reader: Reader) -> Sight:
        """What the reader may see, as of this snapshot."""
        state = state_for(snapshot, reader)
        kept = self._kept.get(reader.number)
        # Knowledge is replaced, never changed: the same object is the same knowledge.
        if kept is None or kept[0] is not state:
            kept = (state, _shelved(state, reader))
            self._kept[reader.number] = kept
        return Sight(reader, state, snapshot.size, snapshot.at_us, kept[1])


def state_for(snapshot: Seen, reader: Reader) -> State:
    """All for desk and arbiter; for everyone else what it was shown."""
    return snapshot.state if reader.sees_all else known_by(snapshot.knowledge, reader.number)


def as_of(size: int, at_us: int) -> AsOf:
    """A log size and the time of its last entry."""
    return AsOf(size, us_to_iso(at_us), at_us)


def _shelved(state: State, reader: Reader) -> Shelf:
    notices: list[int] = []
    activities: list[int] = []
    not_assessed = 0
    for notice in state.notices.values():
        row = activities if isinstance(notice.content, Activity) else notices
        row.append(number_of(notice.id))
        not_assessed += _is_not_assessed(notice, reader)
    return Shelf(tuple(sorted(notices)), tuple(sorted(activities)), not_assessed)


def _is_not_assessed(notice: Notice, reader: Reader) -> bool:
    """A live site that is not placed, or a live activity of the reader's whose verdict is not assessed."""
    if not notice.showings:
        return False
    if isinstance(notice.content, Site):
        return not notice.content.placed
    mine = reader.sees_all or notice.author == reader.actor
    return mine and notice.judgement is not None and notice.judgement.verdict is Verdict.NOT_ASSESSED


def number_of(notice_id: str) -> int:
    """The number in a notice's id."""
    return int(notice_id[1:])


def from_number(state: State, numbers: tuple[int, ...], start: int) -> Iterator[Notice]:
    """The notices of these numbers from the place `start` on."""
    for number in numbers[start:]:
        yield state.notices[f"N{number}"]
