# SPDX-License-Identifier: Apache-2.0
"""The distance of two cores' edges, between two bounds that hold, by branch and bound over pairs of sub-edges.

For a pair of parabolas q_a, q_b with slacks e_a, e_b (see `edges.py`) and *any* fractions s, t and *any* unit
vector g the straight-line distance d of the true curves satisfies

    min_t g·q_b(t) - max_s g·q_a(s) - e_a - e_b  <=  d  <=  |q_b(t) - q_a(s)| + e_a + e_b.

The left is a plane put between the two; the right is a pair of points. So a poor choice of s, t, g makes the
bracket wide, never wrong. We choose the closest points of the chords and the direction between them. What
the plane loses on each side says which side to cut. By earth.py the surface distance lies in
[d, longest_geodesic(d)].
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from standclear.geometry.cores import Core, spheres
from standclear.geometry.earth import Floats, Ints, dot
from standclear.geometry.edges import Arcs

WIDTH_M: Final = 0.000_5
"""Refined until the straight-line bracket is this narrow: half the millimetre the design asks for."""
MAX_PAIR_EVALUATIONS: Final = 2_000_000
"""Bound on the work of one comparison, in pairs of sub-edges (a second or two). Beyond it the bracket stays
wide, and a wide bracket that does not clear is a conflict."""
_BATCH: Final = 32_768
_DIRECT_PAIRS: Final = 2_048
_MAX_PARTS: Final = 16
_MAX_CHILDREN: Final = 16_384


@dataclass(slots=True)
class _Search:
    """What one search knows so far; local to one call of `edge_distance`."""

    stop_below: float
    left: int
    high: float = np.inf
    settled: float = np.inf
    foot: Floats = field(default_factory=lambda: np.zeros(3))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of sub-edges with their lower bound and what the separating plane lost on either side, metres."""

    i: Ints
    j: Ints
    low: Floats
    loss_a: Floats
    loss_b: Floats

    def where(self, keep: Ints) -> _Pairs:
        """Return the chosen pairs."""
        return _Pairs(
            self.i[keep],
            self.j[keep],
            self.low[keep],
            self.loss_a[keep],
            self.loss_b[keep],
        )


def edge_distance(a: Core, b: Core, *, stop_above: float, stop_below: float) -> tuple[float, float, Floats]:
    """Return [low, high] metres of the straight-line distance of all edges of a and b, and a point on a.

    Stops early once low > `stop_above` (far enough) or high <= `stop_below` (as near as matters).
    """
    search = _Search(stop_below, MAX_PAIR_EVALUATIONS)
    pairs = _first_pairs(a, b, search)
    arcs_a, arcs_b = a.arcs, b.arcs
    while True:
        low = min(search.settled, search.high, float(pairs.low.min(initial=np.inf)))
        open_ = np.flatnonzero(pairs.low < search.high - WIDTH_M)
        if not open_.size or low > stop_above or search.high <= stop_below:
            return low, search.high, search.foot
        # Pairs that are narrow enough already stay as they are; only their lower end is kept.
        shut = pairs.low[pairs.low >= search.high - WIDTH_M]
        search.settled = min(search.settled, float(shut.min(initial=np.inf)))
        pairs = pairs.where(open_)
        ka, kb = _parts(pairs, search.left)
        if ka * kb == 1:
            return low, search.high, search.foot
        arcs_a, i = _cut(arcs_a, pairs.i, ka)
        arcs_b, j = _cut(arcs_b, pairs.j, kb)
        grid_i = np.repeat(i[:, None] + np.arange(ka), kb, axis=1).ravel()
        grid_j = np.tile(j[:, None] + np.arange(kb), ka).ravel()
        pairs = _evaluate_all(arcs_a, grid_i, arcs_b, grid_j, search)


