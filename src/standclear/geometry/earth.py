# SPDX-License-Identifier: Apache-2.0
"""The WGS84 ellipsoid seen from its centre: earth-centred metres, and what a chord says about a distance.

Facts used everywhere else (lemmas of `field/geometry.md` §4; `c` is the straight chord between two points
of the ellipsoid, `D` the shortest distance along its surface, R = b²/a its smallest radius of curvature):

1. c <= D, because nothing is shorter than a straight line.
2. D <= 2 R asin(c / 2R): no shortest line bends more sharply in space than 1/R (theorem of Schur).
   Nor does any bend less than b/a², so that c² <= (1 - ρ²) D² + ρ² (2R sin(D / 2R))² with ρ = b³/a³: both
   ends of D together are 0.16 mm wide at 20 km, 20 mm at 100 km (docs/bracket.md).
3. The interior of a region bulges over the convex hull of its boundary by no more than `interior_bulge`.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from standclear.geometry.compiled import compiled
from standclear.units import E7

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SEMI_MAJOR_M: Final = 6_378_137.0
"""WGS84, exact by definition (NGA.STND.0036)."""
FLATTENING: Final = 1 / 298.257223563
SEMI_MINOR_M: Final = SEMI_MAJOR_M * (1 - FLATTENING)
E2: Final = FLATTENING * (2 - FLATTENING)
"""First eccentricity squared."""
R_MIN_M: Final = SEMI_MINOR_M**2 / SEMI_MAJOR_M
"""Smallest radius of curvature anywhere, along the meridian at the equator: b²/a = 6,335,439.327 m."""
RHO2: Final = (SEMI_MINOR_M / SEMI_MAJOR_M) ** 6
"""Square of the least normal curvature b/a² (at the poles) times R: ρ² = 0.98006."""
HALF_MERIDIAN_M: Final = 20_003_932.0
"""No two points are farther apart along the surface (pole to pole, 20,003,931.46 m, rounded up)."""

ROUNDING_M: Final = 1e-6
"""Stated margin for float64: coordinates of 6.4e6 m carry 1e-9 m a step, GeographicLib 15e-9 m; 1 µm covers
every sum formed here some thirty times over, and is added outward to each side of each bracket."""

_CHORD_OF_HALF_MERIDIAN_M: Final = 2 * R_MIN_M * math.sin(HALF_MERIDIAN_M / (2 * R_MIN_M))


def to_ecef(lon_deg: Floats, lat_deg: Floats) -> Floats:
    """Return earth-centred x, y, z in metres, shape (..., 3), of points on the ellipsoid."""
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    sine = np.sin(lat)
    normal = SEMI_MAJOR_M / np.sqrt(1 - E2 * sine * sine)
    out = np.empty((*lon.shape, 3))
    across = normal * np.cos(lat)
    out[..., 0] = across * np.cos(lon)
    out[..., 1] = across * np.sin(lon)
    out[..., 2] = normal * (1 - E2) * sine
    return out


def to_positions(xyz: Floats) -> tuple[Ints, Ints]:
    """Return longitudes and latitudes in 1e-7 degrees of points (n, 3) near the surface.

    For people ("the closest approach is here"), never used to decide.
    """
    out = np.empty((len(xyz), 2), dtype=np.int64)
    for n, (x, y, z) in enumerate(xyz.tolist()):
        lon, lat = lonlat_e7(x, y, z)
        out[n, 0], out[n, 1] = round(lon), round(lat)
    return out[:, 0], out[:, 1]


@compiled
def lonlat_e7(x: float, y: float, z: float) -> tuple[float, float]:
    """Return longitude and latitude in 1e-7 degrees (Bowring 1976), good to 1 cm near the surface."""
    across = math.hypot(x, y)
    theta = math.atan2(z * SEMI_MAJOR_M, across * SEMI_MINOR_M)
    second = E2 / (1 - E2)
    lat = math.atan2(
        z + second * SEMI_MINOR_M * math.sin(theta) ** 3,
        across - E2 * SEMI_MAJOR_M * math.cos(theta) ** 3,
    )
    return math.degrees(math.atan2(y, x)) * E7, math.degrees(lat) * E7


@compiled
def longest_geodesic_m(chord_m: float) -> float:
    """Return the longest surface distance in metres that two points with this chord can have (lemma 2).

    The theorem inverts only while D <= pi R; the few kilometres beyond, up to the half meridian, have
    chords of at least 2R sin(D_max/2R), so those get D_max itself.
    """
    if chord_m >= _CHORD_OF_HALF_MERIDIAN_M:
        return HALF_MERIDIAN_M
    return 2 * R_MIN_M * math.asin(chord_m / (2 * R_MIN_M))


@compiled
def shortest_geodesic_m(chord_m: float) -> float:
    """Return the shortest surface distance in metres that two points with this chord can have (lemma 2)."""
    most = math.pi * R_MIN_M
    if chord_m * chord_m >= _chord2_at_most(most):
        return most
    distance = chord_m
    for _ in range(5):
        slope = 2 * (1 - RHO2) * distance + RHO2 * 2 * R_MIN_M * math.sin(distance / R_MIN_M)
        if slope <= 0.0:
            return chord_m
        distance += (chord_m * chord_m - _chord2_at_most(distance)) / slope
    # What Newton left over is rounding; were it more, the chord itself still holds.
    distance -= ROUNDING_M / 10
    if distance < chord_m or _chord2_at_most(distance) > chord_m * chord_m:
        return chord_m
    return distance


@compiled
def _chord2_at_most(distance_m: float) -> float:
    """Return the square of the longest chord that a shortest line of this length can have."""
    chord = 2 * R_MIN_M * math.sin(distance_m / (2 * R_MIN_M))
    return (1 - RHO2) * distance_m * distance_m + RHO2 * chord * chord


@compiled
def longest_chord_m(distance_m: float) -> float:
    """Return a chord in metres so long that the surface distance cannot be `distance_m` or less."""
    if distance_m >= HALF_MERIDIAN_M:
        return math.inf
    return math.sqrt(_chord2_at_most(max(0.0, distance_m))) + ROUNDING_M


@compiled
def shortest_chord_m(distance_m: float) -> float:
    """Return a chord in metres so short that the surface distance cannot exceed `distance_m`; zero if none."""
    arc = min(distance_m, math.pi * R_MIN_M) / (2 * R_MIN_M)
    return max(0.0, 2 * R_MIN_M * math.sin(arc) - 2 * ROUNDING_M)


@compiled
def interior_bulge_m(diameter_m: float) -> float:
    """Return how far, in metres, a surface region can stand out of the convex hull of its boundary.

    The ray from the earth's centre to an interior point meets that hull in a convex combination y of
    boundary points (central projection keeps straight lines). Stretch z by a/b: the ellipsoid becomes a
    sphere of radius a, no length shrinks, none grows by more than a/b, and
    |y|² = a² - sum w_i w_j |p_i - p_j|² / 2 >= a² - (diameter a/b)² / 2.
    """
    stretched = diameter_m * SEMI_MAJOR_M / SEMI_MINOR_M
    return SEMI_MAJOR_M - math.sqrt(max(0.0, SEMI_MAJOR_M**2 - stretched**2 / 2))


def dot(left: Floats, right: Floats) -> Floats:
    """Row-wise scalar product of two (n, 3) arrays."""
    out: Floats = np.einsum("ij,ij->i", left, right)
    return out
