# SPDX-License-Identifier: Apache-2.0
"""UTM: a zone, north or south, and metres east and north. `37S` is refused where it can be band S or the south."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from standclear.errors import Malformed
from standclear.formats.coordinates.grid import BANDS, Grid, band_of, check_zone, of_grid, square_at
from standclear.formats.coordinates.mercator import SCALE, central_meridian, zone_bounds
from standclear.formats.coordinates.place import WHERE, Notation, Place
from standclear.units import MM_PER_M, OFF_GRID_UNCERTAINTY_MM

_HEAD: Final = (
    r"(?:utm\b)?[ :]*(?:zone[ :]*)?(?P<zone>\d{1,2}) ?(?:(?P<band>band) ?)?(?P<letters>[a-z]+)[ ,;:]+"
)
_METRES: Final = r"(?P<whole{0}>\d+)(?:\.(?P<frac{0}>\d+))?(?: ?m)?"
_NAME: Final = r"(?P<name{0}>easting|northing|e|n)"
_BEFORE: Final = rf"{_NAME}[ :=]*{_METRES}"
_AFTER: Final = rf"{_METRES}(?: ?{_NAME})?"
_UTM: Final = tuple(
    re.compile(_HEAD + one.format(1) + "[ ,;/]+" + one.format(2)) for one in (_BEFORE, _AFTER)
)
UTM_EXPECTED: Final = (
    "zone, north or south, six digits of easting and seven of northing in metres, as 37 north 247123 3711987"
)
EASTINGS: Final = (100_000, 900_000)
BAND_S: Final = "S was read as the band from 32 to 40 degrees north; it does not fit the southern hemisphere."
SOUTH: Final = "S was read as the southern hemisphere; it does not fit the band from 32 to 40 degrees north."
BEYOND_DEGREES: Final = 0.5
"""How far outside its zone a UTM place may lie; maps overlap by less."""


def read_utm(text: str) -> Iterator[Place | Malformed]:
    """Every place that a UTM text (cleaned, digits in ASCII) can be, or why not; nothing if it is no UTM."""
    match = next(filter(None, (form.fullmatch(text) for form in _UTM)), None)
    if match is None:
        return
    zone, letters = int(match["zone"]), match["letters"]
    one, other = ((match[f"whole{n}"], match[f"frac{n}"] or "") for n in (1, 2))
    first, second = (match["name1"] or "e")[0], (match["name2"] or "n")[0]
    try:
        check_zone(zone)
        if first == second:
            raise _bad_utm("does not say which number is the easting")
        easting, northing = (one, other) if first == "e" else (other, one)
        if len(easting[0]) != 6 or len(northing[0]) not in (6, 7, 8):
            raise _bad_utm(f"has {len(easting[0])} digits of easting and {len(northing[0])} of northing")
        is_band = match["band"] is not None
        hemispheres = _hemispheres(letters, is_band)
    except Malformed as error:
        yield error
        return
    for south, band in hemispheres:
        try:
            place = _utm_place(zone, south, band, easting, northing)
            said = BAND_S if band else SOUTH
            yield replace(place, warnings=(said,)) if letters == "s" and not is_band else place
        except Malformed as error:
            yield error


def _hemispheres(letters: str, is_band: bool) -> list[tuple[bool, str]]:
    """South or not, and the band if the letter is one; S may be both, and N is north either way."""
    if letters in ("north", "south"):
        return [(letters == "south", "")]
    letter = letters.upper()
    if letter not in BANDS:
        raise _bad_utm(f"names the band {letter}")
    whole = [] if is_band or letter not in "NS" else [(letter == "S", "")]
    return [*whole, (letter < "N", letter)]


def _utm_place(
    zone: int, south: bool, band: str, easting: tuple[str, str], northing: tuple[str, str]
) -> Place:
    step = Fraction(1, 10 ** min(len(easting[1]), len(northing[1])))
    east, north = (float(f"{whole}.{frac or 0}") for whole, frac in (easting, northing))
    if not EASTINGS[0] <= east < EASTINGS[1]:
        raise _bad_utm(f"has the easting {easting[0]}, outside 100000 to 899999")
    if north > 10_000_000 or (not south and north > 9_400_000) or (south and north < 1_100_000):
        raise _bad_utm(f"has the northing {northing[0]}, which lies outside 80° S to 84° N")
    grid = Grid(zone, south, east, north)
    lon, lat = grid.lonlat()
    where = band_of(lat)
    bounds = zone_bounds(zone, where)
    away = abs((lon - central_meridian(zone) + 180) % 360 - 180) if bounds is None else _outside(lon, bounds)
    if away > BEYOND_DEGREES:
        raise _bad_utm(f"lies {away:.1f} degrees outside zone {zone}")
    if band and band != where:
        raise _bad_utm(f"has the northing {northing[0]}, which does not lie in band {band}")
    # A whole unit of the last digit each way, as for degrees.
    reach_mm = math.ceil(float(step) * MM_PER_M * math.sqrt(2) / SCALE) + OFF_GRID_UNCERTAINTY_MM
    return of_grid(grid, Notation.UTM, step, reach_mm, None if away else square_at(grid, where, 5))


def _outside(lon: float, bounds: tuple[int, int]) -> float:
    """Degrees by which a longitude lies outside the bounds of a zone."""
    middle, half = sum(bounds) / 2, (bounds[1] - bounds[0]) / 2
    return max(0.0, abs((lon - middle + 180) % 360 - 180) - half)


def _bad_utm(fault: str) -> Malformed:
    return Malformed(fault, where=f"{WHERE} (UTM)", expected=UTM_EXPECTED)
