# SPDX-License-Identifier: Apache-2.0
"""Staying inside: every bound reversed, and what is not provable is not inside."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standclear.geometry.containment import Containment, containment
from standclear.geometry.separation import Outcome
from standclear.geometry.volume import NO_THEATRE, Datum, Edges, Footprint, Shape, Terrain, Theatre, Volume
from tests.geometry import oracle
from tests.geometry.shapes import (
    SLOW,
    at,
    azimuths,
    box,
    edge_kinds,
    footprint,
    latitudes,
    lengths_m,
    level,
    line,
    longitudes,
    point,
    polygon,
    star,
    star_footprints,
    volume,
)

WGS84 = Geodesic.WGS84
AREA = polygon(box(9, 47, 10, 48))


def held(activity: Footprint, area: Footprint) -> Containment:
    """Ask for footprints alone."""
    return containment(volume(activity), volume(area), NO_THEATRE)


@pytest.mark.parametrize(
    ("activity", "area", "inside"),
    [
        (point(9.5, 47.5), AREA, True),
        (polygon(box(9.2, 47.2, 9.8, 47.8)), AREA, True),
        (polygon(box(9.2, 47.2, 10.2, 47.8)), AREA, False),
        (polygon(box(8, 46, 11, 49)), AREA, False),
        (AREA, AREA, True),
        (point(9.5, 47.5, radius_m=30_000), AREA, True),
        (point(9.5, 47.5, radius_m=38_000), AREA, False),
        (line((9.1, 47.1), (9.9, 47.9), half_width_m=500), AREA, True),
        (line((9.1, 47.1), (9.9, 47.9), (10.1, 47.5)), AREA, False),
        (polygon(box(9.2, 47.2, 9.8, 47.8)), polygon(box(9, 47, 10, 48), box(9.4, 47.4, 9.5, 47.5)), False),
        (polygon(box(9.6, 47.6, 9.8, 47.8)), polygon(box(9, 47, 10, 48), box(9.4, 47.4, 9.5, 47.5)), True),
        (point(9.45, 47.45), polygon(box(9, 47, 10, 48), box(9.4, 47.4, 9.5, 47.5)), False),
        (point(9, 47, radius_m=999), point(9, 47, radius_m=1000), True),
        (point(9, 47, radius_m=1000), point(9, 47, radius_m=1000), True),
        (point(9, 47, radius_m=1001), point(9, 47, radius_m=1000), False),
        (polygon(star(9, 47, [900] * 7)), point(9, 47, radius_m=1000), True),
        (polygon(star(9, 47, [900] * 6 + [1100])), point(9, 47, radius_m=1000), False),
        (line((9.1, 47.1), (9.5, 47.5)), line((9, 47), (10, 48), half_width_m=2000), True),
        (line((9.1, 47.1), (9.5, 47.6)), line((9, 47), (10, 48), half_width_m=2000), False),
        (
            line((9.1, 47), (9.9, 47), (9.9, 47.5)),
            line((9, 47), (9.9, 47), (9.9, 48), half_width_m=500),
            True,
        ),
        (polygon(star(9.5, 47.5, [800] * 5)), line((9, 47), (10, 48), half_width_m=2000), True),
        (polygon(star(9.5, 47.5, [2100] * 5)), line((9, 47), (10, 48), half_width_m=2000), False),
        (polygon(star(180, 10, [900] * 7)), polygon(box(179.5, 9.5, -179.5, 10.5)), True),
        (point(77, 89.99), polygon([(x, 85.0) for x in range(-180, 180, 60)]), True),
    ],
)
def test_footprints_are_inside_or_not(activity: Footprint, area: Footprint, inside: bool) -> None:
    found = held(activity, area)
    assert found.inside is inside
    assert found.outcome is (None if inside else Outcome.CONFLICT)
    assert found.horizontal_mm.upper == (0 if inside else None)


@pytest.mark.parametrize("edges", [Edges.GEODESIC, Edges.LONLAT])
def test_unknown_edges_must_hold_under_both_readings(edges: Edges) -> None:
    ring = box(0, 50, 20, 60)
    between = point(10, 60.1)  # inside for geodesics, outside for the parallel
    assert held(between, polygon(ring, edges=edges)).inside is (edges is Edges.GEODESIC)
    assert not held(between, polygon(ring, edges=Edges.UNKNOWN)).inside
    assert held(point(10, 55), polygon(ring, edges=Edges.UNKNOWN)).inside
    assert not held(polygon(ring, edges=Edges.UNKNOWN), polygon(ring, edges=Edges.UNKNOWN)).inside
    flight = line((1, 59.9), (19, 59.9), edges=Edges.UNKNOWN)
    assert not held(flight, polygon(ring, edges=Edges.LONLAT)).inside


def test_areas_shrink_and_activities_grow_by_their_uncertainty() -> None:
    assert held(point(9, 47, radius_m=500, uncertainty_m=400), point(9, 47, radius_m=1000)).inside
    assert not held(point(9, 47, radius_m=500, uncertainty_m=600), point(9, 47, radius_m=1000)).inside
    assert held(point(9, 47, radius_m=500), point(9, 47, radius_m=1000, uncertainty_m=400)).inside
    assert not held(point(9, 47, radius_m=500), point(9, 47, radius_m=1000, uncertainty_m=600)).inside
    vague = polygon(box(9, 47, 10, 48), uncertainty_m=20_000)
    assert held(point(9.5, 47.5, radius_m=15_000), vague).inside
    assert not held(point(9.5, 47.5, radius_m=25_000), vague).inside
    assert not held(vague, vague).inside


def window(start_s: int | None, end_s: int | None) -> Volume:
    """Return a place for a time."""
    return volume(point(9.5, 47.5), start_s=start_s, end_s=end_s)


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [(0, 10, True), (1, 9, True), (-1, 5, False), (5, 11, False), (None, 5, False), (5, None, False)],
)
def test_the_whole_window_must_be_within_the_area_s(start: int | None, end: int | None, inside: bool) -> None:
    area = volume(AREA, start_s=0, end_s=10)
    assert containment(window(start, end), area, NO_THEATRE).inside is inside
    assert containment(window(start, end), volume(AREA), NO_THEATRE).inside


GROUND = Theatre(ground=Terrain(lower_mm=0, upper_mm=300_000), air=None)


@pytest.mark.parametrize(
    ("activity", "area", "theatre", "outcome"),
    [
        ((level(10), level(20)), (level(10), level(20)), None, None),
        ((level(9), level(20)), (level(10), level(20)), None, Outcome.CONFLICT),
        ((level(10), level(21)), (level(10), level(20)), None, Outcome.CONFLICT),
        ((level(10), None), (level(10), level(20)), None, Outcome.CONFLICT),
        ((None, level(20)), (level(10), level(20)), None, Outcome.CONFLICT),
        ((None, None), (None, None), None, None),
        (
            (level(101, Datum.AMSL), level(199, Datum.AMSL)),
            (level(100, Datum.AMSL), level(200, Datum.AMSL)),
            None,
            None,
        ),
        # The geoid lies 48 m over the ellipsoid there, give or take 4.
        ((level(0), level(113)), (None, level(64, Datum.AMSL)), None, Outcome.CONFLICT),
        ((level(0), level(113)), (None, level(71, Datum.AMSL)), None, None),
        ((level(10, Datum.FL), level(20, Datum.FL)), (level(10, Datum.FL), level(20, Datum.FL)), None, None),
        (
            (level(10, Datum.AGL), level(21, Datum.AGL)),
            (level(10, Datum.AGL), level(20, Datum.AGL)),
            None,
            Outcome.CONFLICT,
        ),
        ((level(99.999, Datum.AMSL), None), (level(100, Datum.AMSL), None), None, Outcome.CONFLICT),
        ((level(21), level(100, Datum.AGL)), (None, level(20)), None, Outcome.VERTICAL_UNKNOWN),
        ((level(9), level(100, Datum.AGL)), (level(10), level(20)), None, Outcome.CONFLICT),
        ((None, level(100, Datum.AGL)), (None, level(400)), None, Outcome.VERTICAL_UNKNOWN),
        ((None, level(100, Datum.AGL)), (None, level(400)), GROUND, None),
        ((None, level(101, Datum.AGL)), (None, level(400)), GROUND, Outcome.CONFLICT),
        ((None, level(100)), (level(0, Datum.AGL), None), None, None),
        ((level(0, Datum.AGL), level(500)), (None, level(400)), None, Outcome.CONFLICT),
    ],
)
def test_the_outward_band_must_be_within_the_area_s_inward_band(
    activity: tuple[object, object],
    area: tuple[object, object],
    theatre: Theatre | None,
    outcome: Outcome | None,
) -> None:
    inner = volume(point(9.5, 47.5), lower=activity[0], upper=activity[1])  # type: ignore[arg-type]
    outer = volume(AREA, lower=area[0], upper=area[1])  # type: ignore[arg-type]
    found = containment(inner, outer, theatre or NO_THEATRE)
    assert found.outcome is outcome
    assert found.inside is (outcome is None)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_what_is_called_inside_has_no_place_outside(data: st.DataObject) -> None:
    lon, lat, size = data.draw(longitudes), data.draw(st.floats(-88, 88)), data.draw(lengths_m(50, 1e5))
    area = polygon(
        star(lon, lat, [size * (0.7 + 0.3 * (n % 2)) for n in range(9)]), edges=data.draw(edge_kinds)
    )
    assume(all(abs((e.there[0] - e.here[0] + 180) % 360 - 180) <= 90 for e in oracle.edges_of(area)))
    there = WGS84.Direct(lat, lon, data.draw(azimuths), data.draw(st.floats(0, 0.8)) * size)
    activity = data.draw(star_footprints(there["lon2"], there["lat2"], 0.4 * size, edge_kinds))
    reach = activity.radius_mm / 1000
    room = oracle.edge_distance_m(oracle.edges_of(activity), oracle.edges_of(area))
    core_in = oracle.holds(area, activity.rings[0][0]) and room > 0
    if held(activity, area).inside:
        assert core_in
        assert room >= reach
    elif core_in and room > 1.01 * reach + 0.01 * size:
        pytest.fail("was inside with room to spare")


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(longitudes, latitudes, azimuths, lengths_m(10, 1e5), st.floats(0.9, 1.1), edge_kinds, st.booleans())
def test_a_circle_holds_exactly_what_its_radius_reaches(
    lon: float, lat: float, azimuth: float, radius: float, share: float, edges: Edges, polygonal: bool
) -> None:
    centre = at(lon, lat)
    far = WGS84.Direct(centre[1] / 1e7, centre[0] / 1e7, azimuth, radius * share)
    ring = [(far["lon2"], far["lat2"]), (centre[0] / 1e7, centre[1] / 1e7)]
    if polygonal:
        third = WGS84.Direct(centre[1] / 1e7, centre[0] / 1e7, azimuth + 40, radius * 0.5)
        ring.append((third["lon2"], third["lat2"]))
    inner = footprint(Shape.POLYGON if polygonal else Shape.LINE, ring, edges=edges)
    edges_found = oracle.edges_of(inner)
    assume(all(abs((e.there[0] - e.here[0] + 180) % 360 - 180) <= 90 for e in edges_found))
    outer = Footprint(Shape.POINT, ((centre,),), edges, round(radius * 1000), 0)
    vertex = inner.rings[0][0]
    true = WGS84.Inverse(centre[1] / 1e7, centre[0] / 1e7, vertex[1] / 1e7, vertex[0] / 1e7)["s12"]
    found = held(inner, outer)
    if true > outer.radius_mm / 1000:
        assert not found.inside
        assert found.horizontal_mm.lower is not None
        assert abs(found.horizontal_mm.lower / 1000 - (true - outer.radius_mm / 1000)) < 0.01 + 2e-5 * radius
    elif edges is Edges.GEODESIC and true < outer.radius_mm / 1000 - 0.01 - 2e-5 * radius:
        assert found.inside
