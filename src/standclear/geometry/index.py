# SPDX-License-Identifier: Apache-2.0
"""Which notices may be near? An immutable index over every volume ever recorded, asked as of any log size.

Rows are never removed: a row inserted by log entry `seq` is live for log sizes above `seq`, one closed by
entry `seq` is gone for log sizes above that, so readers, the sequencer and as-known-at share one structure
(design §3). `insert` and `close` return a new index; old ones go on answering as before.

Rows lie in segments that never change and one tail. The tail's arrays are shared between versions: a
successor writes behind the rows its ancestor can see, if nobody did so before it, and copies otherwise.
Full tails become segments; neighbours of similar size are joined, so there are few. Answers never depend on
how rows lie. The filter is a plain scan over boxes (`boxes.py`), which never misses; `closeness` decides.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import numpy.typing as npt
from rpds import HashTrieMap

from standclear.geometry.boxes import Box, as_rows, box_of, ground_mm, grown
from standclear.geometry.earth import Floats, Ints
from standclear.geometry.volume import Minima, Theatre, Volume

TAIL_ROWS: Final = 4_096
"""Rows a tail holds before it becomes a segment."""
Objects = npt.NDArray[np.object_]
if TYPE_CHECKING:
    _Closings = HashTrieMap[str, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Columns of equal length: boxes (n, 10), times (n, 2), the entry that inserted, whose, for whom."""

    spans: Floats
    times: Ints
    since: Ints
    notice: Objects
    audience: Objects

    def __len__(self) -> int:
        return len(self.since)

    @classmethod
    def blank(cls, n: int) -> Self:
        """Make room for n rows."""
        return cls(
            np.zeros((n, 10)),
            np.zeros((n, 2), dtype=np.int64),
            np.zeros(n, dtype=np.int64),
            np.empty(n, dtype=np.object_),
            np.empty(n, dtype=np.object_),
        )

    def part(self, first: int, last: int) -> _Rows:
        """Return a view of some rows."""
        rows = slice(first, last)
        return _Rows(
            self.spans[rows],
            self.times[rows],
            self.since[rows],
            self.notice[rows],
            self.audience[rows],
        )

    def copied_into(self, target: _Rows, at: int) -> None:
        """Write these rows behind the first `at` rows of the target."""
        rows = slice(at, at + len(self))
        target.spans[rows], target.times[rows] = self.spans, self.times
        target.since[rows], target.notice[rows] = self.since, self.notice
        target.audience[rows] = self.audience


def _joined(left: _Rows, right: _Rows) -> _Rows:
    """Return one segment after the other, in the order they were inserted."""
    return _Rows(
        np.concatenate([left.spans, right.spans]),
        np.concatenate([left.times, right.times]),
        np.concatenate([left.since, right.since]),
        np.concatenate([left.notice, right.notice]),
        np.concatenate([left.audience, right.audience]),
    )