def _parts(pairs: _Pairs, left: int) -> tuple[int, int]:
    """Say into how many parts to cut either side: losses fall with the square of the number."""
    share = WIDTH_M / 3
    loss_a, loss_b = float(pairs.loss_a.max()), float(pairs.loss_b.max())
    most = _MAX_PARTS if len(pairs.i) <= 64 else 4
    ka = min(most, max(2, int(np.ceil(np.sqrt(loss_a / share))))) if loss_a > share else 1
    kb = min(most, max(2, int(np.ceil(np.sqrt(loss_b / share))))) if loss_b > share else 1
    if len(pairs.i) * ka * kb > _MAX_CHILDREN:
        ka, kb = min(ka, 2), min(kb, 2)
    return (ka, kb) if len(pairs.i) * ka * kb <= left else (1, 1)


def _cut(arcs: Arcs, index: Ints, parts: int) -> tuple[Arcs, Ints]:
    """Cut the sub-edges that occur; return them and, for each pair, where its first part is."""
    used, where = np.unique(index, return_inverse=True)
    chosen = arcs.take(used)
    if parts == 1:
        return chosen, where
    return chosen.split(parts), where * parts


def _evaluate_all(a: Arcs, i: Ints, b: Arcs, j: Ints, search: _Search) -> _Pairs:
    """Bound many pairs in batches of bounded memory; drop those farther than the best upper bound."""
    found = []
    centre_a, radius_a = spheres(a)
    centre_b, radius_b = spheres(b)
    for first in range(0, len(i), _BATCH):
        bi, bj = i[first : first + _BATCH], j[first : first + _BATCH]
        if len(bi) > 64:
            off = centre_a[bi] - centre_b[bj]
            coarse = np.sqrt(dot(off, off)) - radius_a[bi] - radius_b[bj]
            keep = np.flatnonzero(coarse <= search.high)
            bi, bj = bi[keep], bj[keep]
        if bi.size:
            found.append(_evaluate(a, bi, b, bj, search))
    return _joined(found, search)


def _joined(found: list[_Pairs], search: _Search) -> _Pairs:
    """Put batches together, without what later batches proved too far."""
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return _Pairs(none, none, np.zeros(0), np.zeros(0), np.zeros(0))
    pairs = found[0]
    if len(found) > 1:
        pairs = _Pairs(
            np.concatenate([p.i for p in found]),
            np.concatenate([p.j for p in found]),
            np.concatenate([p.low for p in found]),
            np.concatenate([p.loss_a for p in found]),
            np.concatenate([p.loss_b for p in found]),
        )
    return pairs.where(np.flatnonzero(pairs.low <= search.high))


def _evaluate(a: Arcs, i: Ints, b: Arcs, j: Ints, search: _Search) -> _Pairs:
    """Bound a batch of pairs; lower `search.high` where a pair of points is nearer than any before."""
    search.left -= len(i)
    start, chord, bulge = a.start[i], a.end[i] - a.start[i], a.bulge[i]
    other, other_chord, other_bulge = b.start[j], b.end[j] - b.start[j], b.bulge[j]
    s, t = _closest(start, chord, other, other_chord)
    hs, ht = 4 * s * (1 - s), 4 * t * (1 - t)
    foot = start + s[:, None] * chord + hs[:, None] * bulge
    gap = other + t[:, None] * other_chord + ht[:, None] * other_bulge - foot
    size = np.sqrt(dot(gap, gap))
    g = gap / np.maximum(size, 1e-12)[:, None]
    # In direction g, a's parabola is first + along·s + up·4s(1-s): how far beyond its chosen point?
    loss_a = _beyond(dot(g, chord), dot(g, bulge), s, hs)
    loss_b = _beyond(-dot(g, other_chord), -dot(g, other_bulge), t, ht)
    slack = a.slack[i] + b.slack[j]
    best = int(np.argmin(size + slack))
    if size[best] + slack[best] < search.high:
        search.high, search.foot = float(size[best] + slack[best]), foot[best]
    low = np.maximum(0.0, dot(g, gap) - loss_a - loss_b - slack)
    return _Pairs(i, j, low, loss_a + 2 * a.slack[i], loss_b + 2 * b.slack[j])


