# SPDX-License-Identifier: Apache-2.0
"""A track is screened continuously: what it comes near between two fixes is found, and nothing is sampled."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.geometry.datum import pressure_heights_m
from standclear.geometry.edges import WGS84
from standclear.geometry.separation import brackets, closeness
from standclear.geometry.tracks import EMPTY_HITS, Accuracy, Fixes, Hits, Zones, merge, screen
from standclear.geometry.volume import (
    NO_THEATRE,
    Air,
    Datum,
    Edges,
    Footprint,
    Shape,
    Terrain,
    Theatre,
    Volume,
    Window,
)
from tests.geometry.shapes import SLOW, level, minima, point, polygon, star, volume

EXACT = Accuracy(horizontal_mm=0, vertical_mm=0, time_us=0, datum=Datum.W84, max_gap_us=None)


def track(*fixes: tuple[float, float, float, float], number: int = 0) -> Fixes:
    """Fixes of one track: seconds, longitude, latitude, metres."""
    columns = np.array(fixes, dtype=np.float64)
    return Fixes(
        np.full(len(fixes), number, dtype=np.int64),
        np.rint(columns[:, 0] * 1e6).astype(np.int64),
        columns[:, 1],
        columns[:, 2],
        np.rint(columns[:, 3] * 1e3).astype(np.int64),
    )


def joined(*tracks: Fixes) -> Fixes:
    """Several tracks, one after the other."""
    return Fixes._make(np.concatenate(columns) for columns in zip(*tracks, strict=True))


def one(hits: Hits) -> SimpleNamespace:
    """The only row, as plain numbers."""
    assert len(hits.track) == 1
    return SimpleNamespace(**{name: column[0].item() for name, column in hits._asdict().items()})


def test_what_lies_between_two_fixes_is_found_where_and_when_the_track_is_nearest() -> None:
    zone = volume(point(9.5, 47.001))
    hit = one(
        screen(track((0, 9, 47, 500), (1000, 10, 47, 500)), Zones.of([zone]), minima(200), NO_THEATRE, EXACT)
    )
    truth = brackets(
        volume(
            Footprint(
                Shape.LINE, (((90_000_000, 470_000_000), (100_000_000, 470_000_000)),), Edges.GEODESIC, 0, 0
            )
        ),
        zone,
        NO_THEATRE,
    )[0]
    assert (hit.horizontal_low_mm, hit.horizontal_high_mm) == pytest.approx((truth.lower, truth.upper), abs=1)
    assert hit.at_us == pytest.approx(500e6, abs=2e5)
    assert hit.at_lon_e7 == pytest.approx(95_000_000, abs=2_000)
    assert hit.first_us <= 500_000_000 <= hit.last_us


@pytest.mark.parametrize("wide", [0, 180])
def test_the_antimeridian_and_the_poles_are_places_like_others(wide: float) -> None:
    east = volume(point(-179.95 if wide else 0.05, 10))
    path = track((0, 179.9 if wide else -0.1, 10, 0), (100, -179.9 if wide else 0.1, 10, 0))
    assert one(screen(path, Zones.of([east]), minima(100), NO_THEATRE, EXACT)).zone == 0
    over = track((0, 0, 89.99, 0), (100, 180, 89.99, 0))
    assert (
        one(screen(over, Zones.of([volume(point(90, 90))]), minima(1), NO_THEATRE, EXACT)).horizontal_low_mm
        == 0
    )


def test_a_climb_is_near_only_while_its_height_is() -> None:
    # Over 100 km it climbs from 0 to 10,000 m; the zone lies near its beginning, high up.
    lon, lat, _ = WGS84.fwd(9, 47, 90, 100_000)
    path = track((0, 9, 47, 0), (500, lon, lat, 10_000))
    start = volume(point(9, 47, radius_m=1_000), lower=level(5_000), upper=level(6_000))
    middle_lon, middle_lat, _ = WGS84.fwd(9, 47, 90, 55_000)
    middle = volume(point(middle_lon, middle_lat, radius_m=1_000), lower=level(5_000), upper=level(6_000))
    hit = one(screen(path, Zones.of([start, middle]), minima(1_000, 300), NO_THEATRE, EXACT))
    assert hit.zone == 1
    # It is over the corridor from 53 to 57 km; times are those of whole pieces of some 4 km.
    assert 245e6 <= hit.first_us <= 265e6
    assert 285e6 <= hit.last_us <= 305e6


def test_a_zone_counts_only_in_its_time_and_the_minimum_around_it() -> None:
    path = track((0, 9, 47, 0), (100, 9, 47.1, 0))
    early, later = (volume(point(9, 47.09), start_s=start, end_s=start + 10) for start in (0, 70))
    zones = Zones.of([early, later])
    assert screen(path, zones, minima(10), NO_THEATRE, EXACT).zone.tolist() == []
    assert screen(path, zones, minima(10, 0, 10), NO_THEATRE, EXACT).zone.tolist() == [1]
    assert screen(path, zones, minima(10, 0, 80), NO_THEATRE, EXACT).zone.tolist() == [0, 1]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_leg_of_years_across_an_ocean_is_where_it_is_when_it_is_there(share: float) -> None:
    # A receiver whose clock had not started yet says the year 1, and then 2026, half an earth away.
    first, last = -62_135_596_800, 1_795_219_200
    path = track((first, 0, 0, 0), (last, 60, 0, 0))
    then = round(first + share * (last - first))
    zone = Zones.of([volume(point(60 * share, 0), start_s=then - 100, end_s=then + 100)])
    assert len(screen(path, zone, minima(1_000), NO_THEATRE, EXACT).track) == 1


def test_uncertainty_of_a_track_brings_it_nearer_in_every_way() -> None:
    path = track((0, 9, 47, 1_000), (10, 9, 47.0001, 1_000))
    zone = Zones.of([volume(point(9.01, 47), upper=level(800), start_s=20, end_s=30)])
    least = minima(700, 150, 5)
    assert not len(screen(path, zone, least, NO_THEATRE, EXACT).track)
    vague = Accuracy(
        horizontal_mm=100_000, vertical_mm=60_000, time_us=6_000_000, datum=Datum.W84, max_gap_us=None
    )
    for narrower in (
        Accuracy(0, vague.vertical_mm, vague.time_us, Datum.W84, None),
        Accuracy(vague.horizontal_mm, 0, vague.time_us, Datum.W84, None),
        Accuracy(vague.horizontal_mm, vague.vertical_mm, 0, Datum.W84, None),
    ):
        assert not len(screen(path, zone, least, NO_THEATRE, narrower).track)
    hit = one(screen(path, zone, least, NO_THEATRE, vague))
    assert (hit.vertical_low_mm, hit.vertical_high_mm) == (139_999, 260_001)
    assert hit.time_gap_us == 4_000_000


def test_a_receiver_that_jumps_between_opposite_ends_of_the_earth_is_followed_all_the_way() -> None:
    # So many legs, each of almost half the earth, that each gets few pieces.
    n = np.arange(33_000)
    still = np.zeros(len(n), dtype=np.int64)
    path = Fixes(still, n * 1_000_000, np.where(n % 2, 179.3, 0.0), np.zeros(len(n)), still)
    azimuth, _, length = WGS84.inv(0, 0, 179.3, 0)
    lon, lat, _ = WGS84.fwd(0, 0, azimuth, 0.5 * length)
    assert len(screen(path, Zones.of([volume(point(lon, lat))]), minima(1_000), NO_THEATRE, EXACT).track) == 1


def test_fixes_too_far_apart_in_time_are_not_joined() -> None:
    path = track((0, 9, 47, 0), (100, 10, 47, 0))
    zones = Zones.of([volume(point(9.5, 47.0)), volume(point(10, 47))])
    assert screen(path, zones, minima(5_000), NO_THEATRE, EXACT).zone.tolist() == [0, 1]
    apart = Accuracy(0, 0, 0, Datum.W84, max_gap_us=99_000_000)
    assert screen(path, zones, minima(5_000), NO_THEATRE, apart).zone.tolist() == [1]


def test_a_lone_fix_is_a_place() -> None:
    hit = one(screen(track((5, 9, 47, 0)), Zones.of([volume(point(9, 47))]), minima(), NO_THEATRE, EXACT))
    assert (hit.at_us, hit.first_us, hit.last_us, hit.horizontal_high_mm) == (
        5_000_000,
        5_000_000,
        5_000_000,
        1,
    )


def test_a_track_inside_a_zone_is_at_no_distance() -> None:
    zone = Zones.of([volume(polygon(star(9, 47, [20_000] * 9)))])
    assert (
        one(
            screen(track((0, 9, 47, 0), (1, 9.001, 47, 0)), zone, minima(), NO_THEATRE, EXACT)
        ).horizontal_high_mm
        <= 1
    )


@pytest.mark.parametrize(
    ("datum", "zone_datum", "theatre", "found"),
    [
        (Datum.W84, Datum.W84, NO_THEATRE, 0),
        (Datum.AMSL, Datum.AMSL, NO_THEATRE, 0),
        (Datum.W84, Datum.AMSL, NO_THEATRE, 1),  # south of India the sea lies 106 m below the ellipsoid
        (Datum.AMSL, Datum.W84, NO_THEATRE, 1),
        (Datum.W84, Datum.AGL, NO_THEATRE, 1),
        (Datum.W84, Datum.AGL, Theatre(ground=Terrain(0, 100_000), air=None), 1),
        (Datum.W84, Datum.AGL, Theatre(ground=Terrain(0, 0), air=None), 0),
        (Datum.FL, Datum.W84, NO_THEATRE, 1),
        (Datum.FL, Datum.AMSL, Theatre(None, Air(101_325, 101_325, 0, 0)), 0),
    ],
)
def test_every_height_is_compared_in_a_datum_that_holds(
    datum: Datum, zone_datum: Datum, theatre: Theatre, found: int
) -> None:
    # 100 m over the top, as the numbers stand; the minimum is 60 m.
    lon, lat = (78.8, 4.6) if datum is not Datum.AMSL else (147.4, -8.4)
    if (datum, zone_datum) == (Datum.AMSL, Datum.W84):
        lon, lat = 78.8, 4.6  # the track lies 106 m lower than it says
    flying = 1_100.0
    if (datum, zone_datum) == (Datum.W84, Datum.AMSL):
        lon, lat = 147.4, -8.4  # the zone reaches 85 m higher than it says
    zone = Zones.of([volume(point(lon, lat), upper=level(1_000, zone_datum))])
    accuracy = Accuracy(0, 0, 0, datum, None)
    hits = screen(track((0, lon, lat, flying), (9, lon, lat, flying)), zone, minima(0, 60), theatre, accuracy)
    assert len(hits.track) == found
    if zone_datum is Datum.AGL and theatre.ground is None:
        assert not one(hits).known


@pytest.mark.parametrize(
    ("air", "first_m", "last_m"),
    [
        (Air(95_000, 105_000, -95_000, 100_000), -500.0, 1_500.0),
        (Air(87_000, 101_325, -50_000, 0), 750.0, 1_250.0),
        (Air(101_325, 101_325, -100_000, 0), 11_000.0, 13_000.0),
    ],
)
def test_half_way_up_a_climb_by_pressure_a_track_is_as_near_as_a_volume_there(
    air: Air, first_m: float, last_m: float
) -> None:
    # Where the theatre's air and the extremes of weather cross, the narrower of both has a kink.
    theatre, half = Theatre(None, air), (first_m + last_m) / 2
    accuracy = Accuracy(0, 0, 0, Datum.FL, None)
    path = track((0, 9, 47, first_m), (100, 9.001, 47, last_m))
    low, high = pressure_heights_m(half, air)
    for edge in (low + 40, high + 55):
        here = volume(point(9.0005, 47), lower=level(half, Datum.FL), upper=level(half, Datum.FL))
        zone = volume(point(9.0005, 47), lower=level(edge), upper=level(edge))
        for metres in range(40):
            least = minima(1, metres)
            if closeness(here, zone, least, theatre) is not None:
                assert len(screen(path, Zones.of([zone]), least, theatre, accuracy).track) == 1


@pytest.mark.parametrize(("deviation_mk", "way"), [(40_000, 1), (-60_000, 1), (40_000, -1), (-60_000, -1)])
def test_a_flight_level_read_wrongly_may_be_out_by_more_in_height_in_warm_air(
    deviation_mk: int, way: int
) -> None:
    theatre = Theatre(None, Air(101_325, 101_325, deviation_mk, deviation_mk))
    accuracy = Accuracy(0, 300_000, 0, Datum.FL, None)
    path = track((0, 9, 47, 10_000), (100, 9.001, 47, 10_000))
    truly = 10_000.0 + way * 300
    here = volume(point(9, 47), lower=level(truly, Datum.FL), upper=level(truly, Datum.FL))
    farthest = pressure_heights_m(truly, theatre.air)[way > 0] + 47 + way * 2
    zone = volume(point(9, 47), lower=level(farthest), upper=level(farthest))
    assert closeness(here, zone, minima(), theatre) is not None
    assert len(screen(path, Zones.of([zone]), minima(), theatre, accuracy).track) == 1


@pytest.mark.parametrize("first_m", [15_000.0, 21_000.0, 25_000.0])
@pytest.mark.parametrize("last_m", [15_000.0, 25_000.0])
def test_a_climb_past_flight_levels_with_a_known_top_may_be_anywhere_above(
    first_m: float, last_m: float
) -> None:
    path = track((0, 9, 47, first_m), (100, 9.001, 47, last_m))
    accuracy = Accuracy(0, 0, 0, Datum.FL, None)
    far_up = Zones.of([volume(point(9, 47), lower=level(60_000), upper=level(70_000))])
    hits = screen(path, far_up, minima(1), NO_THEATRE, accuracy)
    if first_m == last_m == 15_000:
        assert not len(hits.track)
        return
    assert (one(hits).vertical_low_mm, one(hits).vertical_high_mm) == (0, -1)
    endless = Zones.of([volume(point(9, 47), lower=level(1_000))])
    assert one(screen(path, endless, minima(1), NO_THEATRE, accuracy)).vertical_low_mm == 0


def test_altitudes_over_ground_are_refused_for_a_track() -> None:
    with pytest.raises(ValueError, match="follow the ground"):
        screen(track((0, 9, 47, 0)), Zones.of([]), minima(), NO_THEATRE, Accuracy(0, 0, 0, Datum.AGL, None))


def walk(rng: np.random.Generator, number: int, fixes: int, step_m: float) -> Fixes:
    """A track that wanders about 9 E 47 N at 100 m/s."""
    lon, lat, rows = 9 + rng.uniform(-0.3, 0.3), 47 + rng.uniform(-0.3, 0.3), []
    for n in range(fixes):
        rows.append((n * step_m / 100, lon, lat, rng.uniform(0, 3_000)))
        lon, lat, _ = WGS84.fwd(lon, lat, rng.uniform(0, 360), step_m)
    return track(*rows, number=number)


def zones_about(rng: np.random.Generator, count: int) -> list[Volume]:
    """Polygons, circles and corridors about the same place."""
    rows = []
    for n in range(count):
        lon, lat = 9 + rng.uniform(-0.4, 0.4), 47 + rng.uniform(-0.4, 0.4)
        where = point(lon, lat, radius_m=rng.uniform(0, 2_000))
        if n % 3:
            where = polygon(star(lon, lat, rng.uniform(200, 3_000, 7).tolist()), edges=list(Edges)[n % 2])
        lower = float(rng.uniform(0, 2_000))
        rows.append(
            volume(where, lower=level(lower), upper=level(lower + 500), start_s=n % 50, end_s=n % 50 + 200)
        )
    return rows


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(st.integers(0, 2**32), st.sampled_from([50.0, 3_000.0, 40_000.0]))
def test_no_place_on_the_way_is_ever_nearer_than_the_bracket_says(seed: int, step_m: float) -> None:
    rng = np.random.default_rng(seed)
    path, rows = walk(rng, 7, 6, step_m), zones_about(rng, 12)
    least = minima(500, 100, 20)
    hits = screen(path, Zones.of(rows), least, NO_THEATRE, EXACT)
    low = dict(zip(hits.zone.tolist(), hits.horizontal_low_mm.tolist(), strict=True))
    for seconds, lon, lat, metres in _places(path, rng, 60):
        here = volume(
            point(lon, lat, uncertainty_m=0.01), lower=level(metres), upper=level(metres), start_s=0, end_s=1
        )
        now = Volume(here.footprint, here.band, _at(seconds))
        for zone, row in enumerate(rows):
            near = closeness(now, row, least, NO_THEATRE)
            if near is not None and (near.horizontal_mm.upper or 0) + 20 < least.horizontal_mm:
                assert zone in low
                assert low[zone] <= (near.horizontal_mm.upper or 0) + 20


def _at(seconds: float) -> Window:
    moment = round(seconds * 1e6)
    return Window(moment, moment + 1)


def _places(path: Fixes, rng: np.random.Generator, count: int) -> list[tuple[float, float, float, float]]:
    """Places on the way: seconds, degrees, metres; at even speed along the geodesics."""
    found = []
    for _ in range(count):
        leg, share = int(rng.integers(0, len(path.track) - 1)), float(rng.random())
        lon0, lat0, lon1, lat1 = (float(column[n]) for n in (leg, leg + 1) for column in path[2:4])
        azimuth, _, length = WGS84.inv(lon0, lat0, lon1, lat1)
        lon, lat, _ = WGS84.fwd(lon0, lat0, azimuth, share * length)
        seconds = path.time_us[leg] + share * (path.time_us[leg + 1] - path.time_us[leg])
        metres = path.altitude_mm[leg] + share * (path.altitude_mm[leg + 1] - path.altitude_mm[leg])
        found.append((float(seconds) / 1e6, float(lon), float(lat), float(metres) / 1e3))
    return found


@settings(max_examples=10, deadline=None, suppress_health_check=SLOW)
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_threads_and_blocks_change_no_answer(seed: int, cuts: int) -> None:
    rng = np.random.default_rng(seed)
    paths = joined(*[walk(rng, n, 40, 700.0) for n in range(4)])
    zones, least = Zones.of(zones_about(rng, 60)), minima(500, 100, 20)
    whole = screen(paths, zones, least, NO_THEATRE, EXACT)
    assert _equal(whole, screen(paths, zones, least, NO_THEATRE, EXACT, workers=3))
    edges = sorted({0, *rng.integers(1, 158, cuts).tolist(), 159})
    # Each block begins with the last fix of the one before.
    blocks = [Fixes._make(column[a : b + 1] for column in paths) for a, b in itertools.pairwise(edges)]
    alone = merge([screen(block, zones, least, NO_THEATRE, EXACT) for block in blocks])
    assert _equal(whole, alone)


def _equal(one: Hits, other: Hits) -> bool:
    return all(np.array_equal(left, right) for left, right in zip(one, other, strict=True))


def test_nothing_screened_is_nothing_found() -> None:
    none = Fixes._make(column[:0] for column in track((0, 9, 47, 0)))
    assert _equal(screen(none, Zones.of([volume(point(9, 47))]), minima(), NO_THEATRE, EXACT), EMPTY_HITS)
    assert _equal(screen(track((0, 9, 47, 0)), Zones.of([]), minima(), NO_THEATRE, EXACT), EMPTY_HITS)
    assert _equal(merge([]), EMPTY_HITS)
