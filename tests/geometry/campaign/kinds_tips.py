# SPDX-License-Identifier: Apache-2.0
"""Cases in which one corner is the nearest: polygons and lines that lie in a cone behind their tip.

Why nothing else is nearer. Let every place of a shape be reached from its tip T by a geodesic inside a cone
(the shape is the hull of its vertices or less). From a site P the distance along such a geodesic is convex;
where it leaves T at 90 degrees or more from the way to P, it only grows. Two tips: if at T every vertex of
the one shape is at least 90 degrees from every vertex of the other, and likewise at the other tip, then
d(x, y) >= d(T, y) >= d(T, T'). From an edge the distance along the geodesic is not convex, but bends down by
less than (d + L)/R² per metre (L the size of the shape), 0.01 over 300 km; the angle asked for is 120 degrees.

Edges straight in longitude and latitude leave the geodesic by at most bend · s (L - s) / 2 <= 0.05 s from
either end while bend · L <= 0.1, and the distance grows by 0.34 s and more in the cones asked for here (`BENT`).
"""

from __future__ import annotations

import itertools

import numpy as np

from standclear.geometry.volume import Edges, Shape
from tests.geometry.campaign.batch import Batch, Side
from tests.geometry.campaign.draws import azimuths, edges_m, places, reaches
from tests.geometry.campaign.geodesy import (
    GEOD,
    Bools,
    Floats,
    Spots,
    between,
    curve,
    direct,
    foot,
    inverse,
    rounded,
)
from tests.geometry.campaign.kinds_lines import circle, edge_ends, readings, writable

STRAIGHT = 90.0
"""Geodesics must leave a tip this many degrees away from the other side."""
BENT = 110.0
"""The same where an edge may bend or the other side is an edge."""


def wedge(rng: np.random.Generator, tip: Spots, away: Floats, half: float, edges: Edges) -> list[Spots]:
    """Lay two to five vertices behind each tip, in order round it: all within `half` degrees of `away`."""
    n, count = len(away), int(rng.integers(2, 6))
    size = edges_m(rng, tip, edges, 300_000)
    if edges is not Edges.GEODESIC:
        size = size / 4
    # One angle from each of `count` equal slices, so that no two directions are alike.
    slices = (np.arange(count) + 0.15 + 0.7 * rng.random((n, count))) / count
    return [
        direct(tip, away + half * (2 * slices[:, k] - 1), size * rng.uniform(0.5, 1, n)) for k in range(count)
    ]


def shaped(rng: np.random.Generator, tip: Spots, rest: list[Spots]) -> tuple[Shape, list[Spots]]:
    """Make a polygon, or a line that has its tip anywhere along it."""
    if rng.random() < 0.7:
        return Shape.POLYGON, [tip, *rest]
    place = int(rng.integers(0, len(rest) + 1))
    return Shape.LINE, [*rest[:place], tip, *rest[place:]]


def sound(ring: list[Spots], shape: Shape, tip: Spots, rest: list[Spots], edges: Edges) -> Bools:
    """Say where the shape is what it was meant to be after rounding: in order round the tip, edges straight enough."""
    closing = ring[1:] + ring[:1] if shape is Shape.POLYGON else ring[1:]
    keep: Bools = np.logical_and.reduce(
        [writable(here, there) for here, there in zip(ring, closing, strict=False)]
    )
    first, _, _ = inverse(tip, rest[0])
    turns, sizes = [], []
    for spot in rest:
        azimuth, _, size = inverse(tip, spot)
        turns.append((azimuth - first + 180) % 360 - 180)
        sizes.append(size)
    for turn, after in itertools.pairwise(turns):
        keep &= (after > turn + 1e-6) & (after < 170)
    if edges is not Edges.GEODESIC:
        keep &= np.minimum.reduce(sizes) > 0.4 * np.maximum.reduce(sizes)
        for here, there in zip(ring, closing, strict=False):
            edge = curve(here, there, lonlat=True)
            keep &= edge.bend() * np.maximum(edge.length_m, np.maximum.reduce(sizes)) <= 0.1
    return keep


