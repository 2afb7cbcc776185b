# SPDX-License-Identifier: Apache-2.0
"""Is a footprint, grown, covered by several others, shrunk? Cells, each wholly within one of them or halved.

A square in central projection about the footprint's middle holds all of it, and is cut into four until each
cell is proved to be one of two things: outside the footprint, or within one area. So what is covered is
proved piece by piece, and what the pieces are matters to nobody. Nothing is concluded from a cell that is neither;
one too small to matter, or too much work, ends the search without a proof.

- **A cell lies in a ball.** The plane touches the ball of radius a at the footprint's middle. Stretch z by a/b:
  the ellipsoid becomes a sphere of radius a, the plane stays outside it, and going radially from outside onto a
  ball moves two points no farther apart. Undoing the stretch does not either, so places of the plane d apart
  come to lie at most (a/b) d < 1.0034 d apart on the ellipsoid, straight.
- **Outside the footprint.** A cell's ball keeps clear of all core edges by more than the longest chord of the
  radius, and its middle is not inside the core. Cells are connected: without an edge in it a cell is all inside or all
  outside.
- **Within a polygon area.** The ball keeps clear of all its edges by the uncertainty and a millimetre, and the
  middle is inside under every reading.
- **Within a circle or corridor.** All of the ball is near one and the same edge of it; under every reading some edge.

Edges too far from a block of cells to matter to it are left out for its descendants, long ones are cut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from standclear.geometry.cores import Core, prepare
from standclear.geometry.earth import (
    ROUNDING_M,
    SEMI_MAJOR_M,
    SEMI_MINOR_M,
    Bools,
    Floats,
    Ints,
    longest_chord_m,
    shortest_chord_m,
)
from standclear.geometry.edges import Arcs
from standclear.geometry.effort import Effort
from standclear.geometry.holding import UNDECIDED_M, to_chords
from standclear.geometry.inside import inside_all, inside_any
from standclear.geometry.volume import Footprint, Shape
from standclear.units import MM_PER_M

STRETCH: Final = 1.0035
"""a/b, rounded up."""
MAX_SPREAD: Final = 0.7
"""A footprint must lie this far (share of an earth radius) round its middle; larger ones are not covered."""
SMALLEST_M: Final = UNDECIDED_M / 2
BLOCK: Final = 256
"""Cells that are looked at together."""
BATCH: Final = 65_536
"""Pairs of cell and edge that are looked at together."""
INSIDE_WORK: Final = 1_000
"""What telling the inside from the outside of a polygon costs beyond its edges, in the units of `Effort`."""


@dataclass(frozen=True, slots=True)
class _Area:
    """An area as cells see it. `room_m`: how far a polygon's edges must stay away, or a core's reach."""

    core: Core
    room_m: float

    @property
    def filled(self) -> bool:
        """Whether it is a polygon."""
        return self.core.shape is Shape.POLYGON

    def groups(self) -> tuple[Arcs, ...]:
        """All edges of a polygon together; those of a line apart, one group for each reading."""
        if self.filled:
            return (self.core.arcs,)
        return tuple(self.core.arcs.take(np.arange(r.start, r.stop)) for r in self.core.readings)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plane that touches a sphere at the footprint's middle; `span`: half the root cell."""

    centre: Floats
    east: Floats
    north: Floats
    span: float

    def lift(self, spots: Floats) -> Floats:
        """Return the places (n, 3) on the ellipsoid of places (n, 2) in the plane, in earth radii."""
        way = self.centre + spots[:, :1] * self.east + spots[:, 1:] * self.north
        scale = np.array([SEMI_MAJOR_M, SEMI_MAJOR_M, SEMI_MINOR_M])
        out: Floats = way / np.sqrt(((way / scale) ** 2).sum(axis=1))[:, None]
        return out


@dataclass(frozen=True, slots=True)
class _Block:
    """Cells of one size, and the edges that matter to them.

    `open` (n, areas): not known to lie outside that area. `deep`: known to lie within the footprint's core.
    """

    half: float
    spots: Floats
    open: Bools
    deep: Bools
    own: Arcs
    theirs: tuple[tuple[Arcs, ...], ...]


def covered(inner: Footprint, outers: Sequence[Footprint], effort: Effort) -> bool:
    """Say whether the whole footprint, grown, is provably covered by the others, shrunk."""
    core, reach_m = prepare(inner), (inner.radius_mm + inner.uncertainty_mm) / MM_PER_M
    frame = _frame(core, reach_m)
    areas = [area for area in map(_area, outers) if area is not None]
    if frame is None or not areas:
        return False
    root = _Block(
        frame.span,
        np.zeros((1, 2)),
        np.ones((1, len(areas)), dtype=np.bool_),
        np.zeros(1, dtype=np.bool_),
        core.arcs,
        tuple(area.groups() for area in areas),
    )
    stack = [root]
    while stack:
        # Depth first: a gap is found after some thirty halvings, however long the seams are.
        children = _cut_open(stack.pop(), frame, core, reach_m, areas, effort)
        if children is None:
            return False
        stack += children
    return True


def _area(outer: Footprint) -> _Area | None:
    """Shrink an area by its uncertainty; None when nothing certain is left of it."""
    uncertainty = outer.uncertainty_mm / MM_PER_M
    if outer.shape is Shape.POLYGON:
        return _Area(prepare(outer), uncertainty + UNDECIDED_M)
    left = outer.radius_mm / MM_PER_M - uncertainty
    return _Area(prepare(outer), left) if left > UNDECIDED_M else None


