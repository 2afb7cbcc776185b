# SPDX-License-Identifier: Apache-2.0
"""Kernel: how near two footprint cores come along the surface, one inside the other included.

Is a point inside a polygon? Counted in central projection, at the poles and the antimeridian as elsewhere.
Central projection from the earth's centre maps a chord to a straight segment, so the count of crossings is
exact for the ring of chords. Truth and chord differ by at most the sagitta s. Sliding the curve to its
chord, a point changes side only if the sliding curve crosses it; it is then within (a/b) s < 1.01 s of the
chord. Such sub-edges are halved until s <= CONTACT_M. What is still near then is within 0.3 mm of the true
edge, where the distance test reports contact whatever is said here; where slack alone is wider than that,
the point counts as inside.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from standclear.geometry.bracket import HIGH, LOW, nearest_edges
from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.earth import (
    ROUNDING_M,
    SEMI_MAJOR_M,
    Floats,
    longest_chord_m,
    longest_geodesic_m,
    shortest_chord_m,
    shortest_geodesic_m,
)
from standclear.geometry.pack import Pack

CONTACT_M: Final = 1e-4
"""Sub-edges this close to their chords decide; nearer than 0.3 mm both answers are right."""
MIN_COSINE: Final = 0.1
"""Polygons stay this far (cosine) inside the half of the earth around their middle (`check_volume`)."""
_DEEPEST: Final = 64

Vector = tuple[float, float, float]


@compiled_long
def measure(
    a: Pack,
    i: int,
    b: Pack,
    j: int,
    stop_above: float,
    stop_below: float,
    budget: float,
    found: Floats,
) -> None:
    """Put into `found` (6) high and low metres of the surface distance of two cores, and a point on a.

    Zero where one may lie inside the other: boundaries that do not meet leave only that or disjoint, and
    one vertex tells which, because cores are connected. Beyond `stop_above` the bracket may stay wide.
    """
    fa, fb = a.frame[i], b.frame[j]
    x, y, z = fa[3] - fb[3], fa[4] - fb[4], fa[5] - fb[5]
    balls = fa[6] + fb[6]
    apart = math.sqrt(x * x + y * y + z * z) - balls - ROUNDING_M
    found[2], found[3], found[4] = fa[0], fa[1], fa[2]
    if apart > stop_above:
        found[LOW], found[HIGH] = apart, longest_geodesic_m(apart + 2 * balls + 2 * ROUNDING_M)
        return
    anchor_a, anchor_b = (fa[0], fa[1], fa[2]), (fb[0], fb[1], fb[2])
    if holds(b, j, anchor_a) or holds(a, i, anchor_b):
        found[LOW], found[HIGH] = 0.0, 0.0
        if not holds(b, j, anchor_a):
            found[2], found[3], found[4] = anchor_b
        return
    of_a = (a.meta[i, 0], a.meta[i, 1], a.meta[i, 3], a.meta[i, 4])
    of_b = (b.meta[j, 0], b.meta[j, 1], b.meta[j, 3], b.meta[j, 4])
    nearest_edges(a, of_a, b, of_b, longest_chord_m(stop_above), shortest_chord_m(stop_below), budget, found)
    found[LOW], found[HIGH] = shortest_geodesic_m(found[LOW]), longest_geodesic_m(found[HIGH])


@compiled
def holds(curves: Pack, n: int, point: Vector) -> bool:
    """Say whether a polygon may hold a point under at least one reading of its edges."""
    if curves.meta[n, 5] == 0:
        return False
    frame = curves.frame[n]
    x, y, z = point[0] - frame[3], point[1] - frame[4], point[2] - frame[5]
    if math.sqrt(x * x + y * y + z * z) > frame[6] + ROUNDING_M:
        return False
    size = math.sqrt(frame[3] ** 2 + frame[4] ** 2 + frame[5] ** 2)
    centre = (frame[3] / size, frame[4] / size, frame[5] / size)
    # The polygon stays in front of MIN_COSINE; what lies behind half of that is outside for certain.
    if _dot(point, centre) < MIN_COSINE * SEMI_MAJOR_M / 2:
        return False
    begin, first = curves.meta[n, 0], curves.meta[n, 2]
    stop = begin + curves.meta[n, 1]
    if _odd(curves, begin, begin + first, centre, point):
        return True
    return begin + first < stop and _odd(curves, begin + first, stop, centre, point)


@compiled
def _odd(curves: Pack, begin: int, stop: int, centre: Vector, point: Vector) -> bool:
    """Say whether a ray from the point crosses these sub-edges an odd number of times, or may."""
    east, north = _axes(centre)
    seen = _project(point, centre, east, north)
    odd = False
    stack = np.empty((_DEEPEST, 2))
    for n in range(begin, stop):
        b = curves.bends[n]
        rise, slack = math.sqrt(float(b[0]) ** 2 + float(b[1]) ** 2 + float(b[2]) ** 2), float(b[3])
        stack[0, 0], stack[0, 1] = 0.0, 1.0
        depth = 1
        while depth > 0:
            depth -= 1
            s0, s1 = stack[depth, 0], stack[depth, 1]
            p, q = _spot(curves, n, s0), _spot(curves, n, s1)
            up = rise * (s1 - s0) ** 2
            if _near(p, q, up + slack, point):
                if up > CONTACT_M / 4:
                    middle = (s0 + s1) / 2
                    stack[depth, 0], stack[depth, 1] = s0, middle
                    stack[depth + 1, 0], stack[depth + 1, 1] = middle, s1
                    depth += 2
                    continue
                if up + slack > CONTACT_M:
                    return True
            if _crossed(_project(p, centre, east, north), _project(q, centre, east, north), seen):
                odd = not odd
    return odd


@compiled
def _spot(curves: Pack, n: int, s: float) -> Vector:
    """Return a sub-edge's point at a fraction; its ends are the very numbers its neighbours share."""
    e, b = curves.ends[n], curves.bends[n]
    if s == 0.0:
        return e[0], e[1], e[2]
    if s == 1.0:
        return e[3], e[4], e[5]
    h = 4 * s * (1 - s)
    return (
        e[0] + s * (e[3] - e[0]) + h * float(b[0]),
        e[1] + s * (e[4] - e[1]) + h * float(b[1]),
        e[2] + s * (e[5] - e[2]) + h * float(b[2]),
    )


