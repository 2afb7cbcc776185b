# SPDX-License-Identifier: Apache-2.0
"""Altitude bounds as outward intervals of height over the WGS84 ellipsoid, in millimetres.

A height that cannot be pinned down is an interval, never a guess. All intervals are outward:

- `W84`: exact.
- `AMSL` (EGM96): over the geoid of the place, an interval that `geoid.py` gives; without a place, over
  `WORLD_GEOID_MM`, between which the geoid lies anywhere. Two AMSL heights are compared natively, ±1 m.
- `AGL`: over ground that lies in the theatre's terrain interval; without one, unresolved.
- `FL`: pressure altitude, turned into true height by the hypsometric equation for every sea-level pressure
  and every temperature of the theatre's air, dry or moist, then gravity, then the geoid. Without air: for
  every sea-level pressure between 870 and 1085 hPa (lowest: Typhoon Tip 1979; highest: 1084.8 hPa,
  Tosontsengel 2001; WMO archive of extremes) and air 85 K colder to 50 K warmer than the standard atmosphere
  at every level (surface records are 83 K below, Oymyakon, and 42 K above, Death Valley; moist air counts as
  up to 7 K warmer). These hold in any theatre, whatever its terms say of its air.

Two flight levels are not compared natively. One surface of pressure lies at different heights at different
places and times, by as much as pressure and temperature differ there; volumes within the minima need not
be at one place and time, and nothing bounds how fast the weather of a theatre changes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from standclear.geometry.geoid import SAME_GEOID_MM, WORLD_GEOID_MM, Ball, undulation_in_ball
from standclear.geometry.volume import Air, Datum, Level, Theatre
from standclear.units import MM_PER_M

WORLD_AIR: Final = Air(qnh_lower_pa=87_000, qnh_upper_pa=108_500, isa_lower_mk=-85_000, isa_upper_mk=50_000)
"""The extremes of weather on record, moisture included."""
_MOIST_MK: Final = 7_000
"""Air as moist as the highest dew point on record, 35 °C, is as light as dry air 7 K warmer."""
_LOWEST_GROUND_M: Final = 450.0
"""The shore of the Dead Sea lies 430 m below sea level; QNH may be reduced upwards from there."""

_PA_PER_HPA: Final = 100
_MK_PER_K: Final = 1_000
_ISA_HPA: Final = 1_013.25
_ISA_K: Final = 288.15
_LAPSE_K_PER_M: Final = 0.0065
_GAS_M_PER_K: Final = 287.05287 / 9.80665
"""Dry air's R/g: 29.27 m of thickness per kelvin and e-fold of pressure (ICAO Doc 7488)."""
_EXPONENT: Final = _LAPSE_K_PER_M * _GAS_M_PER_K
_TROPOPAUSE_M: Final = 11_000.0
_STRATOSPHERE_M: Final = 20_000.0
"""Up to here the standard atmosphere is isothermal; higher levels get no upper bound."""
_GRAVITY: Final = (9.7803 / 9.80665, 9.8322 / 9.80665)
"""Gravity at the equator and the poles, in standard ones, rounded outward."""


@dataclass(frozen=True, slots=True)
class Heights:
    """An interval of ellipsoidal heights in mm (whole numbers or infinite); not `known`: any height at all."""

    low: float
    high: float
    known: bool = True


UNRESOLVED: Final = Heights(-math.inf, math.inf, known=False)


@dataclass(frozen=True, slots=True)
class Rise:
    """How far one level lies over another, in mm, between two bounds; not `known`: unresolved."""

    least: float
    most: float
    known: bool = True


NEVER: Final = Rise(-math.inf, -math.inf)
"""The rise over an unlimited top, or of a band that starts at the ground."""


def heights(level: Level, theatre: Theatre, geoid_mm: tuple[int, int] = WORLD_GEOID_MM) -> Heights:
    """Return the outward interval of ellipsoidal height of one level.

    `geoid_mm`: between what the undulation lies at every place the level is meant for.
    """
    value = level.value_mm
    match level.datum:
        case Datum.W84:
            return Heights(value, value)
        case Datum.AMSL:
            return Heights(value + geoid_mm[0], value + geoid_mm[1])
        case Datum.AGL:
            ground = theatre.ground
            if ground is None:
                return UNRESOLVED
            return Heights(value + ground.lower_mm, value + ground.upper_mm)
        case Datum.FL:
            low, high = pressure_heights_m(value / MM_PER_M, theatre.air)
            return Heights(
                math.floor(low * MM_PER_M) + geoid_mm[0],
                math.ceil(high * MM_PER_M) + geoid_mm[1] if high < math.inf else math.inf,
            )


def rise(
    upper: Level | None,
    lower: Level | None,
    theatre: Theatre,
    upper_geoid_mm: tuple[int, int] = WORLD_GEOID_MM,
    lower_geoid_mm: tuple[int, int] = WORLD_GEOID_MM,
) -> Rise:
    """Return how far a band's floor `upper` lies over another band's top `lower`.

    A missing floor is the ground, taken as minus infinity, and a missing top is plus infinity: then there
    is no gap on this side, whatever the other bound is.
    """
    if upper is None or lower is None:
        return NEVER
    if _native(upper, lower):
        apart = upper.value_mm - lower.value_mm
        return Rise(apart - SAME_GEOID_MM, apart + SAME_GEOID_MM)
    top, floor = heights(upper, theatre, upper_geoid_mm), heights(lower, theatre, lower_geoid_mm)
    if not (top.known and floor.known):
        return Rise(-math.inf, math.inf, known=False)
    return Rise(top.low - floor.high, top.high - floor.low)


