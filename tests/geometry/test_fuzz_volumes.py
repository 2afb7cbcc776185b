# SPDX-License-Identifier: Apache-2.0
"""Whatever numbers a volume is made of: it is refused with a sentence, or it can be measured.

Numbers here do not come through the decoder, so any whole number may stand anywhere.
"""

from __future__ import annotations

import math
import os

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from standclear.errors import Malformed, TooLarge
from standclear.geometry.separation import Bracket, Closeness, brackets, closeness
from standclear.geometry.validity import check_volume
from standclear.geometry.volume import (
    NO_THEATRE,
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

LON, LAT, TURN = 1_800_000_000, 900_000_000, 3_600_000_000
EXAMPLES = 3_000 if os.environ.get("STANDCLEAR_SOAK") == "1" else 60
"""Enormous shapes take up to a second a pair."""
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
FIRST_US, LAST_US = -62_135_596_800_000_000, 253_402_300_799_999_999
"""Years 1 to 9999."""
ZERO = Minima(0, 0, 0)
ALWAYS, EVERYWHERE = Window(None, None), Band(None, None)


def around(middle: int, most: int) -> st.SearchStrategy[int]:
    """Draw whole numbers near one, at every order of magnitude."""
    small = st.integers(0, int(math.log10(most) * 10)).flatmap(
        lambda power: st.integers(-int(10 ** (power / 10)), int(10 ** (power / 10)))
    )
    return small.map(lambda off: middle + off)


edge_numbers = st.sampled_from(
    [0, 1, -1, LON, -LON, LAT, -LAT, LON + 1, -LON - 1, LAT + 1, 2**31, 2**63, -(2**64)]
)
any_numbers = st.one_of(st.integers(), edge_numbers, st.integers(-LON, LON))
any_positions = st.tuples(
    st.one_of(st.integers(-LON, LON), any_numbers), st.one_of(st.integers(-LAT, LAT), any_numbers)
)


@st.composite
def rings(draw: st.DrawFn, tidy: bool) -> tuple[Position, ...]:
    """Draw positions about a place, tiny or enormous; unless tidy, crossing themselves, repeated, anywhere."""
    lon = draw(st.one_of(st.integers(-LON, LON), st.sampled_from([0, LON, -LON])))
    lat = draw(st.one_of(st.integers(-LAT, LAT), st.sampled_from([0, LAT, -LAT, LAT - 5, 5 - LAT])))
    most = draw(st.sampled_from([3, 1_000, 1_000_000, 30_000_000, 300_000_000, *([] if tidy else [2 * LAT])]))
    near = st.tuples(around(lon, most), around(lat, most)).map(
        lambda spot: ((spot[0] + LON) % TURN - LON, max(-LAT, min(LAT, spot[1])))
    )
    spots = draw(st.lists(near, min_size=1, max_size=9))
    if tidy:
        # In order round their middle, so that many rings are ones that can be measured.
        off = {((x - lon + LON) % TURN - LON, y - lat): (x, y) for x, y in spots}
        return tuple(off[xy] for xy in sorted(off, key=lambda xy: math.atan2(xy[1], xy[0])))
    if draw(st.integers(0, 3)) == 0:
        spots.insert(draw(st.integers(0, len(spots))), draw(any_positions))
    if draw(st.integers(0, 3)) == 0:
        spots.insert(draw(st.integers(0, len(spots))), draw(st.sampled_from(spots)))
    return tuple(spots)


lengths = st.one_of(st.just(0), around(0, 10**9).map(abs), st.integers(), st.just(10**9), st.just(10**9 + 1))
heights = st.one_of(around(0, 10**7), st.integers(-12_000_000, 1_000_000_000))
levels = st.one_of(st.none(), st.builds(Level, heights, st.sampled_from(list(Datum))))
times = st.one_of(st.none(), st.integers(FIRST_US, LAST_US), around(1_700_000_000_000_000, 10**15))


@st.composite
def volumes(draw: st.DrawFn, *, plain: bool = False) -> Volume:
    """Draw volumes; `plain` ones have no height and time, and radii in range."""
    shape = draw(st.sampled_from(list(Shape)))
    tidy = draw(st.integers(0, 3)) > 0
    count = 1 if tidy else draw(st.integers(1, 3))
    parts = tuple(draw(rings(tidy)) for _ in range(count))
    if shape is Shape.POINT and tidy:
        parts = ((parts[0][0],),)
    radii = st.one_of(st.just(0), st.integers(0, 10**9)) if plain else lengths
    where = Footprint(shape, parts, draw(st.sampled_from(list(Edges))), draw(radii), draw(radii))
    if plain:
        return Volume(where, EVERYWHERE, ALWAYS)
    return Volume(where, Band(draw(levels), draw(levels)), Window(draw(times), draw(times)))


HERE = Footprint(Shape.POINT, (((0, 0),),), Edges.LONLAT, 0, 0)


def refusal(volume: Volume) -> Malformed | TooLarge | None:
    """Return why a volume is refused, if it is."""
    try:
        check_volume(volume, "this one")
    except (Malformed, TooLarge) as problem:
        return problem
    return None


def refused(volume: Volume) -> bool:
    """Say whether a volume is refused, and see that it is refused with a sentence."""
    problem = refusal(volume)
    if problem is None:
        return False
    assert len(problem.detail) > 10
    assert "\n" not in problem.detail
    assert problem.where == "this one"
    return True


def shifted(volume: Volume, dlon: int, dlat: int) -> Volume:
    """Move a volume on the grid; latitudes stop at the poles."""
    parts = tuple(
        tuple(((x + dlon + LON) % TURN - LON, max(-LAT, min(LAT, y + dlat))) for x, y in ring)
        for ring in volume.footprint.rings
    )
    where = volume.footprint
    moved = Footprint(where.shape, parts, where.edges, where.radius_mm, where.uncertainty_mm)
    return Volume(moved, volume.band, volume.window)


def ordered(bracket: Bracket) -> bool:
    """Say whether a bracket's ends are in order and not below zero."""
    if bracket.upper is None:
        return True
    return bracket.lower is None or 0 <= bracket.lower <= bracket.upper


def measured(a: Volume, b: Volume, minima: Minima) -> Closeness | None:
    """Measure both ways round, fully and up to a minimum; see that nothing contradicts."""
    there, back = closeness(a, b, minima, NO_THEATRE), closeness(b, a, minima, NO_THEATRE)
    for one, other in ((a, b), (b, a)):
        horizontal, vertical, time, _ = brackets(one, other, NO_THEATRE)
        assert ordered(horizontal)
        assert ordered(vertical)
        assert ordered(time)
    for found in (there, back):
        if found is not None:
            assert ordered(found.horizontal_mm)
    if there is None or back is None:
        # A search may go either way round within the millimetre that is left undecided.
        full = brackets(a, b, NO_THEATRE)[0]
        assert there is back or _at_the_minimum(full, minima)
        return None
    assert there.outcome is back.outcome
    return there


def _at_the_minimum(full: Bracket, minima: Minima) -> bool:
    """Say whether a bracket comes so near to the minimum that its last millimetres decide."""
    if full.lower is None or full.upper is None:
        return True
    return abs(full.lower - minima.horizontal_mm) <= 2 + full.upper - full.lower


minima_drawn = st.builds(Minima, around(0, 10**9).map(abs), st.integers(0, 10**9), st.integers(0, 10**12))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(volumes(), minima_drawn)
@example(Volume(Footprint(Shape.POINT, (), Edges.LONLAT, 0, 0), EVERYWHERE, ALWAYS), ZERO)
@example(Volume(Footprint(Shape.LINE, ((),), Edges.LONLAT, 0, 0), EVERYWHERE, ALWAYS), ZERO)
@example(Volume(Footprint(Shape.POLYGON, ((),), Edges.GEODESIC, 0, 0), EVERYWHERE, ALWAYS), ZERO)
@example(Volume(Footprint(Shape.POLYGON, (((0, 0),) * 3,), Edges.UNKNOWN, 0, 0), EVERYWHERE, ALWAYS), ZERO)
@example(Volume(Footprint(Shape.POINT, (((2**70, 0),),), Edges.LONLAT, 0, 0), EVERYWHERE, ALWAYS), ZERO)
def test_any_volume_is_refused_with_a_sentence_or_can_be_measured(volume: Volume, minima: Minima) -> None:
    if refused(volume):
        return
    found = measured(volume, volume, minima)
    assert found is not None
    assert found.horizontal_mm.lower == 0
    measured(volume, shifted(volume, 1, 0), minima)
    measured(volume, shifted(volume, 900_000_000, 0), minima)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(volumes(plain=True), around(0, 10**9), around(0, 10**8), minima_drawn)
def test_a_volume_is_never_clear_of_itself_and_its_copies_are_measured_alike_both_ways(
    volume: Volume, dlon: int, dlat: int, minima: Minima
) -> None:
    assume(not refused(volume))
    copy = shifted(volume, dlon, dlat)
    assert measured(volume, volume, ZERO) is not None
    if not refused(copy):
        measured(volume, copy, minima)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(volumes(plain=True), volumes(plain=True), minima_drawn)
def test_any_two_volumes_are_measured_alike_both_ways(a: Volume, b: Volume, minima: Minima) -> None:
    assume(not refused(a) and not refused(b))
    measured(a, b, minima)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(volumes(plain=True), st.integers(0, 10**9))
def test_a_larger_minimum_or_radius_never_clears_what_was_a_conflict(volume: Volume, more: int) -> None:
    assume(not refused(volume))
    other = shifted(volume, 1_000, 1_000)
    assume(not refused(other))
    least = brackets(volume, other, NO_THEATRE)[0].lower
    assert least is not None
    if closeness(volume, other, ZERO, NO_THEATRE) is not None:
        assert closeness(volume, other, Minima(more, 0, 0), NO_THEATRE) is not None
    where = volume.footprint
    wider = Footprint(where.shape, where.rings, where.edges, where.radius_mm, 10**9)
    wide = brackets(Volume(wider, EVERYWHERE, ALWAYS), other, NO_THEATRE)[0].lower
    assert wide is not None
    assert wide <= max(least, 0) + 1


BEYOND = [
    Volume(HERE, Band(Level(2**70, Datum.W84), None), ALWAYS),
    Volume(HERE, Band(None, Level(-(2**70), Datum.AMSL)), ALWAYS),
    Volume(HERE, EVERYWHERE, Window(None, 2**70)),
    Volume(HERE, EVERYWHERE, Window(2**62 + 5, None)),
    Volume(HERE, EVERYWHERE, Window(None, -(2**62) - 5)),
]


@pytest.mark.parametrize("volume", BEYOND)
def test_heights_and_times_beyond_all_range_are_refused_or_can_be_measured(volume: Volume) -> None:
    assert refused(volume) or measured(volume, volume, ZERO) is not None


def comb(vertices: int, lat: int, up: int) -> Volume:
    """Return a comb of so many vertices: teeth a few metres apart, 100 m long, up or down."""
    teeth = (vertices - 2) // 4
    ring = [(0, lat - up * 100)]
    for n in range(teeth):
        ring += [
            (300 * n, lat),
            (300 * n, lat + up * 9_000),
            (300 * n + 100, lat + up * 9_000),
            (300 * n + 100, lat),
        ]
    ring += [(300 * teeth, lat - up * 100)]
    return Volume(Footprint(Shape.POLYGON, (tuple(ring),), Edges.LONLAT, 0, 0), EVERYWHERE, ALWAYS)


@pytest.mark.parametrize("gap", [0, 20_000, 1_000_000])
def test_a_comb_of_ten_thousand_vertices_against_another_comes_to_an_end(gap: int) -> None:
    a, b = comb(10_000, 450_000_000, 1), comb(10_000, 450_000_000 + 9_000 + gap, 1)
    check_volume(a)
    check_volume(b)
    found = measured(a, b, Minima(500_000, 0, 0))
    assert (found is None) == (gap == 1_000_000)


def test_combs_whose_teeth_stand_between_each_other_come_to_an_end() -> None:
    a, b = comb(10_000, 450_000_000, 1), shifted(comb(10_000, 450_017_000, -1), 150, 0)
    check_volume(b)
    found = measured(a, b, ZERO)
    assert found is None or found.horizontal_mm.lower == 0


def test_too_many_vertices_are_refused_before_any_work() -> None:
    many = tuple((n % 1_000, n) for n in range(100_000))
    assert refused(Volume(Footprint(Shape.LINE, (many,), Edges.UNKNOWN, 0, 0), EVERYWHERE, ALWAYS))
