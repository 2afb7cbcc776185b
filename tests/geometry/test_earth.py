# SPDX-License-Identifier: Apache-2.0
"""The ellipsoid's facts, against GeographicLib."""

from __future__ import annotations

import numpy as np
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.geometry.cores import prepare
from standclear.geometry.earth import (
    HALF_MERIDIAN_M,
    R_MIN_M,
    longest_geodesic_m,
    shortest_chord_m,
    to_ecef,
    to_positions,
)
from standclear.geometry.volume import Edges
from tests.geometry.shapes import SLOW, azimuths, edge_kinds, latitudes, lengths_m, longitudes, polygon, star

WGS84 = Geodesic.WGS84


def test_the_smallest_radius_of_curvature() -> None:
    assert abs(R_MIN_M - 6_335_439.327) < 0.001
    assert WGS84.Inverse(-90, 0, 90, 0)["s12"] <= HALF_MERIDIAN_M


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(longitudes, latitudes, azimuths, lengths_m(0.001, 2e7))
def test_a_chord_bounds_the_surface_distance_on_both_sides(
    lon: float, lat: float, azimuth: float, length: float
) -> None:
    there = WGS84.Direct(lat, lon, azimuth, length)
    true = WGS84.Inverse(lat, lon, there["lat2"], there["lon2"])["s12"]
    ends = to_ecef(np.array([lon, there["lon2"]]), np.array([lat, there["lat2"]]))
    chord = float(np.linalg.norm(ends[1] - ends[0]))
    assert chord <= true + 1e-7
    assert longest_geodesic_m(chord) >= true - 1e-7


@given(st.floats(0, 2.1e7))
def test_the_shortest_chord_is_short_enough(distance: float) -> None:
    assert longest_geodesic_m(shortest_chord_m(distance)) <= distance


@given(longitudes, latitudes)
def test_positions_come_back(lon: float, lat: float) -> None:
    (x,), (y,) = to_positions(to_ecef(np.array([lon]), np.array([lat])))
    back = to_ecef(np.array(x / 1e7), np.array(y / 1e7))
    assert np.linalg.norm(back - to_ecef(np.array(lon), np.array(lat))) < 0.02


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(longitudes, st.floats(-89, 89), lengths_m(10, 3e6), edge_kinds, st.floats(0, 1), azimuths)
def test_the_box_of_a_polygon_holds_its_inside(
    lon: float, lat: float, size: float, edges: Edges, share: float, azimuth: float
) -> None:
    core = prepare(polygon(star(lon, lat, [size] * 8), edges=Edges.GEODESIC))
    there = WGS84.Direct(lat, lon, azimuth, size * share * 0.9)
    spot = to_ecef(np.array(there["lon2"]), np.array(there["lat2"]))
    assert (spot >= core.low).all()
    assert (spot <= core.high).all()
