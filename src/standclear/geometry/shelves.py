# SPDX-License-Identifier: Apache-2.0
"""What the versions of one index share: names of rows, tails with room behind, joinings under way.

Everything here only grows where nobody looks yet, so no version ever sees another's change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final

import numpy as np

from standclear.geometry.earth import Ints
from standclear.geometry.pack import Pack
from standclear.geometry.segment import Segment, joined, joined_packs, segment_of, tree_boxes

APART: Final = 8
"""A segment at least this many times as long as the next is left alone, so that there are few and each row
is copied rarely."""


AT_ONCE_ROWS: Final = 2**13
"""Few enough to be joined at once, within some milliseconds."""
MOST_ROWS: Final = 2**22
"""A longer segment is not made: joining holds the old rows and the new ones, a kilobyte each."""


class Shelf:
    """Whose rows are whose, for all versions that grew from one; and segments being joined for them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._firsts: list[int] = []
        self._blocks: list[tuple[Sequence[str], int]] = []
        self._next = 0
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="index")
        self._joining: dict[tuple[int, int], tuple[Segment, Segment, Future[Segment]]] = {}

    def file(self, notices: Sequence[str], audience: int) -> int:
        """Name filings one after the other and return the number of the first."""
        with self._lock:
            first = self._next
            self._firsts.append(first)
            self._blocks.append((notices, audience))
            self._next += len(notices)
            return first

    def filed(self, number: int) -> tuple[str, int]:
        """Return the notice and the audience of a filing."""
        block = bisect_right(self._firsts, number) - 1
        notices, audience = self._blocks[block]
        return notices[number - self._firsts[block]], audience

    def tidied(self, segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
        """Return the segments with neighbours joined that should be and are; begin to join the next two."""
        while True:
            places = range(len(segments) - 2, -1, -1)
            pair = next((n for n in places if _join_at(segments[n], segments[n + 1])), None)
            if pair is None:
                return segments
            one = self._joined(segments[pair], segments[pair + 1])
            if one is None:
                return segments
            segments = (*segments[:pair], one, *segments[pair + 2 :])

    def _joined(self, left: Segment, right: Segment) -> Segment | None:
        """Return two segments as one, or None while that is being made."""
        if left.rows + right.rows <= AT_ONCE_ROWS:
            return joined((left, right))
        key = (id(left), id(right))
        with self._lock:
            if key not in self._joining:
                # What is under way is kept with its parts, so that no other segment can get their ids.
                self._joining[key] = (left, right, self._worker.submit(joined, (left, right)))
            future = self._joining[key][2]
        if not future.done():
            return None
        one = future.result()
        with self._lock:
            self._joining.pop(key, None)
        return one


def _join_at(left: Segment, right: Segment) -> bool:
    return left.rows < APART * right.rows and left.rows + right.rows <= MOST_ROWS


class Tail:
    """Room for rows behind those already seen; each place is given to one successor only."""

    def __init__(self, room: int) -> None:
        self.boxes = np.empty((room, 10), dtype=np.float32)
        self.life = np.empty((room, 3), dtype=np.int64)
        self.packs = np.empty(room, dtype=np.object_)
        self.place = np.empty(room, dtype=np.int64)
        self._begun: dict[int, object] = {}

    def __len__(self) -> int:
        """How many rows there is room for."""
        return len(self.life)

    def claim(self, seen: int) -> bool:
        """Reserve the rows behind the first `seen` for one successor, unless another version has them."""
        token = object()
        # One atomic step, so that it holds between threads too.
        return self._begun.setdefault(seen, token) is token

    def write(self, seen: int, packs: Sequence[Pack], life: Ints) -> None:
        """Write rows behind the first `seen`, which were claimed."""
        at = seen
        for pack in packs:
            n = len(pack.meta)
            self.boxes[at : at + n] = tree_boxes(pack)
            self.place[at : at + n] = np.arange(n)
            for row in range(at, at + n):
                self.packs[row] = pack
            at += n
        self.life[seen:at] = life

    def copied(self, seen: int) -> Tail:
        """Return a tail of its own with the first rows of this one."""
        tail = Tail(len(self))
        tail.boxes[:seen], tail.life[:seen] = self.boxes[:seen], self.life[:seen]
        tail.packs[:seen], tail.place[:seen] = self.packs[:seen], self.place[:seen]
        tail.claim(0)
        tail.claim(seen)
        return tail

    def segment(self, seen: int) -> Segment:
        """Return the first rows as a segment."""
        packs: list[Pack] = []
        for pack, place in zip(self.packs[:seen], self.place[:seen].tolist(), strict=True):
            if place == 0:
                packs.append(pack)
        return segment_of(joined_packs(packs), self.life[:seen].copy())