class _Tail:
    """Room for rows behind those already seen; the one thing here that changes, and only unseen."""

    def __init__(self) -> None:
        self.rows = _Rows.blank(TAIL_ROWS)
        self._begun: dict[int, object] = {}

    def claim(self, seen: int) -> bool:
        """Reserve the rows behind the first `seen` for one successor, unless another version has them.

        Successors begin where an ancestor ended, and each place is given once, so they never overlap.
        """
        token = object()
        # One atomic step, so that it holds between threads too.
        return self._begun.setdefault(seen, token) is token


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """One version of the index. Start from `EMPTY`."""

    _segments: tuple[_Rows, ...]
    _tail: _Tail | None
    _seen: int
    _closings: _Closings

    def __len__(self) -> int:
        """How many rows, closed ones included."""
        return sum(len(segment) for segment in self._segments) + self._seen

    def insert(
        self,
        volumes: Sequence[Volume],
        *,
        notice: str,
        audience: int,
        seq: int,
        theatre: Theatre,
    ) -> Index:
        """Return an index that also holds these volumes, inserted by log entry `seq`.

        `audience`: bit r is set if recipient r may meet these rows. `theatre` is taken for engines that
        pack heights when inserting; here heights over ground are resolved by each question's own theatre.
        """
        del theatre
        if not volumes:
            return self
        rows = _Rows.blank(len(volumes))
        spans, times = as_rows([box_of(volume) for volume in volumes])
        rows.spans[:], rows.times[:] = spans, times
        rows.since[:], rows.notice[:] = seq, notice
        # Assigned one by one: numpy would squeeze a wide bitmask into a machine word.
        for n in range(len(volumes)):
            rows.audience[n] = audience
        return self._with(rows)

    def close(self, notice: str, seq: int) -> Index:
        """Return an index in which the rows of this notice that are still open were closed by `seq`."""
        earlier = self._closings.get(notice) or ()
        closings = self._closings.insert(notice, (*earlier, (len(self), seq)))
        return Index(self._segments, self._tail, self._seen, closings)

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
        boxes = [grown(box_of(volume), minima, theatre) for volume in volumes]
        found: dict[str, None] = {}
        first = 0
        for rows in self._parts():
            for box in boxes:
                for hit in _meeting(rows, box, size, theatre).tolist():
                    notice, audience = rows.notice[hit], rows.audience[hit]
                    if notice in found or (asker is not None and not audience >> asker & 1):
                        continue
                    if self._closed_by(notice, first + hit) >= size:
                        found[notice] = None
            first += len(rows)
        return tuple(sorted(found))

    def _parts(self) -> list[_Rows]:
        """Return all rows this version can see, oldest first."""
        parts = list(self._segments)
        if self._tail is not None and self._seen:
            parts.append(self._tail.rows.part(0, self._seen))
        return parts

    def _closed_by(self, notice: str, row: int) -> float:
        """Return the log entry that closed a row: the first closing made when the row was there."""
        closings = self._closings.get(notice) or ()
        # A closing made at row count n closed rows 0..n-1, so the first with n > row is the one.
        place = bisect_right(closings, row, key=lambda closing: closing[0])
        return closings[place][1] if place < len(closings) else float("inf")

    def _with(self, rows: _Rows) -> Index:
        """Put rows behind all others."""
        n = len(rows)
        if n > TAIL_ROWS // 4:
            return Index(_packed((*self._parts(), rows)), None, 0, self._closings)
        tail, seen, segments = self._tail, self._seen, self._segments
        if tail is None or seen + n > TAIL_ROWS:
            segments, tail, seen = _packed(tuple(self._parts())), _Tail(), 0
        if not tail.claim(seen):
            mine, tail = tail.rows.part(0, seen), _Tail()
            mine.copied_into(tail.rows, 0)
        rows.copied_into(tail.rows, seen)
        return Index(segments, tail, seen + n, self._closings)


def _packed(parts: tuple[_Rows, ...]) -> tuple[_Rows, ...]:
    """Join neighbours until every segment is at least twice as long as the next."""
    packed: list[_Rows] = []
    for part in parts:
        packed.append(part)
        while len(packed) > 1 and len(packed[-2]) < 2 * len(packed[-1]):
            last = packed.pop()
            packed[-1] = _joined(packed[-1], last)
    return tuple(packed)


def _meeting(rows: _Rows, box: Box, size: int, theatre: Theatre) -> Ints:
    """Return the rows whose boxes meet the box, closed, inserted before log size `size`.

    One column after the other, each over what the last one left.
    """
    spans, times = rows.spans, rows.times
    hits = np.flatnonzero((spans[:, 0] <= box.high[0]) & (spans[:, 3] >= box.low[0]))
    for axis in (1, 2):
        near = (spans[hits, axis] <= box.high[axis]) & (spans[hits, axis + 3] >= box.low[axis])
        hits = hits[near]
    hits = hits[(times[hits, 0] <= box.end) & (times[hits, 1] >= box.start) & (rows.since[hits] < size)]
    low_ground, high_ground = ground_mm(theatre)
    bottom = spans[hits, 6] + np.where(spans[hits, 8] > 0, low_ground, 0.0)
    top = spans[hits, 7] + np.where(spans[hits, 9] > 0, high_ground, 0.0)
    met: Ints = hits[(bottom <= box.top) & (top >= box.bottom)]
    return met


EMPTY: Final = Index((), None, 0, HashTrieMap())
"""No rows."""
