# SPDX-License-Identifier: Apache-2.0
"""Every bound has its own datum, and every interval is outward: a mistake of 107 m fails here."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.geometry.datum import heights, pressure_heights_m, rise
from standclear.geometry.separation import Outcome, closeness
from standclear.geometry.volume import NO_THEATRE, Datum, Level, Terrain, Theatre, Volume
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


@pytest.mark.parametrize(
    ("top", "floor", "apart_m"),
    [
        # The geoid may lie 86 m above the ellipsoid, so a top over sea level may be that much higher ...
        (level(100, Datum.AMSL), level(100), 86),
        # ... or 107 m below it, so a floor over sea level may be that much lower.
        (level(100), level(100, Datum.AMSL), 107),
        (level(100), level(100), 0),
        (level(100, Datum.AMSL), level(100, Datum.AMSL), 1),
        (level(100, Datum.AGL), level(100), 800),
        (level(100), level(100, Datum.AGL), 50),
        (level(100, Datum.AGL), level(100, Datum.AGL), 850),
        (level(100, Datum.AGL), level(100, Datum.AMSL), 907),
        (level(100, Datum.AMSL), level(100, Datum.AGL), 136),
    ],
)
def test_a_floor_clears_a_top_only_beyond_the_worst_of_both_datums(
    top: Level, floor: Level, apart_m: float
) -> None:
    enough = Level(value_mm=floor.value_mm + round(apart_m * 1000) + 1, datum=floor.datum)
    assert clear(top, enough)
    assert not clear(top, Level(value_mm=enough.value_mm - 1, datum=floor.datum))
    assert not clear(top, enough, vertical_m=30)
    assert clear(top, Level(value_mm=enough.value_mm + 30_000, datum=floor.datum), vertical_m=30)


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
