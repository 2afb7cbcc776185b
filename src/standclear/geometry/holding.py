# SPDX-License-Identifier: Apache-2.0
"""Does one footprint, grown, lie within one other, shrunk? Every bound reversed.

What is not provably inside is not inside; so a footprint that touches the edge of another within a
millimetre is outside, unless both have the very same core. Unknown edges must hold under both readings.

- Polygon area (its own radius, if any, is left out, which only makes it smaller): one vertex of the
  activity is inside, and the area's rings stay away from the activity's core by all radii and uncertainties.
- Point or line area with radius: every piece of the activity's edges is so near to one piece of the
  area's edges. The distance to a straight segment is convex, so the ends of a piece are its worst; sagittas
  cover the rest. For a polygon activity all of it must be near one and the same edge of the area: around one
  edge that turns by less than half a circle there is no hole, so what its outline surrounds is near too.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from standclear.geometry.cores import Core, prepare
from standclear.geometry.distance import edge_distance
from standclear.geometry.earth import Bools, Floats, dot, shortest_chord_m
from standclear.geometry.edges import Arcs
from standclear.geometry.inside import inside_all, inside_any
from standclear.geometry.volume import Edges, Footprint, Shape
from standclear.units import MM_PER_M

UNDECIDED_M: Final = 0.001
"""Room that must be left over; nearer is undecided, and undecided is not inside."""
MAX_PIECE_PAIRS: Final = 1_000_000
"""Bound on the work of one comparison with a corridor; beyond it nothing is provable, so not inside."""
MAX_TUBE_EDGES: Final = 64
"""How many edges of a corridor, the nearest first, are tried as the one that holds a whole polygon."""
MAX_TUBE_DLON_DEG: Final = 30.0
MAX_TUBE_LENGTH_M: Final = 1_000_000.0
"""An edge within both turns by less than 150 degrees, so there is no hole in what lies around it."""
_BATCH: Final = 65_536


def footprint_inside(inner: Footprint, outer: Footprint) -> bool:
    """Say whether a footprint, grown, is provably within another, shrunk."""
    need = inner.radius_mm + inner.uncertainty_mm
    spare = outer.radius_mm - outer.uncertainty_mm
    same = (inner.shape, inner.rings) == (outer.shape, outer.rings)
    certain = inner.edges is outer.edges and (inner.edges is not Edges.UNKNOWN or inner.shape is Shape.POINT)
    if same and certain and need <= spare:
        return True
    core, container = prepare(inner), prepare(outer)
    if outer.shape is Shape.POLYGON:
        return _in_polygon(core, container, (need + outer.uncertainty_mm) / MM_PER_M)
    return need < spare and _in_tube(core, container, (spare - need) / MM_PER_M)


def _in_polygon(core: Core, container: Core, need: float) -> bool:
    """Say whether the core is inside the polygon with at least `need` metres to its rings."""
    if not inside_all(container, core.anchors[0]):
        return False
    if any(inside_any(core, ring) for ring in container.anchors):
        return False
    wanted = need + UNDECIDED_M
    low, _, _ = edge_distance(core, container, stop_above=wanted, stop_below=0.0)
    return low >= wanted


def _in_tube(core: Core, container: Core, spare: float) -> bool:
    """Say whether all of the core is within `spare` metres of a point or line core."""
    course = container.arcs.course
    if core.shape is not Shape.POLYGON:
        whole = [
            _all_near(core.arcs, container.arcs.take(np.arange(r.start, r.stop)), spare)
            for r in container.readings
        ]
        return all(whole)
    nearest = to_chords(core.anchors[:1], container.arcs)[0, container.readings[0]]
    for edge in np.argsort(nearest, kind="stable")[:MAX_TUBE_EDGES].tolist():
        ones = [r.start + edge for r in container.readings]
        if any(
            abs(float(course.dlon[one])) > MAX_TUBE_DLON_DEG
            or _chord_m(container.arcs, one) > MAX_TUBE_LENGTH_M
            for one in ones
        ):
            continue
        if all(_all_near(core.arcs, container.arcs.take(np.array([one])), spare) for one in ones):
            return True
    return False


def _chord_m(arcs: Arcs, one: int) -> float:
    """Return the straight length of one edge."""
    return float(np.linalg.norm(arcs.end[one] - arcs.start[one]))


def _all_near(arcs: Arcs, around: Arcs, spare: float) -> bool:
    """Say whether every true point of `arcs` is provably within `spare` surface metres of `around`.

    Pieces not yet shown near are halved, and what is near none of them is dropped from `around`, until all
    are near, or an end is shown to be beyond, or the pieces get too small or too many to matter.
    """
    while 0 < len(arcs) * len(around) <= MAX_PIECE_PAIRS:
        width = max(1, _BATCH // len(around))
        near: Bools = np.zeros(len(arcs), dtype=np.bool_)
        used: Bools = np.zeros(len(around), dtype=np.bool_)
        for first in range(0, len(arcs), width):
            part = np.arange(first, min(first + width, len(arcs)))
            near[part], touched, beyond = _near_pieces(arcs.take(part), around, spare)
            if beyond:
                return False
            used[touched] = True
        if near.all():
            return True
        arcs, around = arcs.take(np.flatnonzero(~near)), around.take(np.flatnonzero(used))
        fine = float((_halves(arcs) + arcs.sagitta()).max()) < UNDECIDED_M / 4
        if len(around) and float(around.sagitta().max()) > UNDECIDED_M / 4:
            around = around.split(2)
        elif fine:
            return False
        arcs = arcs.split(2)
    return False


def _halves(arcs: Arcs) -> Floats:
    """Return half the straight length of each piece."""
    half = (arcs.end - arcs.start) / 2
    out: Floats = np.sqrt(dot(half, half))
    return out


def _near_pieces(arcs: Arcs, around: Arcs, spare: float) -> tuple[Bools, Bools, bool]:
    """Say which pieces are wholly near one of `around`, which of those matter, and if an end is beyond."""
    at_start, at_end = to_chords(arcs.start, around), to_chords(arcs.end, around)
    theirs, ours = around.sagitta()[None, :], arcs.sagitta()[:, None]
    worst = np.maximum(at_start, at_end) + theirs + ours
    near: Bools = np.any(worst <= shortest_chord_m(max(0.0, spare - UNDECIDED_M)), axis=1)
    # Ends are true points of the activity: one beyond reach of every piece is outside for certain.
    beyond = bool(((at_start - theirs).min(axis=1) > spare).any())
    nearest = np.minimum(at_start, at_end) - theirs - ours - 2 * _halves(arcs)[:, None]
    touched: Bools = np.any(nearest <= spare, axis=0)
    return near, touched, beyond


def to_chords(points: Floats, around: Arcs) -> Floats:
    """Return straight distances of points (n, 3) from the chords of `around` (m): (n, m)."""
    chord = around.end - around.start
    off = points[:, None, :] - around.start[None, :, :]
    length2 = dot(chord, chord)
    t = np.einsum("nmk,mk->nm", off, chord) / np.where(length2 > 0, length2, 1.0)[None, :]
    gap = off - np.clip(t, 0.0, 1.0)[:, :, None] * chord[None, :, :]
    out: Floats = np.sqrt(np.einsum("nmk,nmk->nm", gap, gap))
    return out
