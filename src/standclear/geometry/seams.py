# SPDX-License-Identifier: Apache-2.0
"""Polygons that share edges, joined into one without a gap: edges that two of them share cancel.

**Why a joint polygon lies within its members.** Take valid polygons P1 ... Pk of one kind of edges, and let S be
the places that lie in an odd number of them. S lies within their union. A path that crosses an edge of Pi
changes whether Pi holds it; if the same edge (the same two vertices, the same kind, hence the same curve) is
an edge of two of them, the crossing changes two counts and S stays as it was. So the boundary of S lies
within the edges that remain when equal ones are struck out in pairs, wherever the members lie: on opposite
sides of the edge (then nothing is lost) or even on the same (then S lacks what they share, which is
conservative). What is connected, meets no remaining edge and has one place in S lies within the closed union:
seams and corners have no inside. Remaining edges form closed rings, because an even number met at each corner
before and does after, so S is measured like any polygon.

- An edge may end in the middle of another's. Edges straight in longitude and latitude are cut, exactly and
  in whole numbers, at every vertex on them; so are geodesics along a meridian or the equator. It is the same curve.
- An area with uncertainty, or whose edges are unknown, joins nothing: its own edge may lie elsewhere.
- Members are chosen so that S loses little: only such as lie on opposite sides of a shared edge, and none that
  has an edge on the same side as another. That choice, and the turn of rings, may be wrong without harm.
- What is inside is told from the far side of the earth, so every edge of every member, struck out or not, must
  lie before the plane of the joint polygon, as those of a polygon do before its own; then the far side is outside
  all members.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from standclear.errors import Malformed
from standclear.geometry.cores import MIN_COSINE, along, prepare
from standclear.geometry.earth import SEMI_MAJOR_M, Ints
from standclear.geometry.volume import Edges, Footprint, Position, Shape
from standclear.units import E7

MAX_CUTS: Final = 4_000_000
"""Pairs of edge and vertex looked at for vertices on edges; with more, edges are joined only where they are equal."""
_HALF_TURN: Final = 180 * E7
_POLE: Final = 90 * E7

Edge = tuple[Position, Position]


def is_exact(area: Footprint) -> bool:
    """Say whether it is a polygon whose edges are certain; a polygon's radius is left out."""
    return area.shape is Shape.POLYGON and area.uncertainty_mm == 0 and area.edges is not Edges.UNKNOWN


def exact_polygons(areas: Sequence[Footprint]) -> list[Footprint]:
    """Return the different polygons among areas whose edges are certain, without their radii."""
    cores = dict.fromkeys((area.rings, area.edges) for area in areas if is_exact(area))
    return [Footprint(Shape.POLYGON, rings, edges, 0, 0) for rings, edges in cores]


@lru_cache(maxsize=256)
def joined(areas: tuple[Footprint, ...]) -> tuple[Footprint, ...]:
    """Return the polygons that two or more of these areas make together, without those that join nothing."""
    found: list[Footprint] = []
    for kind in (Edges.GEODESIC, Edges.LONLAT):
        tiles = [tile for tile in exact_polygons(areas) if tile.edges is kind]
        if len(tiles) < 2:
            continue
        outlines = _cut([_outline(tile) for tile in tiles], kind)
        for members, edges in _clusters(outlines):
            rings = _rings(edges)
            if rings:
                joint = Footprint(Shape.POLYGON, rings, kind, 0, 0)
                found += [joint] if _fits(joint, [tiles[n] for n in members]) else []
    return tuple(found)


def same_region(one: Footprint, other: Footprint) -> bool:
    """Say whether two polygons are certainly the very same places: they have the same edges."""
    if not (is_exact(one) and is_exact(other) and one.edges is other.edges):
        return False
    a, b = _cut([_outline(one), _outline(other)], one.edges)
    return dict.fromkeys(map(_sorted, a)) == dict.fromkeys(map(_sorted, b))


def _sorted(edge: Edge) -> Edge:
    """Return an edge without its direction."""
    return min(edge), max(edge)


def _outline(tile: Footprint) -> list[Edge]:
    """Return a polygon's edges, each with the inside to its left."""
    plane = prepare(tile).plane
    assert plane is not None, "polygons have a plane"
    edges: list[Edge] = []
    first = 0
    for number, ring in enumerate(tile.rings):
        flat = plane.starts[first : first + len(ring)]
        after = np.roll(flat, -1, axis=0)
        leftward = float((flat[:, 0] * after[:, 1] - after[:, 0] * flat[:, 1]).sum()) > 0
        spots = [_corner(spot, tile.edges) for spot in ring]
        if leftward is (number > 0):
            spots.reverse()
        edges += [edge for edge in pairwise((*spots, spots[0])) if edge[0] != edge[1]]
        first += len(ring)
    return edges


