# SPDX-License-Identifier: Apache-2.0
"""Cases round single edges: circles, corridors, feet inside and beyond, parallels, lines that cross."""

from __future__ import annotations

import numpy as np

from standclear.geometry.volume import Edges, Shape
from tests.geometry.campaign.batch import Batch, Side
from tests.geometry.campaign.draws import Reach, azimuths, edges_m, places, reaches, spread
from tests.geometry.campaign.geodesy import (
    Bools,
    Curve,
    Floats,
    Ints,
    Spots,
    curve,
    direct,
    foot,
    inverse,
    rounded,
    short_way,
    side,
)

MOST_DLON = 900_000_000
"""Wider edges are refused by `check_volume`."""


def circle(site: Spots, reach: Reach, *, first: bool) -> Side:
    """Return circles, with the first or the second side's radii."""
    if first:
        return Side(Shape.POINT, Edges.LONLAT, [[site]], reach.radius_a, reach.uncertainty_a)
    return Side(Shape.POINT, Edges.LONLAT, [[site]], reach.radius_b, reach.uncertainty_b)


def readings(here: Spots, there: Spots, edges: Edges) -> list[Curve]:
    """Return the edges under each of their readings."""
    if edges is Edges.UNKNOWN:
        return [curve(here, there, lonlat=False), curve(here, there, lonlat=True)]
    return [curve(here, there, lonlat=edges is Edges.LONLAT)]


def writable(here: Spots, there: Spots) -> Bools:
    """Say which edges are edges: two places, at most 90 degrees of longitude apart."""
    out: Bools = ~here.same(there) & (np.abs(short_way(there.lon - here.lon)) <= MOST_DLON)
    return out


def points(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """Circle against circle: the distance of two places."""
    del edges
    reach = reaches(rng, n)
    here = places(rng, n)
    there = direct(here, azimuths(rng, n), reach.core_m)
    _, _, core = inverse(here, there)
    a, b = circle(here, reach, first=True), circle(there, reach, first=False)
    return Batch("points", a, b, core, np.ones(n, dtype=np.bool_))


def edge_ends(rng: np.random.Generator, middle: Spots, t: Floats, edges: Edges) -> tuple[Spots, Spots]:
    """Lay an edge over places, so that they lie about `t` along it."""
    course, length = azimuths(rng, len(t)), edges_m(rng, middle, edges)
    return direct(middle, course + 180, t * length), direct(middle, course, (1 - t) * length)


def lines(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A circle abreast of an edge or beyond its end; corridors where the edge has a radius."""
    reach = reaches(rng, n)
    t = np.where(rng.random(n) < 0.2, rng.integers(0, 2, n), rng.random(n))
    here, there = edge_ends(rng, places(rng, n), t, edges)
    ways = readings(here, there, edges)
    lane = ways[int(rng.integers(0, len(ways)))].at(t)
    ahead = np.where(t == 0, 180.0, 0.0) + rng.uniform(-90, 90, n)
    turn = np.where((t == 0) | (t == 1), ahead, 90 * rng.choice([-1.0, 1.0], n))
    site = direct(rounded(lane.lon, lane.lat), lane.course + turn, reach.core_m)
    feet = [foot(way, site.degrees(), t) for way in ways]
    core = np.minimum.reduce([one.distance_m for one in feet])
    sure = np.logical_and.reduce([one.sure for one in feet])
    a = Side(Shape.LINE, edges, [[here, there]], reach.radius_a, reach.uncertainty_a)
    keep = sure & writable(here, there)
    return Batch(f"line {edges.value}", a, circle(site, reach, first=False), core, keep)


def parallels(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A circle north or south of a lonlat edge along a parallel, up to 85 degrees long.

    For two given latitudes the distance grows with the difference of longitude (Clairaut), so the nearest
    point is on the site's meridian, or the end nearer in longitude.
    """
    del edges
    reach = reaches(rng, n)
    west = places(rng, n)
    dlon = np.rint(spread(rng, n, 10, 850_000_000)).astype(np.int64)
    east = Spots(short_way(west.lon + dlon), west.lat)
    t = np.where(rng.random(n) < 0.2, rng.uniform(-0.5, 1.5, n), rng.random(n))
    start = Spots(short_way(west.lon + np.rint(t * dlon).astype(np.int64)), west.lat)
    site = direct(start, np.where(rng.random(n) < 0.5, 0.0, 180.0), reach.core_m)
    core = parallel_m(west, dlon, site)
    a = Side(Shape.LINE, Edges.LONLAT, [[west, east]], reach.radius_a, reach.uncertainty_a)
    return Batch("parallel", a, circle(site, reach, first=False), core, writable(west, east))


def parallel_m(west: Spots, dlon: Ints, site: Spots) -> Floats:
    """Return the distance of places from stretches of a parallel that begin at `west`."""
    off = (site.lon - west.lon) % 3_600_000_000
    over = off <= dlon
    beyond_east = off - dlon <= 3_600_000_000 - off
    lon = np.where(over, site.lon, np.where(beyond_east, short_way(west.lon + dlon), west.lon))
    _, _, core = inverse(Spots(lon, west.lat), site)
    return core


def crossings(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """Two lines that cross: no distance at all.

    Geodesics cross where each has the other's ends on both its sides; a parallel crosses a meridian where
    whole numbers say so.
    """
    middle = places(rng, n)
    if edges is not Edges.GEODESIC:
        return _squares(rng, middle)
    a0, a1 = edge_ends(rng, middle, rng.uniform(0.05, 0.95, n), edges)
    b0, b1 = edge_ends(rng, middle, rng.uniform(0.05, 0.95, n), edges)
    keep = (side(a0, a1, b0) * side(a0, a1, b1) < 0) & (side(b0, b1, a0) * side(b0, b1, a1) < 0)
    keep &= writable(a0, a1) & writable(b0, b1)
    none = np.zeros(n, dtype=np.int64)
    a = Side(Shape.LINE, edges, [[a0, a1]], none, none)
    b = Side(Shape.LINE, edges, [[b0, b1]], none, none)
    return Batch("crossing geodesic", a, b, np.zeros(n), keep)


def _squares(rng: np.random.Generator, middle: Spots) -> Batch:
    """Return parallels that cross meridians, or just touch them."""
    n = len(middle.lon)
    west, east, south, north = (
        np.rint(spread(rng, n, 1, 4e8)).astype(np.int64) * (rng.random(n) < 0.8) for _ in range(4)
    )
    a0, a1 = Spots(short_way(middle.lon - west), middle.lat), Spots(short_way(middle.lon + east), middle.lat)
    low, high = np.maximum(middle.lat - south, -900_000_000), np.minimum(middle.lat + north, 900_000_000)
    b0, b1 = Spots(middle.lon, low), Spots(middle.lon, high)
    none = np.zeros(n, dtype=np.int64)
    keep = writable(a0, a1) & writable(b0, b1)
    a = Side(Shape.LINE, Edges.LONLAT, [[a0, a1]], none, none)
    b = Side(Shape.LINE, Edges.LONLAT, [[b0, b1]], none, none)
    return Batch("crossing lonlat", a, b, np.zeros(n), keep)
