# SPDX-License-Identifier: Apache-2.0
"""Where the index keeps its rows: in pages that are only ever added, so that no row is ever copied or moved.

Versions of an index share pages. Many rows inserted together are a page of their own; a few at a time are
written behind one another into an open page, behind the rows that older versions can see.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Final, NamedTuple

import numpy as np
from numba.typed import List

from standclear.geometry.boxes import AGL
from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.earth import Floats, Ints, Singles
from standclear.geometry.pack import FOREVER_US, GROUP, Pack
from standclear.geometry.tree import EPOCH_US, above, below
from standclear.units import MM_PER_M, US_PER_S

SINCE: Final = 0
CLOSED: Final = 1
FILING: Final = 2
"""Columns of `life`."""
OPEN: Final = 2**62


class Page(NamedTuple):
    """Rows as a `Pack`, and `life` (n, 3): the log entry that inserted a row, the one that closed it, and its
    filing. The closing is a hint that saves work: it may be missing, and it may come from a version that was
    given up."""

    ends: Floats
    bends: Singles
    balls: Floats
    frame: Floats
    meta: Ints
    life: Ints


class Filled(NamedTuple):
    """How much of an open page a version sees."""

    rows: int
    edges: int
    balls: int


class Pages:
    """Pages one behind the other; row n of the index lies in the last page that begins at or before n."""

    def __init__(self, listed: Any, pages: list[Page], firsts: list[int]) -> None:
        self.list = listed
        """For kernels: a numba list of `Page`."""
        self.firsts = np.array(firsts, dtype=np.int64)
        self._pages = pages
        self._firsts = firsts

    @classmethod
    def of(cls, page: Page) -> Pages:
        """Begin with one."""
        return cls(_listed(page), [page], [0])

    def behind(self, page: Page, first: int) -> Pages:
        """Return these with another one, whose rows begin at `first`, behind them."""
        listed = _behind(self.list, page, len(self._pages))
        return Pages(listed, [*self._pages, page], [*self._firsts, first])

    def instead(self, page: Page) -> Pages:
        """Return these with another last one."""
        listed = _behind(self.list, page, len(self._pages) - 1)
        return Pages(listed, [*self._pages[:-1], page], self._firsts)

    def hint(self, row: int, closed_by: int) -> None:
        """Spare the kernels a row that is closed. Versions that are given up may do so too: it is a hint."""
        number = bisect_right(self._firsts, row) - 1
        self._pages[number].life[row - self._firsts[number], CLOSED] = closed_by

    def pack_of(self, row: int) -> tuple[Pack, int]:
        """Return the pack in which a row lies, and its place there."""
        number = bisect_right(self._firsts, row) - 1
        return Pack._make(self._pages[number][:5]), row - self._firsts[number]


class OpenPage:
    """A page with room behind the rows written so far; each place is given to one successor only."""

    def __init__(self, rows: int, edges: int) -> None:
        self.page = Page(
            np.empty((edges, 6)),
            np.empty((edges, 5), dtype=np.float32),
            np.empty((edges // GROUP + rows, 4)),
            np.empty((rows, 16)),
            np.empty((rows, 12), dtype=np.int64),
            np.empty((rows, 3), dtype=np.int64),
        )
        self.boxes = np.empty((rows, 10), dtype=np.float32)
        self._begun: dict[int, object] = {}

    def has_room(self, seen: Filled, pack: Pack) -> bool:
        """Say whether rows fit behind those already seen."""
        fits = seen.rows + len(pack.meta) <= len(self.page.meta)
        return fits and seen.edges + len(pack.ends) <= len(self.page.ends)

    def claim(self, seen: Filled) -> bool:
        """Reserve what lies behind for one successor, unless another version has it."""
        token = object()
        # One atomic step, so that it holds between threads too.
        return self._begun.setdefault(seen.rows, token) is token

    def write(self, seen: Filled, pack: Pack, life: Ints) -> Filled:
        """Write rows behind those seen, which was claimed; return what is seen then."""
        _put((*self.page, self.boxes), seen, tuple(pack), life)
        return Filled(seen.rows + len(pack.meta), seen.edges + len(pack.ends), seen.balls + len(pack.balls))

    def copied(self, seen: Filled) -> OpenPage:
        """Return a page of its own with what is seen of this one."""
        other = OpenPage(len(self.page.meta), len(self.page.ends))
        used = seen.edges, seen.edges, seen.balls, seen.rows, seen.rows, seen.rows
        for n, end in enumerate(used):
            other.page[n][:end] = self.page[n][:end]
        other.boxes[: seen.rows] = self.boxes[: seen.rows]
        for rows in (0, seen.rows):
            other.claim(Filled(rows, 0, 0))
        return other


@compiled
def _listed(page: Page) -> Any:
    pages = List()
    pages.append(page)
    return pages


@compiled
def _behind(pages: Any, page: Page, end: int) -> Any:
    """Return the first `end` pages with one more behind them."""
    more = List()
    for number in range(end):
        more.append(pages[number])
    more.append(page)
    return more


@compiled
def _put(open_: tuple[Any, ...], seen: Filled, pack: tuple[Any, ...], life: Ints) -> None:
    """Copy rows, their boxes with them, into an open page."""
    ends, bends, balls, frame, meta, lives, boxes = open_
    rows, edge, ball = seen
    for n in range(len(pack[0])):
        ends[edge + n], bends[edge + n] = pack[0][n], pack[1][n]
    for n in range(len(pack[2])):
        balls[ball + n] = pack[2][n]
    for n in range(len(pack[4])):
        row = rows + n
        frame[row], meta[row], lives[row] = pack[3][n], pack[4][n], life[n]
        meta[row, 0] += edge
        meta[row, 3] += ball
        box_row(frame[row], meta[row], boxes[row])


@compiled
def box_row(frame: Floats, meta: Ints, box: Singles) -> None:
    """Fill a row's box (10): x, y, z, metres of altitude, seconds since EPOCH_US, single floats outward.

    Heights over ground reach anywhere: the ground is the question's.
    """
    for axis in range(3):
        box[axis], box[5 + axis] = below(frame[8 + axis]), above(frame[11 + axis])
    box[3] = -np.inf if meta[6] == AGL else below(frame[14] / MM_PER_M)
    box[8] = np.inf if meta[8] == AGL else above(frame[15] / MM_PER_M)
    box[4], box[9] = -np.inf, np.inf
    if meta[10] > -FOREVER_US // 2:
        box[4] = below((meta[10] - EPOCH_US) / US_PER_S)
    if meta[11] < FOREVER_US // 2:
        box[9] = above((meta[11] - EPOCH_US) / US_PER_S)


@compiled_long
def box_rows(frame: Floats, meta: Ints) -> Singles:
    """Return the boxes (n, 10) of rows."""
    boxes = np.empty((len(meta), 10), dtype=np.float32)
    for n in range(len(meta)):
        box_row(frame[n], meta[n], boxes[n])
    return boxes


@compiled_long
def box_range(pages: Any, firsts: Ints, first: int, end: int) -> Singles:
    """Return the boxes (n, 10) of rows `first` to `end` - 1, over several pages."""
    boxes = np.empty((end - first, 10), dtype=np.float32)
    number = np.searchsorted(firsts, first, side="right") - 1
    page = pages[number]
    for row in range(first, end):
        while number + 1 < len(firsts) and firsts[number + 1] <= row:
            number += 1
            page = pages[number]
        at = row - firsts[number]
        box_row(page.frame[at], page.meta[at], boxes[row - first])
    return boxes
