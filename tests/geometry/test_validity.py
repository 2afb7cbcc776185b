# SPDX-License-Identifier: Apache-2.0
"""What cannot be measured is refused in a sentence; what can, passes."""

from __future__ import annotations

import itertools

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.errors import Malformed, TooLarge
from standclear.geometry.crossing import first_meeting, segments_of
from standclear.geometry.validity import MAX_VERTICES, check_volume
from standclear.geometry.volume import Datum, Edges, Footprint, Shape, Volume
from tests.geometry.shapes import SLOW, Degrees, box, level, line, point, polygon, star, volume

CAP: list[Degrees] = [(lon, 80.0) for lon in range(-180, 180, 60)]
ZIGZAG: list[Degrees] = [(n / 2000, n / 2000 + (0.5 if n % 2 else 0)) for n in range(MAX_VERTICES - 1)]


@pytest.mark.parametrize("edges", list(Edges))
@pytest.mark.parametrize(
    "rings",
    [
        [box(9, 47, 10, 48)],
        [list(reversed(box(9, 47, 10, 48)))],
        [box(9, 47, 10, 48), box(9.1, 47.1, 9.2, 47.2), box(9.3, 47.3, 9.4, 47.4)],
        [box(179, -1, -179, 1), box(179.9, -0.5, -179.9, 0.5)],
        [CAP],
        [CAP, [(0.0, 85.0), (60.0, 85.0), (30.0, 88.0)]],
        [[(0.0, 80.0), (60.0, 80.0), (30.0, 90.0)]],
        [star(9, 47, [3e6] * 12)],
        [star(9, 47, [1000] * 200)],
        [[*ZIGZAG, (6.0, -1.0)]],
    ],
)
def test_good_polygons_pass(rings: list[list[Degrees]], edges: Edges) -> None:
    check_volume(volume(polygon(*rings, edges=edges)))


def test_other_good_volumes_pass() -> None:
    check_volume(volume(point(9, 47)))
    check_volume(volume(point(180, -90, radius_m=1_000_000)))
    check_volume(volume(line((9, 47), (10, 48), (9, 48), (10, 47))))
    check_volume(volume(point(9, 47), lower=level(5), upper=level(5), start_s=1, end_s=2))
    check_volume(volume(point(9, 47), lower=level(100, Datum.AGL), upper=level(50, Datum.AMSL)))


HOLED = [(9.0, 47.0), (10.0, 47.0), (10.0, 48.0), (9.0, 48.0)]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (volume(polygon([(0, 0), (1, 1), (1, 0), (0, 1)])), "crosses or touches itself"),
        (volume(polygon([(0, 0), (2, 0), (2, 2), (1, 0), (0, 2)])), "crosses or touches itself"),
        (volume(polygon([(0, 0), (2, 0), (1, 0)])), "crosses or touches itself"),
        (volume(polygon([(0, 0), (2, 0), (2, 1), (2, -1)])), "crosses or touches itself"),
        (volume(polygon([(0, 0), (1, 1), (2, 0), (2, 2), (1, 1), (0, 2)])), "crosses or touches itself"),
        (volume(polygon([(179, 0), (-179, 1), (-179, 0), (179, 1)])), "crosses or touches itself"),
        (volume(polygon(HOLED, box(11, 47, 12, 48))), "not inside the outer ring"),
        (volume(polygon(HOLED, box(9.5, 47.5, 10.5, 47.9))), "cross or touch"),
        (volume(polygon(HOLED, HOLED)), "cross or touch"),
        (volume(polygon(HOLED, box(9.1, 47.1, 9.9, 47.9), box(9.2, 47.2, 9.8, 47.8))), "inside another hole"),
        (volume(polygon(box(9.2, 47.2, 9.8, 47.8), HOLED)), "not inside the outer ring"),
        (volume(polygon([(0, 80), (90.1, 80), (45, 85)])), "more than 90 degrees"),
        (volume(line((0, 0), (180, 0))), "more than 90 degrees"),
        (volume(line((0, -89), (10, 89))), "longer than 10,000 km"),
        (volume(polygon([(x, 0.0) for x in range(-180, 180, 60)])), "too large"),
        (volume(polygon([(9, 47), (9, 47), (10, 48)])), "repeats the one before"),
        (volume(polygon([(9, 47), (10, 47), (10, 48), (9, 47)])), "first position of a ring is repeated"),
        (volume(line((9, 47), (9, 47))), "repeats the one before"),
        (volume(Footprint(Shape.POINT, (((0, 0), (1, 1)),), Edges.LONLAT, 0, 0)), "a point needs one"),
        (volume(Footprint(Shape.LINE, (((0, 0),),), Edges.LONLAT, 0, 0)), "two or more"),
        (volume(Footprint(Shape.POLYGON, (((0, 0), (1, 1)),), Edges.LONLAT, 0, 0)), "three or more"),
        (volume(Footprint(Shape.POLYGON, (), Edges.LONLAT, 0, 0)), "three or more"),
        (volume(Footprint(Shape.POINT, (((0, 900_000_001),),), Edges.LONLAT, 0, 0)), "not on earth"),
        (volume(Footprint(Shape.POINT, (((-(10**30), 0),),), Edges.LONLAT, 0, 0)), "not on earth"),
        (volume(Footprint(Shape.POINT, (((0, 0),),), Edges.LONLAT, -1, 0)), "radius"),
        (volume(point(9, 47), start_s=5, end_s=4), "ends before it starts"),
        (volume(point(9, 47), start_s=5, end_s=5), "no length"),
        (volume(point(9, 47), lower=level(6), upper=level(5)), "lower bound lies above"),
        (volume(point(9, 47), lower=level(200), upper=level(100, Datum.AMSL)), "lower bound lies above"),
        (
            volume(point(9, 47), lower=level(6, Datum.AGL), upper=level(5, Datum.AGL)),
            "lower bound lies above",
        ),
    ],
)
def test_bad_volumes_are_refused_in_words(bad: Volume, words: str) -> None:
    with pytest.raises(Malformed, match=words) as refused:
        check_volume(bad, "row 7")
    assert str(refused.value).startswith("row 7: ")
    assert refused.value.expected


