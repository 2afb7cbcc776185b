# SPDX-License-Identifier: Apache-2.0
"""Kernels: one question put to all rows of an index, under its trees and in its open page."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from standclear.geometry.boxes import AGL
from standclear.geometry.compiled import compiled
from standclear.geometry.earth import Floats, Ints, Singles
from standclear.geometry.effort import MAX_EFFORT
from standclear.geometry.pack import FOREVER_US, Pack
from standclear.geometry.pages import CLOSED, FILING, SINCE, Page
from standclear.geometry.separation import SPENT, Least, compare
from standclear.geometry.tree import EPOCH_US, Tree, above, below, find, meets
from standclear.units import MM_PER_M, US_PER_S

ROW: Final = 0
OF_FILING: Final = 1
SAID: Final = 2
"""Columns of what is found: the row, its filing, and from here on what `compare` said of it."""
UNASKED: Final = -1
"""Stands at SAID where the row may have been closed: the caller knows, and compares if it was not."""


class Question(NamedTuple):
    """What is asked of every row: the volume of `own` grown by these minima, over ground that lies between
    these heights, at a log size."""

    own: Pack
    horizontal_m: float
    vertical_mm: float
    time_us: int
    ground_low_mm: float
    ground_high_mm: float
    size: int


class Held(NamedTuple):
    """Where rows lie: pages, the first row of each, the trees over them; then the open page, the boxes of its
    rows, at which of its places the latest rows lie, and the number of the first of these."""

    pages: Any
    firsts: Ints
    trees: Any
    open_: Page
    boxes: Singles
    loose: Ints
    first: int


def rows_near(held: Held, asked: Question) -> Ints:
    """Return (k, 2): rows inserted before the question's log size that come near in every way, and filings."""
    return _near_kernel(*_apart(held, asked))


def rows_close(held: Held, asked: Question, least: Least, limit_m: float) -> tuple[Ints, float]:
    """Compare every row near the question; return those that may be too close, and what is left of MAX_EFFORT.

    After MAX_EFFORT evaluations the rest is as wide as two points tell.
    """
    return _close_kernel(*_apart(held, asked, least, limit_m))


def _apart(held: Held, asked: Question, *more: object) -> Any:
    """Return what numba takes fastest: lists by themselves (within a tuple they cost it 80 µs), plain tuples."""
    return (*held[:3], tuple(held.open_), *held[4:], (*asked.own, *asked[1:]), *more)


@compiled
def _near_kernel(
    pages: Any,
    firsts: Ints,
    trees: Any,
    open_: tuple[Any, ...],
    boxes: Singles,
    loose: Ints,
    first: int,
    asked: tuple[Any, ...],
) -> Ints:
    held = Held(pages, firsts, trees, _page(open_), boxes, loose, first)
    return _rows_near(held, _question(asked))


@compiled
def _close_kernel(
    pages: Any,
    firsts: Ints,
    trees: Any,
    open_: tuple[Any, ...],
    boxes: Singles,
    loose: Ints,
    first: int,
    asked: tuple[Any, ...],
    least: Least,
    limit_m: float,
) -> tuple[Ints, float]:
    held = Held(pages, firsts, trees, _page(open_), boxes, loose, first)
    return _rows_close(held, _question(asked), least, limit_m)


@compiled
def _page(flat: tuple[Any, ...]) -> Page:
    return Page(flat[0], flat[1], flat[2], flat[3], flat[4], flat[5])


@compiled
def _question(flat: tuple[Any, ...]) -> Question:
    own = Pack(flat[0], flat[1], flat[2], flat[3], flat[4])
    return Question(own, flat[5], flat[6], flat[7], flat[8], flat[9], flat[10])


@compiled
def _pack(page: Page) -> Pack:
    return Pack(page.ends, page.bends, page.balls, page.frame, page.meta)


@compiled
def _place(held: Held, row: int) -> tuple[Page, int]:
    """Return the page in which a row lies, and its place there."""
    if row >= held.first:
        return held.open_, held.loose[row - held.first]
    number = np.searchsorted(held.firsts, row, side="right") - 1
    return held.pages[number], row - held.firsts[number]


