# SPDX-License-Identifier: Apache-2.0
"""The cases of `field/probes.md`, each by its letter, and their neighbours."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic

from standclear.geometry.separation import Bracket, Closeness, Outcome, brackets, closeness
from standclear.geometry.volume import NO_THEATRE, Datum, Edges, Footprint, Minima, Terrain, Theatre, Volume
from tests.geometry.shapes import box, level, line, minima, point, polygon, volume

NEAR = minima(horizontal_m=500, vertical_m=100, time_s=60)
WGS84 = Geodesic.WGS84


def close(a: Volume, b: Volume, least: Minima = NEAR, theatre: Theatre = NO_THEATRE) -> Closeness | None:
    """Ask both ways round; both must say the same."""
    there, back = closeness(a, b, least, theatre), closeness(b, a, least, theatre)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there.outcome == back.outcome
        assert there.vertical_mm == back.vertical_mm
        assert there.time_us == back.time_us
    return there


def test_a_and_b_identical_activities_conflict() -> None:
    one = volume(polygon(box(9, 47, 9.1, 47.1)), start_s=0, end_s=10)
    found = close(one, one)
    assert found is not None
    assert found.outcome is Outcome.CONFLICT
    assert found.horizontal_mm.lower == 0
    assert found.time_us == Bracket(0, 0)


def test_c_five_kilometres_above_is_no_conflict() -> None:
    where = polygon(box(9, 47, 9.1, 47.1))
    high = volume(where, lower=level(5000), upper=level(5100))
    low = volume(where, lower=level(0), upper=level(100))
    assert close(high, low) is None


def test_d_disjoint_in_time_is_no_conflict() -> None:
    where = polygon(box(9, 47, 9.1, 47.1))
    assert close(volume(where, start_s=0, end_s=100), volume(where, start_s=1000, end_s=2000)) is None


def test_e_and_f_the_empty_corner_of_an_l_is_no_conflict() -> None:
    ell = [(9.0, 47.0), (9.3, 47.0), (9.3, 47.1), (9.1, 47.1), (9.1, 47.3), (9.0, 47.3)]
    corner = volume(polygon(box(9.2, 47.2, 9.29, 47.29)))
    assert close(volume(polygon(ell)), corner) is None
    assert close(volume(polygon(ell)), volume(polygon(box(9.05, 47.2, 9.29, 47.29)))) is not None


@pytest.mark.parametrize("edges", list(Edges))
def test_h_and_i_a_box_across_the_antimeridian_is_not_at_longitude_zero(edges: Edges) -> None:
    across = volume(polygon(box(179.9, 10, -179.9, 10.2), edges=edges))
    assert close(across, volume(point(0, 10.1))) is None
    assert close(across, volume(point(180, 10.1))) is not None
    assert close(across, volume(point(-179.95, 10.1))) is not None


def test_j_inside_a_protected_area_is_a_conflict_and_k_the_mirrored_place_is_not() -> None:
    area = volume(polygon(box(8.5, 46.5, 9.5, 47.5)))
    assert close(area, volume(polygon(box(8.99, 46.99, 9.01, 47.01)))) is not None
    assert close(area, volume(polygon(box(46.99, 8.99, 47.01, 9.01)))) is None


def test_l_and_m_an_area_that_starts_half_way_is_a_conflict() -> None:
    where = polygon(box(9, 47, 9.1, 47.1))
    activity = volume(where, start_s=0, end_s=3600)
    assert close(activity, volume(where, start_s=1800, end_s=9000)) is not None
    assert close(activity, volume(where, start_s=-1800, end_s=9000)) is not None


def test_o_a_true_overlap_counts_though_a_neighbour_shares_only_the_box() -> None:
    plan = volume(polygon([(9.0, 47.0), (9.2, 47.0), (9.0, 47.2)]))
    assert close(plan, volume(polygon(box(9.15, 47.15, 9.2, 47.2)))) is None
    assert close(plan, volume(polygon(box(9.05, 47.05, 9.2, 47.2)))) is not None


@pytest.mark.parametrize("lat", [0, 30, 60, 80])
@pytest.mark.parametrize("azimuth", range(0, 360, 15))
@pytest.mark.parametrize("distance", [497.5, 499.9, 499.98])
def test_p_just_under_the_minimum_is_a_conflict_at_every_latitude(
    lat: float, azimuth: float, distance: float
) -> None:
    there = WGS84.Direct(lat, 20, azimuth, distance)
    a, b = volume(point(20, lat)), volume(point(there["lon2"], there["lat2"]))
    assert close(a, b) is not None
    assert close(a, b, minima(horizontal_m=distance - 0.02)) is None


def test_q_a_circle_is_round_between_the_corners_of_an_inscribed_polygon() -> None:
    rim = WGS84.Direct(47, 9, 9.0, 5000 - 1)  # between the corners of a 20-gon, inside the circle
    site = volume(point(rim["lon2"], rim["lat2"]))
    assert close(volume(point(9, 47, radius_m=5000)), site, minima()) is not None
    beyond = WGS84.Direct(47, 9, 9.0, 5000 + 0.1)
    assert (
        close(volume(point(9, 47, radius_m=5000)), volume(point(beyond["lon2"], beyond["lat2"])), minima())
        is None
    )


def test_s_touching_exactly_in_time_or_altitude_is_a_conflict() -> None:
    where = point(9, 47)
    at_once = minima()
    early, late = volume(where, start_s=0, end_s=10), volume(where, start_s=10, end_s=20)
    assert close(early, late, at_once) is not None
    low, high = volume(where, upper=level(100)), volume(where, lower=level(100))
    assert close(low, high, at_once) is not None
    assert close(early, volume(where, start_s=70, end_s=80)) is not None
    assert close(low, volume(where, lower=level(200)), NEAR) is not None
    assert close(low, volume(where, lower=level(200.001)), NEAR) is None


def test_t_a_site_on_the_lonlat_edge_but_off_the_geodesic() -> None:
    # 100 km along 60 N: the parallel runs up to 339 m from the geodesic.
    length = WGS84.Inverse(60, 10, 60, 11.79)["s12"]
    assert 99_000 < length < 101_000
    ring = [(10.0, 60.0), (11.79, 60.0), (11.79, 59.0), (10.0, 59.0)]
    site = volume(point(10.895, 60.001))
    tight = minima(horizontal_m=150)
    straight = volume(polygon(ring, edges=Edges.LONLAT))
    assert close(straight, site, tight) is not None
    assert close(volume(polygon(ring, edges=Edges.UNKNOWN)), site, tight) is not None
    south = volume(polygon([(10.0, 60.0), (11.79, 60.0), (11.79, 61.0), (10.0, 61.0)], edges=Edges.GEODESIC))
    beside = volume(point(10.895, 60.001 - 0.0008))
    assert close(south, beside, tight) is None
    corridor = line((10.0, 60.0), (11.79, 60.0), edges=Edges.UNKNOWN)
    assert close(volume(corridor), beside, tight) is not None


def test_a_polygon_round_the_pole_holds_the_pole() -> None:
    cap = polygon([(lon, 85.0) for lon in range(-180, 180, 60)])
    assert close(volume(cap), volume(point(123, 89.9))) is not None
    assert close(volume(cap), volume(point(0, 90))) is not None
    assert close(volume(cap), volume(point(123, 84.9))) is None
    assert close(volume(cap), volume(point(0, -90))) is None


def test_a_hole_is_outside() -> None:
    ring = volume(polygon(box(9, 47, 10, 48), box(9.2, 47.2, 9.8, 47.8)))
    assert close(ring, volume(point(9.5, 47.5))) is None
    assert close(ring, volume(point(9.1, 47.5))) is not None
    assert close(ring, volume(polygon(box(9.3, 47.3, 9.7, 47.7)))) is None
    assert close(ring, volume(polygon(box(8, 46, 11, 49)))) is not None


def test_ground_to_unlimited_needs_no_terrain_but_heights_over_ground_do() -> None:
    where = point(9, 47)
    low = volume(where, lower=level(0, Datum.AGL), upper=level(120, Datum.AGL))
    flight = volume(where, lower=level(3000, Datum.AMSL), upper=level(4000, Datum.AMSL))
    anything = volume(where)
    unknown = close(low, flight)
    assert unknown is not None
    assert unknown.outcome is Outcome.VERTICAL_UNKNOWN
    assert unknown.vertical_mm == Bracket(0, None)
    certain = close(low, anything)
    assert certain is not None
    assert certain.outcome is Outcome.CONFLICT
    assert close(low, flight, theatre=Theatre(ground=Terrain(lower_mm=0, upper_mm=500_000), air=None)) is None
    assert (
        close(low, flight, theatre=Theatre(ground=Terrain(lower_mm=0, upper_mm=2_850_000), air=None))
        is not None
    )


def test_a_height_over_ground_that_cannot_make_a_gap_is_a_plain_conflict() -> None:
    where = point(9, 47)
    up_to = volume(where, upper=level(120, Datum.AGL))
    from_ground = volume(where, upper=level(500))
    found = close(up_to, from_ground)
    assert found is not None
    assert found.outcome is Outcome.CONFLICT


def test_the_place_of_closest_approach_is_named() -> None:
    found = close(volume(line((9, 47), (9, 48))), volume(point(9.001, 47.5)))
    assert found is not None
    lon, lat = found.at
    assert abs(lon - 90_000_000) < 20_000
    assert abs(lat - 475_000_000) < 20_000


def test_far_apart_brackets_still_hold() -> None:
    horizontal, vertical, time_us, _ = brackets(volume(point(0, 0)), volume(point(179.5, 0.3)), NO_THEATRE)
    true_mm = WGS84.Inverse(0, 0, 0.3, 179.5)["s12"] * 1000
    assert horizontal.lower is not None
    assert horizontal.upper is not None
    assert horizontal.lower <= true_mm <= horizontal.upper
    assert vertical == Bracket(0, 0)
    assert time_us == Bracket(0, 0)


def test_a_radius_as_wide_as_allowed_still_reaches() -> None:
    there = WGS84.Direct(47, 9, 77, 1_000_000 - 1)
    wide = Footprint(point(9, 47).shape, point(9, 47).rings, Edges.LONLAT, 10**9, 0)
    assert close(volume(wide), volume(point(there["lon2"], there["lat2"])), minima()) is not None
