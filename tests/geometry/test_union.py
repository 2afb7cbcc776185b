# SPDX-License-Identifier: Apache-2.0
"""Staying inside several areas together: what is held, and every gap that is not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from standclear.geometry.cover import covered
from standclear.geometry.effort import Effort
from standclear.geometry.holding import footprint_inside
from standclear.geometry.outline import surrounded
from standclear.geometry.seams import joined
from standclear.geometry.union import inside_union
from standclear.geometry.volume import (
    NO_THEATRE,
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Shape,
    Terrain,
    Theatre,
    Volume,
    Window,
)
from tests.geometry.shapes import (
    ALWAYS,
    EVERYWHERE,
    at,
    box,
    footprint,
    level,
    line,
    point,
    polygon,
    star,
    volume,
)

LONLAT, GEODESIC, UNKNOWN = Edges.LONLAT, Edges.GEODESIC, Edges.UNKNOWN
GROUND = Theatre(ground=Terrain(lower_mm=0, upper_mm=300_000), air=None)


def held(activity: Footprint, *areas: Footprint) -> bool:
    """Ask for footprints alone."""
    return inside_union(volume(activity), [volume(area) for area in areas], NO_THEATRE, Effort())


def square(west: float, south: float, east: float, north: float, edges: Edges = LONLAT) -> Footprint:
    return polygon(box(west, south, east, north), edges=edges)


WEST, EAST = square(9, 47, 9.5, 48), square(9.5, 47, 10, 48)
ACROSS = [
    point(9.5, 47.5),
    point(9.5, 47.5, radius_m=30_000),
    square(9.2, 47.2, 9.8, 47.8),
    line((9.1, 47.1), (9.9, 47.9), half_width_m=500),
    line((9.5, 47.1), (9.5, 47.9)),
    square(9.5, 47.2, 9.8, 47.8),
]


# ---- side by side ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("activity", ACROSS)
@pytest.mark.parametrize("edges", [LONLAT, GEODESIC])
def test_two_areas_that_share_an_edge_hold_what_lies_across_it(activity: Footprint, edges: Edges) -> None:
    west, east = square(9, 47, 9.5, 48, edges), square(9.5, 47, 10, 48, edges)
    assert held(activity, west, east)
    assert held(activity, east, west)
    if activity != ACROSS[-1]:
        assert not held(activity, west)


@pytest.mark.parametrize("activity", ACROSS[:5])
def test_a_gap_of_a_centimetre_between_two_areas_is_outside(activity: Footprint) -> None:
    assert not held(activity, WEST, square(9.500_000_1, 47, 10, 48))


def test_what_reaches_beyond_both_areas_is_outside() -> None:
    assert not held(square(9.2, 47.2, 10.000_001, 47.8), WEST, EAST)
    assert not held(point(9.5, 47.5, radius_m=38_000), WEST, EAST)
    assert not held(point(9.5, 48, radius_m=10), WEST, EAST)
    assert not held(point(9.5, 48), WEST, EAST)


def test_two_areas_hold_the_very_same_place_that_they_make_together() -> None:
    assert held(square(9, 47, 10, 48), WEST, EAST)
    assert held(polygon([(9, 47), (9.5, 47), (10, 47), (10, 48), (9, 48)]), WEST, EAST)
    assert not held(polygon(box(9, 47, 10, 48), uncertainty_m=0.001), WEST, EAST)
    assert not held(footprint(Shape.POLYGON, box(9, 47, 10, 48), radius_m=0.001), WEST, EAST)
    assert not held(square(9, 47, 10, 48, GEODESIC), WEST, EAST)


def test_an_edge_may_meet_the_edges_of_two_others_where_that_is_exact() -> None:
    halves = square(9.5, 47, 10, 47.5), square(9.5, 47.5, 10, 48)
    assert held(point(9.5, 47.5, radius_m=20_000), WEST, *halves)
    slanted = polygon([(9, 47), (9.4, 47), (9.6, 48), (9, 48)])
    lower = polygon([(9.4, 47), (10, 47), (10, 47.5), (9.5, 47.5)])
    upper = polygon([(9.5, 47.5), (10, 47.5), (10, 48), (9.6, 48)])
    assert held(point(9.5, 47.5, radius_m=20_000), slanted, lower, upper)
    aside = polygon([(9.500_000_1, 47.5), (10, 47.5), (10, 48), (9.6, 48)])
    assert not held(point(9.5, 47.5, radius_m=20_000), slanted, lower, aside)


def test_a_geodesic_is_cut_along_a_meridian_only() -> None:
    halves = square(9.5, 47, 10, 47.5, GEODESIC), square(9.5, 47.5, 10, 48, GEODESIC)
    assert held(point(9.5, 47.5, radius_m=20_000), square(9, 47, 9.5, 48, GEODESIC), *halves)
    below = square(9, 47, 9.5, 47.5, GEODESIC), square(9.5, 47, 10, 47.5, GEODESIC)
    assert not held(point(9.5, 47.5, radius_m=20_000), square(9, 47.5, 10, 48, GEODESIC), *below)


def test_a_hole_is_filled_by_an_area_that_has_its_edge() -> None:
    holed = polygon(box(9, 47, 10, 48), box(9.4, 47.4, 9.6, 47.6))
    assert held(square(9.2, 47.2, 9.8, 47.8), holed, square(9.4, 47.4, 9.6, 47.6))
    assert not held(square(9.2, 47.2, 9.8, 47.8), holed, square(9.4, 47.4, 9.599_999_9, 47.6))
    assert not held(square(9.2, 47.2, 9.8, 47.8), holed)


def test_a_tile_missing_among_a_hundred_is_a_hole() -> None:
    tiles = [
        square(9 + x / 10, 47 + y / 10, 9 + (x + 1) / 10, 47 + (y + 1) / 10)
        for x in range(10)
        for y in range(10)
    ]
    activity = square(9.05, 47.05, 9.95, 47.95)
    assert held(activity, *tiles)
    assert not held(activity, *tiles[:55], *tiles[56:])
    assert held(square(9.05, 47.05, 9.45, 47.95), *tiles[:55], *tiles[56:])


def test_two_areas_on_the_same_side_of_an_edge_are_no_more_than_their_union() -> None:
    small = square(9.5, 47.2, 9.9, 47.8)
    assert not held(square(9.1, 47.3, 9.4, 47.7), EAST, small, EAST)
    assert not held(square(9.4, 47.3, 9.6, 47.7), EAST, small)
    assert held(square(9.6, 47.1, 9.95, 47.9), EAST, small)
    turned = polygon([*box(9.5, 47, 10, 48)[2:], *box(9.5, 47, 10, 48)[:2]])
    assert not held(point(9.5, 47.5, radius_m=10), EAST, turned)
    assert not held(point(9.499_999, 47.5), EAST, turned)


# ---- overlapping ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("activity", ACROSS[:5])
@pytest.mark.parametrize("overlap", [0.05, 0.001])
def test_two_polygons_that_overlap_hold_what_lies_across(activity: Footprint, overlap: float) -> None:
    assert held(activity, WEST, square(9.5 - overlap, 47, 10, 48))
    assert held(activity, square(9, 47, 9.5, 48, GEODESIC), square(9.5 - overlap, 47, 10, 48))


def test_circles_in_a_row_hold_a_corridor_as_wide_as_where_they_cross() -> None:
    row = [point(9 + n / 10, 47, radius_m=10_000) for n in range(11)]
    assert held(line((9, 47), (10, 47), half_width_m=8_000), *row)
    assert not held(line((9, 47), (10, 47), half_width_m=9_500), *row)
    assert not held(line((9, 47), (10, 47), half_width_m=8_000), *row[:5], *row[6:])


def test_a_circle_lies_across_two_circles_that_cross_deep_enough() -> None:
    pair = point(9, 47, radius_m=5_000), point(9.08, 47, radius_m=5_000)
    assert held(point(9.04, 47, radius_m=3_900), *pair)
    assert not held(point(9.04, 47, radius_m=4_000), *pair)
    assert not held(point(9.04, 47, radius_m=3_000), pair[0], point(9.2, 47, radius_m=5_000))


def test_a_corridor_goes_on_from_one_corridor_into_the_next_and_into_a_polygon() -> None:
    first = line((9, 47), (9.5, 47.3), half_width_m=2_000)
    second = line((9.5, 47.3), (10, 47), half_width_m=2_000)
    way = line((9.1, 47.06), (9.5, 47.3), (9.9, 47.06), half_width_m=500)
    assert held(way, first, second)
    assert held(way, first, square(9.49, 47, 10, 47.5))
    assert not held(way, first, line((9.6, 47.3), (10, 47), half_width_m=2_000))


def test_a_polygon_lies_across_circles_polygons_and_corridors() -> None:
    activity = polygon(star(9.5, 47.5, [9_000] * 6))
    areas = (
        square(9.3, 47.3, 9.5, 47.7),
        line((9.49, 47.3), (9.55, 47.7), half_width_m=6_000),
        point(9.55, 47.5, radius_m=9_000),
    )
    assert held(activity, *areas)
    assert not held(activity, *areas[1:])
    assert not held(polygon(star(9.5, 47.5, [30_000] * 6)), *areas)


def test_the_middle_of_a_polygon_is_held_too() -> None:
    """Four corridors hold its outline with room to spare, and leave a hole where it has none."""
    corners = [(9.4, 47.4), (9.6, 47.4), (9.6, 47.6), (9.4, 47.6)]
    frame = [line(here, there, half_width_m=3_000) for here, there in pairwise([*corners, corners[0]])]
    activity = square(9.4, 47.4, 9.6, 47.6)
    assert not held(activity, *frame)
    assert held(activity, *frame, square(9.41, 47.41, 9.59, 47.59))
    assert held(activity, *frame, point(9.5, 47.5, radius_m=12_000))
    holed = polygon(box(9.4, 47.4, 9.6, 47.6), box(9.43, 47.43, 9.57, 47.57))
    assert not held(holed, *frame[1:])
    assert held(polygon(box(9.4, 47.4, 9.6, 47.6), box(9.42, 47.42, 9.58, 47.58)), *frame)


def test_each_way_of_proving_stands_by_itself() -> None:
    overlapping = WEST, square(9.45, 47, 10, 48)
    for activity in ACROSS[:5]:
        assert surrounded(activity, overlapping, (), Effort())
        assert covered(activity, overlapping, Effort())
    elsewhere = point(20, 40, radius_m=1_000), square(8, 46, 11, 49), square(11, 47, 12, 48)
    for activity in elsewhere:
        assert not surrounded(activity, overlapping, (), Effort())
        assert not covered(activity, overlapping, Effort())
    assert not surrounded(ACROSS[0], overlapping, (), Effort(10))
    assert not covered(ACROSS[0], overlapping, Effort(0))
    assert not covered(ACROSS[0], (point(9.5, 47.5, 0),), Effort())
    assert not covered(line((-44, 0), (45, 0)), overlapping, Effort())


# ---- what is uncertain shrinks --------------------------------------------------------------------------


def test_an_area_with_uncertainty_leaves_a_gap_at_a_seam_and_may_overlap_by_more() -> None:
    activity = square(9.2, 47.2, 9.8, 47.8)
    vague = polygon(box(9.5, 47, 10, 48), uncertainty_m=0.5)
    assert not held(activity, WEST, vague)
    assert held(activity, square(9, 47, 9.51, 48), vague)
    assert not held(activity, square(9, 47, 9.51, 48), polygon(box(9.5, 47, 10, 48), uncertainty_m=800))
    circles = point(9, 47, 5_000), point(9.08, 47, radius_m=9_000, uncertainty_m=4_000)
    assert held(point(9.04, 47, radius_m=3_800), *circles)
    assert not held(
        point(9.04, 47, radius_m=3_800), circles[0], point(9.08, 47, radius_m=5_000, uncertainty_m=400)
    )


@pytest.mark.parametrize("edges", [LONLAT, GEODESIC])
def test_unknown_edges_are_no_seam_and_count_under_both_readings(edges: Edges) -> None:
    south = square(0, 40, 20, 50, edges)
    unknown = square(0, 50, 20, 60, UNKNOWN)
    activity = point(10, 50.1, radius_m=50_000)
    assert held(activity, south, square(0, 50, 20, 60, edges))
    assert not held(activity, south, unknown)
    assert not held(activity, square(0, 40, 20, 50, UNKNOWN), unknown)
    # The parallel at 50° and the geodesic between the same ends lie 0.4° apart in the middle.
    assert held(activity, square(0, 40, 20, 51, edges), unknown)
    assert held(activity, square(0, 40, 20, 50.2, edges), unknown) is (edges is GEODESIC)
    way = line((1, 49.8), (19, 49.8), edges=UNKNOWN)
    assert held(way, square(0, 40, 10, 60, GEODESIC), square(10, 40, 20, 60, GEODESIC))
    assert not held(way, square(0, 40, 10, 50, edges), square(10, 40, 20, 50, edges)) or edges is GEODESIC


def test_a_corridor_of_unknown_edges_holds_what_both_readings_hold() -> None:
    """In the middle of ten degrees the parallel and the geodesic are 14 km apart."""
    beside = point(5.02, 50, radius_m=1_200)
    activity = point(5, 50, radius_m=1_000)
    ways = {kind: line((0, 50), (10, 50), edges=kind, half_width_m=12_000) for kind in Edges}
    assert held(activity, ways[LONLAT], beside)
    assert not held(activity, ways[GEODESIC], beside)
    assert not held(activity, ways[UNKNOWN], beside)
    assert not covered(activity, (ways[UNKNOWN], beside), Effort())
    assert covered(activity, (ways[LONLAT], beside), Effort())


def test_a_seam_of_another_kind_of_edge_is_no_seam() -> None:
    activity = point(10, 50, radius_m=1_000)
    assert not held(activity, square(0, 40, 20, 50, LONLAT), square(0, 50, 20, 60, GEODESIC))


# ---- anywhere on earth ----------------------------------------------------------------------------------


def test_areas_meet_at_the_antimeridian_whichever_way_it_is_written() -> None:
    for meridian in (180, -180):
        west = footprint(Shape.POLYGON, [(179, 9), (180, 9), (180, 11), (179, 11)])
        east = Footprint(
            Shape.POLYGON,
            ((at(-179, 9), at(-179, 11), (meridian * 10**7, 110_000_000), (meridian * 10**7, 90_000_000)),),
            LONLAT,
            0,
            0,
        )
        assert held(point(180, 10, radius_m=50_000), west, east)
        assert held(line((179.5, 9.5), (-179.5, 10.5), half_width_m=100), west, east)
        assert not held(line((179.5, 9.5), (-178.9, 10.5), half_width_m=100), west, east)


@pytest.mark.parametrize("edges", [LONLAT, GEODESIC])
@pytest.mark.parametrize("pole", [90, -90])
def test_three_areas_meet_at_a_pole(edges: Edges, pole: int) -> None:
    low = pole * 8 / 9

    def slice_of(lon: int) -> Footprint:
        lons = (lon, lon + 60, lon + 120)
        return polygon([*((x, low) for x in lons), *((x, pole) for x in reversed(lons))], edges=edges)

    slices = [slice_of(lon) for lon in (-180, -60, 60)]
    assert held(point(77, pole, radius_m=100_000), *slices)
    assert held(line((10, pole * 0.95), (-150, pole * 0.95), edges=GEODESIC), *slices)
    for missing in range(3):
        assert not held(point(77, pole, radius_m=100_000), *slices[:missing], *slices[missing + 1 :])


def test_areas_all_round_the_earth_but_for_one_do_not_hold_what_lies_in_the_hole() -> None:
    lats, lons = [-90, -45, 0, 45, 90], range(-180, 180, 45)
    tiles = [square(lon, south, lon + 45, north) for lon in lons for south, north in pairwise(lats)]
    (hole,) = [tile for tile in tiles if tile == square(0, 0, 45, 45)]
    rest = [tile for tile in tiles if tile != hole]
    assert not held(point(22, 22, radius_m=1_000), *rest)
    # Joined, they have the hole's edges and no others; what lies within those is still not theirs.
    assert not any(footprint_inside(point(22, 22, radius_m=1_000), joint) for joint in joined(tuple(rest)))
    assert held(point(22, 22, radius_m=1_000), *tiles)
    assert held(point(45, 22, radius_m=1_000), *tiles)


# ---- one after the other, one above the other ------------------------------------------------------------


def timed(start_us: int | None, end_us: int | None, where: Footprint = WEST) -> Volume:
    return Volume(where, EVERYWHERE, Window(start_us, end_us))


def banded(lower: Level | None, upper: Level | None, where: Footprint = WEST) -> Volume:
    return Volume(where, Band(lower, upper), ALWAYS)


def within(activity: Volume, areas: Sequence[Volume], theatre: Theatre = NO_THEATRE) -> bool:
    return inside_union(activity, areas, theatre, Effort())


HERE = point(9.25, 47.5, radius_m=100)


@pytest.mark.parametrize(
    ("windows", "inside"),
    [
        ([(0, 5), (5, 10)], True),
        ([(0, 5), (6, 10)], False),
        ([(0, 7), (3, 10)], True),
        ([(5, 10), (None, 5)], True),
        ([(1, 5), (5, 10)], False),
        ([(0, 5), (5, 9)], False),
        ([(0, 3), (3, 4), (4, None)], True),
        ([], False),
    ],
)
def test_windows_one_after_the_other_hold_what_lasts_through_both(
    windows: list[tuple[int | None, int | None]], inside: bool
) -> None:
    assert within(timed(0, 10, HERE), [timed(*window) for window in windows]) is inside


def test_an_open_end_needs_an_area_without_end() -> None:
    assert within(timed(None, None, HERE), [timed(None, 5), timed(5, None)])
    assert not within(timed(None, None, HERE), [timed(None, 5), timed(6, None)])
    assert not within(timed(0, None, HERE), [timed(0, 5), timed(5, 10)])


DATUMS = list(Datum)


def mm(value: int | None, datum: Datum) -> Level | None:
    return None if value is None else Level(value_mm=value, datum=datum)


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize(
    ("bands", "inside"),
    [
        ([(1_000, 9_000)], True),
        ([(1_000, 5_000), (5_000, 9_000)], True),
        ([(1_000, 5_000), (5_001, 9_000)], False),
        ([(4_000, 9_000), (0, 6_000)], True),
        ([(1_001, 9_000)], False),
        ([(1_000, 8_999)], False),
        ([(None, 3_000), (3_000, 4_000), (4_000, None)], True),
        ([(None, 3_000), (4_000, None)], False),
    ],
)
def test_bands_of_one_datum_are_compared_natively_one_above_the_other(
    datum: Datum, bands: list[tuple[int | None, int | None]], inside: bool
) -> None:
    areas = [banded(mm(low, datum), mm(high, datum)) for low, high in bands]
    assert within(banded(mm(1_000, datum), mm(9_000, datum), HERE), areas) is inside


def test_from_the_ground_up_through_two_datums_where_they_overlap_for_certain() -> None:
    low, activity = banded(None, level(500, Datum.AGL)), banded(None, level(2_000), HERE)
    assert within(activity, [low, banded(level(500), None)], GROUND)
    assert within(activity, [banded(level(500), None), low], GROUND)
    assert not within(activity, [low, banded(level(500.001), None)], GROUND)
    assert not within(activity, [low, banded(level(100), None)])
    assert within(activity, [low, banded(level(0, Datum.AGL), None)])
    # The geoid lies 48 m over the ellipsoid there, give or take 4: sea level bounds are met so much higher.
    by_sea = banded(None, level(500, Datum.AMSL))
    assert within(activity, [by_sea, banded(level(542), None)])
    assert not within(activity, [by_sea, banded(level(549), None)])
    # An area whose height nobody can tell stands in nobody's way.
    assert within(activity, [low, banded(level(10, Datum.FL), None), banded(None, None)])


def test_a_climb_through_areas_apart_in_time_height_and_place() -> None:
    def area(west: float, east: float, low: float | None, high: float | None, start: int, end: int) -> Volume:
        return Volume(
            square(west, 47, east, 48),
            Band(None if low is None else level(low), None if high is None else level(high)),
            Window(start, end),
        )

    areas = [
        area(9, 9.5, None, 1_000, 0, 10),
        area(9.5, 10, None, 600, 0, 10),
        area(9.5, 10, 600, 1_000, 0, 4),
        area(9.5, 10, 500, 1_000, 4, 10),
    ]
    activity = Volume(square(9.2, 47.2, 9.8, 47.8), Band(level(100), level(900)), Window(1, 9))
    assert within(activity, areas)
    for missing in range(4):
        assert not within(activity, areas[:missing] + areas[missing + 1 :])
    assert not within(activity, [*areas[:3], area(9.5, 10, 500, 1_000, 5, 10)])
    assert not within(activity, [*areas[:2], area(9.5, 10, 600.001, 1_000, 0, 4), areas[3]])


# ---- work is bounded ------------------------------------------------------------------------------------


def test_what_takes_too_much_work_is_not_called_inside() -> None:
    effort = Effort(10)
    tiles = [volume(WEST), volume(square(9.45, 47, 10, 48))]
    assert not inside_union(volume(square(9.2, 47.2, 9.8, 47.8)), tiles, NO_THEATRE, effort)
    assert effort.left < 0


def test_hundreds_of_areas_end_in_an_answer() -> None:
    areas = [
        Volume(
            point(9 + n / 1_000, 47, radius_m=3_000),
            Band(level(n), level(n + 100)),
            Window(n * 1_000, n * 1_000 + 50_000),
        )
        for n in range(200)
    ]
    activity = Volume(line((9, 47), (9.2, 47)), Band(level(0), level(300)), Window(0, 250_000))
    effort = Effort()
    assert not inside_union(activity, areas, NO_THEATRE, effort)
