# SPDX-License-Identifier: Apache-2.0
"""Which notices are near, and how near? An immutable index over every volume ever recorded, at any log size.

Rows are never removed: a row inserted by log entry `seq` is live for log sizes above `seq`, one closed by
entry `seq` is gone for log sizes above that, so readers, the sequencer and as-known-at share one structure
(design §3). `insert` and `close` return a new index; old ones go on answering as before.

Rows lie in segments under a packed tree (`segment.py`) and one tail that is scanned. The tail's arrays are
shared between versions: a successor writes behind the rows its ancestor can see, if nobody did so before
it, and copies otherwise. Full tails become segments; neighbours of similar size are joined in another
thread and taken over by a later insert (`shelves.py`). Answers never depend on how rows lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from rpds import HashTrieMap

from standclear.geometry.boxes import UNDECIDED_M, filed, ground_mm
from standclear.geometry.earth import Floats, Ints
from standclear.geometry.effort import Effort
from standclear.geometry.pack import Columns, Pack, pack_columns
from standclear.geometry.segment import (
    CLOSED,
    FILING,
    MAYBE_CLOSED,
    OPEN,
    SINCE,
    Question,
    Segment,
    joined_packs,
    measure_near,
    overlaps,
    rows_near,
    scan,
    segment_of,
)
from standclear.geometry.separation import Closeness, close_rows, horizontal_limit_m
from standclear.geometry.shelves import Shelf, Tail
from standclear.geometry.volume import Minima, Theatre, Volume
from standclear.units import MM_PER_M

TAIL_ROWS: Final = 1_024
"""Rows a tail holds before it becomes a segment; scanning them takes about 2 µs."""
EVERYONE: Final = -1
"""The audience with every bit set."""
if TYPE_CHECKING:
    _Ranges = HashTrieMap[str, tuple[tuple[int, int], ...]]
    _Closings = HashTrieMap[int, int]


class Close(NamedTuple):
    """A notice with a row that is not provably clear of what was asked, and how close it comes."""

    notice: str
    closeness: Closeness


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """One version of the index. Start from `EMPTY`.

    `_open`: the rows of each notice that nothing closed, as first and last + 1; `_closed`: by which entry.
    """

    _segments: tuple[Segment, ...]
    _tail: Tail | None
    _seen: int
    _open: _Ranges
    _closed: _Closings
    _shelf: Shelf | None

    def __len__(self) -> int:
        """How many rows, closed ones included."""
        return sum(segment.rows for segment in self._segments) + self._seen

    def insert(
        self, volumes: Sequence[Volume], *, notice: str, audience: int, seq: int, theatre: Theatre
    ) -> Index:
        """Return an index that also holds these volumes, inserted by log entry `seq`.

        `audience`: bit r is set if recipient r may meet these rows. `theatre` is for engines that pack
        heights when inserting; here heights over ground are resolved by each question's own theatre.
        """
        del theatre
        if not volumes:
            return self
        shelf = self._shelf or Shelf()
        life = np.array([(seq, OPEN, shelf.file((notice,), audience))] * len(volumes), dtype=np.int64)
        first = len(self)
        ranges = (*(self._open.get(notice) or ()), (first, first + len(volumes)))
        grown_by = replace(self, _open=self._open.insert(notice, ranges), _shelf=shelf)
        return grown_by._with([filed(volume) for volume in volumes], life)

    def insert_columns(
        self, columns: Columns, notices: Sequence[str], *, audience: int = EVERYONE, seq: int
    ) -> Index:
        """Return an index that also holds these columns, one notice a row, inserted by log entry `seq`."""
        if not len(notices):
            return self
        shelf = self._shelf or Shelf()
        made, first = pack_columns(columns), len(self)
        life = np.empty((len(notices), 3), dtype=np.int64)
        life[:, 0], life[:, 1] = seq, OPEN
        life[:, 2] = shelf.file(notices, audience) + np.arange(len(notices))
        open_ = self._open
        for row, notice in enumerate(notices, first):
            open_ = open_.insert(notice, (*(open_.get(notice) or ()), (row, row + 1)))
        return replace(self, _open=open_, _shelf=shelf)._with([made], life)

    def close(self, notice: str, seq: int) -> Index:
        """Return an index in which the rows of this notice that are still open were closed by `seq`."""
        ranges = self._open.get(notice)
        if ranges is None:
            return self
        closed = self._closed
        for first, last in ranges:
            for row in range(first, last):
                closed = closed.insert(row, seq)
                self._hint(row, seq)
        return replace(self, _open=self._open.discard(notice), _closed=closed)

    def candidates(
        self,
        volumes: Sequence[Volume],
        minima: Minima,
        *,
        size: int,
        asker: int | None,
        theatre: Theatre,
    ) -> tuple[str, ...]:
        """Return the notices, sorted, with a row live at log size `size` that may be within the minima.

        Never misses one that `closeness` would report; may name some that are clear. `asker`: only rows
        whose audience holds this recipient, None for all.
        """
        found: dict[str, None] = {}
        for volume in volumes:
            asked = _question(filed(volume), minima, size, theatre)
            for row, filing in self._near(asked):
                notice = self._live(row, filing, size, asker)
                if notice is not None:
                    found[notice] = None
        return tuple(sorted(found))

    def check(
        self,
        volume: Volume,
        minima: Minima,
        *,
        size: int,
        asker: int | None,
        theatre: Theatre,
    ) -> tuple[Close, ...]:
        """Return every row live at log size `size` that is not provably clear of a volume, with its brackets.

        The same as asking `closeness` of every row, in the order they were inserted.
        """
        own, effort = filed(volume), Effort()
        asked = _question(own, minima, size, theatre)
        close: list[Close] = []
        for row, filing, pack, place, measured in self._measured(asked, horizontal_limit_m(minima)):
            notice = self._live(row, filing, size, asker)
            if notice is None:
                continue
            found = close_rows(own, 0, pack, place, minima, theatre, measured, effort)
            if found is not None:
                close.append(Close(notice, found))
        return tuple(close)

    def _near(self, asked: Question) -> Iterator[tuple[int, int]]:
        """Yield the rows near, each with its filing."""
        first = 0
        for segment in self._segments:
            for row in rows_near(segment, asked).tolist():
                yield first + row, int(segment.life[row, FILING])
            first += segment.rows
        for row, filing, _, _ in self._near_in_tail(asked):
            yield first + row, filing

    def _near_in_tail(self, asked: Question) -> Iterator[tuple[int, int, Pack, int]]:
        """Yield the tail's rows near: row, filing, its pack and its place there."""
        tail = self._tail
        if tail is None:
            return
        for row in scan(tail.boxes, self._seen, asked).tolist():
            pack, place = tail.packs[row], int(tail.place[row])
            if tail.life[row, SINCE] < asked.size and overlaps(pack, place, asked):
                yield row, int(tail.life[row, FILING]), pack, place

    def _measured(
        self, asked: Question, limit_m: float
    ) -> Iterator[tuple[int, int, Pack, int, Floats | None]]:
        """Yield rows near, in order: row, filing, its pack and its place there, and what was measured."""
        first = 0
        for segment in self._segments:
            out = measure_near(segment, asked, limit_m)
            for n in np.argsort(out[:, 0]).tolist() if len(out) > 1 else range(len(out)):
                row = int(out[n, 0])
                measured = None if out[n, 1] == MAYBE_CLOSED else out[n]
                yield first + row, int(segment.life[row, FILING]), segment.pack, row, measured
            first += segment.rows
        for row, filing, pack, place in self._near_in_tail(asked):
            yield first + row, filing, pack, place, None

    def _live(self, row: int, filing: int, size: int, asker: int | None) -> str | None:
        """Return the notice of a row if it is live and the asker may meet it."""
        if self._closed.get(row, size) < size:
            return None
        assert self._shelf is not None
        notice, audience = self._shelf.filed(filing)
        return notice if asker is None or audience >> asker & 1 else None

    def _hint(self, row: int, seq: int) -> None:
        """Spare the kernels a row that is closed. Versions that are given up may do so too: it is a hint."""
        for segment in self._segments:
            if row < segment.rows:
                segment.life[row, CLOSED] = seq
                return
            row -= segment.rows

    def _with(self, packs: list[Pack], life: Ints) -> Index:
        """Put rows behind all others."""
        assert self._shelf is not None
        tail, seen, segments = self._tail, self._seen, self._segments
        n = len(life)
        if tail is not None and seen + n > len(tail):
            segments = (*segments, tail.segment(seen))
            tail, seen = None, 0
        if n > TAIL_ROWS // 4:
            if tail is not None:
                segments = (*segments, tail.segment(seen))
            segments = (*segments, segment_of(joined_packs(packs), life))
            return replace(self, _segments=self._shelf.tidied(segments), _tail=None, _seen=0)
        if tail is None:
            tail, segments = Tail(TAIL_ROWS), self._shelf.tidied(segments)
        if not tail.claim(seen):
            tail = tail.copied(seen)
        tail.write(seen, packs, life)
        return replace(self, _segments=segments, _tail=tail, _seen=seen + n)


def _question(own: Pack, minima: Minima, size: int, theatre: Theatre) -> Question:
    """Ask about the one volume of a pack."""
    horizontal_m = minima.horizontal_mm / MM_PER_M + UNDECIDED_M
    return Question(
        own, 0, horizontal_m, float(minima.vertical_mm), minima.time_us, *ground_mm(theatre), size
    )


EMPTY: Final = Index((), None, 0, HashTrieMap(), HashTrieMap(), None)
"""No rows."""
