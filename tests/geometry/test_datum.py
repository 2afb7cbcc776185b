# SPDX-License-Identifier: Apache-2.0
"""Every bound has its own datum, and every interval is outward: a mistake of 107 m fails here."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import Malformed
from standclear.geometry.datum import (
    WORLD_AIR,
    Rise,
    geoid_mm,
    heights,
    pressure_heights_m,
    rise,
    rise_between,
)
from standclear.geometry.geoid import WORLD_GEOID_MM
from standclear.geometry.levels import ball_of
from standclear.geometry.separation import Outcome, closeness
from standclear.geometry.validity import check_volume
from standclear.geometry.volume import NO_THEATRE, Air, Datum, Footprint, Level, Terrain, Theatre, Volume
from tests.geometry.shapes import level, minima, point, volume

HERE = point(9, 47)
GROUND = Theatre(ground=Terrain(lower_mm=-50_000, upper_mm=800_000), air=None)


def under(top: Level) -> Volume:
    """Return everything below a level."""
    return volume(HERE, upper=top)


def over(floor: Level) -> Volume:
    """Return everything above a level."""
    return volume(HERE, lower=floor)


def clear(top: Level, floor: Level, vertical_m: float = 0, theatre: Theatre = GROUND) -> bool:
    """Say whether what lies under `top` is provably clear of what lies over `floor`, both ways round."""
    least = minima(vertical_m=vertical_m)
    there = closeness(under(top), over(floor), least, theatre)
    back = closeness(over(floor), under(top), least, theatre)
    assert (there is None) == (back is None)
    return there is None


APART = [
    # The geoid may lie 87 m above the ellipsoid, so a top over sea level may be that much higher ...
    (level(100, Datum.AMSL), level(100), 87),
    # ... or 108 m below it, so a floor over sea level may be that much lower.
    (level(100), level(100, Datum.AMSL), 108),
    (level(100), level(100), 0),
    (level(100, Datum.AMSL), level(100, Datum.AMSL), 1),
    (level(100, Datum.AGL), level(100), 800),
    (level(100), level(100, Datum.AGL), 50),
    (level(100, Datum.AGL), level(100, Datum.AGL), 850),
    (level(100, Datum.AGL), level(100, Datum.AMSL), 908),
    (level(100, Datum.AMSL), level(100, Datum.AGL), 137),
]


@pytest.mark.parametrize(("top", "floor", "apart_m"), APART)
def test_without_a_place_a_floor_clears_a_top_only_beyond_the_worst_of_both_datums(
    top: Level, floor: Level, apart_m: float
) -> None:
    enough = Level(value_mm=floor.value_mm + round(apart_m * 1000), datum=floor.datum)
    assert rise(enough, top, GROUND).least == 0


@pytest.mark.parametrize(("top", "floor", "apart_m"), APART)
def test_a_floor_clears_a_top_only_beyond_the_worst_of_both_datums(
    top: Level, floor: Level, apart_m: float
) -> None:
    where = ball_of(HERE)
    least = rise_between(floor, where, top, where, GROUND).least
    enough = Level(value_mm=floor.value_mm - int(least) + 1, datum=floor.datum)
    assert -1_000 * apart_m <= least
    assert clear(top, enough)
    assert not clear(top, Level(value_mm=enough.value_mm - 1, datum=floor.datum))
    assert not clear(top, enough, vertical_m=30)


def test_without_terrain_a_height_over_ground_is_never_clear() -> None:
    for floor in (level(900_000), level(30_000, Datum.AMSL), level(12_000, Datum.AGL)):
        assert not clear(level(100, Datum.AGL), floor, theatre=NO_THEATRE)
        found = closeness(under(level(100, Datum.AGL)), over(floor), minima(), NO_THEATRE)
        assert found is not None
        assert found.outcome is Outcome.VERTICAL_UNKNOWN


def test_flight_levels_hold_every_atmosphere_on_record() -> None:
    low, high = pressure_heights_m(3048)  # FL 100
    # The rule of thumb (field/geometry.md): ±500 m for pressure plus 4 % of height per 10 K.
    assert low < 3048 - 500 - 0.04 * 3048 * 2
    assert high > 3048 + 500 + 0.04 * 3048 * 2
    assert low > 0
    assert high < 6000


def test_a_flight_level_on_a_very_cold_day_of_low_pressure() -> None:
    # 870 hPa at sea level and an isothermal 200 K column up to 696.8 hPa: 29.27 * 200 * ln(870/696.8).
    assert pressure_heights_m(3048)[0] < 29.27 * 204 * math.log(870 / 696.8) + 60
    # 1085 hPa and 320 K all the way up.
    assert pressure_heights_m(3048)[1] > 29.27 * 320 * math.log(1085 / 696.8) - 60


@given(st.floats(-500, 60_000), st.floats(0, 5_000))
def test_pressure_heights_rise_with_the_level(altitude: float, more: float) -> None:
    low, high = pressure_heights_m(altitude)
    low2, high2 = pressure_heights_m(altitude + more)
    assert low <= altitude <= high
    assert low2 >= low - 1e-6
    assert high2 >= high - 1e-6


def test_above_the_isothermal_layer_a_flight_level_has_no_upper_bound() -> None:
    assert heights(level(25_000, Datum.FL), NO_THEATRE).high == math.inf
    assert not clear(level(25_000, Datum.FL), level(900_000))
    assert clear(level(0), level(25_000, Datum.FL))


def test_flight_levels_and_true_heights() -> None:
    assert clear(level(100), level(10_668, Datum.FL))  # FL 350 against 100 m
    assert not clear(level(2_500), level(3_048, Datum.FL))
    assert not clear(level(3_048, Datum.FL), level(3_500, Datum.AMSL))


def test_missing_bounds_leave_no_gap() -> None:
    assert not rise(None, level(100), NO_THEATRE).most > 0
    assert not rise(level(100), None, NO_THEATRE).most > 0
    assert rise(None, level(1, Datum.AGL), NO_THEATRE).known


@given(st.integers(-(10**6), 10**7), st.sampled_from(list(Datum)))
def test_intervals_are_whole_millimetres_in_order(value: int, datum: Datum) -> None:
    found = heights(Level(value_mm=value, datum=datum), GROUND)
    assert found.low <= found.high
    assert found.low == int(found.low)


INDIA_SOUTH = point(78.75, 4.75)
"""The geoid lies 106.99 m below the ellipsoid (node of the 15' grid)."""
NEW_GUINEA = point(147.25, -8.25)
"""The geoid lies 85.39 m above the ellipsoid."""
STILL_AIR = Air(qnh_lower_pa=101_325, qnh_upper_pa=101_325, isa_lower_mk=0, isa_upper_mk=0)
"""The standard atmosphere, exactly, but for moisture."""
PLAIN = Theatre(ground=Terrain(lower_mm=0, upper_mm=10_000), air=STILL_AIR)


def risen(floor: Level, top: Level, where: Footprint, theatre: Theatre = PLAIN) -> Rise:
    """Return how far a floor lies over a top at one place."""
    return rise_between(floor, ball_of(where), top, ball_of(where), theatre)


def overlap_within(top: Level, floor: Level, where: Footprint, vertical_m: float) -> bool:
    """Say whether the whole comparison of two volumes, both ways round, finds them too close."""
    below, above = volume(where, upper=top), volume(where, lower=floor)
    least = minima(vertical_m=vertical_m)
    pairs = ((below, above), (above, below))
    return all(closeness(one, other, least, PLAIN) is not None for one, other in pairs)


@pytest.mark.parametrize(
    ("floor", "top", "where", "true_m", "wide_m"),
    [
        # Floor over sea level, which lies deep south of India: 200 m AMSL is 93 m over the ellipsoid.
        (level(200, Datum.AMSL), level(50), INDIA_SOUTH, 43.01, 10),
        (level(200, Datum.AMSL), level(50), NEW_GUINEA, 235.39, 11),
        # Top over sea level, which lies high at New Guinea: 100 m AMSL is 185 m over the ellipsoid.
        (level(200), level(100, Datum.AMSL), NEW_GUINEA, 14.61, 11),
        (level(200), level(100, Datum.AMSL), INDIA_SOUTH, 206.99, 10),
        # Ground between 0 and 10 m over the ellipsoid, taken at 5 m: sea level does not carry it along.
        (level(300, Datum.AGL), level(250, Datum.AMSL), NEW_GUINEA, -30.39, 22),
        (level(300, Datum.AMSL), level(250, Datum.AGL), INDIA_SOUTH, -61.99, 21),
        (level(300, Datum.AGL), level(250), INDIA_SOUTH, 55, 11),
        (level(300, Datum.AGL), level(250, Datum.AGL), NEW_GUINEA, 50, 21),
        (level(300), level(250), INDIA_SOUTH, 50, 0.001),
        (level(300, Datum.AMSL), level(250, Datum.AMSL), INDIA_SOUTH, 50, 2),
        # FL 100 in the standard atmosphere is 3,048 m of geopotential: 3,055.5 m over sea level near the equator.
        (level(3_048, Datum.FL), level(3_000), INDIA_SOUTH, -51.5, 115),
        (level(3_048, Datum.FL), level(3_000), NEW_GUINEA, 140.9, 115),
        (level(3_000), level(3_048, Datum.FL), INDIA_SOUTH, 51.5, 115),
        (level(3_000), level(3_048, Datum.FL), NEW_GUINEA, -140.9, 115),
        (level(3_048, Datum.FL), level(3_000, Datum.AGL), INDIA_SOUTH, -56.5, 125),
        (level(3_048, Datum.FL), level(3_000, Datum.AMSL), INDIA_SOUTH, 55.5, 125),
        (level(3_048, Datum.FL), level(3_000, Datum.AMSL), NEW_GUINEA, 55.5, 125),
    ],
)
def test_where_the_geoid_is_extreme_a_rise_holds_the_truth_and_not_much_else(
    floor: Level, top: Level, where: Footprint, true_m: float, wide_m: float
) -> None:
    found = risen(floor, top, where)
    assert found.known
    assert found.least <= true_m * 1_000 <= found.most
    assert found.most - found.least <= wide_m * 1_000
    if true_m > 0:
        assert overlap_within(top, floor, where, vertical_m=true_m)
    if true_m > wide_m:
        assert not overlap_within(top, floor, where, vertical_m=true_m - wide_m)


def test_a_flight_level_without_the_theatres_air_is_as_wide_as_weather_and_still_moves_with_the_geoid() -> (
    None
):
    for where, low_mm, high_mm in ((INDIA_SOUTH, -107_000, -106_990), (NEW_GUINEA, 85_390, 85_440)):
        found = risen(level(3_048, Datum.FL), level(0), where, NO_THEATRE)
        low, high = pressure_heights_m(3_048)
        assert found.least <= low * 1_000 + low_mm
        assert found.most >= high * 1_000 + high_mm
        assert found.most - found.least <= (high - low + 12) * 1_000
        assert found.most - found.least > 2_000_000


def test_each_side_stands_on_the_geoid_of_its_own_place() -> None:
    deep, tall = ball_of(INDIA_SOUTH), ball_of(NEW_GUINEA)
    found = rise_between(level(0, Datum.FL), deep, level(0, Datum.AMSL), tall, PLAIN)
    assert found.least <= -106_990 - 85_390 <= found.most
    assert found.most < -170_000
    found = rise_between(level(0, Datum.AMSL), tall, level(0, Datum.FL), deep, PLAIN)
    assert found.least <= 106_990 + 85_390 <= found.most
    assert found.least > 170_000


def test_only_what_stands_on_sea_level_asks_for_the_geoid() -> None:
    here = ball_of(HERE)
    narrow = geoid_mm(level(0, Datum.AMSL), here)
    assert narrow == geoid_mm(level(0, Datum.FL), here)
    assert narrow[1] - narrow[0] < 15_000
    assert geoid_mm(level(0), here) == geoid_mm(level(0, Datum.AGL), here) == WORLD_GEOID_MM


@pytest.mark.parametrize(("qnh_pa", "lower_m"), [(101_325, 0), (98_000, 281), (104_000, -218)])
def test_a_flight_level_sinks_with_the_pressure(qnh_pa: int, lower_m: float) -> None:
    # 1013.25 to 980 hPa is 281 m of the standard atmosphere, to 1040 hPa -218 m (ICAO Doc 7488).
    low, high = pressure_heights_m(3_048, Air(qnh_pa, qnh_pa, 0, 0))
    assert abs((low + 8) - (3_048 - lower_m)) < 2
    assert low < 3_048 - lower_m < high < low + 120


airs = st.builds(
    lambda pressures, kelvins: Air(*sorted(pressures), *sorted(kelvins)),
    st.tuples(st.integers(85_000, 110_000), st.integers(85_000, 110_000)),
    st.tuples(st.integers(-100_000, 100_000), st.integers(-100_000, 100_000)),
)


@given(airs, st.floats(-500, 25_000))
def test_no_air_of_the_terms_is_wider_than_all_weather_on_record(air: Air, altitude: float) -> None:
    low, high = pressure_heights_m(altitude, air)
    least, most = pressure_heights_m(altitude)
    assert least <= low
    assert high <= most
    assert pressure_heights_m(altitude, WORLD_AIR) == (least, most)


def standard_m(pascals: float) -> float:
    """Return the standard height of a pressure: 44,330.77 m (1 - (p / 1013.25 hPa) ^ 0.190263) up to 11 km."""
    if pascals < 22_632:
        return 11_000 + 6_341.6 * math.log(22_632 / pascals)
    return 44_330.77 * (1 - math.pow(pascals / 101_325, 0.190263))


def pressure_pa(metres: float) -> float:
    """Return the pressure at a standard height."""
    if metres > 11_000:
        return 22_632 * math.exp((11_000 - metres) / 6_341.6)
    return 101_325 * math.pow(1 - metres / 44_330.77, 1 / 0.190263)


def stacked_m(qnh_pa: int, ground: float, over: float, kelvins: list[float]) -> tuple[float, float]:
    """Return the pressure altitude `over` metres of pressure over ground, and its height over sea level.

    Adds up 80 layers from the ground, each as thick as its own departure from the standard atmosphere makes it.
    """
    begins = pressure_pa(ground + standard_m(qnh_pa))
    altitude = standard_m(begins) + over
    log_begin, log_end = math.log(begins), math.log(pressure_pa(altitude))
    height, thin = ground, (log_begin - log_end) / 80
    for layer in range(80):
        middle = standard_m(math.exp(log_begin - (layer + 0.5) * thin))
        departs = kelvins[layer * len(kelvins) // 80]
        height += (288.15 - 0.0065 * min(middle, 11_000) + departs) * 29.2712 * thin
    return altitude, height


def holds(air: Air, altitude: float, height: float) -> bool:
    """Say whether the interval of a pressure altitude holds a height under the weakest and strongest gravity."""
    low, high = pressure_heights_m(altitude, air)
    true = [height * 9.80665 / gravity for gravity in (9.7803, 9.8322)]
    return low <= min(true) + 0.5 and max(true) - 0.5 <= high


@pytest.mark.parametrize(("qnh_pa", "altitude_m"), [(85_100, 982.0), (110_000, 0.0)])
def test_terms_that_take_weather_for_granted_that_never_was_leave_the_extremes_of_weather(
    qnh_pa: int, altitude_m: float
) -> None:
    never = Air(qnh_pa, qnh_pa, 13_000, 47_000)
    low, high = pressure_heights_m(altitude_m, never)
    assert low < high
    assert (low, high) == pressure_heights_m(altitude_m)


@given(
    st.integers(95_000, 104_500),
    st.integers(0, 2_000),
    st.booleans(),
    st.floats(-430, 4_000),
    st.floats(0, 12_000),
    st.lists(st.floats(0, 1), min_size=8, max_size=8),
    st.sampled_from([(-20, 25), (5, 15), (-40, -10)]),
)
def test_air_stacked_up_layer_by_layer_over_any_ground_ends_within_the_interval(
    qnh: int,
    more: int,
    highest: bool,
    ground: float,
    over: float,
    mix: list[float],
    kelvins: tuple[int, int],
) -> None:
    cold, warm = kelvins
    air = Air(qnh, qnh + more, cold * 1_000, warm * 1_000)
    departs = [cold + share * (warm + 7 - cold) for share in mix]  # moist air counts as up to 7 K warmer
    assert holds(air, *stacked_m(qnh + more if highest else qnh, ground, over, departs))


@pytest.mark.parametrize("kelvins", [-20, 32])
@pytest.mark.parametrize("ground", [-430, 0, 1_500])
def test_the_coldest_and_the_moist_warmest_column_lie_within_the_interval(ground: int, kelvins: int) -> None:
    assert holds(Air(101_325, 101_325, -20_000, 25_000), *stacked_m(101_325, ground, 600, [kelvins]))


@pytest.mark.parametrize(
    ("where", "lower", "upper"),
    [
        # 100 m over sea level is 185 m over the ellipsoid at New Guinea, 100 m is 207 m over sea level at India.
        (NEW_GUINEA, level(100, Datum.AMSL), level(170)),
        (INDIA_SOUTH, level(100), level(200, Datum.AMSL)),
    ],
)
def test_a_band_that_is_upside_down_at_its_place_is_refused_and_elsewhere_taken(
    where: Footprint, lower: Level, upper: Level
) -> None:
    with pytest.raises(Malformed, match="lies above its upper bound"):
        check_volume(volume(where, lower=lower, upper=upper))
    check_volume(volume(point(0, 0), lower=lower, upper=upper))


def test_two_flight_levels_are_not_compared_natively_between_volumes() -> None:
    # FL 100 under 1035 hPa lies above FL 110 under 985 hPa.
    air = Air(qnh_lower_pa=98_500, qnh_upper_pa=103_500, isa_lower_mk=0, isa_upper_mk=0)
    found = risen(level(3_353, Datum.FL), level(3_048, Datum.FL), HERE, Theatre(ground=None, air=air))
    assert found.least < 305_000 - 400_000
    assert found.most > 305_000 + 400_000
