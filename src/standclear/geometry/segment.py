# SPDX-License-Identifier: Apache-2.0
"""Rows of the index that never change: many packed volumes under a tree, and the kernel that asks them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from standclear.geometry.boxes import AGL
from standclear.geometry.bracket import HIGH, LEFT, LOW, MAX_EVALUATIONS
from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.earth import Floats, Ints, Singles
from standclear.geometry.effort import MAX_EFFORT
from standclear.geometry.nearness import measure
from standclear.geometry.pack import FOREVER_US, Pack
from standclear.geometry.tree import EPOCH_US, Tree, above, below, build, find, meets, outward
from standclear.units import MM_PER_M, US_PER_S

SINCE: Final = 0
CLOSED: Final = 1
FILING: Final = 2
"""Columns of `life`."""
OPEN: Final = 2**62
MAYBE_CLOSED: Final = -1.0
"""Stands for a distance where the row may have been closed: the caller knows, and measures if it was not."""


class Segment(NamedTuple):
    """Packed rows, oldest first, and their tree.

    `life` (n, 3): the log entry that inserted a row, the one that closed it, and its filing. The closing is a
    hint that saves work: it may be missing, and it may come from a version that was given up.
    """

    pack: Pack
    tree: Tree
    life: Ints

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.life)


class Question(NamedTuple):
    """What is asked of every row: volume `row` of `own` grown by these minima, over ground that lies between
    these heights, at a log size."""

    own: Pack
    row: int
    horizontal_m: float
    vertical_mm: float
    time_us: int
    ground_low_mm: float
    ground_high_mm: float
    size: int


def segment_of(pack: Pack, life: Ints) -> Segment:
    """Put rows under a tree."""
    return Segment(pack, build(tree_boxes(pack)), life)


def tree_boxes(pack: Pack) -> Singles:
    """Return the boxes of rows for a tree. Heights over ground reach anywhere: the ground is the question's."""
    spans = pack.frame[:, 8:16].copy()
    spans[pack.meta[:, 6] == AGL, 6] = -np.inf
    spans[pack.meta[:, 8] == AGL, 7] = np.inf
    return outward(spans, pack.meta[:, 10:12])


def joined(parts: Sequence[Segment]) -> Segment:
    """Return one segment with the rows of several, in order."""
    return segment_of(joined_packs([part.pack for part in parts]), _chained([p.life for p in parts]))


def joined_packs(parts: Sequence[Pack]) -> Pack:
    """Return one pack with the rows of several, in order."""
    columns = [_chained([part[n] for part in parts]) for n in range(len(Pack._fields))]
    made = Pack._make(columns)
    row, edge, ball = 0, 0, 0
    for part in parts:
        _moved(made.meta[row : row + len(part.meta)], edge, ball)
        row, edge, ball = row + len(part.meta), edge + len(part.ends), ball + len(part.balls)
    return made


def _chained(arrays: Sequence[Any]) -> Any:
    """Return tables end to end, copied without Python's lock, so that nobody waits for it."""
    out = np.empty((sum(len(array) for array in arrays), *arrays[0].shape[1:]), dtype=arrays[0].dtype)
    at = 0
    for array in arrays:
        _copy(array, out[at : at + len(array)])
        at += len(array)
    return out


@compiled_long
def _copy(source: Any, target: Any) -> None:
    for n in range(len(source)):
        target[n] = source[n]


@compiled_long
def _moved(meta: Ints, edge: int, ball: int) -> None:
    """Count a part's sub-edges and balls from where they now begin."""
    for n in range(len(meta)):
        meta[n, 0] += edge
        meta[n, 3] += ball


@compiled
def reach_box(asked: Question) -> Singles:
    """Return the question's grown box as the tree compares it (`tree.outward`)."""
    frame, meta = asked.own.frame[asked.row], asked.own.meta[asked.row]
    bottom, top = band_mm(asked.own, asked.row, asked)
    box = np.empty(10, dtype=np.float32)
    for axis in range(3):
        box[axis] = below(frame[8 + axis] - asked.horizontal_m)
        box[5 + axis] = above(frame[11 + axis] + asked.horizontal_m)
    box[3], box[8] = (
        below((bottom - asked.vertical_mm) / MM_PER_M),
        above((top + asked.vertical_mm) / MM_PER_M),
    )
    box[4], box[9] = -np.inf, np.inf
    if meta[10] > -FOREVER_US // 2:
        box[4] = below((meta[10] - asked.time_us - EPOCH_US) / US_PER_S)
    if meta[11] < FOREVER_US // 2:
        box[9] = above((meta[11] + asked.time_us - EPOCH_US) / US_PER_S)
    return box