def _beyond(along: Floats, up: Floats, s: Floats, hs: Floats) -> Floats:
    """Return max over x in [0, 1] of along·x + up·4x(1-x), less its value at s."""
    top = np.maximum(0.0, along)
    arched = 4 * up > np.abs(along)
    safe = np.where(arched, up, 1.0)
    top = np.where(arched, along / 2 + up + along * along / (16 * safe), top)
    out: Floats = np.maximum(0.0, top - (along * s + up * hs))
    return out


def _closest(p: Floats, u: Floats, q: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return fractions s, t of nearly the closest points of the segments p + su and q + tv (Ericson 2005).

    Need not be exact, near parallels least of all: bounds hold for any s, t.
    """
    w = p - q
    a, e = dot(u, u), dot(v, v)
    b, c, f = dot(u, v), dot(u, w), dot(v, w)
    a, e = np.where(a > 0, a, 1.0), np.where(e > 0, e, 1.0)
    det = a * e - b * b
    s = np.clip(np.where(det > 0, b * f - c * e, 0.0) / np.where(det > 0, det, 1.0), 0.0, 1.0)
    t = np.clip((b * s + f) / e, 0.0, 1.0)
    return np.clip((b * t - c) / a, 0.0, 1.0), t


def _first_pairs(a: Core, b: Core, search: _Search) -> _Pairs:
    """Bound all pairs of edges, or, for large shapes, those that bounding balls leave."""
    n, m = len(a.arcs), len(b.arcs)
    if n * m <= _DIRECT_PAIRS:
        i, j = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
        return _evaluate_all(a.arcs, i, b.arcs, j, search)
    from_a, from_b, low = _near_balls(a, b, search)
    found: list[_Pairs] = []
    width = max(1, _BATCH // 256)
    for first in range(0, len(low), width):
        if low[first] > search.high:
            break
        if search.left < width * 256 or search.high <= search.stop_below:
            # Out of work: what was not looked at may be as near as its balls are.
            search.settled = min(search.settled, float(low[first]))
            break
        i, j = _members(from_a[first : first + width], len(a.arcs), from_b[first : first + width], m)
        found.append(_evaluate_all(a.arcs, i, b.arcs, j, search))
    return _joined(found, search)


def _near_balls(a: Core, b: Core, search: _Search) -> tuple[Ints, Ints, Floats]:
    """Return pairs of groups whose balls may hold the nearest pair, nearest first."""
    rows, columns, lows = [], [], []
    high = np.inf
    for first in range(0, len(a.balls.radius), 64):
        part = slice(first, first + 64)
        centre = np.sqrt(((a.balls.centre[part, None] - b.balls.centre[None]) ** 2).sum(axis=2))
        low = centre - a.balls.radius[part, None] - b.balls.radius[None]
        true = np.sqrt(((a.balls.sample[part, None] - b.balls.sample[None]) ** 2).sum(axis=2))
        high = min(high, float(true.min()) + WIDTH_M)
        row, column = np.nonzero(low <= high)
        rows.append(row + first)
        columns.append(column)
        lows.append(low[row, column])
    row, column, low = (
        np.concatenate(rows),
        np.concatenate(columns),
        np.concatenate(lows),
    )
    keep = np.flatnonzero(low <= high)
    keep = keep[np.argsort(low[keep], kind="stable")]
    search.left -= len(keep)
    return row[keep], column[keep], np.maximum(0.0, low[keep])


def _members(group_a: Ints, n: int, group_b: Ints, m: int) -> tuple[Ints, Ints]:
    """Return all pairs of sub-edges of pairs of groups."""
    size = 16
    grid_i = (group_a[:, None] * size + np.repeat(np.arange(size), size)).ravel()
    grid_j = (group_b[:, None] * size + np.tile(np.arange(size), size)).ravel()
    keep = (grid_i < n) & (grid_j < m)
    return grid_i[keep], grid_j[keep]
