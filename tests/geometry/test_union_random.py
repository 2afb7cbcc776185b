# SPDX-License-Identifier: Apache-2.0
"""Several areas together, at random: pieces of a whole hold what the whole holds; what is held lies in some area.

The oracle is pyproj and shapely: places of the activity are drawn by walking along geodesics, and looked for in
each area drawn flat, or measured where that is close.
"""

from __future__ import annotations

import msgspec
import numpy as np
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standclear.errors import Malformed
from standclear.geometry.containment import containment
from standclear.geometry.effort import Effort
from standclear.geometry.holding import footprint_inside
from standclear.geometry.union import inside_union
from standclear.geometry.validity import check_volume
from standclear.geometry.volume import NO_THEATRE, Band, Edges, Footprint, Shape, Volume, Window
from tests.geometry import oracle
from tests.geometry.shapes import (
    SLOW,
    Degrees,
    azimuths,
    edge_kinds,
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
LATITUDES = st.one_of(st.floats(-85, 85), st.sampled_from([0.0, 60.0, -89.5]))


def is_valid(*footprints: Footprint) -> bool:
    try:
        for one in footprints:
            check_volume(volume(one))
    except Malformed:
        return False
    return True


def held(activity: Footprint, areas: list[Footprint]) -> bool:
    return inside_union(volume(activity), [volume(area) for area in areas], NO_THEATRE, Effort())


def in_area(area: Footprint, place: Degrees, slack_m: float) -> bool:
    """Whether an area holds a place for certain, or is nearer to it than a slack."""
    spot = point(*place)
    if area.shape is Shape.POLYGON and oracle.holds(area, spot.rings[0][0]):
        return True
    return oracle.distance_m(spot, msgspec.structs.replace(area, uncertainty_mm=0)) <= slack_m


@settings(max_examples=120, suppress_health_check=SLOW)
@given(st.data())
def test_slices_of_an_area_hold_what_the_area_holds_and_lack_what_lies_in_the_slice_taken_away(
    data: st.DataObject,
) -> None:
    lon, lat, size = data.draw(longitudes), data.draw(LATITUDES), data.draw(lengths_m(100, 3e5))
    edges = data.draw(edge_kinds)
    count = data.draw(st.integers(3, 7))
    reaches = data.draw(st.lists(st.floats(0.6 * size, size), min_size=count, max_size=count))
    ring = star(lon, lat, reaches, data.draw(st.floats(0, 90)))
    whole = polygon(ring, edges=edges)
    slices = [
        polygon([(lon, lat), here, there], edges=edges)
        for here, there in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    assume(is_valid(whole, *slices))
    there = WGS84.Direct(lat, lon, data.draw(azimuths), data.draw(st.floats(0.1, 0.6)) * size)
    activity = data.draw(star_footprints(there["lon2"], there["lat2"], 0.5 * size, edge_kinds))
    assume(is_valid(activity))
    inside = footprint_inside(activity, whole)
    assert held(activity, slices) is inside
    assert held(activity, list(reversed(slices))) is inside
    if inside:
        spot = activity.rings[0][0]
        for n, taken in enumerate(slices):
            deep = oracle.edge_distance_m(
                oracle.edges_of(point(spot[0] / 1e7, spot[1] / 1e7)), oracle.edges_of(taken)
            )
            if deep > 0.02 and oracle.holds(taken, spot):
                assert not held(activity, slices[:n] + slices[n + 1 :])


@st.composite
def areas_near(draw: st.DrawFn, lon: float, lat: float, size: float) -> Footprint:
    """Draw a circle, corridor or polygon about as large as what it may hold a part of."""
    there = WGS84.Direct(lat, lon, draw(azimuths), draw(st.floats(0.2, 1.2)) * size)
    x, y = there["lon2"], there["lat2"]
    kind = draw(st.sampled_from(["circle", "corridor", "polygon", "vague"]))
    if kind == "circle":
        return point(
            x,
            y,
            radius_m=draw(st.floats(0.5, 1.2)) * size,
            uncertainty_m=draw(st.sampled_from([0, 0.05 * size])),
        )
    ring = star(
        x,
        y,
        [draw(st.floats(0.6, 1.4)) * size for _ in range(draw(st.integers(3, 6)))],
        draw(st.floats(0, 90)),
    )
    edges = draw(st.sampled_from(Edges))
    if kind == "corridor":
        return line(*ring[:3], edges=edges, half_width_m=draw(st.floats(0.2, 1.0)) * size)
    return polygon(ring, edges=edges, uncertainty_m=0.05 * size if kind == "vague" else 0)


def places_of(data: st.DataObject, activity: Footprint, middle: Degrees) -> list[Degrees]:
    """Draw places of an activity, its radius included: on its edges, towards its middle, and around."""
    readings = [None] if activity.edges is not Edges.UNKNOWN else [True, False]
    edges = [edge for reading in readings for edge in oracle.edges_of(activity, reading)]
    places = []
    for _ in range(6):
        edge = data.draw(st.sampled_from(edges))
        x, y = edge.spots(np.array([data.draw(st.floats(0, 1))]))
        here = (float(x[0]), float(y[0]))
        if activity.shape is Shape.POLYGON:
            way = WGS84.Inverse(here[1], here[0], middle[1], middle[0])
            inner = WGS84.Direct(here[1], here[0], way["azi1"], way["s12"] * data.draw(st.floats(0, 1)))
            spot = point(inner["lon2"], inner["lat2"]).rings[0][0]
            if oracle.holds(activity, spot):
                here = (inner["lon2"], inner["lat2"])
        out = WGS84.Direct(
            here[1], here[0], data.draw(azimuths), activity.radius_mm / 1000 * data.draw(st.floats(0, 1))
        )
        places.append((out["lon2"], out["lat2"]))
    return places


@settings(max_examples=40, suppress_health_check=SLOW)
@given(st.data())
def test_every_place_of_what_is_held_lies_in_some_area(data: st.DataObject) -> None:
    lon, lat, size = data.draw(longitudes), data.draw(LATITUDES), data.draw(lengths_m(100, 3e4))
    areas = [data.draw(areas_near(lon, lat, size)) for _ in range(data.draw(st.integers(3, 6)))]
    activity = data.draw(star_footprints(lon, lat, size * data.draw(st.floats(0.5, 1.2)), edge_kinds))
    assume(is_valid(activity, *areas))
    alone = any(footprint_inside(activity, area) for area in areas)
    together = held(activity, areas)
    assert together or not alone
    assume(together and not alone)
    places = places_of(data, activity, (lon, lat))
    for place in places:
        assert any(in_area(area, place, 0.02) for area in areas), place


@settings(max_examples=100, suppress_health_check=SLOW)
@given(st.data())
def test_every_moment_and_height_of_what_is_held_lies_in_some_area(data: st.DataObject) -> None:
    numbers = st.integers(0, 4)

    def drawn(where: Footprint, span: tuple[int, int, int, int]) -> Volume:
        low, height, start, length = span
        return Volume(where, Band(level(low), level(low + height)), Window(start, start + length))

    spans = st.tuples(numbers, st.integers(2, 9), numbers, st.integers(2, 9))
    west, east = (polygon([(w, 0), (w + 1, 0), (w + 1, 1), (w, 1)]) for w in (0, 1))
    wheres = st.sampled_from([west, east])
    areas = [drawn(data.draw(wheres), data.draw(spans)) for _ in range(data.draw(st.integers(2, 10)))]
    where = data.draw(st.sampled_from([point(0.5, 0.5), point(1, 0.5, radius_m=1_000)]))
    own = drawn(
        where, (data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3)), 3)
    )
    sides = [west] if where.radius_mm == 0 else [west, east]

    def stands(side: Footprint, height: float, moment: float) -> bool:
        return any(
            area.footprint == side
            and (area.band.lower.value_mm <= height * 1000 <= area.band.upper.value_mm)  # type: ignore[union-attr]
            and area.window.start_us <= moment <= area.window.end_us  # type: ignore[operator]
            for area in areas
        )

    low, high = own.band.lower.value_mm // 1000, own.band.upper.value_mm // 1000  # type: ignore[union-attr]
    start, end = own.window.start_us, own.window.end_us
    assert start is not None
    assert end is not None
    # Bounds are whole numbers: the middles between them, and they themselves, are all there is to see.
    truth = all(
        stands(side, low + h / 2, start + t / 2)
        for side in sides
        for h in range(2 * (high - low) + 1)
        for t in range(2 * (end - start) + 1)
    )
    assert inside_union(own, areas, NO_THEATRE, Effort()) is truth
    if any(containment(own, area, NO_THEATRE).inside for area in areas):
        assert truth


def test_the_oracle_sees_a_place_outside() -> None:
    area = polygon([(9, 47), (10, 47), (10, 48), (9, 48)])
    assert in_area(area, (9.5, 47.5), 0.0)
    assert not in_area(area, (10.000_001, 47.5), 0.02)
    assert in_area(point(9, 47, radius_m=1_000), (9.013, 47), 0.0)
    assert not in_area(point(9, 47, radius_m=1_000), (9.014, 47), 0.02)
