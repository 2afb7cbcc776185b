# SPDX-License-Identifier: Apache-2.0
"""Where the index keeps its rows: in pages that are only ever added, so that no row is ever copied or moved.

Versions of an index share pages. Many rows inserted together are a page of their own; a few at a time go into an
open page first, each version remembering at which places its own lie, and become a page when they are many.
"""

from __future__ import annotations

from bisect import bisect_right
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np
from numba.typed import List

from standclear.geometry.boxes import AGL
from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.earth import Floats, Ints, Singles
from standclear.geometry.pack import FOREVER_US, GROUP, NO_ROWS, Pack
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


class Pages:
    """Pages one behind the other; row n of the index lies in the last page that begins at or before n."""

    def __init__(
        self, pages: tuple[Page, ...] = (), firsts: tuple[int, ...] = (), listed: Any = None
    ) -> None:
        self.firsts = np.array(firsts, dtype=np.int64)
        self._pages = pages
        self._firsts = firsts
        self._list = listed

    @property
    def list(self) -> Any:
        """For kernels: a numba list of `Page`, made when first asked for, never empty."""
        if self._list is None:
            self._list = _listed(Page(*NO_ROWS, np.empty((0, 3), dtype=np.int64)))
        return self._list

    def behind(self, page: Page, first: int) -> Pages:
        """Return these with another one, whose rows begin at `first`, behind them."""
        listed = _behind(self.list, page) if self._pages else _listed(page)
        return Pages((*self._pages, page), (*self._firsts, first), listed)

    def place(self, row: int) -> tuple[Page, int]:
        """Return the page in which a row lies, and its place there."""
        number = bisect_right(self._firsts, row) - 1
        return self._pages[number], row - self._firsts[number]


class OpenPage:
    """A page with room; each place is given away once, to whichever version asks first.

    Versions that are tried and given up leave their places behind: there is room for as many again.
    """

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
        self._taken = 0, 0, 0
        self._lock = Lock()

    def write(self, pack: Pack, life: Ints) -> Ints | None:
        """Write rows and return their places, or None where there is no room for them."""
        with self._lock:
            row, edge, ball = self._taken
            rows, edges = row + len(pack.meta), edge + len(pack.ends)
            if rows > len(self.page.meta) or edges > len(self.page.ends):
                return None
            self._taken = rows, edges, ball + len(pack.balls)
        _put((*self.page, self.boxes), (row, edge, ball), tuple(pack), life)
        return np.arange(row, rows)

    def taken(self, places: Ints) -> Page:
        """Return a page of the rows at these places."""
        return Page._make(_picked(self.page, places))


@compiled
def _listed(page: Page) -> Any:
    pages = List()
    pages.append(page)
    return pages


@compiled
def _behind(pages: Any, page: Page) -> Any:
    """Return the pages with one more behind them."""
    more = List()
    for one in pages:
        more.append(one)
    more.append(page)
    return more


@compiled
def _picked(page: Page, places: Ints) -> tuple[Floats, Singles, Floats, Floats, Ints, Ints]:
    """Return the tables of a page of some rows of another."""
    rows, edges, balls = len(places), 0, 0
    for place in places:
        edges, balls = edges + page.meta[place, 1], balls + page.meta[place, 4]
    ends, bends = np.empty((edges, 6)), np.empty((edges, 5), dtype=np.float32)
    around, edge, ball = np.empty((balls, 4)), 0, 0
    frame, meta = np.empty((rows, 16)), np.empty((rows, 12), dtype=np.int64)
    life = np.empty((rows, 3), dtype=np.int64)
    for row in range(rows):
        place = places[row]
        frame[row], meta[row], life[row] = page.frame[place], page.meta[place], page.life[place]
        for n in range(meta[row, 1]):
            ends[edge + n], bends[edge + n] = page.ends[meta[row, 0] + n], page.bends[meta[row, 0] + n]
        for n in range(meta[row, 4]):
            around[ball + n] = page.balls[meta[row, 3] + n]
        meta[row, 0], meta[row, 3] = edge, ball
        edge, ball = edge + meta[row, 1], ball + meta[row, 4]
    return ends, bends, around, frame, meta, life


@compiled
def _put(open_: tuple[Any, ...], first: tuple[int, int, int], pack: tuple[Any, ...], life: Ints) -> None:
    """Copy rows, their boxes with them, into an open page."""
    ends, bends, balls, frame, meta, lives, boxes = open_
    rows, edge, ball = first
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
