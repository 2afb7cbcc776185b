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
from standclear.formats.coordinates.mercator import FALSE_NORTHING_M, zone_bounds
from standclear.formats.coordinates.place import WHERE, Notation, Place

CYCLE_M: Final = 2_000_000
TOUCH: Final = 1e-8
"""Degrees a metre of a square's side by which it may miss its zone and band: more than the edges of either bend between
the places where a square is looked at."""
METRES_A_DEGREE: Final = 111_000
NEAR_DEGREES: Final = 3
"""Farther from its band by rough reckoning, a square is in another row of the same letter (18 degrees apart)."""

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
    """Whether a square meets its zone and band, both closed: cut by their edges, squares belong to both sides."""
    bounds, (south, north) = zone_bounds(corner.zone, band), band_bounds(band)
    rough = (corner.northing - (FALSE_NORTHING_M if corner.south else 0)) / METRES_A_DEGREE
    if bounds is None or not south - NEAR_DEGREES < rough < north + NEAR_DEGREES:
        return False
    middle, half = sum(bounds) / 2, (bounds[1] - bounds[0]) / 2
    parts = 4 if side > 1_000 else 1
    step = side / parts
    spots = [
        corner._replace(easting=corner.easting + x * step, northing=corner.northing + y * step).lonlat()
        for x in range(parts + 1)
        for y in range(parts + 1)
    ]
    lats, offs = [lat for _, lat in spots], [(lon - middle + 180) % 360 - 180 for lon, _ in spots]
    slack = 1e-7 + TOUCH * side
    inside_band = min(lats) <= north + slack and max(lats) >= south - slack
    return inside_band and min(offs) <= half + slack and max(offs) >= -half - slack


def _bad(fault: str) -> Malformed:
    return Malformed(fault, where=f"{WHERE} (MGRS)", expected=MGRS_EXPECTED)