def _corner(spot: Position, kind: Edges) -> Position:
    """Return the one way in which we write a place that has several."""
    lon, lat = spot
    if kind is Edges.GEODESIC and abs(lat) == _POLE:
        return 0, lat
    return (_HALF_TURN if lon == -_HALF_TURN else lon), lat


def _cut(outlines: list[list[Edge]], kind: Edges) -> list[list[Edge]]:
    """Cut edges at every vertex of any outline that lies exactly on them."""
    known = dict.fromkeys(edge for outline in outlines for edge in outline)
    corners = np.array(list(dict.fromkeys(edge[0] for edge in known)), dtype=np.int64)
    lonely = {edge: None for edge in known if (edge[1], edge[0]) not in known}
    if len(lonely) * len(corners) > MAX_CUTS:
        return outlines
    return [
        [part for edge in outline for part in (_parts(edge, corners, kind) if edge in lonely else (edge,))]
        for outline in outlines
    ]


def _parts(edge: Edge, corners: Ints, kind: Edges) -> Sequence[Edge]:
    """Cut one edge. Nothing here reaches 2**63: edges span 90 degrees of longitude at most."""
    (x0, y0), (x1, y1) = edge
    dx, dy = (x1 - x0 + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN, y1 - y0
    if kind is Edges.GEODESIC and (dx != 0 or _POLE in (abs(y0), abs(y1))) and (y0 != 0 or y1 != 0):
        return (edge,)
    px = (corners[:, 0] - x0 + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN
    py = corners[:, 1] - y0
    way = px * dx + py * dy
    on = np.flatnonzero((px * dy == py * dx) & (way > 0) & (way < dx * dx + dy * dy))
    order = on[np.argsort(way[on], kind="stable")]
    spots = [edge[0], *((int(x), int(y)) for x, y in corners[order].tolist()), edge[1]]
    return list(pairwise(spots))


def _clusters(outlines: list[list[Edge]]) -> list[tuple[list[int], dict[Edge, None]]]:
    """Group outlines that meet along edges; each group with all its edges. Groups of one are left out."""
    owners: dict[Edge, list[int]] = {}
    for number, outline in enumerate(outlines):
        for edge in outline:
            owners.setdefault(edge, []).append(number)
    grouped = [False] * len(outlines)
    groups = []
    for seed, outline in enumerate(outlines):
        if grouped[seed]:
            continue
        grouped[seed] = True
        members, used = [seed], dict.fromkeys(outline)
        for member in members:  # grows as neighbours are found
            for here, there in outlines[member]:
                for other in owners.get((there, here), ()):
                    if grouped[other] or any(edge in used for edge in outlines[other]):
                        continue
                    grouped[other] = True
                    members.append(other)
                    used.update(dict.fromkeys(outlines[other]))
        if len(members) > 1:
            groups.append((members, used))
    return groups


def _rings(edges: dict[Edge, None]) -> tuple[tuple[Position, ...], ...]:
    """Strike out edges that run both ways, and chain the others into closed rings.

    A ring that never leaves a pole is one place, and has no more to it than any other corner.
    """
    after: dict[Position, list[Position]] = {}
    for here, there in edges:
        if (there, here) not in edges:
            after.setdefault(here, []).append(there)
    rings = []
    for start, ways in after.items():
        while ways:
            ring, here = [start], ways.pop()
            while here != start:
                ring.append(here)
                here = after[here].pop()
            if not all(abs(lat) == _POLE for _, lat in ring):
                rings.append(tuple(ring))
    return tuple(rings)


def _fits(joint: Footprint, members: list[Footprint]) -> bool:
    """Say whether all edges of all members lie before the plane of the joint polygon."""
    try:
        plane = prepare(joint).plane
    except Malformed:
        return False
    assert plane is not None, "polygons have a plane"
    for member in members:
        core = prepare(member)
        depth = np.minimum(along(core.arcs.start, plane.centre), along(core.arcs.end, plane.centre))
        if float((depth - core.sagitta).min()) < MIN_COSINE * SEMI_MAJOR_M:
            return False
    return True
