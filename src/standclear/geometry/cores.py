# SPDX-License-Identifier: Apache-2.0
"""A footprint made ready for measuring: its edges in space, the ball and box that hold it, the plane it is seen in.

Preparing depends on the footprint alone, so it is kept in a bounded cache: one hospital is compared with
many flights. `unknown` edges are simply both readings side by side; the nearest of all edges is then the
nearest of either reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from standclear.errors import Malformed
from standclear.geometry.earth import (
    SEMI_MAJOR_M,
    Floats,
    interior_bulge_m,
    to_ecef,
)
from standclear.geometry.edges import Arcs, lay
from standclear.geometry.pack import Pack
from standclear.geometry.packing import packed
from standclear.geometry.volume import Edges, Footprint, Shape
from standclear.units import E7, MM_PER_M

SMALL_CORE: Final = 256
"""Vertices up to which a prepared core may be kept among many; larger ones share a few places."""
MIN_COSINE: Final = 0.1
"""Every edge of a polygon must stay this far (cosine) inside the half of the earth around its centre."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Central projection about a direction: two axes across it and the projected ends of all sub-edges."""

    centre: Floats
    east: Floats
    north: Floats
    starts: Floats
    ends: Floats


@dataclass(frozen=True, slots=True)
class Core:
    """A prepared footprint core. All lengths in metres, earth-centred.

    `readings`: slices of `arcs`, one per reading of the edges. `low`, `high`: box of the whole core, the
    interior of a polygon included. `anchors`: the first vertex of each ring, in the core under every reading.
    """

    shape: Shape
    arcs: Arcs
    sagitta: Floats
    readings: tuple[slice, ...]
    anchors: Floats
    low: Floats
    high: Floats
    centre: Floats
    radius: float
    curves: Pack
    plane: Plane | None


def reach_m(footprint: Footprint) -> float:
    """Return radius plus uncertainty in metres."""
    return (footprint.radius_mm + footprint.uncertainty_mm) / MM_PER_M


def prepare(footprint: Footprint) -> Core:
    """Return the core of a footprint, ready to measure.

    Raises:
        Malformed: a polygon so large that its inside is not certain (see `check_volume`).
    """
    size = sum(len(ring) for ring in footprint.rings)
    return _prepare_small(footprint) if size <= SMALL_CORE else _prepare_large(footprint)


@lru_cache(maxsize=2_048)
def _prepare_small(footprint: Footprint) -> Core:
    return _prepare(footprint.shape, footprint.rings, footprint.edges)


@lru_cache(maxsize=16)
def _prepare_large(footprint: Footprint) -> Core:
    return _prepare(footprint.shape, footprint.rings, footprint.edges)


def _prepare(shape: Shape, rings: tuple[tuple[tuple[int, int], ...], ...], edges: Edges) -> Core:
    """Lay the edges of all rings, then bound them."""
    starts, ends = _edge_ends(shape, rings)
    lonlat = np.full(len(starts), edges is not Edges.GEODESIC or shape is Shape.POINT)
    readings: tuple[slice, ...] = (slice(0, len(starts)),)
    if edges is Edges.UNKNOWN and shape is not Shape.POINT:
        n = len(starts)
        starts, ends = np.concatenate([starts, starts]), np.concatenate([ends, ends])
        lonlat = np.repeat(np.array([False, True]), n)
        readings = (slice(0, n), slice(n, 2 * n))
    arcs = lay(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1], lonlat)
    low, high = _box(arcs)
    if shape is Shape.POLYGON:
        bulge = interior_bulge_m(float(np.linalg.norm(high - low)))
        low, high = low - bulge, high + bulge
    firsts = np.array([ring[0] for ring in rings]) / E7
    centre = (low + high) / 2
    radius = float(np.linalg.norm(high - low)) / 2
    curves = packed(Footprint(shape, rings, edges, 0, 0))
    plane = _plane(arcs, curves.frame[0, 3:6]) if shape is Shape.POLYGON else None
    anchors = to_ecef(firsts[:, 0], firsts[:, 1])
    return Core(
        shape,
        arcs,
        arcs.sagitta(),
        readings,
        anchors,
        low,
        high,
        centre,
        radius,
        curves,
        plane,
    )


def _edge_ends(shape: Shape, rings: tuple[tuple[tuple[int, int], ...], ...]) -> tuple[Floats, Floats]:
    """Return the ends of all edges in degrees; a point is one edge of no length."""
    starts, ends = [], []
    for ring in rings:
        here = np.array(ring, dtype=np.float64) / E7
        if shape is Shape.LINE:
            starts.append(here[:-1])
            ends.append(here[1:])
        else:
            starts.append(here)
            ends.append(np.roll(here, -1, axis=0))
    return np.concatenate(starts), np.concatenate(ends)


def _box(arcs: Arcs) -> tuple[Floats, Floats]:
    """Return the box of all sub-edges: a parabola stays within its ends' box moved by its bulge."""
    slack = arcs.slack[:, None]
    low = np.minimum(arcs.start, arcs.end) + np.minimum(arcs.bulge, 0.0) - slack
    high = np.maximum(arcs.start, arcs.end) + np.maximum(arcs.bulge, 0.0) + slack
    return low.min(axis=0), high.max(axis=0)


def _plane(arcs: Arcs, middle: Floats) -> Plane:
    """Set up the central projection of a polygon, or refuse one that leaves its half of the earth.

    `middle` is that of its pack, so what passes here stays before the plane of the kernels (`nearness.py`) too.
    """
    length = float(np.linalg.norm(middle))
    if length < MIN_COSINE * SEMI_MAJOR_M:
        raise _too_wide()
    centre = middle / length
    depth = np.minimum(along(arcs.start, centre), along(arcs.end, centre)) - arcs.sagitta()
    if float(depth.min()) < MIN_COSINE * SEMI_MAJOR_M:
        raise _too_wide()
    pole = np.zeros(3)
    pole[int(np.argmin(np.abs(centre)))] = 1.0
    east = np.cross(pole, centre)
    east /= np.linalg.norm(east)
    north = np.cross(centre, east)
    empty = Plane(centre, east, north, centre, centre)
    return Plane(centre, east, north, project(empty, arcs.start), project(empty, arcs.end))


def _too_wide() -> Malformed:
    return Malformed(
        "the polygon is too large to tell its inside from its outside",
        expected="every vertex within about 45 degrees (5,000 km) of the polygon's middle",
    )


def along(points: Floats, axis: Floats) -> Floats:
    """Return the component of points (n, 3) along a unit vector.

    Written out term by term: a matrix product may round differently with the number of rows, and the
    crossing count needs the same vertex to give the same number every time.
    """
    out: Floats = points[:, 0] * axis[0] + points[:, 1] * axis[1] + points[:, 2] * axis[2]
    return out


def project(plane: Plane, points: Floats) -> Floats:
    """Return the central projection (n, 2) of points in front of the plane, in earth radii."""
    depth = along(points, plane.centre)
    return np.stack([along(points, plane.east) / depth, along(points, plane.north) / depth], axis=1)
