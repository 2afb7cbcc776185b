# SPDX-License-Identifier: Apache-2.0
"""Cases round areas: sites before a long edge or just behind it, in holes, by boxes and caps, inside stars."""

from __future__ import annotations

import numpy as np

from standclear.geometry.volume import Edges, Shape
from tests.geometry.campaign.batch import Batch, Side
from tests.geometry.campaign.draws import edges_m, places, reaches, spread
from tests.geometry.campaign.geodesy import (
    Bools,
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
from tests.geometry.campaign.kinds_lines import circle, edge_ends, parallel_m, readings, writable


def closed(ring: list[Spots]) -> list[tuple[Spots, Spots]]:
    """Return the edges of a ring."""
    return list(zip(ring, ring[1:] + ring[:1], strict=True))


def faces(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A triangle's long side and a site before it, or, one time in four, just behind it: inside.

    The foot is within the side, so it is the nearest of the whole half of the earth that the triangle is in.
    """
    del edges
    reach = reaches(rng, n)
    t = rng.uniform(0.1, 0.9, n)
    here, there = edge_ends(rng, places(rng, n), t, Edges.GEODESIC)
    [way] = readings(here, there, Edges.GEODESIC)
    lane = way.at(t)
    spot, turn = rounded(lane.lon, lane.lat), 90 * rng.choice([-1.0, 1.0], n)
    within = rng.random() < 0.25
    off = np.minimum(reach.core_m, way.length_m / 20) if within else reach.core_m
    site = direct(spot, lane.course + turn, off)
    top_turn = turn if within else -turn
    top = direct(
        spot, lane.course + top_turn + rng.uniform(-30, 30, n), way.length_m * rng.uniform(0.3, 1, n)
    )
    ring = [here, there, top]
    keep = np.logical_and.reduce([writable(*edge) for edge in closed(ring)])
    found = foot(way, site.degrees(), t)
    if within:
        sides = [side(*edge, site) for edge in closed(ring)]
        keep &= (np.minimum.reduce(sides) > 0) | (np.maximum.reduce(sides) < 0)
        core = np.zeros(n)
    else:
        keep &= found.sure & (found.t > 0) & (found.t < 1)
        keep &= side(here, there, site) * side(here, there, top) < 0
        core = found.distance_m
    a = Side(Shape.POLYGON, Edges.GEODESIC, [ring], reach.radius_a, reach.uncertainty_a)
    kind = "just inside" if within else "face"
    return Batch(kind, a, circle(site, reach, first=False), core, keep)


def star(rng: np.random.Generator, middle: Spots, size: Floats, count: int, least: float) -> list[Spots]:
    """Lay vertices round places, one in each of `count` equal directions or nearly."""
    n = len(size)
    start = rng.uniform(-180, 180, n)
    return [
        direct(middle, start + (k + rng.uniform(-0.1, 0.1, n)) * 360 / count, size * rng.uniform(least, 1, n))
        for k in range(count)
    ]


def round_about(middle: Spots, ring: list[Spots]) -> Bools:
    """Say where vertices go round a place in order, never by 170 degrees or more at a time."""
    ways = [inverse(middle, spot)[0] for spot in ring]
    keep: Bools = np.logical_and.reduce([writable(*edge) for edge in closed(ring)])
    for here, there in zip(ways, ways[1:] + ways[:1], strict=True):
        turn = (there - here) % 360
        keep &= (turn > 1) & (turn < 170)
    return keep


def holes(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A site in a hole, inside the triangle of the hole's middle and one of its edges; no radii around it."""
    del edges
    reach = reaches(rng, n, 30_000, radii=False)
    middle, count = places(rng, n), int(rng.integers(3, 6))
    size = np.maximum(reach.core_m * 4, spread(rng, n, 1, 100_000))
    hole = star(rng, middle, size, count, 0.6)
    outer = star(rng, middle, size * 12, 7, 0.8)
    t = rng.uniform(0.05, 0.95, n)
    ways = [curve(*edge, lonlat=False) for edge in closed(hole)]
    lane = ways[0].at(t)
    site = direct(rounded(lane.lon, lane.lat), lane.course + 90, reach.core_m)
    corners = [(hole[0], hole[1]), (hole[1], middle), (middle, hole[0])]
    keep = round_about(middle, hole) & round_about(middle, outer)
    keep &= np.minimum.reduce([side(*edge, site) for edge in corners]) > 0
    feet = [foot(way, site.degrees(), t if k == 0 else np.full(n, 0.5)) for k, way in enumerate(ways)]
    core = np.minimum.reduce([one.distance_m for one in feet])
    keep &= np.logical_and.reduce([one.sure for one in feet])
    a = Side(Shape.POLYGON, Edges.GEODESIC, [outer, hole], reach.radius_a, reach.uncertainty_a)
    return Batch("hole", a, circle(site, reach, first=False), core, keep)


def boxes(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A site beside a box of parallels and meridians, or inside a hole of one; whole numbers say which.

    Outside its own span of longitudes a parallel's nearest place is its end; meridians are geodesics.
    """
    del edges
    reach = reaches(rng, n)
    corner = places(rng, n)
    dlon, dlat = (np.rint(spread(rng, n, 10, most)).astype(np.int64) for most in (8.5e8, 1e8))
    south, north = corner, Spots(corner.lon, corner.lat + dlat)
    keep = north.lat <= 900_000_000
    north = Spots(north.lon, np.minimum(north.lat, 900_000_000))
    east = short_way(corner.lon + dlon)
    ring = [south, Spots(east, south.lat), Spots(east, north.lat), north]
    start_lon = short_way(corner.lon + np.rint(dlon * rng.uniform(-0.2, 1.2, n)).astype(np.int64))
    start = Spots(start_lon, np.where(rng.random(n) < 0.5, south.lat, north.lat))
    site = direct(start, 90 * rng.choice([-1.0, 0.0, 1.0, 2.0], n), reach.core_m)
    in_lon = (site.lon - corner.lon) % 3_600_000_000 <= dlon
    within = in_lon & (site.lat >= south.lat) & (site.lat <= north.lat)
    feet = [
        foot(curve(here, there, lonlat=False), site.degrees(), np.full(n, 0.5))
        for here, there in ((ring[0], ring[3]), (ring[1], ring[2]))
    ]
    parts = [parallel_m(south, dlon, site), parallel_m(north, dlon, site), *(one.distance_m for one in feet)]
    core = np.minimum.reduce(parts)
    keep &= np.logical_and.reduce([one.sure for one in feet] + [writable(*edge) for edge in closed(ring)])
    if rng.random() < 0.5:
        rings, kind = [ring], "box"
        core = np.where(within, 0.0, core)
    else:
        rings, kind = [_around(ring, keep), ring], "box hole"
        keep &= within
    a = Side(Shape.POLYGON, Edges.LONLAT, rings, reach.radius_a, reach.uncertainty_a)
    return Batch(kind, a, circle(site, reach, first=False), core, keep)


def _around(ring: list[Spots], keep: Bools) -> list[Spots]:
    """Return a box a little larger, and put aside the cases where there is none. Changes `keep`."""
    low, high = ring[0].lat - 10_000, ring[2].lat + 10_000
    keep &= (low > -900_000_000) & (high < 900_000_000)
    low, high = np.maximum(low, -900_000_000), np.minimum(high, 900_000_000)
    west, east = short_way(ring[0].lon - 10_000), short_way(ring[2].lon + 10_000)
    outer = [Spots(west, low), Spots(east, low), Spots(east, high), Spots(west, high)]
    keep &= np.logical_and.reduce([writable(*edge) for edge in closed(outer)])
    return outer


def caps(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A ring of parallels round a pole, and a site outside it, inside it, or poleward in such a hole."""
    del edges
    reach = reaches(rng, n)
    sign, count = int(rng.choice([-1, 1])), int(rng.integers(5, 12))
    colat = np.rint(spread(rng, n, 1_000, 300_000_000)).astype(np.int64)
    ring = _ring(rng, sign * (900_000_000 - colat), count)
    lon = np.rint(rng.uniform(-1.8e9, 1.8e9, n)).astype(np.int64)
    edge = Spots(lon, ring[0].lat)
    choice = int(rng.integers(0, 3))
    poleward, away = (0.0, 180.0) if sign > 0 else (180.0, 0.0)
    site = direct(edge, np.full(n, away if choice == 0 else poleward), reach.core_m)
    outside = np.abs(site.lat) < np.abs(edge.lat)
    _, _, core = inverse(Spots(site.lon, edge.lat), site)
    if choice == 2:
        outer = _ring(rng, sign * (900_000_000 - colat - 10_000), count)
        rings, keep, kind = [outer, ring], ~outside, "cap hole"
    else:
        rings, keep, kind = [ring], outside if choice == 0 else ~outside, "cap"
        core = core if choice == 0 else np.zeros(n)
    a = Side(Shape.POLYGON, Edges.LONLAT, rings, reach.radius_a, reach.uncertainty_a)
    return Batch(kind, a, circle(site, reach, first=False), core, keep)


def _ring(rng: np.random.Generator, lat: Ints, count: int) -> list[Spots]:
    """Return vertices all along parallels, going east."""
    start = rng.uniform(-180, 180, len(lat))
    return [rounded(start + 360 * k / count, lat / 1e7) for k in range(count)]


def lenses(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A site by the north side of a triangle that is written along a parallel; in the south mirrored.

    The geodesic runs poleward of the parallel. Between the two a site is inside or not, as the edges are read;
    beyond the geodesic that is nearest, for all that is written lies on its one side. Where edges are lonlat
    the parallel is nearest.
    """
    reach, sign = reaches(rng, n), int(rng.choice([-1, 1]))
    lat = rng.integers(10_000_000, 850_000_000, n)
    dlon = np.rint(spread(rng, n, 10, 600_000_000)).astype(np.int64)
    west = Spots(places(rng, n).lon, sign * lat)
    east = Spots(short_way(west.lon + dlon), west.lat)
    below = np.rint(np.minimum(spread(rng, n, 10, 1e8), 0.9 * lat)).astype(np.int64)
    bottom = Spots(short_way(west.lon + dlon // 2), sign * (lat - below))
    way, t = curve(west, east, lonlat=False), rng.uniform(0.1, 0.9, n)
    lane = way.at(t)
    between = (np.abs(lane.lat) - lat / 1e7) * 111_000 * rng.random(n)
    inward = rng.random(n) < 0.5
    turn = np.where(inward, 90.0, -90.0) * sign
    site = direct(rounded(lane.lon, lane.lat), lane.course + turn, np.where(inward, between, reach.core_m))
    ring = [west, bottom, east]
    sides = [side(*edge, site) * sign for edge in closed(ring)]
    # The geodesics to the bottom run poleward too, so that behind the long one is not yet inside.
    behind = sides[2] < 0
    inside = np.maximum.reduce(sides) < 0
    found = foot(way, site.degrees(), t)
    keep = np.abs(site.lat) > lat
    if edges is Edges.LONLAT:
        core = parallel_m(west, dlon, site)
    else:
        core = np.where(behind, 0.0, found.distance_m)
        keep &= inside | (~behind & (sides[2] != 0) & found.sure & (found.t > 0) & (found.t < 1))
    keep &= np.logical_and.reduce([writable(*edge) for edge in closed(ring)])
    a = Side(Shape.POLYGON, edges, [ring], reach.radius_a, reach.uncertainty_a)
    return Batch(f"lens {edges.value}", a, circle(site, reach, first=False), core, keep)


def bays(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A site by the south side of a triangle that is written along a parallel; in the south mirrored.

    The geodesic runs through the triangle. South of it, but north of the parallel, a site is inside only if the
    edges may be lonlat; whole numbers say so. South of the parallel that is nearest, or the geodesic.
    """
    reach, sign = reaches(rng, n), int(rng.choice([-1, 1]))
    lat = rng.integers(10_000_000, 750_000_000, n)
    dlon = np.rint(spread(rng, n, 10, 600_000_000)).astype(np.int64)
    west = Spots(places(rng, n).lon, sign * lat)
    east = Spots(short_way(west.lon + dlon), west.lat)
    above = np.rint(spread(rng, n, 10, 1.4e8)).astype(np.int64)
    top = Spots(short_way(west.lon + dlon // 2), sign * (lat + above))
    way, t = curve(west, east, lonlat=False), rng.uniform(0.1, 0.9, n)
    lane = way.at(t)
    gap = (np.abs(lane.lat) - lat / 1e7) * 111_000
    between = rng.random(n) < 0.5
    off = np.where(between, gap * rng.random(n), gap + reach.core_m)
    site = direct(rounded(lane.lon, lane.lat), np.full(n, 180.0 if sign > 0 else 0.0), off)
    # A site far off may lie beyond the equator.
    up, along = sign * site.lat - lat, short_way(site.lon - west.lon)
    # Under the two lonlat edges that rise to the top, in the plane of longitude and latitude.
    share = np.minimum(along / (dlon // 2), (dlon - along) / (dlon - dlon // 2))
    inside = (up > 0) & (up < share * above - 1)
    found = foot(way, site.degrees(), t)
    keep = (side(west, east, site) * sign > 0) & (side(west, east, top) * sign < 0)
    if edges is Edges.GEODESIC:
        core = found.distance_m
        keep &= found.sure & (found.t > 0) & (found.t < 1)
    else:
        core = np.where(inside, 0.0, parallel_m(west, dlon, site))
        keep &= inside | (up < 0)
    ring = [west, east, top]
    keep &= np.logical_and.reduce([writable(*edge) for edge in closed(ring)])
    a = Side(Shape.POLYGON, edges, [ring], reach.radius_a, reach.uncertainty_a)
    return Batch(f"bay {edges.value}", a, circle(site, reach, first=False), core, keep)


def insides(rng: np.random.Generator, n: int, edges: Edges) -> Batch:
    """A small star or a place inside a star, under every reading of its edges: no distance at all.

    From the middle the edges are at least 0.3 of the size away; lonlat edges leave their geodesic by less
    than bend · length² / 8, asked to be below 0.1.
    """
    middle = places(rng, n)
    size = edges_m(rng, middle, edges, 500_000)
    count = int(rng.integers(5, 9))
    outer = star(rng, middle, size, count, 0.7)
    inner = star(rng, middle, size * rng.uniform(0.01, 0.05, n), 5, 0.7)
    none = np.zeros(n, dtype=np.int64)
    a = Side(Shape.POLYGON, edges, [outer], none, none)
    keep = round_about(middle, outer) & (size > 50)
    for here, there in closed(outer):
        way = curve(here, there, lonlat=edges is not Edges.GEODESIC)
        keep &= way.bend() * way.length_m**2 / 8 < 0.1 * size
    if rng.random() < 0.5:
        b = Side(Shape.POINT, Edges.LONLAT, [[middle]], none, none)
    else:
        b = Side(Shape.POLYGON, edges, [inner], none, none)
        keep &= round_about(middle, inner)
    return Batch(f"inside {edges.value}", a, b, np.zeros(n), keep)
