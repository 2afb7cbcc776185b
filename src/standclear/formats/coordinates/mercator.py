# SPDX-License-Identifier: Apache-2.0
"""Universal Transverse Mercator on WGS84: Krüger's series to the sixth order in n, as Karney gives it.

C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers", Journal of Geodesy 85 (2011),
equations 7 to 12, 25, 35 and 36. Within a zone and some degrees beyond the error is that of float64.
"""

from __future__ import annotations

import math
from typing import Final

from standclear.geometry.earth import E2, FLATTENING, SEMI_MAJOR_M

SCALE: Final = 0.9996
"""Of lengths on the central meridian; nowhere less, so a length on the ground is at most that on the grid / SCALE."""
FALSE_EASTING_M: Final = 500_000.0
FALSE_NORTHING_M: Final = 10_000_000.0
"""Added south of the equator."""
SOUTHERNMOST, NORTHERNMOST = -80, 84
"""Latitudes between which UTM and MGRS are defined here; the polar grids (UPS) are not read."""

_N: Final = FLATTENING / (2 - FLATTENING)
_E: Final = math.sqrt(E2)
_POWERS: Final = tuple(_N**k for k in range(1, 7))
_RADIUS_M: Final = SEMI_MAJOR_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)


def _series(rows: tuple[tuple[float, ...], ...]) -> tuple[float, ...]:
    """Row j holds the coefficients of n^j and up."""
    return tuple(
        sum(value * power for value, power in zip(row, _POWERS[j:], strict=True))
        for j, row in enumerate(rows)
    )


_ALPHA: Final = _series(
    (
        (1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800),
        (13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360),
        (61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440),
        (49561 / 161280, -179 / 168, 6601661 / 7257600),
        (34729 / 80640, -3418889 / 1995840),
        (212378941 / 319334400,),
    )
)
_BETA: Final = _series(
    (
        (1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800),
        (1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720),
        (17 / 480, -37 / 840, -209 / 4480, 5569 / 90720),
        (4397 / 161280, -11 / 504, -830251 / 7257600),
        (4583 / 161280, -108847 / 3991680),
        (20648693 / 638668800,),
    )
)


def central_meridian(zone: int) -> int:
    """Return the longitude in degrees that a zone (1 to 60) is laid along."""
    return 6 * zone - 183


def zone_of(lon: float, lat: float) -> int:
    """Return the zone of a place, Norway's and Svalbard's wider ones included."""
    zone = min(60, int((lon + 180) // 6) + 1)
    if 56 <= lat < 64 and zone == 31 and lon >= 3:
        return 32
    if lat >= 72 and 31 <= zone <= 37:
        return 31 if lon < 9 else 33 if lon < 21 else 35 if lon < 33 else 37
    return zone


def zone_bounds(zone: int, band: str) -> tuple[int, int] | None:
    """Return the longitudes between which a zone lies in a band; none where Svalbard's others take its place."""
    west, east = 6 * zone - 186, 6 * zone - 180
    if band == "V" and zone in (31, 32):
        return (0, 3) if zone == 31 else (3, 12)
    if band == "X" and 31 <= zone <= 37:
        return {31: (0, 9), 33: (9, 21), 35: (21, 33), 37: (33, 42)}.get(zone)
    return west, east


def to_utm(lon: float, lat: float, zone: int, south: bool) -> tuple[float, float]:
    """Return easting and northing in metres of a place in degrees, in a given zone."""
    phi, lam = math.radians(lat), math.radians(_turned(lon - central_meridian(zone)))
    tau = math.tan(phi)
    sigma = math.sinh(_E * math.atanh(_E * math.sin(phi)))
    conformal = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
    xi = xi0 = math.atan2(conformal, math.cos(lam))
    eta = eta0 = math.asinh(math.sin(lam) / math.hypot(conformal, math.cos(lam)))
    for j, alpha in enumerate(_ALPHA, start=1):
        xi += alpha * math.sin(2 * j * xi0) * math.cosh(2 * j * eta0)
        eta += alpha * math.cos(2 * j * xi0) * math.sinh(2 * j * eta0)
    easting = FALSE_EASTING_M + SCALE * _RADIUS_M * eta
    return easting, SCALE * _RADIUS_M * xi + (FALSE_NORTHING_M if south else 0.0)


def from_utm(easting: float, northing: float, zone: int, south: bool) -> tuple[float, float]:
    """Return longitude and latitude in degrees."""
    xi = xi0 = (northing - (FALSE_NORTHING_M if south else 0.0)) / (SCALE * _RADIUS_M)
    eta = eta0 = (easting - FALSE_EASTING_M) / (SCALE * _RADIUS_M)
    for j, beta in enumerate(_BETA, start=1):
        xi -= beta * math.sin(2 * j * xi0) * math.cosh(2 * j * eta0)
        eta -= beta * math.cos(2 * j * xi0) * math.sinh(2 * j * eta0)
    conformal = math.sin(xi) / math.hypot(math.sinh(eta), math.cos(xi))
    lam = math.atan2(math.sinh(eta), math.cos(xi))
    lat = math.degrees(math.atan(_tangent(conformal)))
    return _turned(math.degrees(lam) + central_meridian(zone)), lat


def _tangent(conformal: float) -> float:
    """Return tan of the latitude whose conformal latitude has the given tan (Newton, equations 19 to 21)."""
    tau = conformal / (1 - E2)
    for _ in range(6):
        sigma = math.sinh(_E * math.atanh(_E * tau / math.hypot(1, tau)))
        reached = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
        slope = (1 + (1 - E2) * tau * tau) / ((1 - E2) * math.hypot(1, tau))
        step = (conformal - reached) / math.hypot(1, reached) * slope
        tau += step
        if abs(step) <= 1e-15 * max(1.0, abs(tau)):
            break
    return tau


def _turned(lon: float) -> float:
    """Bring a longitude between -180 and 180."""
    return (lon + 180) % 360 - 180
