# SPDX-License-Identifier: Apache-2.0
"""The bracket holds the truth: constructed by the direct problem, and found by dense subdivision."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from standclear.geometry.effort import Effort
from standclear.geometry.separation import Bracket, brackets, closeness
from standclear.geometry.volume import NO_THEATRE, Edges, Footprint, Minima, Shape
from tests.geometry import oracle
from tests.geometry.shapes import (
    SLOW,
    azimuths,
    edge_kinds,
    footprint,
    latitudes,
    lengths_m,
    line,
    longitudes,
    minima,
    point,
    polygon,
    star,
    star_footprints,
    volume,
)

WGS84 = Geodesic.WGS84
NUDGES_MM = (0, 1, 10, 1000)


def horizontal(a: Footprint, b: Footprint) -> Bracket:
    """Return the horizontal bracket and see that it is the same the other way round."""
    there, back = brackets(volume(a), volume(b), NO_THEATRE)[0], brackets(volume(b), volume(a), NO_THEATRE)[0]
    assert there.lower is not None
    assert there.upper is not None
    assert back.lower is not None
    assert back.upper is not None
    assert abs(there.lower - back.lower) <= 2
    assert abs(there.upper - back.upper) <= 2
    return there


def never_clear_within(a: Footprint, b: Footprint, true_m: float) -> None:
    """See that minima just at or over the true distance are never clear."""
    for nudge in NUDGES_MM:
        least = math.ceil(true_m * 1000) + nudge
        if least <= 10**9:
            assert closeness(volume(a), volume(b), Minima(least, 0, 0), NO_THEATRE) is not None


def position(spot: tuple[int, int]) -> tuple[float, float]:
    """Return latitude, longitude in degrees, as geographiclib wants them."""
    return spot[1] / 1e7, spot[0] / 1e7


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(longitudes, latitudes, azimuths, lengths_m(0.01, 2e7), st.integers(0, 10**6))
@example(179.9999999, 89.9999999, 0.0, 0.02, 0)
@example(0.0, 0.0, 90.0, 2e7, 0)
def test_the_bracket_holds_the_distance_of_two_places(
    lon: float, lat: float, azimuth: float, length: float, radius_mm: int
) -> None:
    there = WGS84.Direct(lat, lon, azimuth, length)
    a = point(lon, lat, radius_m=radius_mm / 1000)
    b = point(there["lon2"], there["lat2"])
    # Both places were rounded to the grid; the truth is between the rounded ones.
    true_mm = WGS84.Inverse(*position(a.rings[0][0]), *position(b.rings[0][0]))["s12"] * 1000 - radius_mm
    found = horizontal(a, b)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower <= max(0, true_mm) + 1e-4
    assert found.upper >= true_mm - 1e-4
    if length < 1000:
        assert found.upper - found.lower <= 3
    never_clear_within(a, b, max(0.0, true_mm / 1000))


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(
    longitudes, latitudes, azimuths, lengths_m(1, 1e6), st.floats(-0.1, 1.1), lengths_m(0.01, 2e5), edge_kinds
)
def test_the_bracket_holds_the_distance_of_a_place_from_an_edge(
    lon: float, lat: float, azimuth: float, length: float, where: float, off: float, edges: Edges
) -> None:
    end = WGS84.Direct(lat, lon, azimuth, length)
    try_line = line((lon, lat), (end["lon2"], end["lat2"]), edges=edges)
    (x0, _), (x1, _) = try_line.rings[0]
    assume(abs((x1 - x0 + 1_800_000_000) % 3_600_000_000 - 1_800_000_000) <= 900_000_000)
    assume(try_line.rings[0][0] != try_line.rings[0][1])
    edge = oracle.edges_of(try_line)[0]
    x, y = edge.spots(np.array([min(1.0, max(0.0, where))]))
    beside = WGS84.Direct(float(y[0]), float(x[0]), azimuth + 90, off)
    site = point(beside["lon2"], beside["lat2"])
    true_m = oracle.edge_distance_m([edge], oracle.edges_of(site))
    found = horizontal(try_line, site)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower <= true_m * 1000 + 1e-4
    if off < 1000 and length < 1e5:
        assert abs(found.upper - true_m * 1000) <= 3
    never_clear_within(try_line, site, true_m)


@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_the_bracket_holds_the_distance_of_any_two_shapes(data: st.DataObject) -> None:
    lon, lat = data.draw(longitudes), data.draw(st.floats(-89, 89))
    size = data.draw(lengths_m(10, 2e5))
    apart = WGS84.Direct(lat, lon, data.draw(azimuths), data.draw(st.floats(0, 3)) * size)
    a = data.draw(star_footprints(lon, lat, size, edge_kinds))
    b = data.draw(
        star_footprints(apart["lon2"], apart["lat2"], data.draw(st.floats(0.05, 1)) * size, edge_kinds)
    )
    for shape in (a, b):
        assume(all(abs((e.there[0] - e.here[0] + 180) % 360 - 180) <= 90 for e in oracle.edges_of(shape)))
    true_m = oracle.distance_m(a, b)
    found = horizontal(a, b)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower <= true_m * 1000 + 1e-3
    assert found.upper >= true_m * 1000 * 0.999 - 2 - 1e-6 * size * 1000 or oracle.outlines_cross(a, b)
    never_clear_within(a, b, true_m)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(longitudes, st.floats(-85, 85), lengths_m(100, 1e5), lengths_m(0.01, 1e5), azimuths)
def test_unknown_edges_are_the_nearer_of_both_readings(
    lon: float, lat: float, size: float, off: float, azimuth: float
) -> None:
    ring = star(lon, lat, [size, size / 2, size, size / 3, size])
    spot = WGS84.Direct(lat, lon, azimuth, size + off)
    site = point(spot["lon2"], spot["lat2"])
    lows = {e: horizontal(polygon(ring, edges=e), site).lower or 0 for e in Edges}
    assert abs(lows[Edges.UNKNOWN] - min(lows[Edges.GEODESIC], lows[Edges.LONLAT])) <= 2


@pytest.mark.parametrize("edges", list(Edges))
@pytest.mark.parametrize("lat", [0.0, 47.0, 75.0])
@pytest.mark.parametrize("size", [100.0, 10_000.0, 300_000.0])
def test_nested_touching_and_identical_shapes_are_at_no_distance(
    edges: Edges, lat: float, size: float
) -> None:
    outer = polygon(star(9, lat, [size] * 6), edges=edges)
    inner = polygon(star(9, lat, [size / 10] * 5), edges=edges)
    corner = outer.rings[0][0][0] / 1e7, outer.rings[0][0][1] / 1e7
    touching = footprint(Shape.LINE, [corner, (corner[0], corner[1] + 0.01)], edges=edges)
    for other in (outer, inner, touching):
        found = horizontal(outer, other)
        assert found.lower == 0
        assert found.upper is not None
        assert found.upper <= 2


def test_far_pairs_are_cleared_without_the_whole_work() -> None:
    ring = star(9, 47, [20_000] * 200)
    far = star(12, 47, [20_000] * 200)
    assert (
        closeness(volume(polygon(ring)), volume(polygon(far)), minima(horizontal_m=1000), NO_THEATRE) is None
    )


@pytest.mark.parametrize("edges", list(Edges))
@pytest.mark.parametrize("gap", [0.0, 0.03, 0.2, 1.0])
def test_large_shapes_measure_as_all_their_pairs_do(gap: float, edges: Edges) -> None:
    for count in (17, 65):
        a = star(179.9, 62, [1000.0 + 300 * (n % 3) for n in range(count)])
        b = star(179.95 + gap, 62.01, [900.0 + 200 * (n % 4) for n in range(count)])
        grouped = horizontal(line(*a, edges=edges), line(*b, edges=edges))
        alone = [
            horizontal(line(*one, edges=edges), line(*other, edges=edges))
            for one in itertools.pairwise(a)
            for other in itertools.pairwise(b)
        ]
        assert abs((grouped.lower or 0) - min(found.lower or 0 for found in alone)) <= 1
        assert abs((grouped.upper or 0) - min(found.upper or 0 for found in alone)) <= 1


def test_out_of_effort_the_bracket_stays_wide_and_undecided_is_a_conflict() -> None:
    a = volume(line(*[(9 + n / 500, 47 + 0.5 * (n % 2)) for n in range(300)]))
    b = volume(line(*[(9 + n / 500, 47.51 + 0.5 * (n % 2)) for n in range(300)]))
    full = brackets(a, b, NO_THEATRE)[0]
    assert full.lower is not None
    assert full.lower > 1_000_000
    wide = brackets(a, b, NO_THEATRE, Effort(10))[0]
    assert wide.lower is not None
    assert full.upper is not None
    assert wide.lower <= full.lower
    assert wide.upper is None or wide.upper >= full.upper
    assert wide.lower < full.lower - 1_000
    least = minima(horizontal_m=wide.lower / 1000)
    assert closeness(a, b, least, NO_THEATRE, Effort(10)) is not None
    assert closeness(a, b, least, NO_THEATRE) is None