def test_a_polygon_whose_inside_the_kernels_cannot_tell_is_refused() -> None:
    # The loose box of whole edges has its middle elsewhere: seen from there it lay well within half of the earth,
    # and a hospital 5,000 km within it was clear of it.
    ring: list[Degrees] = [
        (92, 59),
        (121, 7),
        (128, -29),
        (103, -58),
        (23, -19),
        (-32, -12),
        (-13, 20),
        (3, 60),
    ]
    with pytest.raises(Malformed, match="too large"):
        check_volume(volume(polygon(ring, edges=Edges.GEODESIC)))


def test_too_many_vertices_are_too_large() -> None:
    with pytest.raises(TooLarge, match="too many vertices"):
        check_volume(volume(line(*[(n / 1e4, 0.0) for n in range(MAX_VERTICES + 1)])))


@pytest.mark.parametrize("crossing", [False, True])
def test_a_ring_round_the_pole_that_crosses_itself_over_the_seam(crossing: bool) -> None:
    ring: list[Degrees] = [(float(lon), 80.0) for lon in range(-180, 180, 40)]
    # Past the start, then back: over the ring's own beginning only if it dips below it.
    ring += [(-175.0, 85.0 if not crossing else 79.0), (-178.0, 82.0)]
    if crossing:
        with pytest.raises(Malformed, match="itself"):
            check_volume(volume(polygon(ring)))
    else:
        check_volume(volume(polygon(ring)))


def band(first: float, last: float, lowest: float, climb: float) -> list[Degrees]:
    """A strip five degrees high along the parallels, from one longitude to another, climbing on its way."""
    along = [first + (last - first) * n / 10 for n in range(11)]
    south = [(lon, lowest + climb * n / 10) for n, lon in enumerate(along)]
    return [*south, *((lon, lat + 5) for lon, lat in reversed(south))]


def test_a_strip_that_comes_round_to_its_own_beginning_is_refused() -> None:
    # Where it lies twice, every place would count as outside, a hospital there as far from it.
    with pytest.raises(Malformed, match="itself"):
        check_volume(volume(polygon(band(0, 400, 70, 0))))
    check_volume(volume(polygon(band(0, 350, 70, 0))))
    check_volume(volume(polygon(band(0, 400, 60, 12))))


def test_a_hole_across_the_far_end_of_a_strip_round_the_pole_is_refused() -> None:
    strip = band(170, -170, 70, 0)
    for west in (-160.0, 150.0, -5.0):
        check_volume(volume(polygon(strip, box(west, 71, west + 10, 72))))
        with pytest.raises(Malformed, match="cross or touch"):
            check_volume(volume(polygon(strip, box(west, 71, west + 10, 80))))


@pytest.mark.parametrize("edges", list(Edges))
def test_a_hole_that_touches_the_outer_ring_or_another_hole_at_a_corner_is_refused(edges: Edges) -> None:
    square = box(0, 0, 10, 10)
    for rings in (
        (square, [(10, 10), (12, 10), (12, 12)]),
        (square, [(10, 0), (9, 5), (8, 4)]),
        (square, box(1, 1, 2, 2), box(2, 2, 3, 3)),
    ):
        with pytest.raises(Malformed, match="cross or touch"):
            check_volume(volume(polygon(*rings, edges=edges)))


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=9))
def test_the_sweep_agrees_with_shapely_on_crossings_and_touches(ring: list[tuple[int, int]]) -> None:
    if any(a == b for a, b in itertools.pairwise([*ring, ring[0]])):
        return
    found = first_meeting(segments_of([[*ring, ring[0]]]))
    assert (found is None) == (shapely.LinearRing(ring).is_simple)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=3, max_size=40, unique=True)
)
def test_the_sweep_agrees_with_shapely_on_large_numbers(ring: list[tuple[int, int]]) -> None:
    found = first_meeting(segments_of([[*ring, ring[0]]]))
    assert (found is None) == (shapely.LinearRing(ring).is_simple)
