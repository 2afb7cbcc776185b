# SPDX-License-Identifier: Apache-2.0
"""Is a point inside a polygon? Counted in central projection, at the poles and the antimeridian as elsewhere.

Central projection from the earth's centre maps the chord of a sub-edge to a straight segment, so the count
of crossings is exact for the ring of chords. Truth and chord differ by at most the sagitta s. Sliding the
curve to its chord, a point q changes side only if the sliding curve crosses the ray through q; then q is
within (a/b) s < 1.01 s of the chord. Such sub-edges are cut smaller until s <= CONTACT_M. What is still
near then is within 0.3 mm of the true edge, where the distance test reports contact whatever is said here.
The inside is the side that does not hold the antipode of the polygon's centre; holes fall out by counting.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from standclear.geometry.cores import MIN_COSINE, Core, Plane, along, project
from standclear.geometry.earth import ROUNDING_M, SEMI_MAJOR_M, Bools, Floats, Ints, dot
from standclear.geometry.edges import Arcs

CONTACT_M: Final = 1e-4
"""Sub-edges this close to their chords decide; nearer than 0.3 mm both answers are right."""
_PARTS: Final = 8
_MAX_ROUNDS: Final = 40
"""Each round divides sagittas by about 64; 40 are never reached from any edge on earth."""


def inside_any(core: Core, point: Floats) -> bool:
    """Say whether the point (3,) lies inside the polygon under at least one reading of its edges."""
    return any(_inside(core, reading, point) for reading in core.readings)


def inside_all(core: Core, point: Floats) -> bool:
    """Say whether the point (3,) lies inside the polygon under every reading of its edges."""
    return all(_inside(core, reading, point) for reading in core.readings)


def _inside(core: Core, reading: slice, point: Floats) -> bool:
    """Count crossings of one reading."""
    return bool(edge_crossings(core, reading, point).sum() & 1)


def edge_crossings(core: Core, reading: slice, point: Floats) -> Ints:
    """Return, for each edge of one reading of a polygon, how often it crosses a ray from the point (3,)."""
    n = reading.stop - reading.start
    plane = core.plane
    # The polygon stays in front of MIN_COSINE; what lies behind half of that is outside for certain.
    if plane is None or float(along(point[None, :], plane.centre)[0]) < MIN_COSINE * SEMI_MAJOR_M / 2:
        return np.zeros(n, dtype=np.int64)
    seen = project(plane, point[None, :])[0]
    sagitta = core.sagitta[reading]
    near = _near(core.arcs.start[reading], core.arcs.end[reading], sagitta, point)
    crossed = _crossed(plane.starts[reading], plane.ends[reading], seen) & ~near
    counts = crossed.astype(np.int64)
    if near.any():
        arcs = core.arcs.take(reading.start + np.flatnonzero(near))
        _add_near(counts, reading.start, plane, arcs, seen, point)
    return counts


def _add_near(counts: Ints, first: int, plane: Plane, arcs: Arcs, seen: Floats, point: Floats) -> None:
    """Cut the sub-edges near the point until their chords decide; add their crossings to their edges'."""
    for _ in range(_MAX_ROUNDS):
        arcs = arcs.split(_PARTS)
        sagitta = arcs.sagitta()
        near = _near(arcs.start, arcs.end, sagitta, point) & (sagitta > CONTACT_M)
        crossed = _crossed(project(plane, arcs.start), project(plane, arcs.end), seen) & ~near
        np.add.at(counts, arcs.edge[crossed] - first, 1)
        if not near.any():
            return
        arcs = arcs.take(np.flatnonzero(near))


def _near(start: Floats, end: Floats, sagitta: Floats, point: Floats) -> Bools:
    """Say which chords the point is so near to that truth and chord may disagree about its side."""
    chord = end - start
    off = point - start
    length2 = dot(chord, chord)
    t = np.clip(dot(off, chord) / np.where(length2 > 0, length2, 1.0), 0.0, 1.0)
    gap = off - t[:, None] * chord
    out: Bools = dot(gap, gap) <= (1.01 * sagitta + 2 * ROUNDING_M) ** 2
    return out


def _crossed(starts: Floats, ends: Floats, seen: Floats) -> Bools:
    """Return which segments cross the ray from `seen` towards +x.

    Half open in y, so that a vertex on the ray counts once.
    """
    x0, y0 = starts[:, 0], starts[:, 1]
    x1, y1 = ends[:, 0], ends[:, 1]
    straddles = (y0 > seen[1]) != (y1 > seen[1])
    rise = np.where(straddles, y1 - y0, 1.0)
    crossed: Bools = straddles & (x0 + (seen[1] - y0) / rise * (x1 - x0) > seen[0])
    return crossed
