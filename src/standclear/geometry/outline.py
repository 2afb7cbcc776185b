# SPDX-License-Identifier: Apache-2.0
"""Is a footprint, grown, within the union of exact polygons? Only their edges within it have to be looked at.

Let U be the closed union of valid polygons without uncertainty and A a footprint grown by its radii. A is
connected. The boundary of U lies within the polygons' edges, and no place inside one of them (or inside a
joint polygon of `seams.py`, which lies within U) belongs to it. So if every piece of every edge is proved to be

- outside A, a millimetre away: too far from the core's edges, and not inside the core, or
- inside another polygon: a millimetre or more from all its edges, and its start is inside,

then A, grown by that millimetre, meets no boundary of U, and lies within it if one of its places does. (Whether
the first vertex is inside may be told wrongly within 0.3 mm of an edge; then a place of that edge, which
belongs to U, is within the millimetre.) A piece that is neither is halved, until it is too small to matter.

Two chords p, q are at least min g·q - max g·p apart for every unit vector g, at their ends. We take the
direction between what seem to be their closest points; a poor choice makes the bound low, never wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from standclear.geometry.cores import Core, prepare, reach_m
from standclear.geometry.earth import ROUNDING_M, Bools, Floats, longest_chord_m
from standclear.geometry.edges import Arcs
from standclear.geometry.effort import Effort
from standclear.geometry.holding import UNDECIDED_M
from standclear.geometry.inside import inside_all, inside_any
from standclear.geometry.volume import Footprint, Shape

SMALLEST_M: Final = UNDECIDED_M / 2
BLOCK: Final = 16
"""Pieces that are looked at together."""
BATCH: Final = 65_536
"""Pairs of piece and edge that are looked at together."""
INSIDE_WORK: Final = 1_000
"""What telling the inside from the outside of a polygon costs beyond its edges, in the units of `Effort`."""

_Block = tuple[Arcs, Arcs | None, list[tuple[Core, Arcs]]]
"""Pieces, and the edges that matter to them: the footprint's, and other polygons'."""


def surrounded(
    inner: Footprint, tiles: Sequence[Footprint], joints: Sequence[Footprint], effort: Effort
) -> bool:
    """Say whether a footprint, grown, is provably within the union of exact polygons.

    `joints`: polygons known to lie within that union.
    """
    core, limit = prepare(inner), longest_chord_m(reach_m(inner)) + UNDECIDED_M
    cores = [prepare(tile) for tile in (*tiles, *joints)]
    if not effort.spend(sum(INSIDE_WORK + len(one.arcs) for one in cores)):
        return False
    if not any(inside_all(one, core.anchors[0]) for one in cores):
        return False
    for n, tile in enumerate(cores[: len(tiles)]):
        others = [other for m, other in enumerate(cores) if m != n and _meet(tile, other)]
        if not _edges_within(tile.arcs, core, limit, others, effort):
            return False
    return True


def _meet(one: Core, other: Core) -> bool:
    """Say whether the balls round two polygons meet."""
    return float(np.linalg.norm(one.centre - other.centre)) <= one.radius + other.radius


def _edges_within(arcs: Arcs, core: Core, limit: float, others: Sequence[Core], effort: Effort) -> bool:
    """Say whether every piece of one polygon's edges is outside the footprint or inside another polygon."""
    stack = _blocks(arcs, core.arcs, [(other, other.arcs) for other in others])
    while stack:
        pieces, own, theirs = stack.pop()
        if not effort.spend(len(pieces) * (1 + len(own or ()) + sum(len(edges) for _, edges in theirs))):
            return False
        if own is not None:
            outside, own = _outside(pieces, own, core, limit, effort)
            pieces = pieces.take(np.flatnonzero(~outside))
        kept = []
        for other, edges in theirs:
            if not len(pieces):
                break
            held, near = _inside(pieces, edges, other, effort)
            pieces = pieces.take(np.flatnonzero(~held))
            kept += [(other, near)] if near is not None else []
        if effort.left < 0 or (len(pieces) and _is_hopeless(pieces, own, kept)):
            return False
        # Depth first: what is neither is found after some thirty halvings.
        stack += _blocks(pieces.split(2), own, kept) if len(pieces) else []
    return True


def _is_hopeless(pieces: Arcs, own: Arcs | None, theirs: list[tuple[Core, Arcs]]) -> bool:
    """Say whether pieces lie deep in the footprint and in no other polygon, or are too small to matter."""
    return (own is None and not theirs) or float(_sizes(pieces).max()) < SMALLEST_M


