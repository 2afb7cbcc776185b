# SPDX-License-Identifier: Apache-2.0
"""What UTM and MGRS share: zones, bands, the letters of squares, and the place of a point in metres."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final, NamedTuple

from standclear.errors import Malformed
from standclear.formats.coordinates.mercator import NORTHERNMOST, SCALE, SOUTHERNMOST, from_utm, to_utm
from standclear.formats.coordinates.place import (
    WHERE,
    Notation,
    Place,
    bounded,
    meridian_radius_m,
    parallel_radius_m,
)
from standclear.units import E7, MM_PER_M, OFF_GRID_UNCERTAINTY_MM

BANDS: Final = "CDEFGHJKLMNPQRSTUVWX"
COLUMNS: Final = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
ROWS: Final = ("ABCDEFGHJKLMNPQRSTUV", "FGHJKLMNPQRSTUVABCDE")
"""Of odd and of even zones, from the equator up; repeated every 2,000 km."""
SQUARE_M: Final = 100_000


class Grid(NamedTuple):
    """A point of a zone in metres, south of the equator or north."""

    zone: int
    south: bool
    easting: float
    northing: float

    def lonlat(self) -> tuple[float, float]:
        """Longitude and latitude in degrees."""
        return from_utm(self.easting, self.northing, self.zone, self.south)


def of_grid(grid: Grid, notation: Notation, step_m: Fraction, reach_mm: int, square: str | None) -> Place:
    """The place of a point of the grid whose last digit is worth `step_m`."""
    lon, lat = grid.lonlat()
    phi = math.radians(lat)
    return Place(
        lon_e7=round(lon * E7),
        lat_e7=round(lat * E7),
        uncertainty_mm=bounded(reach_mm),
        notation=notation,
        lat_step=Fraction(math.degrees(float(step_m) / meridian_radius_m(phi))),
        lon_step=Fraction(math.degrees(float(step_m) / parallel_radius_m(phi))),
        square=square,
    )


def check_zone(zone: int) -> None:
    """Refuse a zone that there is not."""
    if not 1 <= zone <= 60:
        raise Malformed(f"names zone {zone}", where=WHERE, expected="a zone from 1 to 60")


def band_of(lat: float) -> str:
    """Return the letter of the band that a latitude between 80° S and 84° N lies in."""
    return BANDS[max(0, min(len(BANDS) - 1, int((lat - SOUTHERNMOST) // 8)))]


def band_bounds(band: str) -> tuple[int, int]:
    """Return the latitudes between which a band lies."""
    south = SOUTHERNMOST + 8 * BANDS.index(band)
    return south, NORTHERNMOST if band == "X" else south + 8


def half_diagonal_mm(side_m: int) -> int:
    """From the core of a square to its corners on the ground, in mm, rounded outward."""
    return math.ceil(side_m * MM_PER_M * math.sqrt(0.5) / SCALE) + OFF_GRID_UNCERTAINTY_MM


def square_of(lon: float, lat: float, zone: int, digits: int) -> str:
    """Write the MGRS square of so many digits each way (0 to 5) that a place between 80° S and 84° N lies in."""
    band = band_of(lat)
    return square_at(Grid(zone, band < "N", *to_utm(lon, lat, zone, band < "N")), band, digits)


def square_at(grid: Grid, band: str, digits: int) -> str:
    """Write the MGRS square of so many digits each way that a point of the grid lies in."""
    column, east = divmod(math.floor(grid.easting), SQUARE_M)
    row, north = divmod(math.floor(grid.northing), SQUARE_M)
    letters = COLUMNS[(grid.zone - 1) % 3][column - 1] + ROWS[(grid.zone - 1) % 2][row % 20]
    half = 10 ** (5 - digits)
    tail = (f"{east // half:0{digits}d}", f"{north // half:0{digits}d}") if digits else ("", "")
    return named(grid.zone, band, letters, tail)


def named(zone: int, band: str, letters: str, digits: tuple[str, str]) -> str:
    """Write a square's name with spaces."""
    return " ".join(part for part in (f"{zone}{band}", letters, *digits) if part)
