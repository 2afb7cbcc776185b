# SPDX-License-Identifier: Apache-2.0
"""Arbitrary pairs of shapes: stars, slivers, combs, corridors, circles, holes; nested, touching, identical, across."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from standclear.errors import Malformed, TooLarge
from standclear.geometry.validity import check_volume
from standclear.geometry.volume import Edges, Footprint, Position, Shape, Volume
from tests.geometry.campaign.batch import ALWAYS, EVERYWHERE, Case
from tests.geometry.campaign.draws import minima_mm, places, radii_mm
from tests.geometry.campaign.geodesy import Spots, direct
from tests.geometry.campaign.search import core_m

Ring = tuple[Position, ...]
Maker = Callable[[np.random.Generator, Position, float], tuple[Shape, tuple[Ring, ...]]]
EDGES: Final = (Edges.GEODESIC, Edges.LONLAT, Edges.UNKNOWN)


def _about(middle: Position, directions: list[float], distances: list[float]) -> Ring:
    """Return places round a place."""
    n = len(directions)
    start = Spots(np.full(n, middle[0]), np.full(n, middle[1]))
    there = direct(start, np.array(directions), np.array(distances))
    return tuple(zip(there.lon.tolist(), there.lat.tolist(), strict=True))


def _star(rng: np.random.Generator, middle: Position, size: float, count: int, least: float) -> Ring:
    turn = rng.uniform(0, 360)
    return _about(
        middle,
        [turn + 360 * k / count for k in range(count)],
        [size * rng.uniform(least, 1) for _ in range(count)],
    )


def star(rng: np.random.Generator, middle: Position, size: float) -> tuple[Shape, tuple[Ring, ...]]:
    """Draw a polygon with one vertex in each direction, one in ten with many."""
    count = int(rng.integers(3, 20)) if rng.random() < 0.9 else int(rng.integers(20, 200))
    return Shape.POLYGON, (_star(rng, middle, size, count, 0.2),)


def holed(rng: np.random.Generator, middle: Position, size: float) -> tuple[Shape, tuple[Ring, ...]]:
    """Draw a ring round a large hole."""
    return Shape.POLYGON, (
        _star(rng, middle, size, int(rng.integers(5, 12)), 0.8),
        _star(rng, middle, size * 0.6, int(rng.integers(3, 12)), 0.3),
    )


def sliver(rng: np.random.Generator, middle: Position, size: float) -> tuple[Shape, tuple[Ring, ...]]:
    """Draw a long thin triangle."""
    turn, thin = rng.uniform(0, 360), 10 ** rng.uniform(-4, -1)
    return Shape.POLYGON, (_about(middle, [turn, turn + 180, turn + 90], [size, size, size * thin]),)


def comb(rng: np.random.Generator, middle: Position, size: float) -> tuple[Shape, tuple[Ring, ...]]:
    """Draw a comb: teeth side by side on a back."""
    teeth, turn = int(rng.integers(2, 12)), rng.uniform(0, 360)
    flat = [(0.0, 0.0)]
    for k in range(teeth):
        flat += [
            (k + 0.1, 0.2 * teeth),
            (k + 0.1, 0.9 * teeth),
            (k + 0.6, 0.9 * teeth),
            (k + 0.6, 0.2 * teeth),
        ]
    flat += [(teeth, 0.0)]
    flat = [(x / teeth - 0.5, y / teeth - 0.5) for x, y in flat]
    directions = [turn + math.degrees(math.atan2(x, y)) for x, y in flat]
    return Shape.POLYGON, (_about(middle, directions, [size * math.hypot(x, y) for x, y in flat]),)


def line(rng: np.random.Generator, middle: Position, size: float) -> tuple[Shape, tuple[Ring, ...]]:
    """Draw a route of a few legs, or one long edge."""
    count = int(rng.integers(2, 8))
    directions = [rng.uniform(0, 360) for _ in range(count)]
    return Shape.LINE, (_about(middle, directions, [size * rng.uniform(0.1, 1) for _ in range(count)]),)


def circle(rng: np.random.Generator, middle: Position, size: float) -> tuple[Shape, tuple[Ring, ...]]:
    """Draw a place; its radius comes later."""
    del rng, size
    return Shape.POINT, ((middle,),)


MAKERS: Final[tuple[Maker, ...]] = (star, star, holed, sliver, comb, line, line, circle)


def _footprint(rng: np.random.Generator, middle: Position, size: float, maker: Maker) -> Footprint:
    """Draw a shape with its edges and, sometimes, radii up to its size."""
    shape, rings = maker(rng, middle, size)
    edges = EDGES[int(rng.integers(0, 3))]
    radius, uncertainty = (min(int(r), int(300 * size)) for r in radii_mm(rng, 2))
    if rng.random() < 0.5:
        radius = uncertainty = 0
    return Footprint(shape, rings, edges, radius, uncertainty)


def _maker(rng: np.random.Generator) -> Maker:
    return MAKERS[int(rng.integers(0, len(MAKERS)))]


def pair(rng: np.random.Generator) -> tuple[str, Footprint, Footprint]:
    """Draw two shapes and how they lie."""
    [lon], [lat] = places(rng, 1)
    middle, size = (int(lon), int(lat)), float(10 ** rng.uniform(0.5, 5.7))
    how = ("beside", "beside", "beside", "within", "touching", "identical", "across")[int(rng.integers(0, 7))]
    a = _footprint(rng, middle, size, holed if how == "within" else _maker(rng))
    if how == "identical":
        b = Footprint(a.shape, a.rings, EDGES[int(rng.integers(0, 3))], a.radius_mm, a.uncertainty_mm)
        return how, a, b
    other = size * 10 ** rng.uniform(-2, 0)
    if how == "within":
        [there] = _about(middle, [rng.uniform(0, 360)], [size * rng.uniform(0, 0.2)])
        return how, a, _footprint(rng, there, 0.1 * other, _maker(rng))
    if how == "touching":
        # One of b's vertices, a place of its own or a middle, is one of a's.
        ring = a.rings[int(rng.integers(0, len(a.rings)))]
        b = _footprint(rng, ring[int(rng.integers(0, len(ring)))], other, _maker(rng))
        if b.shape is Shape.POLYGON:
            b = Footprint(b.shape, ((*b.rings[0], ring[0]),), b.edges, b.radius_mm, b.uncertainty_mm)
        return how, a, b
    gap = (size + other) * (rng.uniform(0, 2) if how == "beside" else rng.uniform(0, 0.5))
    [there] = _about(middle, [rng.uniform(0, 360)], [gap])
    return how, a, _footprint(rng, there, other, _maker(rng))


def case_of(seed: int, number: int) -> Case | str:
    """Draw a pair that can be measured, with the truth and a minimum; or the kind, where it cannot."""
    rng = np.random.default_rng([seed, 1, number])
    how, a, b = pair(rng)
    kind = " ".join([how, *sorted((a.shape.value, b.shape.value))])
    volumes = [Volume(footprint, EVERYWHERE, ALWAYS) for footprint in (a, b)]
    try:
        for volume in volumes:
            check_volume(volume)
    except (Malformed, TooLarge):
        return kind
    apart = core_m(a, b)
    reach = a.radius_mm + a.uncertainty_mm + b.radius_mm + b.uncertainty_mm
    true = np.array([max(0.0, apart * 1000 - reach)])
    [least], [chosen] = minima_mm(rng, true)
    return Case(kind, volumes[0], volumes[1], float(true[0]), apart, int(least), bool(chosen))
