# SPDX-License-Identifier: Apache-2.0
"""Whose rows are whose, for all versions of one index: filings, and the rows of notices inserted by the million.

Both only grow where nobody looks yet, so no version ever sees another's change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from threading import Lock

import numpy as np

from standclear.geometry.grove import Gardener


class Shelf:
    """Filings by number, and the gardener of all versions."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._firsts: list[int] = []
        self._blocks: list[tuple[Sequence[str], int]] = []
        self._next = 0
        self.gardener = Gardener()

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


class Register:
    """Notices of one row each, inserted together, and where theirs are: 16 bytes a row."""

    def __init__(self, notices: Sequence[str], first: int) -> None:
        self._notices = notices
        self._first = first
        marks = np.fromiter(map(hash, notices), np.int64, len(notices))
        self._order = np.argsort(marks)
        self._marks = marks[self._order]

    def rows_of(self, notice: str) -> list[int]:
        """Return the rows of a notice."""
        mark = hash(notice)
        at = int(self._marks.searchsorted(mark))
        rows = []
        while at < len(self._marks) and self._marks[at] == mark:
            place = int(self._order[at])
            if self._notices[place] == notice:
                rows.append(self._first + place)
            at += 1
        return sorted(rows)