@compiled
def band_mm(pack: Pack, row: int, asked: Question) -> tuple[float, float]:
    """Return between which heights over the ellipsoid a row lies, over the question's ground."""
    meta, frame = pack.meta[row], pack.frame[row]
    bottom = frame[14] + (asked.ground_low_mm if meta[6] == AGL else 0.0)
    return bottom, frame[15] + (asked.ground_high_mm if meta[8] == AGL else 0.0)


@compiled
def overlaps(pack: Pack, row: int, asked: Question) -> bool:
    """Say whether a row comes within the question's minima in time and in altitude, exactly."""
    theirs, own = pack.meta[row], asked.own.meta[asked.row]
    if theirs[10] > own[11] + asked.time_us or theirs[11] < own[10] - asked.time_us:
        return False
    bottom, top = band_mm(pack, row, asked)
    own_bottom, own_top = band_mm(asked.own, asked.row, asked)
    met: bool = bottom <= own_top + asked.vertical_mm and top >= own_bottom - asked.vertical_mm
    return met


def rows_near(segment: Segment, asked: Question) -> Ints:
    """Return the rows inserted before the question's log size that come near in every way."""
    return _rows_near(_flat(segment), (*asked.own, *asked[1:]))


def measure_near(segment: Segment, asked: Question, limit_m: float) -> Floats:
    """Measure every row near the question.

    Returns (k, 6): row, low and high metres with reaches taken off, and the place, of those not provably
    farther than `limit_m`; low is MAYBE_CLOSED where nothing was measured. After MAX_EFFORT evaluations the
    rest is as wide as two points tell.
    """
    return _measure_near(_flat(segment), (*asked.own, *asked[1:]), limit_m)


def _flat(segment: Segment) -> tuple[Any, ...]:
    """Return a segment as numba takes it fastest: plain tuples cost it a tenth of a microsecond an array, and
    named ones twice that."""
    return (*segment.pack, *segment.tree, segment.life)


@compiled
def _segment(flat: tuple[Any, ...]) -> Segment:
    pack = Pack(flat[0], flat[1], flat[2], flat[3], flat[4])
    return Segment(pack, Tree(flat[5], flat[6], flat[7]), flat[8])


@compiled
def _question(flat: tuple[Any, ...]) -> Question:
    own = Pack(flat[0], flat[1], flat[2], flat[3], flat[4])
    return Question(own, flat[5], flat[6], flat[7], flat[8], flat[9], flat[10], flat[11])


@compiled
def _rows_near(flat: tuple[Any, ...], asked_flat: tuple[Any, ...]) -> Ints:
    segment, asked = _segment(flat), _question(asked_flat)
    pack, tree, life = segment
    hits, count = find(tree, reach_box(asked), np.empty(64, dtype=np.int64))
    kept = 0
    for n in range(count):
        row = hits[n]
        if life[row, SINCE] < asked.size and overlaps(pack, row, asked):
            hits[kept] = row
            kept += 1
    return hits[:kept]


@compiled
def _measure_near(flat: tuple[Any, ...], asked_flat: tuple[Any, ...], limit_m: float) -> Floats:
    hits = _rows_near(flat, asked_flat)
    segment, asked = _segment(flat), _question(asked_flat)
    pack, life, own, n = segment.pack, segment.life, asked.own, asked.row
    out = np.empty((len(hits), 6))
    kept, found, left = 0, np.empty(6), float(MAX_EFFORT)
    for row in hits:
        if life[row, CLOSED] < asked.size:
            out[kept, 0], out[kept, 1] = row, MAYBE_CLOSED
            kept += 1
            continue
        reach = own.frame[n, 7] + pack.frame[row, 7]
        found[LEFT] = budget = max(0.0, min(MAX_EVALUATIONS, left))
        measure(own, n, pack, row, limit_m + reach, reach, budget, found)
        left -= budget - max(0.0, found[LEFT])
        if found[LOW] - reach > limit_m:
            continue
        out[kept, 0], out[kept, 1], out[kept, 2] = row, max(0.0, found[LOW] - reach), found[HIGH] - reach
        out[kept, 3], out[kept, 4], out[kept, 5] = found[2], found[3], found[4]
        kept += 1
    return out[:kept]


@compiled
def scan(boxes: Singles, rows: int, asked: Question) -> Ints:
    """Return the rows among the first `rows` whose boxes meet the question's."""
    box, hits, count = reach_box(asked), np.empty(rows, dtype=np.int64), 0
    for row in range(rows):
        if meets(boxes, row, box):
            hits[count] = row
            count += 1
    return hits[:count]
