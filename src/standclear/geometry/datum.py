# SPDX-License-Identifier: Apache-2.0
"""Altitude bounds as outward intervals of height over the WGS84 ellipsoid, in millimetres.

A height that cannot be pinned down is an interval, never a guess. All intervals are outward:

- `W84`: exact.
- `AMSL` (EGM96): the geoid lies between 107 m below and 86 m above the ellipsoid everywhere (EGM96 minimum
  -106.99 m south of India, maximum +85.39 m near New Guinea; NASA/TP-1998-206861). Two AMSL heights are
  compared natively, ±1 m, because published EGM96 grids differ by up to 0.78 m among themselves.
- `AGL`: over ground that lies in the theatre's terrain interval; without one, unresolved.
- `FL`: pressure altitude, turned into true height by the hypsometric equation, for every sea-level pressure
  between 870 and 1085 hPa (lowest: Typhoon Tip 1979; highest: 1084.8 hPa, Tosontsengel 2001; WMO archive
  of extremes) and air 85 K colder to 50 K warmer than the standard atmosphere at every level (surface
  records are 83 K below, Oymyakon, and 42 K above, Death Valley; moist air counts as up to 7 K warmer).
  Then gravity, then the geoid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from standclear.geometry.volume import Datum, Level, Theatre
from standclear.units import MM_PER_M

GEOID_LOW_MM: Final = -107_000
GEOID_HIGH_MM: Final = 86_000
SAME_GEOID_MM: Final = 1_000
"""Two EGM96 realisations at one place (field/geometry.md §6)."""

SEA_LEVEL_HPA: Final = (870.0, 1_085.0)
ISA_DEVIATION_K: Final = (-85.0, 50.0)

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


def heights(level: Level, theatre: Theatre) -> Heights:
    """Return the outward interval of ellipsoidal height of one level."""
    value = level.value_mm
    match level.datum:
        case Datum.W84:
            return Heights(value, value)
        case Datum.AMSL:
            return Heights(value + GEOID_LOW_MM, value + GEOID_HIGH_MM)
        case Datum.AGL:
            ground = theatre.ground
            if ground is None:
                return UNRESOLVED
            return Heights(value + ground.lower_mm, value + ground.upper_mm)
        case Datum.FL:
            low, high = pressure_heights_m(value / MM_PER_M)
            return Heights(
                math.floor(low * MM_PER_M) + GEOID_LOW_MM,
                math.ceil(high * MM_PER_M) + GEOID_HIGH_MM if high < math.inf else math.inf,
            )


def rise(upper: Level | None, lower: Level | None, theatre: Theatre) -> Rise:
    """Return how far a band's floor `upper` lies over another band's top `lower`.

    A missing floor is the ground, taken as minus infinity, and a missing top is plus infinity: then there
    is no gap on this side, whatever the other bound is.
    """
    if upper is None or lower is None:
        return NEVER
    if upper.datum is Datum.AMSL and lower.datum is Datum.AMSL:
        apart = upper.value_mm - lower.value_mm
        return Rise(apart - SAME_GEOID_MM, apart + SAME_GEOID_MM)
    top, floor = heights(upper, theatre), heights(lower, theatre)
    if not (top.known and floor.known):
        return Rise(-math.inf, math.inf, known=False)
    return Rise(top.low - floor.high, top.high - floor.low)


def pressure_heights_m(pressure_altitude_m: float) -> tuple[float, float]:
    """Return the lowest and highest true heights over sea level, metres, of a pressure altitude in metres.

    h = H(p) - H(p0) + Δ (R/g) ln(p0/p) for standard heights H, sea-level pressure p0 and deviation Δ; it
    rises with p0, and is linear in Δ, so the extremes are at the corners.
    """
    capped = min(pressure_altitude_m, _STRATOSPHERE_M)
    log_p = _log_pressure(capped)
    corners = []
    for sea_level in SEA_LEVEL_HPA:
        log_p0 = math.log(sea_level)
        base = _ISA_K / _LAPSE_K_PER_M * (1 - math.exp(_EXPONENT * (log_p0 - math.log(_ISA_HPA))))
        corners += [
            capped - base + deviation * _GAS_M_PER_K * (log_p0 - log_p) for deviation in ISA_DEVIATION_K
        ]
    low, high = _geometric_m(min(corners))[0], _geometric_m(max(corners))[1]
    return low, high if pressure_altitude_m <= _STRATOSPHERE_M else math.inf


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