@compiled
def _near(p: Vector, q: Vector, sagitta: float, point: Vector) -> bool:
    """Say whether the point is so near a chord that truth and chord may disagree about its side."""
    chord = (q[0] - p[0], q[1] - p[1], q[2] - p[2])
    off = (point[0] - p[0], point[1] - p[1], point[2] - p[2])
    length2 = _dot(chord, chord)
    t = min(1.0, max(0.0, _dot(off, chord) / length2)) if length2 > 0 else 0.0
    gap = (off[0] - t * chord[0], off[1] - t * chord[1], off[2] - t * chord[2])
    return _dot(gap, gap) <= (1.01 * sagitta + 2 * ROUNDING_M) ** 2


@compiled
def _crossed(start: tuple[float, float], end: tuple[float, float], seen: tuple[float, float]) -> bool:
    """Say whether a segment crosses the ray from `seen` towards +x; half open, so a vertex counts once."""
    if (start[1] > seen[1]) == (end[1] > seen[1]):
        return False
    return start[0] + (seen[1] - start[1]) / (end[1] - start[1]) * (end[0] - start[0]) > seen[0]


@compiled
def _axes(centre: Vector) -> tuple[Vector, Vector]:
    """Return two unit vectors across a direction."""
    x, y, z = abs(centre[0]), abs(centre[1]), abs(centre[2])
    pole = (1.0, 0.0, 0.0) if x <= y and x <= z else ((0.0, 1.0, 0.0) if y <= z else (0.0, 0.0, 1.0))
    east = _cross(pole, centre)
    size = math.sqrt(_dot(east, east))
    east = (east[0] / size, east[1] / size, east[2] / size)
    return east, _cross(centre, east)


@compiled
def _project(point: Vector, centre: Vector, east: Vector, north: Vector) -> tuple[float, float]:
    """Return the central projection of a point in front of the plane, in earth radii."""
    depth = _dot(point, centre)
    return _dot(point, east) / depth, _dot(point, north) / depth


@compiled
def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@compiled
def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