def _frame(core: Core, reach_m: float) -> _Frame | None:
    """Look at the footprint from the earth's centre."""
    length, radius = float(np.linalg.norm(core.centre)), core.radius + reach_m + UNDECIDED_M
    if radius > MAX_SPREAD * length:
        return None
    centre = core.centre / length
    pole = np.zeros(3)
    pole[int(np.argmin(np.abs(centre)))] = 1.0
    east = np.cross(pole, centre)
    east /= np.linalg.norm(east)
    # What lies in the ball lies within the cone round it.
    span = radius / math.sqrt(length * length - radius * radius)
    return _Frame(centre, east, np.cross(centre, east), span * (1 + 1e-9))


def _cut_open(
    block: _Block, frame: _Frame, core: Core, reach_m: float, areas: Sequence[_Area], effort: Effort
) -> list[_Block] | None:
    """Return what is left to prove of a block, its cells cut in four; None when no proof is to be had."""
    size = STRETCH * SEMI_MAJOR_M * math.sqrt(2.0) * block.half + ROUNDING_M
    edges = len(block.own) + sum(len(arcs) for groups in block.theirs for arcs in groups)
    if size < SMALLEST_M or not effort.spend(len(block.spots) * (edges + 1)):
        return None
    points = frame.lift(block.spots)
    outside, within, deep, own = _against_own(block, points, size, core, reach_m, effort)
    held = outside
    kept, theirs = block.open.copy(), []
    for n, area in enumerate(areas):
        if not (kept[:, n] & ~held).any():
            theirs.append(tuple(arcs.take(np.arange(0)) for arcs in block.theirs[n]))
            continue
        asked = kept[:, n] & ~held
        holds, closed, groups = _against_area(block.theirs[n], points, size, area, asked, effort)
        held, kept[:, n] = held | holds, kept[:, n] & ~closed
        theirs.append(groups)
    left = np.flatnonzero(~held)
    if effort.left < 0 or (within[left] & ~kept[left].any(axis=1)).any():
        return None
    return _quarters(_Block(block.half, block.spots, kept, deep, own, tuple(theirs)), left)


def _quarters(block: _Block, left: Ints) -> list[_Block]:
    """Cut the cells that are left in four, in blocks of few enough."""
    half = block.half / 2
    steps = half * np.array([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
    spots = (block.spots[left][:, None, :] + steps[None, :, :]).reshape(-1, 2)
    open_, deep = np.repeat(block.open[left], 4, axis=0), np.repeat(block.deep[left], 4)
    most = max(len(arcs) for groups in (*block.theirs, (block.own,)) for arcs in groups)
    width = max(4, min(BLOCK, BATCH // max(1, most)))
    return [
        _Block(half, spots[n : n + width], open_[n : n + width], deep[n : n + width], block.own, block.theirs)
        for n in range(0, len(spots), width)
    ]


def _against_own(
    block: _Block, points: Floats, size: float, core: Core, reach_m: float, effort: Effort
) -> tuple[Bools, Bools, Bools, Arcs]:
    """Say which cells lie outside the footprint, whose middles lie within, and which lie deep in its core.

    Also returns the edges that still matter.
    """
    limit = longest_chord_m(reach_m) + UNDECIDED_M
    least, most, own = _look(block.own, points, size, limit)
    deep = block.deep.copy()
    if core.shape is Shape.POLYGON:
        for n in np.flatnonzero((least > size + UNDECIDED_M) & ~deep).tolist():
            if not effort.spend(INSIDE_WORK + len(core.arcs)):
                break
            deep[n] = inside_any(core, points[n])
    outside = (least > size + limit) & ~deep
    return outside, deep | (most <= shortest_chord_m(reach_m)), deep, own


def _against_area(
    groups: tuple[Arcs, ...], points: Floats, size: float, area: _Area, asked: Bools, effort: Effort
) -> tuple[Bools, Bools, tuple[Arcs, ...]]:
    """Say which cells lie within an area and which do not meet it, and return the edges that still matter."""
    looks = [_look(arcs, points, size, area.room_m + UNDECIDED_M) for arcs in groups]
    holds, closed = np.zeros_like(asked), np.zeros_like(asked)
    if not area.filled:
        near = shortest_chord_m(area.room_m - UNDECIDED_M)
        holds = asked & np.logical_and.reduce([most + size <= near for _, most, _ in looks])
        closed = np.logical_or.reduce([least > size + area.room_m + UNDECIDED_M for least, _, _ in looks])
    else:
        least = looks[0][0]
        for n in np.flatnonzero(asked & (least >= size + area.room_m)).tolist():
            if not effort.spend(INSIDE_WORK + len(area.core.arcs)):
                break
            holds[n] = inside_all(area.core, points[n])
            closed[n] = not holds[n]
    return holds, closed, tuple(arcs for _, _, arcs in looks)


def _look(arcs: Arcs, points: Floats, size: float, limit: float) -> tuple[Floats, Floats, Arcs]:
    """Return between what each point's straight distance to the nearest edge lies, and the edges that matter.

    Those are all that come within `limit` of any of the balls round the points; where no edge is left the
    distance is infinite, which is true of what matters.
    """
    if not len(arcs):
        nowhere = np.full(len(points), math.inf)
        return nowhere, nowhere, arcs
    sagitta = arcs.sagitta()
    apart = to_chords(points, arcs)
    least, most = (apart - sagitta).min(axis=1), (apart + sagitta).min(axis=1)
    near = np.flatnonzero((apart - sagitta).min(axis=0) <= size + limit)
    kept = arcs.take(near)
    if len(near) and float(kept.sagitta().max()) > max(size / 8, 4 * ROUNDING_M):
        kept = kept.split(2)
    return least, most, kept