def rise_between(
    upper: Level | None, upper_ball: Ball, lower: Level | None, lower_ball: Ball, theatre: Theatre
) -> Rise:
    """Return `rise`, each level over the geoid of its own volume, which lies in a ball (`levels.ball_of`).

    The geoid is looked up only where it matters.
    """
    if upper is None or lower is None or _native(upper, lower):
        return rise(upper, lower, theatre)
    return rise(upper, lower, theatre, geoid_mm(upper, upper_ball), geoid_mm(lower, lower_ball))


def _native(upper: Level, lower: Level) -> bool:
    """Say whether two levels are compared in their common datum."""
    return upper.datum is Datum.AMSL and lower.datum is Datum.AMSL


def geoid_mm(level: Level, ball: Ball) -> tuple[int, int]:
    """Return between what the undulation lies inside a ball, for the datums that stand on sea level."""
    stands = level.datum is Datum.AMSL or level.datum is Datum.FL
    return undulation_in_ball(ball) if stands else WORLD_GEOID_MM


@lru_cache(maxsize=4_096)
def pressure_heights_m(pressure_altitude_m: float, air: Air | None = None) -> tuple[float, float]:
    """Return the lowest and highest true heights over sea level, metres, of a pressure altitude in metres.

    The theatre's air can only narrow what the extremes of weather allow. It may begin anywhere between 450 m
    below sea level and the level asked for: QNH is reduced from the ground by the standard atmosphere, so
    what lies between sea level and the ground departs from it by nothing.
    """
    (least, most), (low, high) = one_air_m(pressure_altitude_m, None), one_air_m(pressure_altitude_m, air)
    return max(least, low), min(most, high)


@lru_cache(maxsize=4_096)
def one_air_m(pressure_altitude_m: float, air: Air | None) -> tuple[float, float]:
    """Return the same from the theatre's air alone, or from the extremes of weather alone.

    Wider at times, but smooth: the narrower of the two has a kink where they meet, and there a climb would be out
    of what lies between its ends.
    """
    capped = min(pressure_altitude_m, _STRATOSPHERE_M)
    known = None if air is None else _on_record(air)
    if known is None:
        least, most = _extremes_m(capped, WORLD_AIR, 0.0)
    else:
        moist = msgspec.structs.replace(known, isa_upper_mk=known.isa_upper_mk + _MOIST_MK)
        least, most = _extremes_m(capped, moist, _LOWEST_GROUND_M)
    high = _geometric_m(most)[1] if pressure_altitude_m <= _STRATOSPHERE_M else math.inf
    return _geometric_m(least)[0], high


def _on_record(air: Air) -> Air | None:
    """Return what a theatre's air and the extremes of weather have in common; None for weather that never was."""
    world = WORLD_AIR
    lower_pa, upper_pa = max(air.qnh_lower_pa, world.qnh_lower_pa), min(air.qnh_upper_pa, world.qnh_upper_pa)
    lower_mk, upper_mk = max(air.isa_lower_mk, world.isa_lower_mk), min(air.isa_upper_mk, world.isa_upper_mk)
    return (
        Air(lower_pa, upper_pa, lower_mk, upper_mk) if lower_pa <= upper_pa and lower_mk <= upper_mk else None
    )


def _extremes_m(altitude_m: float, air: Air, ground_m: float) -> tuple[float, float]:
    """Return the extremes of geopotential height; the air may begin so many metres below sea level.

    h = H(p) - H(p0) + Δ (R/g) ln(p1/p) for standard heights H, sea-level pressure p0, deviation Δ and the
    pressure p1 where the air begins; it rises with p0 (H(p0) outweighs Δ, which is under 288 K), and is linear
    in Δ and in ln p1, so the extremes are at the corners. Without deviation they hold as well.
    """
    log_p, deeper = _log_pressure(altitude_m), _log_pressure(-ground_m) - math.log(_ISA_HPA)
    corners = []
    for sea_level_pa in (air.qnh_lower_pa, air.qnh_upper_pa):
        log_p0 = math.log(sea_level_pa / _PA_PER_HPA)
        base = _ISA_K / _LAPSE_K_PER_M * (1 - math.exp(_EXPONENT * (log_p0 - math.log(_ISA_HPA))))
        for deviation_mk in (air.isa_lower_mk, 0, air.isa_upper_mk):
            slope = deviation_mk / _MK_PER_K * _GAS_M_PER_K
            corners += [altitude_m - base + slope * (log_p0 + more - log_p) for more in (0.0, deeper)]
    return min(corners), max(corners)


def _log_pressure(altitude_m: float) -> float:
    """Return ln of the pressure in hPa at a standard height up to 20 km (ICAO Doc 7488)."""
    low = min(altitude_m, _TROPOPAUSE_M)
    log_p = math.log(_ISA_HPA) + math.log(1 - _LAPSE_K_PER_M * low / _ISA_K) / _EXPONENT
    if altitude_m > _TROPOPAUSE_M:
        kelvin = _ISA_K - _LAPSE_K_PER_M * _TROPOPAUSE_M
        log_p -= (altitude_m - _TROPOPAUSE_M) / (_GAS_M_PER_K * kelvin)
    return log_p


def _geometric_m(geopotential_m: float) -> tuple[float, float]:
    """Return metres between which a geopotential height (standard gravity) lies: weaker gravity, higher."""
    radius = 6_335_000.0
    spread = [geopotential_m / gravity for gravity in _GRAVITY]
    spread += [height * radius / (radius - height) for height in spread]
    return min(spread), max(spread)