def _blocks(pieces: Arcs, own: Arcs | None, theirs: list[tuple[Core, Arcs]]) -> list[_Block]:
    """Deal pieces out to blocks, with the edges of the footprint and of other polygons that matter to them."""
    return [
        (pieces.take(np.arange(n, min(n + BLOCK, len(pieces)))), own, theirs)
        for n in range(0, len(pieces), BLOCK)
    ]


def _outside(pieces: Arcs, own: Arcs, core: Core, limit: float, effort: Effort) -> tuple[Bools, Arcs | None]:
    """Say which pieces are outside the footprint, and return the core's edges that still matter.

    None where all that is left lies deep in the core.
    """
    gaps, near = _gaps(pieces, own, limit)
    far = gaps > limit
    outside: Bools = far.copy()
    if core.shape is Shape.POLYGON:
        for n in np.flatnonzero(far).tolist():
            outside[n] = effort.spend(INSIDE_WORK + len(core.arcs)) and not inside_any(core, pieces.start[n])
    return outside, None if far.all() else near


def _inside(pieces: Arcs, edges: Arcs, other: Core, effort: Effort) -> tuple[Bools, Arcs | None]:
    """Say which pieces are inside another polygon, and return its edges that still matter.

    None where all that is left lies outside it.
    """
    gaps, near = _gaps(pieces, edges, UNDECIDED_M)
    far = gaps > UNDECIDED_M
    inside: Bools = far.copy()
    for n in np.flatnonzero(far).tolist():
        inside[n] = effort.spend(INSIDE_WORK + len(other.arcs)) and inside_all(other, pieces.start[n])
    return inside, None if far.all() else near


def _sizes(pieces: Arcs) -> Floats:
    """Return how far, in metres, each piece reaches, or less: its chord and its sagitta."""
    chord = pieces.end - pieces.start
    out: Floats = np.sqrt((chord * chord).sum(axis=1)) + pieces.sagitta()
    return out


def _gaps(pieces: Arcs, edges: Arcs, limit: float) -> tuple[Floats, Arcs]:
    """Return how far at least each piece is from all edges that matter, and those that do, cut if long.

    Those are all that may come within `limit` of any piece; where none is left the distance is infinite, which
    is true of what matters.
    """
    if not len(edges) or not len(pieces):
        return np.full(len(pieces), np.inf), edges
    width = max(1, BATCH // len(edges))
    apart = np.concatenate(
        [
            _apart(pieces.start[n : n + width], pieces.end[n : n + width], edges.start, edges.end)
            for n in range(0, len(pieces), width)
        ]
    )
    apart -= pieces.sagitta()[:, None] + edges.sagitta()[None, :] + ROUNDING_M
    kept = edges.take(np.flatnonzero(apart.min(axis=0) <= limit))
    if len(kept) and float(kept.sagitta().max()) > max(float(_sizes(pieces).max()) / 16, 4 * ROUNDING_M):
        kept = kept.split(2)
    out: Floats = apart.min(axis=1)
    return out, kept


def _apart(p0: Floats, p1: Floats, q0: Floats, q1: Floats) -> Floats:
    """Return (n, m) lower bounds of the distances between chords p (n) and q (m), in metres."""
    p0, p1, q0, q1 = p0[:, None, :], p1[:, None, :], q0[None, :, :], q1[None, :, :]
    along, across, off = p1 - p0, q1 - q0, p0 - q0
    a, e, b = _dot(along, along), _dot(across, across), _dot(along, across)
    c, f = _dot(along, off), _dot(across, off)
    a, e = np.where(a > 0, a, 1.0), np.where(e > 0, e, 1.0)
    skew = a * e - b * b
    s = np.clip(np.where(skew > 1e-12 * a * e, b * f - c * e, 0.0) / np.where(skew > 0, skew, 1.0), 0.0, 1.0)
    t = np.clip((b * s + f) / e, 0.0, 1.0)
    s = np.clip((b * t - c) / a, 0.0, 1.0)
    way = t[..., None] * across - s[..., None] * along - off
    length = np.sqrt(_dot(way, way))
    way /= np.where(length > 0, length, 1.0)[..., None]
    ahead = np.minimum(_dot(way, q0), _dot(way, q1)) - np.maximum(_dot(way, p0), _dot(way, p1))
    out: Floats = np.maximum(ahead, 0.0)
    return out


def _dot(left: Floats, right: Floats) -> Floats:
    """Scalar products over the last axis."""
    out: Floats = (left * right).sum(axis=-1)
    return out