def clear_of(tip: Spots, rest: list[Spots], others: list[Spots], least: float) -> Bools:
    """Say where all of `rest` lie, seen from the tip, at least so many degrees from all of `others`."""
    keep = np.ones(len(tip.lon), dtype=np.bool_)
    ways = [inverse(tip, spot)[0] for spot in rest]
    for other in others:
        toward, _, _ = inverse(tip, other)
        for way in ways:
            keep &= between(way, toward) >= least
    return keep


def tips(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """The tip of a polygon or line against a circle."""
    reach = reaches(rng, n)
    tip, toward = places(rng, n), azimuths(rng, n)
    site = direct(tip, toward, reach.core_m)
    rest = wedge(rng, tip, toward + 180, 45, edges)
    shape, ring = shaped(rng, tip, rest)
    least = STRAIGHT if edges is Edges.GEODESIC else BENT + 10
    keep = sound(ring, shape, tip, rest, edges)
    keep &= clear_of(tip, rest, [site], least) | tip.same(site)
    _, _, core = inverse(tip, site)
    a = Side(shape, edges, [ring], reach.radius_a, reach.uncertainty_a)
    return Batch(f"tip {edges.value}", a, circle(site, reach, first=False), core, keep)


def tips_of_both(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """Tip against tip of two polygons or lines, each with its own edges."""
    reach = reaches(rng, n)
    one, toward = places(rng, n), azimuths(rng, n)
    other = direct(one, toward, reach.core_m)
    _, back, core = inverse(one, other)
    behind_one = wedge(rng, one, toward + 180, 33, edges)
    behind_other = wedge(rng, other, np.where(core > 0, back, toward + 180) + 180, 33, edges)
    shape_a, ring_a = shaped(rng, one, behind_one)
    shape_b, ring_b = shaped(rng, other, behind_other)
    least = STRAIGHT if edges is Edges.GEODESIC else BENT
    keep = sound(ring_a, shape_a, one, behind_one, edges)
    keep &= sound(ring_b, shape_b, other, behind_other, edges)
    apart = clear_of(one, behind_one, [other, *behind_other], least)
    apart &= clear_of(other, behind_other, [one, *behind_one], least)
    a = Side(shape_a, edges, [ring_a], reach.radius_a, reach.uncertainty_a)
    b = Side(shape_b, edges, [ring_b], reach.radius_b, reach.uncertainty_b)
    return Batch(f"tips {edges.value}", a, b, core, keep & (apart | one.same(other)))


def tips_on_edges(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """The tip of a polygon or line against an edge, a corridor where that has a radius."""
    reach = reaches(rng, n)
    t = rng.random(n)
    here, there = edge_ends(rng, places(rng, n), t, edges)
    ways = readings(here, there, edges)
    lane = ways[int(rng.integers(0, len(ways)))].at(t)
    tip = direct(rounded(lane.lon, lane.lat), lane.course + 90 * rng.choice([-1.0, 1.0], n), reach.core_m)
    feet = [foot(way, tip.degrees(), t) for way in ways]
    core = np.minimum.reduce([one.distance_m for one in feet])
    seen = [way.at(one.t) for way, one in zip(ways, feet, strict=True)]
    ways_out = [GEOD.inv(*tip.degrees(), lane.lon, lane.lat)[0] for lane in seen]
    rest = wedge(rng, tip, ways_out[0] + 180, 45, edges)
    shape, ring = shaped(rng, tip, rest)
    keep = writable(here, there) & sound(ring, shape, tip, rest, edges)
    behind = [inverse(tip, spot) for spot in rest]
    size = np.maximum.reduce([metres for _, _, metres in behind])
    for way, found, toward in zip(ways, feet, ways_out, strict=True):
        # From nearer than a millimetre the foot shows no direction.
        keep &= found.sure & (found.distance_m > 0.001)
        keep &= np.logical_and.reduce([between(out, toward) >= BENT + 10 for out, _, _ in behind])
        keep &= way.bend() * size <= 0.03
        keep &= way.bend() * (found.distance_m + size + way.length_m) <= 0.9
        keep &= way.bend() * (found.distance_m + size) <= 0.3
    a = Side(shape, edges, [ring], reach.radius_a, reach.uncertainty_a)
    b = Side(Shape.LINE, edges, [[here, there]], reach.radius_b, reach.uncertainty_b)
    return Batch(f"tip on edge {edges.value}", a, b, core, keep)
