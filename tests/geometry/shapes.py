# SPDX-License-Identifier: Apache-2.0
"""Short ways to write volumes in tests, and what Hypothesis draws them from. Degrees, metres, µs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import HealthCheck
from hypothesis import strategies as st

from standclear.geometry.volume import (
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Minima,
    Position,
    Shape,
    Volume,
    Window,
)

Degrees = tuple[float, float]
ALWAYS = Window(start_us=None, end_us=None)
EVERYWHERE = Band(lower=None, upper=None)
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
"""Oracles take their time, and a busy machine is no fault of the engine."""


def at(lon: float, lat: float) -> Position:
    """Return a position on the grid, longitude brought into range."""
    wrapped = (lon + 180) % 360 - 180 if abs(lon) > 180 else lon
    return round(wrapped * 1e7), max(-900_000_000, min(900_000_000, round(lat * 1e7)))


def footprint(
    shape: Shape,
    *rings: Sequence[Degrees],
    edges: Edges = Edges.LONLAT,
    radius_m: float = 0,
    uncertainty_m: float = 0,
) -> Footprint:
    """Return a footprint from degrees."""
    return Footprint(
        shape=shape,
        rings=tuple(tuple(at(*spot) for spot in ring) for ring in rings),
        edges=edges,
        radius_mm=round(radius_m * 1000),
        uncertainty_mm=round(uncertainty_m * 1000),
    )


def point(lon: float, lat: float, radius_m: float = 0, uncertainty_m: float = 0) -> Footprint:
    """Return a point or circle."""
    return footprint(Shape.POINT, [(lon, lat)], radius_m=radius_m, uncertainty_m=uncertainty_m)


def line(*spots: Degrees, edges: Edges = Edges.LONLAT, half_width_m: float = 0) -> Footprint:
    """Return a line or corridor."""
    return footprint(Shape.LINE, spots, edges=edges, radius_m=half_width_m)


def polygon(*rings: Sequence[Degrees], edges: Edges = Edges.LONLAT, uncertainty_m: float = 0) -> Footprint:
    """Return a polygon."""
    return footprint(Shape.POLYGON, *rings, edges=edges, uncertainty_m=uncertainty_m)


def box(west: float, south: float, east: float, north: float) -> list[Degrees]:
    """Return the corners of a box."""
    return [(west, south), (east, south), (east, north), (west, north)]


def star(lon: float, lat: float, reaches_m: Sequence[float], turn: float = 0.0) -> list[Degrees]:
    """Return a star-shaped ring: one vertex in each direction, so it never crosses itself."""
    from standclear.geometry.edges import WGS84

    ring = []
    for n, reach in enumerate(reaches_m):
        x, y, _ = WGS84.fwd(lon, lat, turn + 360 * n / len(reaches_m), reach)
        ring.append((float(x), float(y)))
    return ring


def volume(
    where: Footprint,
    *,
    lower: Level | None = None,
    upper: Level | None = None,
    start_s: int | None = None,
    end_s: int | None = None,
) -> Volume:
    """Return a volume; seconds instead of µs."""
    window = Window(
        start_us=None if start_s is None else start_s * 1_000_000,
        end_us=None if end_s is None else end_s * 1_000_000,
    )
    return Volume(footprint=where, band=Band(lower=lower, upper=upper), window=window)


def level(metres: float, datum: Datum = Datum.W84) -> Level:
    """Return a level."""
    return Level(value_mm=round(metres * 1000), datum=datum)


def minima(horizontal_m: float = 0, vertical_m: float = 0, time_s: float = 0) -> Minima:
    """Return minima in metres and seconds."""
    return Minima(
        horizontal_mm=round(horizontal_m * 1000),
        vertical_mm=round(vertical_m * 1000),
        time_us=round(time_s * 1e6),
    )


edge_kinds = st.sampled_from([Edges.GEODESIC, Edges.LONLAT])
latitudes = st.one_of(
    st.floats(-90, 90),
    st.floats(-0.01, 0.01),
    st.floats(-7, 1).map(lambda power: 90 - 10**power),
    st.floats(-7, 1).map(lambda power: -90 + 10**power),
)
longitudes = st.one_of(st.floats(-180, 180), st.floats(-7, 0).map(lambda power: 180 - 10**power))
azimuths = st.floats(-180, 180)


def lengths_m(least: float, most: float) -> st.SearchStrategy[float]:
    """Draw lengths evenly over their orders of magnitude."""
    return st.floats(math.log10(least), math.log10(most)).map(lambda power: 10**power)


@st.composite
def star_footprints(
    draw: st.DrawFn, lon: float, lat: float, size_m: float, edges: st.SearchStrategy[Edges]
) -> Footprint:
    """Draw a polygon round a place, with or without a hole, or a circle, or a corridor."""
    kind = draw(st.sampled_from(["polygon", "holed", "circle", "line"]))
    if kind == "circle":
        return point(lon, lat, radius_m=draw(st.floats(0, size_m)))
    count = draw(st.integers(3, 9))
    reaches = draw(st.lists(st.floats(0.2 * size_m, size_m), min_size=count, max_size=count))
    outer = star(lon, lat, reaches, draw(st.floats(0, 90)))
    which = draw(edges)
    if kind == "line":
        return line(*outer, edges=which, half_width_m=draw(st.sampled_from([0.0, size_m / 10])))
    rings = [outer]
    if kind == "holed":
        rings.append(star(lon, lat, [0.02 * size_m] * 5))
    return polygon(*rings, edges=which)