@compiled
def _rows_near(held: Held, asked: Question) -> Ints:
    box, hits, near = reach_box(asked), np.empty(64, dtype=np.int64), np.empty((16, 2), dtype=np.int64)
    kept = 0
    for number in range(len(held.trees) + 1):
        if number < len(held.trees):
            planted = held.trees[number]
            hits, count = find(Tree(planted.boxes, planted.order, planted.starts), box, hits)
            begin = planted.first
        else:
            hits, count = _scan(held.boxes, held.loose, box, hits)
            begin = held.first
        for n in range(count):
            row = begin + hits[n]
            page, place = _place(held, row)
            if page.life[place, SINCE] < asked.size and _overlaps(_pack(page), place, asked):
                if kept == len(near):
                    longer = np.empty((4 * kept, 2), dtype=np.int64)
                    longer[:kept] = near
                    near = longer
                near[kept, ROW], near[kept, OF_FILING] = row, page.life[place, FILING]
                kept += 1
    near = near[:kept]
    return near if kept < 2 else near[np.argsort(near[:, ROW])]


@compiled
def _rows_close(held: Held, asked: Question, least: Least, limit_m: float) -> tuple[Ints, float]:
    near = _rows_near(held, asked)
    out, kept = np.empty((len(near), SAID + 7), dtype=np.int64), 0
    found, left = np.empty(6), float(MAX_EFFORT)
    for n in range(len(near)):
        row = near[n, ROW]
        page, place = _place(held, row)
        out[kept, ROW], out[kept, OF_FILING], out[kept, SAID] = row, near[n, OF_FILING], UNASKED
        if page.life[place, CLOSED] < asked.size:
            kept += 1
            continue
        may, low, high, gap, time_us, lon, lat = compare(
            asked.own, 0, _pack(page), place, least, limit_m, left, found
        )
        left -= found[SPENT]
        if not may:
            continue
        out[kept, SAID], out[kept, SAID + 1], out[kept, SAID + 2] = 1, low, high
        out[kept, SAID + 3], out[kept, SAID + 4] = gap, time_us
        out[kept, SAID + 5], out[kept, SAID + 6] = lon, lat
        kept += 1
    return out[:kept], left


@compiled
def _scan(boxes: Singles, places: Ints, box: Singles, hits: Ints) -> tuple[Ints, int]:
    """Return which of these places have boxes that meet the box, in `hits` or a longer array."""
    if len(places) > len(hits):
        hits = np.empty(len(places), dtype=np.int64)
    count = 0
    for n in range(len(places)):
        if meets(boxes, places[n], box):
            hits[count] = n
            count += 1
    return hits, count


@compiled
def reach_box(asked: Question) -> Singles:
    """Return the question's grown box as the trees compare it."""
    frame, meta = asked.own.frame[0], asked.own.meta[0]
    bottom, top = _band_mm(frame, meta, asked)
    box = np.empty(10, dtype=np.float32)
    for axis in range(3):
        box[axis] = below(frame[8 + axis] - asked.horizontal_m)
        box[5 + axis] = above(frame[11 + axis] + asked.horizontal_m)
    box[3] = below((bottom - asked.vertical_mm) / MM_PER_M)
    box[8] = above((top + asked.vertical_mm) / MM_PER_M)
    box[4], box[9] = -np.inf, np.inf
    if meta[10] > -FOREVER_US // 2:
        box[4] = below((meta[10] - asked.time_us - EPOCH_US) / US_PER_S)
    if meta[11] < FOREVER_US // 2:
        box[9] = above((meta[11] + asked.time_us - EPOCH_US) / US_PER_S)
    return box


@compiled
def _band_mm(frame: Floats, meta: Ints, asked: Question) -> tuple[float, float]:
    """Return between which heights over the ellipsoid a row lies, over the question's ground."""
    bottom = frame[14] + (asked.ground_low_mm if meta[6] == AGL else 0.0)
    return bottom, frame[15] + (asked.ground_high_mm if meta[8] == AGL else 0.0)


@compiled
def _overlaps(pack: Pack, row: int, asked: Question) -> bool:
    """Say whether a row comes within the question's minima in time and in altitude, exactly."""
    theirs, own = pack.meta[row], asked.own.meta[0]
    if theirs[10] > own[11] + asked.time_us or theirs[11] < own[10] - asked.time_us:
        return False
    bottom, top = _band_mm(pack.frame[row], theirs, asked)
    own_bottom, own_top = _band_mm(asked.own.frame[0], own, asked)
    met: bool = bottom <= own_top + asked.vertical_mm and top >= own_bottom - asked.vertical_mm
    return met
