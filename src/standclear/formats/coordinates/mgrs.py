# SPDX-License-Identifier: Apache-2.0
"""MGRS (NGA.STND.0037). An MGRS text is a square: the whole square is meant, never its south-west corner.

The polar grids (UPS) are not read: north of 84° and south of 80° give degrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from standclear.errors import Malformed
from standclear.formats.coordinates.grid import (
    BANDS,
    COLUMNS,
    ROWS,
    SQUARE_M,
    Grid,
    band_bounds,
    check_zone,
    half_diagonal_mm,
    named,
    of_grid,
)
from standclear.formats.coordinates.mercator import zone_bounds
from standclear.formats.coordinates.place import WHERE, Notation, Place

CYCLE_M: Final = 2_000_000
TOUCH_DEGREES: Final = 1e-7
"""Squares cut by the edge of their zone or band belong to it: they need only touch."""

_MGRS: Final = re.compile(r"(?:mgrs|usng)?[ :]*(\d{1,2}) ?([a-z]) ?([a-z]) ?([a-z])((?: ?\d)*)")
_ONLY_ZONE: Final = re.compile(r"(?:mgrs|usng)[ :]*\d{1,2} ?[a-z]?")
MGRS_EXPECTED: Final = "zone, band, two letters and as many digits east as north, as 37S BT 47123 11987"


def read_mgrs(text: str) -> Iterator[Place | Malformed]:
    """The place of an MGRS text (cleaned, digits in ASCII), or why it is none; nothing if it is no MGRS."""
    match = _MGRS.fullmatch(text)
    try:
        if match is not None:
            yield _square(match)
        elif _ONLY_ZONE.fullmatch(text):
            yield _bad("names a zone and no square")
    except Malformed as error:
        yield error


def _square(match: re.Match[str]) -> Place:
    zone, band, letters = int(match[1]), match[2].upper(), (match[3] + match[4]).upper()
    check_zone(zone)
    if band not in BANDS:
        raise _bad(f"has the band {band}, and there is none of that letter here")
    digits = _halves(match[5].split())
    west, south_m = _corner(zone, letters)
    side = SQUARE_M // 10 ** len(digits[0])
    east, north = (int(half or "0") * side for half in digits)
    found = [
        grid
        for base in range(0, 5 * CYCLE_M, CYCLE_M)
        if _touches(grid := _grid(zone, band, west + east, south_m + north + base), band, side)
    ]
    if len(found) != 1:
        raise _bad(f"has a square {letters} that lies nowhere in {zone}{band}")
    (grid,) = found
    middle = grid._replace(easting=grid.easting + side / 2, northing=grid.northing + side / 2)
    square = named(zone, band, letters, digits)
    return of_grid(middle, Notation.MGRS, Fraction(side), half_diagonal_mm(side), square)


def _halves(groups: list[str]) -> tuple[str, str]:
    """Digits east and north."""
    if len(groups) > 2:
        raise _bad(f"has {len(groups)} groups of digits")
    if len(groups) == 2:
        if len(groups[0]) != len(groups[1]):
            raise _bad(f"has {len(groups[0])} digits east and {len(groups[1])} north")
        east, north = groups
    else:
        digits = "".join(groups)
        if len(digits) % 2:
            raise _bad(f"has {len(digits)} digits, which cannot be halved")
        east, north = digits[: len(digits) // 2], digits[len(digits) // 2 :]
    if len(east) > 5:
        raise _bad(f"has {len(east)} digits each way, finer than a metre")
    return east, north


def _corner(zone: int, letters: str) -> tuple[int, int]:
    """South-west corner of a 100 km square: easting, and northing but for whole cycles."""
    column = COLUMNS[(zone - 1) % 3].find(letters[0])
    row = ROWS[(zone - 1) % 2].find(letters[1])
    if column < 0 or row < 0:
        raise _bad(f"has the square {letters}, and zone {zone} has none of these letters")
    return (column + 1) * SQUARE_M, row * SQUARE_M


def _grid(zone: int, band: str, easting: float, northing: float) -> Grid:
    return Grid(zone, band < "N", easting, northing)


def _touches(corner: Grid, band: str, side: int) -> bool:
    """Whether a square meets its zone and band, both closed."""
    bounds = zone_bounds(corner.zone, band)
    if bounds is None or corner.northing > 10_000_000:
        return False
    spots = [
        corner._replace(
            easting=corner.easting + x * side / 4, northing=corner.northing + y * side / 4
        ).lonlat()
        for x, y in _RIM
    ]
    south, north = band_bounds(band)
    west, east = bounds
    middle = (west + east) / 2
    lons = [(lon - middle + 180) % 360 - 180 + middle for lon, _ in spots]
    lats = [lat for _, lat in spots]
    return (
        min(lats) <= north + TOUCH_DEGREES
        and max(lats) >= south - TOUCH_DEGREES
        and min(lons) <= east + TOUCH_DEGREES
        and max(lons) >= west - TOUCH_DEGREES
    )


_RIM: Final = tuple((x, y) for x in range(5) for y in range(5))


def _bad(fault: str) -> Malformed:
    return Malformed(fault, where=f"{WHERE} (MGRS)", expected=MGRS_EXPECTED)
