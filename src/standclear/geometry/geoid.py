# SPDX-License-Identifier: Apache-2.0
"""How far EGM96 sea level lies over the WGS84 ellipsoid: the undulation, as outward intervals in mm.

The grid of 15' (data/SOURCE.md) gives undulations at its nodes. Over an area they lie between the least and
the greatest node of all cells that the area touches, widened by `MARGIN_MM`, which covers

- what lies between the nodes. The grid's nodes between those of its own subsample at 30' leave the range of
  the four around them by 2.484 m at most (28.25 N 16.75 W); cells half as wide vary less. That alone is the
  2.5 m allowed. (A Fourier series through the 15' grid, twice as fine as EGM96's degree 360 needs, leaves a
  cell's range by 0.52 m; a 5' grid of the same model by 0.49 m.)
- published EGM96 grids, which differ by up to 0.78 m among themselves (field/geometry.md §6): 1 m allowed.
  It covers the rounding of the grid to a centimetre as well, and that of angles.

Everywhere on Earth the undulation lies in `WORLD_GEOID_MM`: EGM96 reaches -107.05 m near 4.75 N 78.75 E and
+85.44 m near 8.25 S 147.25 E, between nodes, and 0.78 m more is allowed. Where the grid is missing or is not the
one named here, that interval holds.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from standclear.geometry.earth import ROUNDING_M, SEMI_MAJOR_M, SEMI_MINOR_M

WORLD_GEOID_MM: Final = (-108_000, 87_000)
"""Outward, for any place at all."""
WITHIN_CELL_MM: Final = 2_500
SAME_GEOID_MM: Final = 1_000
"""Two EGM96 realisations at one place."""
MARGIN_MM: Final = WITHIN_CELL_MM + SAME_GEOID_MM

PER_DEGREE: Final = 4
ROWS: Final = 180 * PER_DEGREE + 1
COLUMNS: Final = 360 * PER_DEGREE
_MM_PER_CM: Final = 10
_DIGEST: Final = "e8826f561f2f43bdd33c51afa63dec1772fdab851062344a2f35471b417f003c"
"""SHA-256 of the unpacked file, as tools/make_geoid.py says it."""

Grid = npt.NDArray[np.int16]
Ball = tuple[float, float, float, float]
"""Middle x, y, z and radius in earth-centred metres."""


def unpacked(packed: bytes) -> Grid | None:
    """Return undulations in cm by row from the south pole and column from 180° W, or None if not the grid named.

    The columns run round the world twice, so that no area is cut by the antimeridian.
    """
    try:
        raw = zlib.decompress(packed)
    except zlib.error:
        return None
    if hashlib.sha256(raw).hexdigest() != _DIGEST:
        return None
    steps = np.frombuffer(raw, "<i2").reshape(ROWS, COLUMNS)
    once = steps.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32).astype(np.int16)
    grid = np.concatenate([once, once], axis=1)
    grid.setflags(write=False)
    return grid


def _load() -> Grid | None:
    """Return the grid that came with the package, None where it did not."""
    try:
        return unpacked((files("standclear.geometry") / "data" / "egm96_15.zlib").read_bytes())
    except OSError:
        return None


GRID: Grid | None = _load()


def undulation_mm(south_deg: float, north_deg: float, west_deg: float, east_deg: float) -> tuple[int, int]:
    """Return the outward interval of the undulation in mm over a box of latitudes and longitudes in degrees.

    West greater than east runs across the antimeridian; 360 degrees or more are all longitudes. Latitudes
    beyond a pole end there.
    """
    if GRID is None:
        return WORLD_GEOID_MM
    low, high = _nodes(south_deg + 90), _nodes(north_deg + 90)
    rows = slice(min(max(low[0], 0), ROWS - 1), min(max(high[1], 0), ROWS - 1) + 1)
    turn = 360 if west_deg > east_deg else 0
    first, last = _nodes(west_deg + 180)[0], _nodes(east_deg + 180 + turn)[1]
    begin = first % COLUMNS
    cells = GRID[rows, begin : begin + min(last - first + 1, COLUMNS)]
    least = int(cells.min()) * _MM_PER_CM - MARGIN_MM
    most = int(cells.max()) * _MM_PER_CM + MARGIN_MM
    return max(least, WORLD_GEOID_MM[0]), min(most, WORLD_GEOID_MM[1])


def _nodes(degrees: float) -> tuple[int, int]:
    """Return the nodes at or on either side of a place on an axis."""
    place = degrees * PER_DEGREE
    return math.floor(place), math.ceil(place)


@lru_cache(maxsize=65_536)
def undulation_in_ball(ball: Ball) -> tuple[int, int]:
    """Return the outward interval of the undulation in mm over all of the ellipsoid inside a ball."""
    return WORLD_GEOID_MM if GRID is None else undulation_mm(*lonlat_box(ball))


def lonlat_box(ball: Ball) -> tuple[float, float, float, float]:
    """Return degrees south, north, west, east between which the ellipsoid lies inside a ball; west > east runs
    over 180 degrees.

    Seen from the earth's centre a ball spans asin(r / distance) to either side, seen from the axis
    asin(r / distance from the axis); geodetic latitude follows from geocentric on the ellipsoid. A ball that
    reaches the axis has all longitudes, and one that reaches the earth's centre is anywhere.
    """
    x, y, z, radius = ball
    reach = radius + ROUNDING_M
    axis, centre = math.hypot(x, y), math.hypot(x, y, z)
    if reach >= centre:
        return -90.0, 90.0, -180.0, 180.0
    up, tilt = math.atan2(z, axis), math.asin(reach / centre)
    south, north = _geodetic_deg(up - tilt), _geodetic_deg(up + tilt)
    if reach >= axis:
        return south, north, -180.0, 180.0
    middle, aside = math.degrees(math.atan2(y, x)), math.degrees(math.asin(reach / axis))
    return south, north, _wrapped(middle - aside), _wrapped(middle + aside)


def _geodetic_deg(geocentric: float) -> float:
    """Return the geodetic latitude in degrees of a point of the ellipsoid by its geocentric one in radians."""
    if abs(geocentric) >= math.pi / 2:
        return math.copysign(90.0, geocentric)
    return math.degrees(math.atan(math.tan(geocentric) * (SEMI_MAJOR_M / SEMI_MINOR_M) ** 2))


def _wrapped(degrees: float) -> float:
    """Return a longitude between 180 degrees west and east."""
    return (degrees + 180) % 360 - 180
