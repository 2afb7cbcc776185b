# SPDX-License-Identifier: Apache-2.0
"""What one reader may see now, and how much of it: answered from its own knowledge and nothing else (law 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from standclear.core.knowledge import known_by
from standclear.core.positions import outside
from standclear.core.state import ALL, Notice, State
from standclear.errors import Malformed
from standclear.formats.fields import moment_us
from standclear.units import us_to_iso
from standclear.web.auth import Reader
from standclear.web.record import Record, Seen
from standclear.web.shelving import Shelf, shelved, touched_by
from standclear.web.wire import WITHHELD_NOTE, AsOf


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader knows after so many entries. `state` is its own knowledge, or all for desk and arbiter."""

    reader: Reader
    state: State
    size: int
    at_us: int
    shelf: Shelf
    live: bool = True

    def as_of(self) -> AsOf:
        """Of which log this is true."""
        return as_of(self.size, self.at_us, live=self.live)

    def said(self) -> dict[str, object]:
        """The fields of every envelope (law 13)."""
        return {
            "exercise": self.state.exercise,
            "as_of": self.as_of(),
            "compared": self.compared(),
            "not_assessed": self.shelf.not_assessed,
            "outside": outside(self.state),
            "note": WITHHELD_NOTE,
        }

    def compared(self) -> int:
        """How many live notices this reader may see."""
        if self.reader.sees_all:
            return self.state.visible.get(ALL, 0)
        return self.state.visible.get(self.reader.number, 0)


class Shelves:
    """The last shelf of each reader, of the present, and one of the past, so that neither takes the other's place."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: dict[tuple[int, bool], tuple[State, int, Shelf]] = {}

    def sight(self, record: Record, reader: Reader) -> Sight:
        """What the reader may see now."""
        snapshot = record.snapshot
        state = state_for(snapshot, reader)
        kept = self._kept.get((reader.number, True))
        # Knowledge is replaced, never changed: the same object is the same knowledge.
        if kept is None or kept[0] is not state:
            shelf = self._changed(kept, record, reader, state, snapshot.size)
            kept = self._kept[reader.number, True] = state, snapshot.size, shelf
        return Sight(reader, state, snapshot.size, snapshot.at_us, kept[2])

    def sight_at(self, record: Record, reader: Reader, size: int) -> Sight:
        """What the reader might have seen when the log had this size, 1 or more."""
        state = record.known_at(reader.slot, size)
        kept = self._kept.get((reader.number, False))
        if kept is None or kept[0] is not state:
            kept = self._kept[reader.number, False] = state, size, shelved(state, _mine(reader))
        return Sight(reader, state, size, record.recorded_us(size - 1), kept[2], live=False)

    def _changed(
        self, kept: tuple[State, int, Shelf] | None, record: Record, reader: Reader, state: State, size: int
    ) -> Shelf:
        if kept is not None and kept[1] <= size:
            touched = touched_by(record.parts(reader.slot, kept[1], size), state)
            if touched is not None:
                return kept[2].changed(state, touched, _mine(reader))
        return shelved(state, _mine(reader))


def _mine(reader: Reader) -> str | None:
    return None if reader.sees_all else reader.actor


def state_for(snapshot: Seen, reader: Reader) -> State:
    """All for desk and arbiter; for everyone else what it was shown."""
    return snapshot.state if reader.sees_all else known_by(snapshot.knowledge, reader.number)


def as_of(size: int, at_us: int, *, live: bool = True) -> AsOf:
    """A log size and the time of its last entry."""
    return AsOf(size, us_to_iso(at_us), at_us, live)


def size_asked(record: Record, text: str, where: str) -> int:
    """The log size that a question about the past means: a number of entries, or a time.

    Raises:
        Malformed: neither, before the first entry, or not recorded yet.
    """
    have = record.snapshot.size
    if text.isascii() and text.isdigit():
        size, beyond = int(text), f"the log has {have} entries, not {text}"
    else:
        try:
            at_us = moment_us(text, where, up=False)
        except Malformed as error:
            raise Malformed(error.detail, where=where, expected=f"a log size, or {error.expected}") from None
        now_us = record.now_us()
        size, beyond = record.size_at(at_us), f"it is {us_to_iso(now_us)} here, and that is still to come"
        size = have + 1 if at_us > now_us else size
    if size > have:
        raise Malformed(beyond, where=where, expected=f"a log size from 1 to {have}, or a time that is past")
    if size < 1:
        first = us_to_iso(record.recorded_us(0))
        raise Malformed("nothing was recorded by then", where=where, expected=f"a time from {first} on, or 1")
    return size


def from_number(state: State, numbers: tuple[int, ...], start: int) -> Iterator[Notice]:
    """The notices of these numbers from the place `start` on."""
    for number in numbers[start:]:
        yield state.notices[f"N{number}"]
